#include "services/recommendations/balance.h"

#include <string>
#include <utility>

#include "libs/base/proto_time.h"
#include "services/recommendations/balance_components.h"
#include "services/recommendations/balance_explanation.h"
#include "services/recommendations/council_facts.h"

namespace council::recommendations {

v1::CouncilBalance ComputeBalance(const contacts::v1::GetCouncilResponse& council,
                                  std::span<const ledger::v1::Tie> ties, absl::Time as_of, const BalanceModel& model) {
  const CouncilFacts facts = GatherFacts(council, ties, as_of);
  const BalanceFigures figures = ComputeFigures(facts, model);

  v1::CouncilBalance balance;
  balance.set_score(figures.score);
  balance.set_structure(figures.structure);
  balance.set_practice(figures.practice);
  balance.set_confidence(figures.confidence);
  balance.set_model_version(kBalanceModelVersion);
  balance.set_seats(static_cast<int32_t>(facts.seats.size()));
  *balance.mutable_as_of() = base::ToProto(as_of);
  double practice_coverage = 0;
  for (size_t i = 0; i < kComponents; ++i) {
    const auto component = static_cast<Component>(i);
    Explanation explanation = Explain(component, facts, figures, model);
    v1::BalanceComponent& out = *balance.add_components();
    out.set_name(std::string(ComponentName(component)));
    out.set_weight(model.weights[i]);
    out.set_value(figures.values[i]);
    out.set_coverage(figures.coverage[i]);
    out.set_evidence_count(explanation.evidence_count);
    out.set_explanation(std::move(explanation.sentence));
    for (std::string& id : explanation.contact_ids) out.add_contact_ids(std::move(id));
    if (i >= kStructureComponents) practice_coverage += figures.coverage[i];
  }
  balance.set_practice_recorded(practice_coverage / (kComponents - kStructureComponents) >= 0.5);
  return balance;
}

}  // namespace council::recommendations
