#include "services/recommendations/review.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/ties/tie_summary.h"
#include "services/recommendations/advice_benefits.h"
#include "services/recommendations/advice_network.h"
#include "services/recommendations/contact_status.h"
#include "services/recommendations/people.h"

namespace council::recommendations {
namespace {

using contacts::v1::Contact;
using ledger::v1::Benefit;
using ledger::v1::Interaction;
using ledger::v1::Tie;

constexpr double kAlive = 0.5;
constexpr double kFadedOdds = 1.0 / 3;
constexpr absl::Duration kLately = absl::Hours(60 * 24);
constexpr int kMostFaded = 20;
constexpr int kMostIntroductions = 200;

bool LeftQuietly(const Contact* contact) {
  return contact != nullptr && IsOffCouncil(*contact);
}

std::string IdOf(const Contact* contact) {
  return contact == nullptr ? "" : contact->id();
}

bool Before(const Interaction* a, const Interaction* b) {
  const absl::Time time_a = base::FromProto(a->occur_time());
  const absl::Time time_b = base::FromProto(b->occur_time());
  return time_a != time_b ? time_a < time_b : a->sequence() < b->sequence();
}

using Entries = std::vector<const Interaction*>;

// Oldest first.
Entries InOrder(std::span<const Interaction> entries) {
  Entries all;
  for (const Interaction& entry : entries) all.push_back(&entry);
  std::ranges::sort(all, Before);
  return all;
}

absl::CivilDay BalanceDay(const ReviewTime& time, int month) {
  const absl::CivilDay last_of_month = absl::CivilDay(absl::CivilMonth(time.year, month) + 1) - 1;
  return std::min({last_of_month, time.last_day, absl::ToCivilDay(time.now, absl::UTCTimeZone())});
}

absl::CivilDay BalanceDayBefore(const ReviewTime& time) {
  return time.first_day - 1;
}

void SetBalances(const ReviewFacts& facts, v1::GetReviewResponse& response) {
  const auto find = [&facts](absl::CivilDay day) -> const v1::BalancePoint* {
    const auto found = facts.points.find(absl::FormatCivilTime(day));
    return found == facts.points.end() ? nullptr : &found->second;
  };
  const v1::BalancePoint* before = find(BalanceDayBefore(facts.time));
  if (before != nullptr) *response.mutable_balance_before() = *before;
  for (int i = 0; i < response.months_size(); ++i) {
    const v1::BalancePoint* point = find(BalanceDay(facts.time, i + 1));
    if (point != nullptr) *response.mutable_months(i)->mutable_balance() = *point;
  }
}

void AddTalks(const ReviewFacts& facts, const People& people, const Entries& entries, v1::GetReviewResponse& response) {
  for (int month = 1; month <= facts.time.last_day.month(); ++month) {
    response.add_months()->set_month(absl::FormatCivilTime(absl::CivilMonth(facts.time.year, month)));
  }
  std::set<std::string> met;
  std::vector<std::set<const Contact*>> met_in_month(static_cast<size_t>(response.months_size()));
  for (const Interaction* entry : entries) {
    if (!ties::IsTouch(*entry)) continue;
    const int month = absl::ToCivilMonth(base::FromProto(entry->occur_time()), facts.time.owner.zone).month() - 1;
    v1::ReviewMonth& sum = *response.mutable_months(month);
    sum.set_talks(sum.talks() + 1);
    sum.set_hours(sum.hours() + ties::HoursSpent(*entry));
    for (const std::string& id : entry->contact_ids()) {
      const Contact* contact = people.Find(id);
      if (contact == nullptr) continue;
      met.insert(contact->id());
      met_in_month[static_cast<size_t>(month)].insert(contact);
    }
  }
  for (int i = 0; i < response.months_size(); ++i) {
    v1::ReviewMonth& month = *response.mutable_months(i);
    month.set_people(static_cast<int>(met_in_month[static_cast<size_t>(i)].size()));
    response.set_talks(response.talks() + month.talks());
    response.set_hours(response.hours() + month.hours());
  }
  for (const std::string& id : met) response.add_met_ids(id);
}

void AddSeats(const ReviewFacts& facts, const People& people, v1::GetReviewResponse& response) {
  const auto seated = [&people](const contacts::v1::GetCouncilResponse& council) {
    std::set<std::string> ids;
    for (const contacts::v1::CouncilSeat& seat : council.seats()) {
      const Contact* contact = people.Find(seat.seat().contact_id());
      if (contact != nullptr && !LeftQuietly(contact)) ids.insert(contact->id());
    }
    return ids;
  };
  const std::set<std::string> before = seated(facts.council_before);
  const std::set<std::string> after = seated(facts.council_after);
  for (const std::string& id : after) {
    if (!before.contains(id)) response.add_joined_ids(id);
  }
  for (const std::string& id : before) {
    if (!after.contains(id)) response.add_left_ids(id);
  }
}

using TiesById = std::unordered_map<std::string_view, const Tie*>;

TiesById ById(std::span<const Tie> ties) {
  TiesById by_id;
  for (const Tie& tie : ties) by_id[tie.contact_id()] = &tie;
  return by_id;
}

void AddNewlyMet(const ReviewFacts& facts, v1::GetReviewResponse& response) {
  const TiesById before = ById(facts.ties_before);
  for (const std::string& id : response.met_ids()) {
    const auto known = before.find(id);
    if (known == before.end() || known->second->touches() == 0) response.add_newly_met_ids(id);
  }
}

// Whether the odds of `after` are less than kFadedOdds of those of `before`, without dividing by what may be 0.
bool OddsFell(double before, double after) {
  return after * (1 - before) < kFadedOdds * before * (1 - after);
}

void AddFaded(const ReviewFacts& facts, const People& people, v1::GetReviewResponse& response) {
  const TiesById after = ById(facts.ties_after);
  const absl::CivilDay today = absl::ToCivilDay(facts.time.now, facts.time.owner.zone);
  std::vector<v1::FadedTie> faded;
  for (const Tie& tie : facts.ties_before) {
    const Contact* contact = people.Find(tie.contact_id());
    const auto now = after.find(tie.contact_id());
    if (contact == nullptr || !MayBeAdvisedAbout(*contact, today)) continue;
    if (now == after.end() || !now->second->has_last_time()) continue;
    if (tie.strength() < kAlive || !OddsFell(tie.strength(), now->second->strength())) continue;
    if (now->second->has_last_touch_time() &&
        facts.time.until - base::FromProto(now->second->last_touch_time()) <= kLately) {
      continue;
    }
    v1::FadedTie& one = faded.emplace_back();
    one.set_contact_id(contact->id());
    one.set_strength_before(tie.strength());
    one.set_strength_after(now->second->strength());
    *one.mutable_last_time() = now->second->last_time();
  }
  std::sort(faded.begin(), faded.end(), [](const v1::FadedTie& a, const v1::FadedTie& b) {
    const absl::Time last_a = base::FromProto(a.last_time());
    const absl::Time last_b = base::FromProto(b.last_time());
    return last_a != last_b ? last_a > last_b : a.contact_id() < b.contact_id();
  });
  for (v1::FadedTie& one : faded) {
    if (response.faded_size() == kMostFaded) break;
    *response.add_faded() = std::move(one);
  }
}

void AddBenefits(const Entries& entries, v1::GetReviewResponse& response) {
  BenefitSums sums;
  for (const Interaction* entry : entries) {
    std::set<std::pair<ledger::v1::BenefitDirection, ledger::v1::BenefitKind>> passed;
    for (const Benefit& benefit : entry->benefits()) passed.emplace(benefit.direction(), benefit.kind());
    for (const auto& [direction, kind] : passed) {
      // Blanked, since the contact that it was about was erased.
      if (direction != ledger::v1::BENEFIT_DIRECTION_UNSPECIFIED) sums.Add(direction, kind, *entry);
    }
  }
  for (v1::BenefitTimes& times : sums.Take()) *response.add_benefits() = std::move(times);
  std::stable_sort(response.mutable_benefits()->begin(), response.mutable_benefits()->end(),
                   [](const v1::BenefitTimes& a, const v1::BenefitTimes& b) {
                     return a.direction() != b.direction() ? a.direction() < b.direction() : a.times() > b.times();
                   });
}

// The only one who took part beside `introduced`; null where there were several, or one who is not known.
const Contact* OnlyOther(const Interaction& entry, const Contact* introduced, const People& people) {
  const Contact* only = nullptr;
  for (const std::string& id : entry.contact_ids()) {
    const Contact* contact = people.Find(id);
    if (contact != nullptr && contact == introduced) continue;
    if (contact == nullptr || (only != nullptr && only != contact)) return nullptr;
    only = contact;
  }
  return only;
}

// Talks by those who took part.
class TalkIndex {
 public:
  // `talks` are touches, oldest first, and must outlive this.
  TalkIndex(const Entries& talks, const People& people) : talks_(talks) {
    for (size_t i = 0; i < talks.size(); ++i) {
      for (const std::string& id : talks[i]->contact_ids()) {
        if (const Contact* contact = people.Find(id)) places_[contact].push_back(i);
      }
    }
  }

  // The first talk after `entry` with `contact`, and with `other` where that is someone. Null: none.
  const Interaction* FirstAfter(const Interaction& entry, const Contact* contact, const Contact* other) const {
    const auto later = std::ranges::upper_bound(talks_, &entry, Before);
    const std::span<const size_t> with = PlacesOf(contact, static_cast<size_t>(later - talks_.begin()));
    if (with.empty()) return nullptr;
    if (other == nullptr) return talks_[with.front()];
    const std::span<const size_t> with_other = PlacesOf(other, with.front());
    const auto both =
        std::ranges::find_if(with, [&](size_t place) { return std::ranges::binary_search(with_other, place); });
    return both == with.end() ? nullptr : talks_[*both];
  }

 private:
  // Where in `talks_` those with `contact` are, from the place `first` on, in order.
  std::span<const size_t> PlacesOf(const Contact* contact, size_t first) const {
    const auto found = places_.find(contact);
    if (found == places_.end()) return {};
    return {std::lower_bound(found->second.begin(), found->second.end(), first), found->second.end()};
  }

  const Entries& talks_;
  std::unordered_map<const Contact*, std::vector<size_t>> places_;
};

// `talks` are touches, oldest first.
void AddIntroductions(const People& people, const Entries& entries, const Entries& talks,
                      v1::GetReviewResponse& response) {
  const TalkIndex talks_with(talks, people);
  // Those that are left out count too, so that what is looked into is bounded.
  int looked_into = 0;
  for (const Interaction* entry : entries) {
    for (const Benefit& benefit : entry->benefits()) {
      if (benefit.kind() != ledger::v1::BENEFIT_KIND_INTRODUCTION) continue;
      if (benefit.direction() == ledger::v1::BENEFIT_DIRECTION_UNSPECIFIED) continue;
      const Contact* introduced = people.Find(benefit.introduced_contact_id());
      const Contact* contact =
          benefit.contact_id().empty() ? OnlyOther(*entry, introduced, people) : people.Find(benefit.contact_id());
      // Nobody of them is known any more, or the two were found to be one.
      if (contact == introduced) continue;
      if (++looked_into > kMostIntroductions) return;
      const bool given = benefit.direction() == ledger::v1::BENEFIT_DIRECTION_GIVEN;
      const Interaction* talk = introduced == nullptr || (given && contact == nullptr)
                                    ? nullptr
                                    : talks_with.FirstAfter(*entry, introduced, given ? contact : nullptr);
      if (talk == nullptr && (LeftQuietly(contact) || LeftQuietly(introduced))) continue;
      v1::ReviewIntroduction& introduction = *response.add_introductions();
      introduction.set_direction(benefit.direction());
      introduction.set_contact_id(IdOf(contact));
      introduction.set_introduced_contact_id(IdOf(introduced));
      *introduction.mutable_occur_time() = entry->occur_time();
      if (talk != nullptr) *introduction.mutable_talk_time() = talk->occur_time();
    }
  }
}

}  // namespace

ReviewTime ReviewTimeOf(int year, const OwnerZone& owner, absl::Time now) {
  ReviewTime time = {.year = year,
                     .owner = owner,
                     .now = now,
                     .start = absl::FromCivil(absl::CivilDay(year), owner.zone),
                     .until = {},
                     .first_day = absl::CivilDay(year),
                     .last_day = {}};
  time.until = std::min(now, absl::FromCivil(absl::CivilDay(year + 1), owner.zone) - absl::Microseconds(1));
  time.last_day = absl::ToCivilDay(time.until, owner.zone);
  return time;
}

std::set<absl::CivilDay> BalanceDaysOf(const ReviewTime& time) {
  std::set<absl::CivilDay> days = {BalanceDayBefore(time)};
  for (int month = 1; month <= time.last_day.month(); ++month) days.insert(BalanceDay(time, month));
  return days;
}

v1::GetReviewResponse MakeReview(const ReviewFacts& facts) {
  v1::GetReviewResponse response;
  response.set_year(facts.time.year);
  response.set_first_day(absl::FormatCivilTime(facts.time.first_day));
  response.set_last_day(absl::FormatCivilTime(facts.time.last_day));
  response.set_time_zone(facts.time.owner.name);
  const People people(facts.contacts);
  Entries talks = InOrder(facts.entries);
  Entries entries = talks;
  std::erase_if(entries, [&time = facts.time](const Interaction* entry) {
    const absl::Time occurred = base::FromProto(entry->occur_time());
    return occurred < time.start || occurred > time.until;
  });
  std::erase_if(talks, [](const Interaction* entry) { return !ties::IsTouch(*entry); });

  AddTalks(facts, people, entries, response);
  SetBalances(facts, response);
  AddSeats(facts, people, response);
  AddNewlyMet(facts, response);
  AddFaded(facts, people, response);
  AddBenefits(entries, response);
  AddIntroductions(people, entries, talks, response);
  return response;
}

}  // namespace council::recommendations
