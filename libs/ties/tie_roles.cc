#include "libs/ties/tie_roles.h"

#include <optional>
#include <set>

namespace council::ties {
namespace {

constexpr int kEnergizerEntries = 3;
constexpr int kEnergizerMean = 1;

std::optional<common::v1::CouncilRole> RoleOfGiver(ledger::v1::BenefitKind kind) {
  switch (kind) {
    case ledger::v1::BENEFIT_KIND_ADVICE:
    case ledger::v1::BENEFIT_KIND_FEEDBACK:
      return common::v1::COUNCIL_ROLE_MENTOR;
    case ledger::v1::BENEFIT_KIND_INFORMATION:
      return common::v1::COUNCIL_ROLE_INFORMANT;
    case ledger::v1::BENEFIT_KIND_SUPPORT:
      return common::v1::COUNCIL_ROLE_SUPPORTER;
    case ledger::v1::BENEFIT_KIND_BRAINSTORM:
      return common::v1::COUNCIL_ROLE_BRAINSTORMER;
    case ledger::v1::BENEFIT_KIND_SPONSORSHIP:
      return common::v1::COUNCIL_ROLE_SPONSOR;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<common::v1::CouncilRole> RolesShown(const ledger::v1::Tie& tie) {
  std::set<common::v1::CouncilRole> roles;
  for (const ledger::v1::TieBenefit& benefit : tie.benefits()) {
    const std::optional<common::v1::CouncilRole> role = RoleOfGiver(benefit.kind());
    if (role.has_value() && benefit.received() > 0) roles.insert(*role);
  }
  if (tie.energy_entries() >= kEnergizerEntries && tie.energy_sum() >= kEnergizerMean * tie.energy_entries()) {
    roles.insert(common::v1::COUNCIL_ROLE_ENERGIZER);
  }
  return {roles.begin(), roles.end()};
}

}  // namespace council::ties
