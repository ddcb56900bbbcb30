// The figures of docs/tie-strength.md, as Markdown.
#ifndef COUNCIL_TOOLS_EVAL_REPORT_H_
#define COUNCIL_TOOLS_EVAL_REPORT_H_

#include <ostream>
#include <span>
#include <string>

#include "libs/ties/calibration.h"
#include "libs/ties/tie_strength.h"
#include "tools/eval/measures.h"
#include "tools/eval/network.h"
#include "tools/eval/simple_rules.h"
#include "tools/eval/snapshot.h"

namespace council::eval {

// 0 for a tie without days up to the snapshot's moment.
double ScoreOf(const EgoTie& tie, const Snapshot& snapshot, const ties::StrengthModel& model);

Measures MeasureModel(const Snapshot& snapshot, const ties::StrengthModel& model);
Measures MeasureRule(const Snapshot& snapshot, const SimpleRule& rule);

// The model's line for a person to read: version, coefficients, intercept.
std::string Describe(const ties::StrengthModel& model);

// Whether there are coefficients of its own, which, and how right the shipped and the own ones were, on a line.
std::string Describe(const ties::Calibration& calibration);

// The shipped model beside the simple rules on each network, at its cut, at earlier ones and in its variants; what the
// fit finds on each network alone, tested on the others; the network's own coefficients beside the shipped ones; and
// how far strengths are probabilities.
void WriteReport(std::span<const Network> networks, std::ostream& out);

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_REPORT_H_
