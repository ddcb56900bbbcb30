// What must hold of advice for any network.

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "rapidcheck/gtest.h"
#include "services/recommendations/advice.h"
#include "services/recommendations/advice_evidence.h"
#include "services/recommendations/advice_ranking.h"
#include "services/recommendations/advice_scenario.h"
#include "services/recommendations/balance.h"
#include "services/recommendations/introductions.h"

namespace council::recommendations {
namespace {

constexpr double kHair = 1e-6;

std::string Id(int i) {
  return (i < 10 ? "p0" : "p") + std::to_string(i);
}

void AddAnyTalk(int people, AdviceScenario& scenario) {
  const int first = *rc::gen::inRange(0, people);
  std::vector<std::string> ids = {Id(first)};
  if (*rc::gen::inRange(0, 4) == 0) ids.push_back(Id((first + 1) % people));
  if (ids.size() == 2 && ids[0] == ids[1]) ids.pop_back();
  ledger::v1::Interaction& talk = scenario.AddTalk(*rc::gen::inRange(1, 30'000) / 100.0, ids);
  talk.set_depth(static_cast<ledger::v1::InteractionDepth>(*rc::gen::inRange(0, 5)));
  if (const int energy = *rc::gen::inRange(-2, 6); energy <= 2) talk.set_energy(energy);
  for (int domain = 1; domain <= 5; ++domain) {
    if (*rc::gen::inRange(0, 4) == 0) talk.add_domains(static_cast<common::v1::LifeDomain>(domain));
  }
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    AddBenefit(talk, static_cast<ledger::v1::BenefitDirection>(*rc::gen::inRange(1, 3)),
               static_cast<ledger::v1::BenefitKind>(*rc::gen::inRange(1, 8)), *rc::gen::inRange(0, 6));
  }
}

AdviceScenario AnyScenario() {
  static constexpr double kCadences[] = {0, 1, 7, 30, 90, 365};
  AdviceScenario scenario;
  const int people = *rc::gen::inRange(1, 30);
  for (int i = 0; i < people; ++i) {
    contacts::v1::Seat* seat = nullptr;
    if (*rc::gen::inRange(0, 3) > 0) {
      seat = scenario.AddSeat(Id(i), kCadences[*rc::gen::inRange(0, 6)], *rc::gen::inRange(0, 500)).mutable_seat();
    } else {
      scenario.AddContact(Id(i));
    }
    contacts::v1::Contact& contact = scenario.network.contacts.back();
    contact.set_status(static_cast<contacts::v1::ContactStatus>(std::max(0, *rc::gen::inRange(-8, 5))));
    for (const char* facet : {"function", "location"}) {
      if (*rc::gen::arbitrary<bool>()) (*contact.mutable_facets())[facet] = std::to_string(*rc::gen::inRange(0, 4));
    }
    if (seat == nullptr) continue;
    for (int role = 1; role <= 6; ++role) {
      if (*rc::gen::inRange(0, 3) == 0) seat->add_roles(static_cast<common::v1::CouncilRole>(role));
    }
    for (int domain = 1; domain <= 5; ++domain) {
      if (*rc::gen::inRange(0, 3) == 0) seat->add_domains(static_cast<common::v1::LifeDomain>(domain));
    }
    *scenario.network.council.mutable_seats()->rbegin()->mutable_contact() = contact;
  }
  for (int i = *rc::gen::inRange(0, 80); i > 0; --i) AddAnyTalk(people, scenario);
  for (int i = 0; i < people; ++i) {
    scenario.SetStrength(Id(i), *rc::gen::inRange(0, 100) / 100.0, *rc::gen::inRange(0, 100) / 100.0);
  }
  for (int i = *rc::gen::inRange(0, people); i > 0; --i) {
    const int a = *rc::gen::inRange(0, people);
    if (a != (a + i) % people) scenario.Acquaint(Id(a), Id((a + i) % people));
  }
  if (*rc::gen::arbitrary<bool>()) scenario.network.settings.set_hours_per_week(*rc::gen::inRange(0, 10));
  return scenario;
}

// What a step is, without its figures: kind, what its facts are about, contacts → id.
std::map<std::string, std::string> Ids(const std::vector<Step>& steps) {
  std::map<std::string, std::string> ids;
  for (const Step& step : steps) {
    std::string key = std::to_string(step.kind) + " " + step.facts.substr(0, step.facts.find(' ', 1));
    // Which of two has more of something may turn.
    const std::set<std::string> contacts(step.contact_ids.begin(), step.contact_ids.end());
    for (const std::string& id : contacts) key += " " + id;
    RC_ASSERT(ids.emplace(key, step.id).second);
  }
  return ids;
}

RC_GTEST_PROP(AdviceProperty, ExpectedGainIsWhatTheStepBringsWhenItIsDone, ()) {
  const AdviceScenario scenario = AnyScenario();
  const auto read = scenario.At(scenario.now);
  const double before = ComputeBalance(read->network.council, read->network.ties, scenario.now, scenario.model).score();
  for (const Step& step : FindSteps(*read->advice)) {
    if (step.action.entries.empty() || !step.action.acquaintances.empty()) continue;
    AdviceScenario done = scenario;
    done.entries.insert(done.entries.end(), step.action.entries.begin(), step.action.entries.end());
    // Entries of tests are told apart by their sequence, as those of ledgers.
    for (size_t i = 0; i < done.entries.size(); ++i) done.entries[i].set_sequence(static_cast<int64_t>(i) + 1);
    const auto after = done.At(scenario.now);
    const double score =
        ComputeBalance(after->network.council, after->network.ties, scenario.now, scenario.model).score();
    RC_ASSERT(std::abs(score - before - step.gain) < kHair);
  }
}

RC_GTEST_PROP(AdviceProperty, OrderOfTheInputChangesNothing, ()) {
  AdviceScenario scenario = AnyScenario();
  const std::vector<Step> first = scenario.Steps();
  std::reverse(scenario.network.contacts.begin(), scenario.network.contacts.end());
  std::reverse(scenario.network.acquaintances.begin(), scenario.network.acquaintances.end());
  std::reverse(scenario.network.council.mutable_seats()->begin(), scenario.network.council.mutable_seats()->end());
  const std::vector<Step> second = scenario.Steps();
  RC_ASSERT(first.size() == second.size());
  for (size_t i = 0; i < first.size(); ++i) {
    RC_ASSERT(first[i].id == second[i].id);
    RC_ASSERT(first[i].reason == second[i].reason);
  }
}

RC_GTEST_PROP(AdviceProperty, TimeAloneChangesNoId, ()) {
  const AdviceScenario scenario = AnyScenario();
  const auto today = scenario.At(scenario.now);
  const auto later = scenario.At(scenario.now + absl::Hours(24) * *rc::gen::inRange(1, 90));
  const auto ids_today = Ids(FindSteps(*today->advice));
  for (const auto& [step, id] : Ids(FindSteps(*later->advice))) {
    const auto known = ids_today.find(step);
    if (known != ids_today.end()) RC_ASSERT(known->second == id);
  }
}

RC_GTEST_PROP(AdviceProperty, WhatIsAdvisedIsFitToBeRead, ()) {
  const AdviceScenario scenario = AnyScenario();
  std::set<std::string> left_alone;
  for (const contacts::v1::Contact& contact : scenario.network.contacts) {
    if (contact.status() > contacts::v1::CONTACT_STATUS_ACTIVE) left_alone.insert(contact.id());
  }
  std::set<std::string> advised;
  std::set<std::string> ids;
  for (const v1::Recommendation& recommendation : scenario.Recommendations()) {
    RC_ASSERT(ids.insert(recommendation.id()).second);
    for (const std::string& id : recommendation.contact_ids()) {
      RC_ASSERT(advised.insert(id).second);
      RC_ASSERT(!left_alone.contains(id));
    }
    RC_ASSERT(!recommendation.reason().empty());
    for (const char* word : {"nan", "inf ", "drain", "release", "cost", "nothing back", "  ", " ,", "never"}) {
      RC_ASSERT(recommendation.reason().find(word) == std::string::npos);
    }
    RC_ASSERT(std::isfinite(recommendation.expected_gain()));
    RC_ASSERT(recommendation.effort_minutes() >= 5);
    RC_ASSERT(recommendation.evidence_size() <= 20);
    RC_ASSERT(base::FromProto(recommendation.expire_time()) > scenario.now);
    RC_ASSERT(!recommendation.component().empty());
  }
}

RC_GTEST_PROP(AdviceProperty, KindsAreMixedWhereThereAreOthers, ()) {
  const std::vector<Step> steps = AnyScenario().Steps();
  for (size_t i = 4; i < steps.size(); ++i) {
    const auto in_row = [&](v1::RecommendationKind kind) {
      return std::count_if(steps.begin() + static_cast<std::ptrdiff_t>(i) - 4,
                           steps.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                           [kind](const Step& step) { return step.kind == kind; });
    };
    if (in_row(steps[i].kind) <= 2) continue;
    // A third of its kind: every later one would have been one too many as well.
    for (size_t later = i + 1; later < steps.size(); ++later) {
      RC_ASSERT(steps[later].kind == steps[i].kind || in_row(steps[later].kind) >= 2);
    }
  }
}

RC_GTEST_PROP(IntroductionsProperty, PairsAreStrangersOnceEachTheWorthiestFirst, ()) {
  const AdviceScenario scenario = AnyScenario();
  const auto read = scenario.At(scenario.now);
  std::set<std::set<std::string>> pairs;
  for (const contacts::v1::Acquaintance& known : scenario.network.acquaintances) {
    pairs.insert({known.contact_id(), known.other_contact_id()});
  }
  double last = 1;
  for (const Introduction& introduction : FindIntroductions(*read->advice)) {
    RC_ASSERT(pairs.insert({introduction.has->id(), introduction.lacks->id()}).second);
    RC_ASSERT(introduction.worth > 0 && introduction.worth <= last);
    RC_ASSERT(!ReasonOf(introduction).empty());
    last = introduction.worth;
  }
}

}  // namespace
}  // namespace council::recommendations
