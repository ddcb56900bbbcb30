// Ties as they stood at a moment, folded from events by the code with which the ledger folds entries.
#ifndef COUNCIL_TOOLS_EVAL_SNAPSHOT_H_
#define COUNCIL_TOOLS_EVAL_SNAPSHOT_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"
#include "libs/ties/strength_fit.h"
#include "tools/eval/event_file.h"

namespace council::eval {

struct EgoTie {
  int ego = 0;
  int alter = 0;
  // Whether the two were in touch again.
  bool alive = false;
  // With no days where the two had not been in touch.
  ledger::v1::Tie tie;
  // Seconds of the events between the two, in order, for the simple rules: the tie knows days alone.
  std::vector<std::int64_t> times;
};

struct Snapshot {
  std::int64_t as_of = 0;
  std::vector<EgoTie> ties;

  absl::Time time() const { return absl::FromUnixSeconds(as_of); }
};

// How events become entries: what one sender sends in one second is one message, and an entry with all its receivers as
// contacts in the sender's ledger. In each receiver's ledger it is an entry with as many contacts (the sender and the
// other receivers), so that a message to many says as little to them; it counts for the tie with the sender alone,
// since the other receivers did not speak.

// The ties of `pairs`, in their order, from the events up to `as_of`. Events are in order.
Snapshot TiesOf(std::span<const Event> events, std::int64_t as_of, std::span<const Pair> pairs);

// All ties of everyone who had been in touch by `as_of`, by ego and alter; alive by the events up to and with `end`.
Snapshot LookBackAt(std::span<const Event> events, std::int64_t as_of, std::int64_t end = kNoEnd);

// The same as the fit takes it.
ties::LookBack ForFit(const Snapshot& snapshot, double weight);

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_SNAPSHOT_H_
