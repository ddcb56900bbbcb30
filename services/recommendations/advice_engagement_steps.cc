// Steps about time: BROADEN and REBALANCE.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/base/proto_time.h"
#include "libs/words/language.h"
#include "services/recommendations/advice_steps.h"
#include "services/recommendations/advice_words.h"
#include "services/recommendations/balance_explanation.h"

namespace council::recommendations {
namespace {

using words::As;
using words::Say;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr double kDaysAWeek = 7;
constexpr double kMinutesAnHour = 60;

constexpr size_t kCareer = 0;
// PHYSICAL, MENTAL, EMOTIONAL: those that a balanced life has some of.
constexpr std::array<size_t, 3> kEngaging = {1, 2, 3};
constexpr double kNoAttention = 0.01;
constexpr double kFewestHours = 2;
constexpr int kShortestTalk = 30;
// After a talk with someone about what is missing, that long without another word about it.
constexpr double kEasedDays = 14;

constexpr size_t kMostStretched = 3;
constexpr double kMostStretch = 3;
constexpr double kLongestCadence = 730;
constexpr int kPlanningMinutes = 15;

common::v1::LifeDomain DomainAt(size_t index) {
  return static_cast<common::v1::LifeDomain>(index + 1);
}

double Total(const std::array<double, kLifeDomains>& hours) {
  return std::accumulate(hours.begin(), hours.end(), 0.0);
}

bool Shares(const Person& person, size_t domain) {
  const auto& domains = person.seat->seat().domains();
  return std::find(domains.begin(), domains.end(), DomainAt(domain)) != domains.end();
}

int64_t Touches(const Person& person) {
  return person.tie == nullptr ? 0 : person.tie->touches();
}

// Whom to talk with about `domain`: the seat that stands for it and is met most, else who talked about it most.
const Person* WhoShares(const AdviceNetwork& network, size_t domain) {
  const Person* best = nullptr;
  const auto key = [domain](const Person& person) {
    const bool shares = person.seat != nullptr && Shares(person, domain);
    return std::tuple(shares, person.seat != nullptr,
                      shares ? static_cast<double>(Touches(person)) : person.facts.tie.hours[domain]);
  };
  for (const Person& person : network.people()) {
    const bool shares = (person.seat != nullptr && Shares(person, domain)) || person.facts.tie.hours[domain] > 0;
    if (shares && (best == nullptr || key(person) > key(*best))) best = &person;
  }
  return best;
}

Step TalkAbout(const AdviceNetwork& network, const Person& person, size_t domain) {
  Step step;
  step.contact_ids = {person.id()};
  step.effort_minutes = std::max(person.minutes, kShortestTalk);
  ledger::v1::Interaction talk = UsualTalk(network, person, ledger::v1::INTERACTION_DEPTH_CONVERSATION);
  talk.clear_domains();
  talk.add_domains(DomainAt(domain));
  *talk.mutable_duration() = base::ToProto(absl::Minutes(step.effort_minutes));
  step.action.entries.push_back(std::move(talk));
  return step;
}

// Whether a talk with `person` in the last days was about something that `fits`.
bool TalkedLately(const AdviceNetwork& network, const Person& person, const std::function<bool(int domain)>& fits) {
  return std::any_of(person.newest.begin(), person.newest.end(), [&](const ledger::v1::Interaction* entry) {
    return base::FromProto(entry->occur_time()) >= network.as_of() - kEasedDays * kDay &&
           std::any_of(entry->domains().begin(), entry->domains().end(), fits);
  });
}

void AddBroadenSteps(const AdviceNetwork& network, double total, std::vector<Step>& steps) {
  for (const size_t domain : kEngaging) {
    if (network.hours()[domain] >= kNoAttention * total) continue;
    const Person* person = WhoShares(network, domain);
    if (person == nullptr) continue;
    if (TalkedLately(network, *person, [domain](int about) { return about == DomainAt(domain); })) continue;
    Step step = TalkAbout(network, *person, domain);
    step.kind = v1::RECOMMENDATION_KIND_BROADEN;
    step.facts = absl::StrCat("domain ", domain, " talks ", Touches(*person));
    step.reason = Say<"advice.broaden">(As<"name">(person->name()), As<"hours">(std::llround(total)),
                                        As<"side">(DomainText(domain)), As<"time">(absl::Minutes(step.effort_minutes)));
    steps.push_back(std::move(step));
  }
}

// The seat to talk with about something else than career, and about what: the most met one that stands for something
// else and was not met about it lately; the side of theirs that has the least time.
std::optional<std::pair<const Person*, size_t>> BesideCareer(const AdviceNetwork& network) {
  std::optional<std::pair<const Person*, size_t>> best;
  const auto is_beside = [](int about) { return about != common::v1::LIFE_DOMAIN_CAREER; };
  for (const Person& person : network.people()) {
    if (person.seat == nullptr || (best.has_value() && Touches(person) <= Touches(*best->first))) continue;
    std::optional<size_t> least;
    for (size_t domain = kCareer + 1; domain < kLifeDomains; ++domain) {
      const bool less = !least.has_value() || network.hours()[domain] < network.hours()[*least];
      if (Shares(person, domain) && less) least = domain;
    }
    if (least.has_value() && !TalkedLately(network, person, is_beside)) best = {&person, *least};
  }
  return best;
}

void AddLessCareerStep(const AdviceNetwork& network, double total, std::vector<Step>& steps) {
  const double share = network.hours()[kCareer] / total;
  if (share <= network.model().career_high) return;
  const auto beside = BesideCareer(network);
  if (!beside.has_value()) return;
  const auto& [person, domain] = *beside;
  Step step = TalkAbout(network, *person, domain);
  step.kind = v1::RECOMMENDATION_KIND_REBALANCE;
  step.facts = absl::StrCat("career, talks ", Touches(*person));
  step.reason = Say<"advice.rebalance.career">(
      As<"name">(person->name()), As<"share">(std::llround(100 * share)), As<"hours">(std::llround(total)),
      As<"high">(std::llround(100 * network.model().career_high)), As<"side">(DomainText(domain)),
      As<"time">(absl::Minutes(step.effort_minutes)));
  steps.push_back(std::move(step));
}

double HoursAWeek(const Person& person, double cadence) {
  return person.minutes / kMinutesAnHour * kDaysAWeek / cadence;
}

// Where the rhythms ask for more than was set aside: a longer one for the few that take most.
void AddLongerRhythmsStep(const AdviceNetwork& network, std::vector<Step>& steps) {
  if (!network.snapshot().settings.has_hours_per_week()) return;
  const double set_aside = network.snapshot().settings.hours_per_week();
  double planned = 0;
  std::vector<const Person*> seats;
  for (const Person& person : network.people()) {
    if (person.seat == nullptr) continue;
    planned += HoursAWeek(person, person.cadence);
    // What was never set can't be set otherwise.
    if (person.cadence_set) seats.push_back(&person);
  }
  if (planned <= set_aside || seats.empty()) return;
  std::stable_sort(seats.begin(), seats.end(), [](const Person* a, const Person* b) {
    return HoursAWeek(*a, a->cadence) > HoursAWeek(*b, b->cadence);
  });
  seats.resize(std::min(seats.size(), kMostStretched));
  double of_these = 0;
  for (const Person* person : seats) of_these += HoursAWeek(*person, person->cadence);
  const double left = of_these - (planned - set_aside);
  const double stretch = left > of_these / kMostStretch ? of_these / left : kMostStretch;

  Step step;
  step.kind = v1::RECOMMENDATION_KIND_REBALANCE;
  step.effort_minutes = kPlanningMinutes;
  step.facts = absl::StrFormat("set aside %.2f", set_aside);
  std::vector<std::string> rhythms;
  for (const Person* person : seats) {
    const double longer = std::min(std::ceil(person->cadence * stretch), kLongestCadence);
    step.contact_ids.push_back(person->id());
    absl::StrAppendFormat(&step.facts, " %s %.2f", person->id(), person->cadence);
    rhythms.push_back(Say<"advice.rebalance.rhythm">(As<"name">(person->name()), As<"days">(std::llround(longer))));
    contacts::v1::Seat seat = person->seat->seat();
    *seat.mutable_cadence() = base::ToProto(longer * kDay);
    step.action.seats.emplace_back(*person->contact, std::move(seat));
  }
  step.reason = Say<"advice.rebalance.hours">(As<"planned">(planned), As<"aside">(set_aside), As<"rhythms">(rhythms));
  steps.push_back(std::move(step));
}

}  // namespace

void AddEngagementSteps(const AdviceNetwork& network, std::vector<Step>& steps) {
  const double total = Total(network.hours());
  // Where little is written down, nothing is known of what it was about.
  if (total >= kFewestHours && network.figures().coverage[kEngagement] >= kRecordedCoverage) {
    AddBroadenSteps(network, total, steps);
    AddLessCareerStep(network, total, steps);
  }
  AddLongerRhythmsStep(network, steps);
}

}  // namespace council::recommendations
