// How strong a tie is: the probability that the two are in touch again in the coming 90 days, from its days alone.
//
// A logistic model with four features (docs/tie-strength.md tells why these):
//
//   occasions  log Σ (1 − e^(−g/7)), g the days since the active day before; 1 for the first. A day's talk that goes on
//              over the next days is hardly another occasion; two weeks later it is.
//   attention  log Σ ∛p, p the day's parted entries: a message to many says little, and a day's tenth message too.
//   silence    −√(days since the last active day / usual gap), the usual gap being (days from first to last + 60) /
//              active days: a rhythm is broken by silence that is long for this tie.
//
//   lately     log(0.01 + Σ 2^(−age/30)) over active days: for companies that forget faster than silence tells. The
//              shipped model does without it; a company's own may not (calibration.h).
//
//   strength = 1 / (1 + e^−(intercept + Σ coefficient · feature))
//
// Coefficients are never negative, so that another active day today never lowers a strength and a day without contact
// never raises it. Pure functions: no storage, no clock.
#ifndef COUNCIL_LIBS_TIES_TIE_STRENGTH_H_
#define COUNCIL_LIBS_TIES_TIE_STRENGTH_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"

namespace council::ties {

inline constexpr int kStrengthFeatures = 4;
// Occasions, attention, silence, lately.
using StrengthFeatures = std::array<double, kStrengthFeatures>;

struct StrengthModel {
  std::string version;
  StrengthFeatures coefficients = {};
  double intercept = 0;
};

// What a strength foretells: contact within this time.
inline constexpr absl::Duration kStrengthOutlook = absl::Hours(90 * 24);

// The model for whoever has none of their own: what `council-eval fit` found on two companies' mail.
const StrengthModel& ShippedStrengthModel();

// The UTC day of `time`, since 1970-01-01, as `TieDay.day` has it.
std::int64_t DayNumber(absl::Time time);

// From `tie.days`, which are in order, up to the UTC day of `as_of`; nothing where there is no day with entries.
// Finite for any days.
std::optional<StrengthFeatures> StrengthFeaturesOf(const ledger::v1::Tie& tie, absl::Time as_of);

// Above 0 and below 1. Finite features and coefficients are required.
double StrengthOf(const StrengthFeatures& features, const StrengthModel& model);

// The strength of `tie` as of `as_of`; nothing where its days tell of no contact by then.
std::optional<double> TieStrength(const ledger::v1::Tie& tie, absl::Time as_of, const StrengthModel& model);

}  // namespace council::ties

#endif  // COUNCIL_LIBS_TIES_TIE_STRENGTH_H_
