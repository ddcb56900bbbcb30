#ifndef COUNCIL_TESTS_MODEL_SCENARIO_H_
#define COUNCIL_TESTS_MODEL_SCENARIO_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "council/common/v1/council.pb.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/recommendations/v1/recommendations.pb.h"

namespace council::testing {

// The moment that scenarios are about; ages count back from it.
inline const absl::Time kScenarioNow = absl::FromUnixSeconds(1'800'000'000);
inline absl::Duration Days(double days) {
  return absl::Hours(24) * days;
}

// A council with its ledger, taken the whole way: entries → tie summaries → balance.
struct Scenario {
  contacts::v1::GetCouncilResponse council;
  std::vector<ledger::v1::Interaction> entries;

  contacts::v1::CouncilSeat& AddSeat(const std::string& id, absl::Duration seated_for = Days(365),
                                     absl::Duration cadence = Days(30));
  ledger::v1::Interaction& AddEntry(absl::Duration age, const std::vector<std::string>& contacts);
  void Acquaint(const std::string& a, const std::string& b);

  // The tie of each seat, entry by entry in their order, those that had occurred by `as_of`.
  std::vector<ledger::v1::Tie> Ties(absl::Time as_of = kScenarioNow) const;
  // Under the default model.
  recommendations::v1::CouncilBalance Balance(absl::Time as_of = kScenarioNow) const;
};

ledger::v1::Benefit& AddBenefit(ledger::v1::Interaction& entry, ledger::v1::BenefitDirection direction,
                                ledger::v1::BenefitKind kind, int weight, const std::string& contact = "");

// Component name → value.
std::map<std::string, double> Values(const recommendations::v1::CouncilBalance& balance);
double Value(const recommendations::v1::CouncilBalance& balance, const std::string& component);

}  // namespace council::testing

#endif  // COUNCIL_TESTS_MODEL_SCENARIO_H_
