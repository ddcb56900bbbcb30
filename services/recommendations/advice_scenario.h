#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_SCENARIO_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_SCENARIO_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/recommendations/advice_network.h"
#include "services/recommendations/advice_step.h"

namespace council::recommendations {

// A network for tests, taken the way of the real one: entries → ties → advice. Ages are in days before `now`.
struct AdviceScenario {
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  NetworkSnapshot network;
  std::vector<ledger::v1::Interaction> entries;
  BalanceModel model;

  contacts::v1::Contact& AddContact(const std::string& id);
  // Adds the contact too, with a seat of a year, talked with every `cadence` days; 0: not set.
  contacts::v1::CouncilSeat& AddSeat(const std::string& id, double cadence = 30, double seated_for = 365);
  // A CONVERSATION of 30 minutes, unless changed.
  ledger::v1::Interaction& AddTalk(double age, const std::vector<std::string>& ids);
  void AddPlan(double in_days, const std::string& id);
  void SetStrength(const std::string& id, double strength, double earlier);
  void Acquaint(const std::string& a, const std::string& b);

  // The network with its ties of `now`, entries renumbered newest first.
  struct Read {
    NetworkSnapshot network;
    NewestEntries newest;
    std::unique_ptr<AdviceNetwork> advice;
  };
  std::unique_ptr<Read> At(absl::Time as_of) const;

  // The steps of one kind, or all, ranked.
  std::vector<Step> Steps(v1::RecommendationKind kind = v1::RECOMMENDATION_KIND_UNSPECIFIED) const;
  // With reasons and evidence.
  std::vector<v1::Recommendation> Recommendations(
      v1::RecommendationKind kind = v1::RECOMMENDATION_KIND_UNSPECIFIED) const;

 private:
  struct Strength {
    std::string id;
    double now;
    double earlier;
  };
  std::vector<Strength> strengths_;
};

ledger::v1::Benefit& AddBenefit(ledger::v1::Interaction& entry, ledger::v1::BenefitDirection direction,
                                ledger::v1::BenefitKind kind, int weight = 0);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_SCENARIO_H_
