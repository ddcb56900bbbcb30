#include "services/recommendations/check_ins.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "libs/base/proto_time.h"
#include "services/recommendations/rhythm.h"

namespace council::recommendations {
namespace {

constexpr absl::Duration kDefaultCadence = absl::Hours(24 * 30);
constexpr int kWeek = 7;
constexpr int kWorkingDays = 5;
constexpr absl::CivilDay kEpoch(1970, 1, 1);

// How often talks with a seat are due.
struct Rhythm {
  absl::Duration cadence = kDefaultCadence;
  bool inferred = false;
  absl::Duration longest_gap = absl::InfiniteDuration();
};

// A talk that waits for its day.
struct Waiting {
  v1::CheckIn check_in;
  absl::CivilDay due;
  // The last entry, or what stands for it.
  absl::Time since;
  Rhythm rhythm;
};

// By the days with entries that are known.
Rhythm RhythmOf(const contacts::v1::CouncilSeat& seat, std::span<const int> days) {
  Rhythm rhythm;
  if (seat.has_effective_longest_gap()) rhythm.longest_gap = base::FromProto(seat.effective_longest_gap());
  if (seat.has_effective_cadence()) {
    rhythm.cadence = base::FromProto(seat.effective_cadence());
  } else if (const std::optional<absl::Duration> inferred = InferCadence(days)) {
    rhythm.cadence = *inferred;
    rhythm.inferred = true;
  }
  return rhythm;
}

std::vector<int> DaysOf(const ledger::v1::Tie& tie) {
  std::vector<int> days;
  for (const ledger::v1::TieDay& day : tie.days()) days.push_back(day.day());
  return days;
}

// The last plan with each contact among those to come, which stands for a talk.
std::unordered_map<std::string_view, absl::Time> LastPlans(std::span<const ledger::v1::Plan> plans, absl::Time now) {
  std::unordered_map<std::string_view, absl::Time> last;
  for (const ledger::v1::Plan& plan : plans) {
    const absl::Time start = base::FromProto(plan.start_time());
    if (start < now) continue;
    for (const std::string& id : plan.contact_ids()) {
      absl::Time& known = last.try_emplace(id, start).first->second;
      known = std::max(known, start);
    }
  }
  return last;
}

// The last plan with a contact, whichever of their ids it names.
std::optional<absl::Time> PlanWith(const contacts::v1::Contact& contact,
                                   const std::unordered_map<std::string_view, absl::Time>& last_plans) {
  std::optional<absl::Time> plan;
  const auto look = [&](const std::string& id) {
    const auto found = last_plans.find(id);
    if (found != last_plans.end()) plan = std::max(plan.value_or(found->second), found->second);
  };
  look(contact.id());
  for (const std::string& id : contact.former_ids()) look(id);
  return plan;
}

std::string Text(absl::CivilDay day) {
  return absl::FormatCivilTime(day);
}

absl::CivilDay MondayOf(absl::CivilDay day) {
  return absl::NextWeekday(day, absl::Weekday::monday) - kWeek;
}

bool IsPausedForGood(const contacts::v1::Contact& contact) {
  return contact.status() == contacts::v1::CONTACT_STATUS_PAUSED && contact.paused_until().empty();
}

// From which day on a talk is due, the last having been at `since`.
absl::CivilDay DueDay(const contacts::v1::CouncilSeat& seat, absl::Time since, const Rhythm& rhythm,
                      absl::TimeZone zone) {
  const absl::CivilDay due = absl::ToCivilDay(since + std::min(rhythm.cadence, rhythm.longest_gap), zone);
  absl::CivilDay paused_until;
  const bool paused = seat.contact().status() == contacts::v1::CONTACT_STATUS_PAUSED &&
                      absl::ParseCivilTime(seat.contact().paused_until(), &paused_until);
  return paused ? std::max(due, paused_until) : due;
}

// How many talks with a seat since `monday` were due in its week, by what was known before each: these are check-ins of
// the week that are done.
int DoneSince(absl::CivilDay monday, const contacts::v1::CouncilSeat& seat, const ledger::v1::Tie& tie,
              absl::TimeZone zone) {
  const std::vector<int> days = DaysOf(tie);
  const absl::Time seated = base::FromProto(seat.seat().first_seated_time());
  const absl::CivilDay first = std::max(monday, absl::ToCivilDay(seated, zone));
  int done = 0;
  for (size_t i = days.size(); i > 0; --i) {
    // Days are UTC; of the last one the time is known.
    const absl::CivilDay day =
        i == days.size() ? absl::ToCivilDay(base::FromProto(tie.last_time()), zone) : kEpoch + days[i - 1];
    if (day < first) break;
    const std::span<const int> before(days.data(), i - 1);
    const absl::Time since = before.empty() ? seated : absl::FromCivil(kEpoch + before.back(), zone);
    done += DueDay(seat, since, RhythmOf(seat, before), zone) < monday + kWeek ? 1 : 0;
  }
  return done;
}

Waiting WaitingFor(const contacts::v1::CouncilSeat& seat, const ledger::v1::Tie* tie, std::optional<absl::Time> plan,
                   absl::TimeZone zone) {
  Waiting waiting;
  waiting.rhythm = RhythmOf(seat, tie != nullptr ? DaysOf(*tie) : std::vector<int>());
  v1::CheckIn& check_in = waiting.check_in;
  check_in.set_contact_id(seat.contact().id());
  *check_in.mutable_cadence() = base::ToProto(waiting.rhythm.cadence);
  check_in.set_cadence_inferred(waiting.rhythm.inferred);

  waiting.since = base::FromProto(seat.seat().first_seated_time());
  if (tie != nullptr && tie->has_last_time()) {
    waiting.since = base::FromProto(tie->last_time());
    *check_in.mutable_last_time() = tie->last_time();
  }
  waiting.since = std::max(waiting.since, plan.value_or(waiting.since));
  waiting.due = DueDay(seat, waiting.since, waiting.rhythm, zone);
  check_in.set_due_day(Text(waiting.due));
  return waiting;
}

// Puts those first whom a week that ends at `end` serves first.
void SortByNeed(absl::Time end, std::span<Waiting> due) {
  const auto key = [end](const Waiting& w) {
    const absl::Time deadline = w.since + w.rhythm.longest_gap;
    return std::tuple(deadline < end ? deadline : absl::InfiniteFuture(),
                      -absl::FDivDuration(end - w.since, w.rhythm.cadence), std::string_view(w.check_in.contact_id()));
  };
  std::sort(due.begin(), due.end(), [&key](const Waiting& a, const Waiting& b) { return key(a) < key(b); });
}

// Gives those whom the week of `monday` serves their days, from `first` on: each the one on which they are due, or
// where somebody has that, the least taken working day after it.
void SpreadOver(absl::CivilDay monday, absl::CivilDay first, std::span<Waiting> served) {
  const auto key = [first](const Waiting& w) {
    return std::tuple(std::max(w.due, first), std::string_view(w.check_in.contact_id()));
  };
  std::sort(served.begin(), served.end(), [&key](const Waiting& a, const Waiting& b) { return key(a) < key(b); });
  std::map<absl::CivilDay, int> taken;
  for (Waiting& waiting : served) {
    absl::CivilDay day = std::max(waiting.due, first);
    for (absl::CivilDay later = day + 1; later < monday + kWorkingDays; ++later) {
      if (taken[later] < taken[day]) day = later;
    }
    ++taken[day];
    waiting.check_in.set_day(Text(day));
  }
}

}  // namespace

std::vector<v1::CheckIn> ProposeCheckIns(const contacts::v1::GetCouncilResponse& council,
                                         std::span<const ledger::v1::Tie> ties, std::span<const ledger::v1::Plan> plans,
                                         const CheckInQuery& query) {
  std::unordered_map<std::string_view, const ledger::v1::Tie*> tie_of;
  for (const ledger::v1::Tie& tie : ties) tie_of.emplace(tie.contact_id(), &tie);
  const auto last_plans = LastPlans(plans, query.now);
  const absl::CivilDay today = absl::ToCivilDay(query.now, query.zone);
  const absl::CivilDay this_monday = MondayOf(today);

  std::vector<Waiting> all;
  int done = 0;
  for (const contacts::v1::CouncilSeat& seat : council.seats()) {
    if (IsPausedForGood(seat.contact())) continue;
    const auto found = tie_of.find(seat.contact().id());
    const ledger::v1::Tie* const tie = found == tie_of.end() ? nullptr : found->second;
    if (tie != nullptr) done += DoneSince(this_monday, seat, *tie, query.zone);
    all.push_back(WaitingFor(seat, tie, PlanWith(seat.contact(), last_plans), query.zone));
  }

  std::vector<v1::CheckIn> check_ins;
  for (absl::CivilDay monday = this_monday; monday <= query.last && !all.empty(); monday += kWeek) {
    const auto later =
        std::partition(all.begin(), all.end(), [monday](const Waiting& w) { return w.due < monday + kWeek; });
    SortByNeed(absl::FromCivil(monday + kWeek, query.zone), std::span(all.begin(), later));
    const int left = query.per_week - (monday == this_monday ? done : 0);
    const auto served_end = all.begin() + std::clamp<std::ptrdiff_t>(left, 0, later - all.begin());
    SpreadOver(monday, std::max(monday, today), std::span(all.begin(), served_end));
    std::for_each(all.begin(), served_end, [&](Waiting& w) { check_ins.push_back(std::move(w.check_in)); });
    all.erase(all.begin(), served_end);
  }
  const std::string last = Text(query.last);
  std::erase_if(check_ins, [&last](const v1::CheckIn& check_in) { return check_in.day() > last; });
  std::sort(check_ins.begin(), check_ins.end(), [](const v1::CheckIn& a, const v1::CheckIn& b) {
    return std::tie(a.day(), a.contact_id()) < std::tie(b.day(), b.contact_id());
  });
  return check_ins;
}

}  // namespace council::recommendations
