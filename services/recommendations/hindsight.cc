#include "services/recommendations/hindsight.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/ties/tie_strength.h"
#include "libs/ties/tie_summary.h"
#include "services/recommendations/advice_benefits.h"
#include "services/recommendations/balance_day.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/contact_status.h"
#include "services/recommendations/people.h"

namespace council::recommendations {
namespace {

using contacts::v1::Contact;
using contacts::v1::CouncilSeat;
using contacts::v1::GetCouncilResponse;
using ledger::v1::Interaction;
using storage::v1::GivenRecommendation;

constexpr int kMostDoneBy = 20;

bool IsDeep(const Interaction& entry) {
  return entry.depth() == ledger::v1::INTERACTION_DEPTH_CONVERSATION ||
         entry.depth() == ledger::v1::INTERACTION_DEPTH_COUNSEL;
}

bool IsAbout(const Interaction& entry, const GivenRecommendation& given) {
  return std::ranges::any_of(entry.domains(), [&given](int domain) {
    return std::ranges::find(given.domains(), domain) != given.domains().end();
  });
}

bool Introduces(const Interaction& entry, const std::vector<const Contact*>& people) {
  const bool introduction = std::ranges::any_of(entry.benefits(), [](const ledger::v1::Benefit& benefit) {
    return benefit.direction() == ledger::v1::BENEFIT_DIRECTION_GIVEN &&
           benefit.kind() == ledger::v1::BENEFIT_KIND_INTRODUCTION;
  });
  const auto named =
      std::ranges::count_if(people, [&entry](const Contact* one) { return NamesAny(*one, entry.contact_ids()); });
  return named == 2 || (introduction && named > 0);
}

// Whether `entry` is what `given` asks for with `people`, whom it is about.
bool Matches(const GivenRecommendation& given, const std::vector<const Contact*>& people, const Interaction& entry) {
  if (given.recommendation().kind() == v1::RECOMMENDATION_KIND_INTRODUCE) return Introduces(entry, people);
  return std::ranges::any_of(people, [&](const Contact* contact) {
    if (!NamesAny(*contact, entry.contact_ids())) return false;
    switch (given.recommendation().kind()) {
      case v1::RECOMMENDATION_KIND_RECONNECT:
        return ties::IsTouch(entry);
      case v1::RECOMMENDATION_KIND_DEEPEN:
        return IsDeep(entry);
      case v1::RECOMMENDATION_KIND_GIVE_BACK:
        return Passed(entry, *contact, ledger::v1::BENEFIT_DIRECTION_GIVEN).any;
      case v1::RECOMMENDATION_KIND_ASK:
        return Passed(entry, *contact, ledger::v1::BENEFIT_DIRECTION_RECEIVED).any;
      default:
        return IsAbout(entry, given);
    }
  });
}

absl::Duration CadenceOf(const CouncilSeat& seat) {
  return seat.has_effective_cadence() ? base::FromProto(seat.effective_cadence()) : absl::ZeroDuration();
}

// The rhythm that was in force with `contact` when the step was given, by whichever id it names them.
std::optional<absl::Duration> RhythmThen(const GivenRecommendation& given, const Contact& contact) {
  for (int i = 0; i < std::min(given.cadences_size(), given.recommendation().contact_ids_size()); ++i) {
    if (Names(contact, given.recommendation().contact_ids(i))) return base::FromProto(given.cadences(i));
  }
  return std::nullopt;
}

// Whether the seats of `people` are by now as `given` asks for; sets the time where it is known.
bool SeatsChanged(const GivenRecommendation& given, const std::vector<const Contact*>& people,
                  const GetCouncilResponse& council, v1::HindsightRecord& record) {
  for (const Contact* contact : people) {
    const CouncilSeat* seat = SeatOf(council, *contact);
    if (given.recommendation().kind() == v1::RECOMMENDATION_KIND_INVITE) {
      if (seat == nullptr) continue;
      // A seat may be given from an earlier day on.
      *record.mutable_done_time() =
          base::ToProto(std::max(base::FromProto(seat->seat().seated_time()), base::FromProto(given.given_time())));
      return true;
    }
    if (seat == nullptr) return true;
    // Rhythms that ask for more hours than were set aside.
    const auto was = RhythmThen(given, *contact);
    if (was.has_value() && CadenceOf(*seat) > *was) return true;
  }
  return false;
}

// Oldest first. What is said to have been earlier on that day, but was written down later, counts as after.
std::vector<const Interaction*> EntriesBetween(const HindsightFacts& facts, absl::Time after, absl::Time until) {
  const absl::Time day = absl::FromCivil(absl::ToCivilDay(after, absl::UTCTimeZone()), absl::UTCTimeZone());
  const auto time_of = [](const Interaction& entry) { return base::FromProto(entry.occur_time()); };
  const auto begin =
      std::ranges::partition_point(facts.entries, [&](const Interaction& entry) { return time_of(entry) > until; });
  std::vector<const Interaction*> entries;
  for (auto entry = begin; entry != facts.entries.end() && time_of(*entry) >= day; ++entry) {
    if (time_of(*entry) > after || base::FromProto(entry->record_time()) > after) entries.push_back(&*entry);
  }
  std::ranges::reverse(entries);
  return entries;
}

bool AnyNames(const std::vector<const Interaction*>& entries, const std::vector<const Contact*>& people) {
  return std::ranges::any_of(entries, [&people](const Interaction* entry) {
    return std::ranges::any_of(people, [entry](const Contact* one) { return NamesAny(*one, entry->contact_ids()); });
  });
}

// Whether what the step asks for was kept, so that it can be looked for.
bool CanBeTold(const GivenRecommendation& given, const std::vector<const Contact*>& people) {
  switch (given.recommendation().kind()) {
    case v1::RECOMMENDATION_KIND_INTRODUCE:
      // Two who were found to be one.
      return people.size() == 2;
    case v1::RECOMMENDATION_KIND_BROADEN:
      return !given.domains().empty();
    case v1::RECOMMENDATION_KIND_REBALANCE:
      return !given.domains().empty() || !given.cadences().empty();
    default:
      return true;
  }
}

void SetOutcome(const GivenRecommendation& given, const std::vector<const Contact*>& people,
                const HindsightFacts& facts, v1::HindsightRecord& record) {
  if (!CanBeTold(given, people)) return;
  const absl::Time given_time = base::FromProto(given.given_time());
  const absl::Time until = MomentOfSeats(given, facts.now);
  const bool over = given_time + kHindsight <= facts.now;
  const std::vector<const Interaction*> entries = EntriesBetween(facts, given_time, until);
  bool done = false;
  if (IsDoneBySeats(given)) {
    done = SeatsChanged(given, people, facts.councils.at(until), record);
    // Whoever is to be seen less often and was not seen at all was given a rest.
    if (given.recommendation().kind() == v1::RECOMMENDATION_KIND_REST) done |= over && !AnyNames(entries, people);
  } else {
    for (const Interaction* entry : entries) {
      if (record.done_by_size() == kMostDoneBy) break;
      if (!Matches(given, people, *entry)) continue;
      if (!done) *record.mutable_done_time() = entry->occur_time();
      done = true;
      record.add_done_by(entry->sequence());
    }
  }
  record.set_outcome(done   ? v1::HINDSIGHT_OUTCOME_DONE
                     : over ? v1::HINDSIGHT_OUTCOME_NOT_DONE
                            : v1::HINDSIGHT_OUTCOME_OPEN);
}

// Whether somebody who IsOffCouncil had a seat when the step was given, and none in the balance that it is compared
// with.
bool SomebodyWentForGood(const GivenRecommendation& given, const HindsightFacts& facts) {
  const auto before = facts.councils.find(base::FromProto(given.given_time()));
  const auto after = facts.councils.find(EndOfHindsight(given));
  if (before == facts.councils.end() || after == facts.councils.end()) return false;
  return std::ranges::any_of(before->second.seats(), [&after](const CouncilSeat& seat) {
    return IsOffCouncil(seat.contact()) && SeatOf(after->second, seat.contact()) == nullptr;
  });
}

void SetBalance(const GivenRecommendation& given, const HindsightFacts& facts, v1::HindsightRecord& record) {
  record.set_component_before(given.component_value());
  const absl::Time given_time = base::FromProto(given.given_time());
  if (given_time <= facts.untold_until || SomebodyWentForGood(given, facts)) return;
  const auto found = facts.points.find(absl::FormatCivilTime(DayOfHindsight(given_time)));
  if (found == facts.points.end() || found->second.model_version() != given.model_version()) return;
  record.set_actual_gain(found->second.score() - given.score());
  for (size_t i = 0; i < kComponents && i < static_cast<size_t>(found->second.component_values_size()); ++i) {
    if (ComponentName(static_cast<Component>(i)) != given.recommendation().component()) continue;
    record.set_component_after(found->second.component_values(static_cast<int>(i)));
  }
}

void SetStrength(const GivenRecommendation& given, const std::vector<const Contact*>& people,
                 const HindsightFacts& facts, v1::HindsightRecord& record) {
  if (!given.fading()) return;
  record.set_strength(given.strength());
  record.set_strength_version(given.strength_version());
  const absl::Time given_time = base::FromProto(given.given_time());
  const absl::Time until = given_time + ties::kStrengthOutlook;
  const bool in_touch = AnyNames(EntriesBetween(facts, given_time, until), people);
  if (in_touch || until <= facts.now) record.set_in_touch(in_touch);
}

// Each tie once in 90 days, of those whose 90 days are over: others are known so far only where they were in touch.
void SumUpFading(absl::Time now, v1::GetHindsightResponse& response) {
  std::map<std::string, absl::Time> counted;
  for (int i = response.records_size() - 1; i >= 0; --i) {
    const v1::HindsightRecord& record = response.records(i);
    const absl::Time given_time = base::FromProto(record.given_time());
    if (!record.has_strength() || given_time + ties::kStrengthOutlook > now) continue;
    const auto [last, first] = counted.try_emplace(record.recommendation().contact_ids(0), given_time);
    if (!first && given_time < last->second + ties::kStrengthOutlook) continue;
    last->second = given_time;
    response.set_fading_ties(response.fading_ties() + 1);
    response.set_faded_ties(response.faded_ties() + (record.in_touch() ? 0 : 1));
    response.set_expected_faded_ties(response.expected_faded_ties() + 1 - record.strength());
  }
}

bool Followed(const v1::HindsightRecord& record) {
  return record.outcome() == v1::HINDSIGHT_OUTCOME_DONE ||
         record.recommendation().response() == v1::RECOMMENDATION_RESPONSE_ACCEPT;
}

}  // namespace

absl::CivilDay DayOfHindsight(absl::Time given_time) {
  return absl::ToCivilDay(given_time + kHindsight, absl::UTCTimeZone());
}

absl::Time EndOfHindsight(const GivenRecommendation& given) {
  return EndOfBalanceDay(DayOfHindsight(base::FromProto(given.given_time())));
}

bool IsDoneBySeats(const GivenRecommendation& given) {
  const v1::RecommendationKind kind = given.recommendation().kind();
  return kind == v1::RECOMMENDATION_KIND_INVITE || kind == v1::RECOMMENDATION_KIND_REST || !given.cadences().empty();
}

absl::Time MomentOfSeats(const GivenRecommendation& given, absl::Time now) {
  return std::min(now, base::FromProto(given.given_time()) + kHindsight);
}

std::optional<v1::HindsightRecord> LookBack(const GivenRecommendation& given, const HindsightFacts& facts) {
  std::vector<const Contact*> people;
  for (const std::string& id : given.recommendation().contact_ids()) {
    const Contact* contact = facts.people.Find(id);
    if (contact == nullptr || IsOffCouncil(*contact)) return std::nullopt;
    if (std::ranges::find(people, contact) == people.end()) people.push_back(contact);
  }
  v1::HindsightRecord record;
  *record.mutable_recommendation() = given.recommendation();
  // As they are known by now.
  record.mutable_recommendation()->clear_contact_ids();
  for (const Contact* contact : people) record.mutable_recommendation()->add_contact_ids(contact->id());
  *record.mutable_given_time() = given.given_time();
  SetOutcome(given, people, facts, record);
  SetBalance(given, facts, record);
  SetStrength(given, people, facts, record);
  return record;
}

void SumUp(const AnswersByKind& answers, absl::Time now, v1::GetHindsightResponse& response) {
  SumUpFading(now, response);
  std::map<v1::RecommendationKind, v1::HindsightKind> kinds;
  for (const v1::HindsightRecord& record : response.records()) {
    const v1::RecommendationKind kind = record.recommendation().kind();
    v1::HindsightKind& sum = kinds[kind];
    sum.set_given(sum.given() + 1);
    const bool followed = Followed(record);
    if (followed) sum.set_followed(sum.followed() + 1);
    if (record.has_actual_gain() && followed) {
      sum.set_measured(sum.measured() + 1);
      sum.set_mean_expected_gain(sum.mean_expected_gain() + record.recommendation().expected_gain());
      sum.set_mean_actual_gain(sum.mean_actual_gain() + record.actual_gain());
    } else if (record.has_actual_gain()) {
      sum.set_measured_not_followed(sum.measured_not_followed() + 1);
      sum.set_mean_gain_not_followed(sum.mean_gain_not_followed() + record.actual_gain());
    }
  }
  for (auto& [kind, sum] : kinds) {
    const auto answered = answers.find(kind);
    if (answered != answers.end()) *sum.mutable_answers() = answered->second;
    sum.mutable_answers()->set_kind(kind);
    sum.mutable_answers()->set_weight(WeightOf(answers, kind));
    if (sum.measured() > 0) {
      sum.set_mean_expected_gain(sum.mean_expected_gain() / sum.measured());
      sum.set_mean_actual_gain(sum.mean_actual_gain() / sum.measured());
    }
    if (sum.measured_not_followed() > 0) {
      sum.set_mean_gain_not_followed(sum.mean_gain_not_followed() / sum.measured_not_followed());
    }
    *response.add_kinds() = std::move(sum);
  }
}

}  // namespace council::recommendations
