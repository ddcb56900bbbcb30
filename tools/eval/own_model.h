// The coefficients of a network's own, from its past alone.
#ifndef COUNCIL_TOOLS_EVAL_OWN_MODEL_H_
#define COUNCIL_TOOLS_EVAL_OWN_MODEL_H_

#include <cstdint>
#include <span>

#include "libs/ties/calibration.h"
#include "tools/eval/event_file.h"

namespace council::eval {

// Calibrates to the events up to `as_of`: looks back six times, in steps of 90 days or, where the record is shorter
// than ten times that, of a tenth of it. `events` are in order, one at least by `as_of`.
ties::Calibration CalibrateTo(std::span<const Event> events, std::int64_t as_of);

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_OWN_MODEL_H_
