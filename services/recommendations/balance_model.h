#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_MODEL_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_MODEL_H_

#include <array>
#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace council::recommendations {

// Version of the model that docs/score.md explains. Raised whenever the same facts give other figures.
inline constexpr int kBalanceModelVersion = 1;

// The nine sides of a balanced council, in the order in which they are shown. The first three are its structure (who
// sits there), the others its practice (how it is lived).
enum Component : size_t {
  kSize,
  kRoles,
  kDiversity,
  kEnergy,
  kReciprocity,
  kDepth,
  kVitality,
  kEngagement,
  kReach,
};
inline constexpr size_t kComponents = 9;
inline constexpr size_t kStructureComponents = 3;

// "size", "roles" … as the contract names them.
absl::string_view ComponentName(Component component);

// What a tenant may set. The defaults are those of docs/score.md.
struct BalanceModel {
  // Shares in the score, in percent, in the order of `Component`.
  std::array<double, kComponents> weights = {15, 10, 15, 15, 15, 10, 5, 10, 5};
  // Number of active seats from which on, and number of seats up to which, the size is full.
  int size_low = 12;
  int size_high = 18;
  // Share of CAREER in the time between which the engagement is in balance.
  double career_low = 0.35;
  double career_high = 0.65;
};

// Fails with INVALID_ARGUMENT and a violation for each wrong field, unless every weight is in [0, 100], all nine sum to
// 100 (to 1e-6), structure and practice each have some; 1 <= size_low <= size_high <= 150; and 0 < career_low <=
// career_high < 1.
absl::Status Validate(const BalanceModel& model);

// 32 hexadecimal digits, the same for the same version and settings: tells whether a stored score still holds.
std::string Digest(const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_MODEL_H_
