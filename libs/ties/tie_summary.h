#ifndef COUNCIL_LIBS_TIES_TIE_SUMMARY_H_
#define COUNCIL_LIBS_TIES_TIE_SUMMARY_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"

// Summaries of ties: what the ledger's entries say about the owner and one contact, as the contract's `Tie`.
//
// Pure functions: no storage, no clock, no state. A summary is kept by folding each new entry into it, at a cost that
// does not depend on how many came before:
//
//     Tie tie;
//     tie.set_contact_id(id);
//     FoldEntry(entry, {&id, 1}, tie);
//
// Decayed sums are Σ value·2^(−age/h) with half-lives h of 90 days (what one did lately) and 365 days (what evens out
// over years), referred to the latest occur_time. Entries may come in any order, late ones land where they belong: the
// figures are the same to 1e-9 of their size. Sums cannot be taken back exactly, so a correction calls for BuildTie
// over the entries that are live.
namespace council::ties {

namespace v1 = ledger::v1;

// Version of what a summary holds. A stored summary of another version is rebuilt with BuildTie before it is used.
inline constexpr int kTieSummaryVersion = 1;

// Half-lives of a tie's decayed sums.
inline constexpr absl::Duration kShortHalfLife = absl::Hours(90 * 24);
inline constexpr absl::Duration kLongHalfLife = absl::Hours(365 * 24);

// Whether `entry` tells of something that happened and stands: an INTERACTION or CORRECTION that nothing corrects.
bool IsLive(const v1::Interaction& entry);

// Whether `entry` is a touch: deeper than EXCHANGE, or of no stated depth.
bool IsTouch(const v1::Interaction& entry);

// Hours that `entry` took, over all its contacts and domains: its duration, at most 4 hours; where none is stated 30
// minutes, 5 for CHAT and EMAIL; 0 for an EXCHANGE.
double HoursSpent(const v1::Interaction& entry);

// Adds `entry` to `tie`, the tie to the contact who has the ids `ids` (their own and the former ones).
//
// The entry must be live and due (its occur_time not in the future): the caller sees to both, and to it that no entry
// is folded twice. An entry that names none of `ids` changes nothing. One that names several of them counts once, with
// the parts of all of them in its time and in the benefits that name nobody. `tie.days` is left alone: see FoldDay.
void FoldEntry(const v1::Interaction& entry, std::span<const std::string> ids, v1::Tie& tie);

// The summary of the tie to `contact_id`, whose ids are `ids` (their own among them), from scratch.
//
// Takes those of `entries`, in any order, that are live, name one of `ids` and had occurred by `as_of`; an entry that
// stands there twice (by its sequence, where it has one) counts once. Fills in `days` too. Costs O(n log n).
v1::Tie BuildTie(const std::string& contact_id, std::span<const std::string> ids,
                 std::span<const v1::Interaction> entries, absl::Time as_of);

// The day that `entry` happened on, as a count of one entry.
v1::TieDay DayOf(const v1::Interaction& entry);

// Adds `day` to the counts in `tie.days`, which are in order of days and stay so.
void FoldDay(const v1::TieDay& day, v1::Tie& tie);

// Refers the decayed sums of `tie` to the later moment `time`. An earlier one, and a tie without entries, change
// nothing.
void DecayTie(absl::Time time, v1::Tie& tie);

}  // namespace council::ties

#endif  // COUNCIL_LIBS_TIES_TIE_SUMMARY_H_
