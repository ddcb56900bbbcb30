#include "services/recommendations/advice_scenario.h"

#include <algorithm>

#include "libs/base/proto_time.h"
#include "libs/ties/tie_summary.h"
#include "services/recommendations/advice.h"
#include "services/recommendations/advice_evidence.h"
#include "services/recommendations/advice_ranking.h"

namespace council::recommendations {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr double kUsualStrength = 0.8;

}  // namespace

contacts::v1::Contact& AdviceScenario::AddContact(const std::string& id) {
  contacts::v1::Contact& contact = network.contacts.emplace_back();
  contact.set_id(id);
  contact.set_display_name("P. " + id);
  return contact;
}

contacts::v1::CouncilSeat& AdviceScenario::AddSeat(const std::string& id, double cadence, double seated_for) {
  contacts::v1::CouncilSeat& seat = *network.council.add_seats();
  *seat.mutable_contact() = AddContact(id);
  seat.mutable_seat()->set_contact_id(id);
  *seat.mutable_seat()->mutable_first_seated_time() = base::ToProto(now - seated_for * kDay);
  *seat.mutable_seat()->mutable_seated_time() = seat.seat().first_seated_time();
  if (cadence > 0) {
    *seat.mutable_seat()->mutable_cadence() = base::ToProto(cadence * kDay);
    *seat.mutable_effective_cadence() = seat.seat().cadence();
  }
  return seat;
}

ledger::v1::Interaction& AdviceScenario::AddTalk(double age, const std::vector<std::string>& ids) {
  ledger::v1::Interaction& entry = entries.emplace_back();
  entry.set_kind(ledger::v1::INTERACTION_KIND_INTERACTION);
  entry.set_sequence(static_cast<int64_t>(entries.size()));
  *entry.mutable_occur_time() = base::ToProto(now - age * kDay);
  entry.set_depth(ledger::v1::INTERACTION_DEPTH_CONVERSATION);
  *entry.mutable_duration() = base::ToProto(absl::Minutes(30));
  entry.mutable_contact_ids()->Add(ids.begin(), ids.end());
  return entry;
}

void AdviceScenario::AddPlan(double in_days, const std::string& id) {
  ledger::v1::Plan& plan = network.plans.emplace_back();
  plan.add_contact_ids(id);
  *plan.mutable_start_time() = base::ToProto(now + in_days * kDay);
}

void AdviceScenario::SetStrength(const std::string& id, double strength, double earlier) {
  strengths_.push_back({id, strength, earlier});
}

void AdviceScenario::Acquaint(const std::string& a, const std::string& b) {
  contacts::v1::Acquaintance& acquaintance = network.acquaintances.emplace_back();
  acquaintance.set_contact_id(std::min(a, b));
  acquaintance.set_other_contact_id(std::max(a, b));
  *network.council.add_acquaintances() = acquaintance;
}

std::unique_ptr<AdviceScenario::Read> AdviceScenario::At(absl::Time as_of) const {
  auto read = std::make_unique<Read>();
  read->network = network;
  for (const contacts::v1::Contact& contact : network.contacts) {
    const std::string& id = contact.id();
    ledger::v1::Tie tie = ties::BuildTie(id, {&id, 1}, entries, as_of);
    if (tie.entries() == 0) continue;
    tie.clear_days();
    tie.set_strength(kUsualStrength);
    tie.set_earlier_strength(kUsualStrength);
    for (const Strength& strength : strengths_) {
      if (strength.id != id) continue;
      tie.set_strength(strength.now);
      tie.set_earlier_strength(strength.earlier);
    }
    read->network.ties.push_back(std::move(tie));
  }
  read->newest.entries = entries;
  std::erase_if(read->newest.entries,
                [as_of](const ledger::v1::Interaction& entry) { return base::FromProto(entry.occur_time()) > as_of; });
  std::stable_sort(read->newest.entries.begin(), read->newest.entries.end(),
                   [](const ledger::v1::Interaction& a, const ledger::v1::Interaction& b) {
                     return base::FromProto(a.occur_time()) > base::FromProto(b.occur_time());
                   });
  read->advice = std::make_unique<AdviceNetwork>(read->network, read->newest, as_of, model);
  return read;
}

std::vector<Step> AdviceScenario::Steps(v1::RecommendationKind kind) const {
  const auto read = At(now);
  std::vector<Step> steps = FindSteps(*read->advice);
  if (kind != v1::RECOMMENDATION_KIND_UNSPECIFIED) {
    std::erase_if(steps, [kind](const Step& step) { return step.kind != kind; });
  }
  return Rank(std::move(steps));
}

std::vector<v1::Recommendation> AdviceScenario::Recommendations(v1::RecommendationKind kind) const {
  const auto read = At(now);
  std::vector<v1::Recommendation> recommendations;
  for (const Step& step : Steps(kind)) {
    std::vector<ledger::v1::Interaction> of_contacts;
    for (const ledger::v1::Interaction& entry : read->newest.entries) {
      const bool named =
          std::any_of(entry.contact_ids().begin(), entry.contact_ids().end(), [&step](const std::string& id) {
            return std::find(step.contact_ids.begin(), step.contact_ids.end(), id) != step.contact_ids.end();
          });
      if (named) of_contacts.push_back(entry);
    }
    recommendations.push_back(WithEvidence(*read->advice, step, of_contacts));
  }
  return recommendations;
}

ledger::v1::Benefit& AddBenefit(ledger::v1::Interaction& entry, ledger::v1::BenefitDirection direction,
                                ledger::v1::BenefitKind kind, int weight) {
  ledger::v1::Benefit& benefit = *entry.add_benefits();
  benefit.set_direction(direction);
  benefit.set_kind(kind);
  benefit.set_weight(weight);
  return benefit;
}

}  // namespace council::recommendations
