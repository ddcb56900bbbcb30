// Steps towards one contact: RECONNECT, GIVE_BACK, ASK, DEEPEN.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/ties/tie_summary.h"
#include "libs/words/language.h"
#include "services/recommendations/advice_benefits.h"
#include "services/recommendations/advice_rules.h"
#include "services/recommendations/advice_steps.h"
#include "services/recommendations/advice_words.h"

namespace council::recommendations {
namespace {

using words::As;
using words::Say;

constexpr absl::Duration kDay = absl::Hours(24);

// RECONNECT without a seat, or before a seat's cadence has passed: a strong tie that fell by half.
constexpr double kStrong = 0.5;
constexpr double kQuietDays = 30;
constexpr int kMostUnrecorded = 3;

// GIVE_BACK and ASK: how far apart the decayed weights are, in points and as a ratio; more without a seat, where
// nothing but kindness speaks for it.
constexpr double kApart = 1.5;
constexpr double kApartWithoutSeat = 3;
constexpr double kApartRatio = 1.5;
// After something passed the other way, that long without another word about it.
constexpr double kEasedDays = 30;
constexpr int kGivingMinutes = 10;
constexpr double kQuarterDays = 91;

constexpr double kSettlingDays = 90;
constexpr int kDeepMinutes = 30;
constexpr int kFewestShallow = 2;

int64_t Micros(const google::protobuf::Timestamp& time) {
  return absl::ToUnixMicros(base::FromProto(time));
}

int Percent(double share) {
  return static_cast<int>(std::lround(100 * share));
}

// Whether the last entry was a talk.
bool Spoke(const Person& person) {
  return person.tie->has_last_touch_time() && Micros(person.tie->last_touch_time()) == Micros(person.tie->last_time());
}

// Whether a seat is due by its longest gap, before its cadence.
bool IsDueByGap(const Person& person) {
  return person.longest_gap < person.cadence;
}

// Days after which a seat is due.
double DueAfter(const Person& person) {
  return std::min(person.cadence, person.longest_gap);
}

std::string WhyReconnect(const Person& person, bool by_rhythm) {
  if (person.tie == nullptr) {
    return Say<"advice.reconnect.first">(As<"name">(person.name()), As<"days">(WholeDays(DueAfter(person))),
                                         As<"rhythm">(IsDueByGap(person)   ? "gap"
                                                      : person.cadence_set ? "set"
                                                                           : "usual"));
  }
  const int64_t days = WholeDays(person.quiet);
  if (!by_rhythm) {
    return Say<"advice.reconnect.fading">(As<"name">(person.name()), As<"spoke">(Spoke(person)), As<"days">(days),
                                          As<"before">(Percent(person.earlier_strength)),
                                          As<"now">(Percent(person.strength)));
  }
  if (IsDueByGap(person)) {
    return Say<"advice.reconnect.gap">(As<"name">(person.name()), As<"spoke">(Spoke(person)), As<"days">(days),
                                       As<"gap">(WholeDays(person.longest_gap)));
  }
  const int64_t rhythm = WholeDays(person.cadence);
  if (person.cadence_set) {
    return Say<"advice.reconnect.set">(As<"name">(person.name()), As<"spoke">(Spoke(person)), As<"days">(days),
                                       As<"rhythm">(rhythm));
  }
  return Say<"advice.reconnect.usual">(As<"name">(person.name()), As<"spoke">(Spoke(person)), As<"days">(days),
                                       As<"rhythm">(rhythm));
}

bool HasFaded(const Person& person) {
  return person.earlier_strength >= kStrong && person.strength <= person.earlier_strength / 2 &&
         person.quiet > std::max(kQuietDays, person.seat != nullptr ? person.cadence : 0.0);
}

// What passes in an entry with `person` that benefits somebody: 1 to 5.
int UsualWeight(const Person& person) {
  const double entries = person.facts.tie.benefit_coverage;
  const double weights = person.facts.tie.given + person.facts.tie.received;
  constexpr double kLargest = 5;
  return entries > 0 ? static_cast<int>(std::lround(std::clamp(weights / entries, 1.0, kLargest))) : 1;
}

// `talk`, with something that passes between the owner and `person`, of the weight that is usual between the two.
ledger::v1::Interaction WithBenefit(ledger::v1::Interaction talk, const Person& person,
                                    ledger::v1::BenefitDirection direction, ledger::v1::BenefitKind kind) {
  ledger::v1::Benefit& benefit = *talk.add_benefits();
  benefit.set_contact_id(person.id());
  benefit.set_direction(direction);
  benefit.set_kind(kind);
  benefit.set_weight(UsualWeight(person));
  return talk;
}

bool PassedLately(const AdviceNetwork& network, const Person& person, ledger::v1::BenefitDirection direction,
                  double days) {
  return std::any_of(person.newest.begin(), person.newest.end(), [&](const ledger::v1::Interaction* entry) {
    return base::FromProto(entry->occur_time()) >= network.as_of() - days * kDay &&
           Passed(*entry, *person.contact, direction).any;
  });
}

void AddGiveBack(const AdviceNetwork& network, const Person& person, std::vector<Step>& steps) {
  if (PassedLately(network, person, ledger::v1::BENEFIT_DIRECTION_GIVEN, kEasedDays)) return;
  Step step;
  step.kind = v1::RECOMMENDATION_KIND_GIVE_BACK;
  step.contact_ids = {person.id()};
  step.facts = absl::StrCat("benefits ", person.tie->benefit_entries());
  step.reason = Say<"advice.give_back">(As<"name">(person.name()));
  step.cited = Cited::kBenefits;
  step.effort_minutes = kGivingMinutes;
  ledger::v1::Interaction talk = UsualTalk(network, person, ledger::v1::INTERACTION_DEPTH_UPDATE);
  // What one gives is seldom a long talk: the time that it took is the giver's alone.
  talk.clear_duration();
  talk.set_channel(ledger::v1::CHANNEL_EMAIL);
  step.action.entries.push_back(
      WithBenefit(std::move(talk), person, ledger::v1::BENEFIT_DIRECTION_GIVEN, ledger::v1::BENEFIT_KIND_SUPPORT));
  steps.push_back(std::move(step));
}

void AddAsk(const AdviceNetwork& network, const Person& person, std::string facts, std::string reason, Cited cited,
            std::vector<Step>& steps) {
  Step step;
  step.kind = v1::RECOMMENDATION_KIND_ASK;
  step.contact_ids = {person.id()};
  step.facts = std::move(facts);
  step.reason = std::move(reason);
  step.cited = cited;
  step.effort_minutes = person.minutes;
  step.action.entries.push_back(WithBenefit(UsualTalk(network, person, ledger::v1::INTERACTION_DEPTH_COUNSEL), person,
                                            ledger::v1::BENEFIT_DIRECTION_RECEIVED, ledger::v1::BENEFIT_KIND_ADVICE));
  steps.push_back(std::move(step));
}

// A mentor of whom no advice or feedback was asked within a quarter.
bool IsMentorUnasked(const AdviceNetwork& network, const Person& person) {
  if (!HasRole(person.seat->seat(), common::v1::COUNCIL_ROLE_MENTOR) || person.facts.expected < 1) return false;
  if (!network.Knows(kQuarterDays)) return false;
  const absl::Time since = network.as_of() - kQuarterDays * kDay;
  return std::none_of(person.newest.begin(), person.newest.end(), [&](const ledger::v1::Interaction* entry) {
    return base::FromProto(entry->occur_time()) >= since && Advised(*entry, *person.contact);
  });
}

}  // namespace

void AddReconnectSteps(const AdviceNetwork& network, std::vector<Step>& steps) {
  int unrecorded = 0;
  for (const Person& person : network.people()) {
    const bool seated = person.seat != nullptr;
    const double due_after = DueAfter(person);
    const bool by_rhythm = seated && person.facts.gap > due_after && person.quiet > due_after;
    if ((!by_rhythm && !HasFaded(person)) || IsTiring(person)) continue;
    // Who is met soon needs no reminder.
    if (person.next_plan <= (seated ? due_after : kQuietDays)) continue;
    // Where nothing is written down little is known: a few to start with, always the same.
    if (person.tie == nullptr && ++unrecorded > kMostUnrecorded) continue;
    Step step;
    step.kind = v1::RECOMMENDATION_KIND_RECONNECT;
    step.contact_ids = {person.id()};
    step.facts = absl::StrCat("last ", person.tie == nullptr ? 0 : Micros(person.tie->last_time()), " every ",
                              person.cadence_set || IsDueByGap(person) ? std::llround(due_after) : 0);
    step.reason = WhyReconnect(person, by_rhythm);
    step.fading = !by_rhythm;
    step.effort_minutes = person.minutes;
    step.action.entries.push_back(UsualTalk(network, person, ledger::v1::INTERACTION_DEPTH_CONVERSATION));
    steps.push_back(std::move(step));
  }
}

void AddReciprocitySteps(const AdviceNetwork& network, std::vector<Step>& steps) {
  for (const Person& person : network.people()) {
    if (person.tie == nullptr) continue;
    const double given = person.facts.tie.given;
    const double received = person.facts.tie.received;
    const double apart = person.seat != nullptr ? kApart : kApartWithoutSeat;
    if (received - given >= apart && received >= kApartRatio * given) {
      AddGiveBack(network, person, steps);
      continue;
    }
    if (person.seat == nullptr) continue;
    if (given - received >= apart && given >= kApartRatio * received &&
        !PassedLately(network, person, ledger::v1::BENEFIT_DIRECTION_RECEIVED, kEasedDays)) {
      AddAsk(network, person, absl::StrCat("benefits ", person.tie->benefit_entries()),
             Say<"advice.ask">(As<"name">(person.name())), Cited::kBenefits, steps);
    } else if (IsMentorUnasked(network, person)) {
      AddAsk(network, person, absl::StrCat("benefits ", person.tie->benefit_entries()),
             Say<"advice.ask.mentor">(As<"name">(person.name()), As<"days">(static_cast<int>(kQuarterDays))),
             Cited::kTalks, steps);
    }
  }
}

void AddDeepenSteps(const AdviceNetwork& network, std::vector<Step>& steps) {
  for (const Person& person : network.people()) {
    // In the score a cadence counts as 1 to 90 days, and so it does here.
    const double window = 2 * person.facts.cadence;
    if (person.seat == nullptr || person.facts.expected < std::min(1.0, window / kSettlingDays) || IsTiring(person) ||
        !network.Knows(window)) {
      continue;
    }
    int64_t shallow = 0;
    bool deep = false;
    for (const ledger::v1::Interaction* entry : person.newest) {
      if (base::FromProto(entry->occur_time()) < network.as_of() - window * kDay) continue;
      shallow += IsShallow(*entry) ? 1 : 0;
      deep |= !IsShallow(*entry);
    }
    if (deep || shallow < kFewestShallow) continue;
    Step step;
    step.kind = v1::RECOMMENDATION_KIND_DEEPEN;
    step.contact_ids = {person.id()};
    step.facts = absl::StrCat("exchanges ", person.tie->exchange_entries(), " updates ", person.tie->update_entries());
    step.effort_minutes = std::max(person.minutes, kDeepMinutes);
    step.reason = Say<"advice.deepen">(As<"name">(person.name()), As<"days">(WholeDays(window)),
                                       As<"times">(Times(shallow)), As<"time">(absl::Minutes(step.effort_minutes)));
    ledger::v1::Interaction talk = UsualTalk(network, person, ledger::v1::INTERACTION_DEPTH_CONVERSATION);
    *talk.mutable_duration() = base::ToProto(absl::Minutes(step.effort_minutes));
    step.action.entries.push_back(std::move(talk));
    steps.push_back(std::move(step));
  }
}

}  // namespace council::recommendations
