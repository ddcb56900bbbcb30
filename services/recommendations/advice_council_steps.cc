// Steps that change who sits there or meets whom: INVITE, REST, INTRODUCE.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/proto_time.h"
#include "libs/ties/tie_roles.h"
#include "libs/words/language.h"
#include "services/recommendations/advice_steps.h"
#include "services/recommendations/advice_words.h"
#include "services/recommendations/introductions.h"

namespace council::recommendations {
namespace {

using words::As;
using words::Say;

constexpr absl::Duration kDay = absl::Hours(24);

// INVITE.
constexpr double kStrong = 0.5;
constexpr int kFewestEnergies = 2;
constexpr int kPeopleForARole = 2;
constexpr int kInviteMinutes = 30;
// Nobody is worth more for being new: a newcomer is taken as first seated that long ago.
constexpr double kSettledDays = 90;
constexpr size_t kMostTried = 50;

// REST.
constexpr int kRestMinutes = 20;
constexpr double kRestDays = 90;
constexpr size_t kMostRests = 3;

// INTRODUCE.
constexpr size_t kMostIntroductions = 2;
constexpr double kBetweenIntroductionsDays = 30;
constexpr int kIntroductionMinutes = 20;

// Roles that fewer than two seats have, and facet values that no seat has, of facets known of more than half of them.
struct Missing {
  std::set<int> roles;
  std::map<std::string, std::set<std::string>> taken;
};

Missing MissingFrom(const CouncilFacts& facts) {
  Missing missing;
  std::map<std::string, std::set<std::string>> values;
  std::map<std::string, size_t> known;
  std::array<int, kNeededRoles> people = {};
  for (const SeatFacts& seat : facts.seats) {
    for (size_t role = 0; role < kNeededRoles; ++role) people[role] += seat.roles[role] ? 1 : 0;
    for (const auto& [facet, value] : seat.facets) {
      values[facet].insert(value);
      ++known[facet];
    }
  }
  for (size_t role = 0; role < kNeededRoles; ++role) {
    if (people[role] < kPeopleForARole) missing.roles.insert(static_cast<int>(role) + 1);
  }
  for (auto& [facet, of_facet] : values) {
    if (2 * known[facet] > facts.seats.size()) missing.taken.emplace(facet, std::move(of_facet));
  }
  return missing;
}

// What `person` would bring, in words; empty where nothing is missing that they have.
std::vector<std::string> Brings(const Person& person, const std::vector<common::v1::CouncilRole>& roles,
                                const Missing& missing) {
  std::vector<std::string> brings;
  for (const common::v1::CouncilRole role : roles) {
    if (missing.roles.contains(role)) brings.push_back(RoleText(role));
  }
  // A map of protobuf's has no order of its own.
  std::map<std::string, std::string> facets(person.contact->facets().begin(), person.contact->facets().end());
  for (const auto& [facet, value] : facets) {
    const auto taken = missing.taken.find(facet);
    if (value.empty() || taken == missing.taken.end() || taken->second.contains(value)) continue;
    brings.push_back(Say<"advice.invite.facet">(As<"facet">(facet), As<"value">(value)));
  }
  return brings;
}

bool Energizes(const Person& person) {
  return person.tie->energy_entries() >= kFewestEnergies && person.tie->energy_sum() > 0 &&
         person.facts.tie.energizing > person.facts.tie.draining;
}

Step InviteStep(const AdviceNetwork& network, const Person& person, const std::vector<common::v1::CouncilRole>& roles,
                const std::vector<std::string>& brings) {
  Step step;
  step.kind = v1::RECOMMENDATION_KIND_INVITE;
  step.contact_ids = {person.id()};
  step.facts = absl::StrCat("brings ", absl::StrJoin(brings, ", "));
  step.reason = Say<"advice.invite">(As<"name">(person.name()),
                                     As<"days">(person.quiet < 1 ? 0 : WholeDays(person.quiet)), As<"brings">(brings));
  step.effort_minutes = kInviteMinutes;
  contacts::v1::Seat seat;
  seat.mutable_roles()->Add(roles.begin(), roles.end());
  *seat.mutable_seated_time() = base::ToProto(network.as_of() - kSettledDays * kDay);
  step.action.ties.push_back(*person.tie);
  step.action.seats.emplace_back(*person.contact, std::move(seat));
  return step;
}

Step RestStep(const Person& person) {
  Step step;
  step.kind = v1::RECOMMENDATION_KIND_REST;
  step.contact_ids = {person.id()};
  step.effort_minutes = kRestMinutes;
  return step;
}

Step TiringStep(const Person& person) {
  Step step = RestStep(person);
  step.facts = absl::StrCat("energies ", person.tie->energy_entries(), " sum ", person.tie->energy_sum());
  step.reason = Say<"advice.rest.tiring">(
      As<"name">(person.name()),
      As<"mean">(static_cast<double>(person.tie->energy_sum()) / static_cast<double>(person.tie->energy_entries())),
      As<"talks">(person.tie->energy_entries()));
  step.cited = Cited::kTiring;
  // What a quarter of a year without such a talk would leave.
  ledger::v1::Tie rested = *person.tie;
  rested.set_draining(rested.draining() * std::exp2(-kRestDays / 90));
  step.action.ties.push_back(std::move(rested));
  return step;
}

// With more seats than can be kept up with: those without whom the rest would be more in balance.
void AddCrowdedSteps(const AdviceNetwork& network, std::vector<Step>& steps) {
  const size_t seats = network.facts().seats.size();
  if (seats <= static_cast<size_t>(network.model().size_high)) return;
  std::vector<Step> crowded;
  for (const Person& person : network.people()) {
    if (person.seat == nullptr || IsTiring(person)) continue;
    Step step = RestStep(person);
    step.facts = "many seats";
    step.reason = Say<"advice.rest.crowded">(As<"name">(person.name()), As<"seats">(seats),
                                             As<"low">(network.model().size_low), As<"high">(network.model().size_high),
                                             As<"talked">(person.tie != nullptr), As<"days">(WholeDays(person.quiet)));
    step.action.unseated.push_back(person.id());
    Simulate(network, step);
    if (step.gain > 0) crowded.push_back(std::move(step));
  }
  std::stable_sort(crowded.begin(), crowded.end(), [](const Step& a, const Step& b) { return a.gain > b.gain; });
  crowded.resize(std::min({crowded.size(), seats - static_cast<size_t>(network.model().size_high), kMostRests}));
  std::move(crowded.begin(), crowded.end(), std::back_inserter(steps));
}

bool IntroducedLately(const AdviceNetwork& network) {
  for (const ledger::v1::Interaction& entry : network.newest().entries) {
    if (base::FromProto(entry.occur_time()) < network.as_of() - kBetweenIntroductionsDays * kDay) break;
    for (const ledger::v1::Benefit& benefit : entry.benefits()) {
      if (benefit.kind() == ledger::v1::BENEFIT_KIND_INTRODUCTION &&
          benefit.direction() == ledger::v1::BENEFIT_DIRECTION_GIVEN) {
        return true;
      }
    }
  }
  return false;
}

// Which kinds of benefits ever passed in a tie, in each direction.
std::string KindsPassed(const ledger::v1::Tie& tie) {
  std::string kinds;
  for (const ledger::v1::TieBenefit& benefit : tie.benefits()) {
    absl::StrAppend(&kinds, " ", benefit.given() > 0 ? "given " : "", benefit.received() > 0 ? "received " : "",
                    static_cast<int>(benefit.kind()));
  }
  return kinds;
}

Step IntroduceStep(const AdviceNetwork& network, const Introduction& introduction) {
  Step step;
  step.kind = v1::RECOMMENDATION_KIND_INTRODUCE;
  step.contact_ids = {introduction.has->id(), introduction.lacks->id()};
  // Who has more of what may turn as it fades; what ever passed does not.
  const auto [one, other] = std::minmax(introduction.has->id(), introduction.lacks->id());
  step.facts =
      absl::StrCat("passed", KindsPassed(*network.Find(one)->tie), " and", KindsPassed(*network.Find(other)->tie));
  step.reason = ReasonOf(introduction);
  step.cited = Cited::kBenefits;
  step.effort_minutes = kIntroductionMinutes;
  ledger::v1::Interaction entry;
  entry.set_kind(ledger::v1::INTERACTION_KIND_INTERACTION);
  entry.add_contact_ids(introduction.has->id());
  entry.add_contact_ids(introduction.lacks->id());
  *entry.mutable_occur_time() = base::ToProto(network.as_of());
  entry.set_channel(ledger::v1::CHANNEL_EMAIL);
  entry.set_depth(ledger::v1::INTERACTION_DEPTH_UPDATE);
  // Naming nobody it is parted between the two, so that one introduction counts once.
  ledger::v1::Benefit& benefit = *entry.add_benefits();
  benefit.set_direction(ledger::v1::BENEFIT_DIRECTION_GIVEN);
  benefit.set_kind(ledger::v1::BENEFIT_KIND_INTRODUCTION);
  step.action.entries.push_back(std::move(entry));
  step.action.acquaintances.emplace_back(introduction.has->id(), introduction.lacks->id());
  return step;
}

}  // namespace

void AddInviteSteps(const AdviceNetwork& network, std::vector<Step>& steps) {
  if (network.facts().seats.size() >= static_cast<size_t>(network.model().size_high)) return;
  std::vector<const Person*> strong;
  for (const Person& person : network.people()) {
    if (person.seat == nullptr && person.tie != nullptr && person.strength >= kStrong && Energizes(person)) {
      strong.push_back(&person);
    }
  }
  std::stable_sort(strong.begin(), strong.end(),
                   [](const Person* a, const Person* b) { return a->strength > b->strength; });
  if (strong.size() > kMostTried) strong.resize(kMostTried);
  const Missing missing = MissingFrom(network.facts());
  for (const Person* person : strong) {
    const std::vector<common::v1::CouncilRole> roles = ties::RolesShown(*person->tie);
    const std::vector<std::string> brings = Brings(*person, roles, missing);
    if (!brings.empty()) steps.push_back(InviteStep(network, *person, roles, brings));
  }
}

void AddRestSteps(const AdviceNetwork& network, std::vector<Step>& steps) {
  for (const Person& person : network.people()) {
    if (person.seat != nullptr && IsTiring(person)) steps.push_back(TiringStep(person));
  }
  AddCrowdedSteps(network, steps);
}

void AddIntroduceSteps(const AdviceNetwork& network, std::vector<Step>& steps) {
  // Four or five a year are plenty, and one at a time.
  if (network.figures().values[kReach] >= 1 || IntroducedLately(network)) return;
  std::set<const Person*> taken;
  size_t added = 0;
  for (const Introduction& introduction : FindIntroductions(network)) {
    if (added == kMostIntroductions) return;
    if (!introduction.shown || taken.contains(introduction.has) || taken.contains(introduction.lacks)) continue;
    taken.insert({introduction.has, introduction.lacks});
    steps.push_back(IntroduceStep(network, introduction));
    ++added;
  }
}

}  // namespace council::recommendations
