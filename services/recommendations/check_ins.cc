#include "services/recommendations/check_ins.h"

#include <algorithm>
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
constexpr int kWorkingDays = 5;

// A talk that waits for its day.
struct Waiting {
  v1::CheckIn check_in;
  absl::CivilDay due;
  bool past_longest_gap = false;
  // Cadences that have gone by at the moment of the query.
  double cadences = 0;
};

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

std::string Text(absl::CivilDay day) {
  return absl::FormatCivilTime(day);
}

absl::CivilDay MondayOf(absl::CivilDay day) {
  return absl::NextWeekday(day, absl::Weekday::monday) - 7;
}

bool IsPausedForGood(const contacts::v1::Contact& contact) {
  return contact.status() == contacts::v1::CONTACT_STATUS_PAUSED && contact.paused_until().empty();
}

// How many check-ins the weeks and days have.
class Weeks {
 public:
  Weeks(absl::CivilDay today, int per_week) : today_(today), per_week_(per_week) {}

  // The first day from `due` on whose week has room: `due` itself, or the least taken working day of a later week.
  absl::CivilDay Take(absl::CivilDay due) {
    due = std::max(due, today_);
    absl::CivilDay monday = MondayOf(due);
    while (taken_[monday] >= per_week_) monday += 7;
    ++taken_[monday];
    absl::CivilDay day = due;
    if (monday != MondayOf(due) || on_day_[due] > 0) {
      const absl::CivilDay first = std::max(monday, due);
      day = first;
      for (absl::CivilDay d = first; d < std::max(first + 1, monday + kWorkingDays); ++d) {
        if (on_day_[d] < on_day_[day]) day = d;
      }
    }
    ++on_day_[day];
    return day;
  }

 private:
  const absl::CivilDay today_;
  const int per_week_;
  std::map<absl::CivilDay, int> taken_;
  std::map<absl::CivilDay, int> on_day_;
};

Waiting WaitingFor(const contacts::v1::CouncilSeat& seat, const ledger::v1::Tie* tie, std::optional<absl::Time> plan,
                   const CheckInQuery& query) {
  Waiting waiting;
  v1::CheckIn& check_in = waiting.check_in;
  check_in.set_contact_id(seat.contact().id());
  absl::Duration cadence = kDefaultCadence;
  if (seat.has_effective_cadence()) {
    cadence = base::FromProto(seat.effective_cadence());
  } else {
    const std::optional<absl::Duration> inferred = tie != nullptr ? InferCadence(DaysOf(*tie)) : std::nullopt;
    check_in.set_cadence_inferred(inferred.has_value());
    cadence = inferred.value_or(kDefaultCadence);
  }
  *check_in.mutable_cadence() = base::ToProto(cadence);

  absl::Time since = base::FromProto(seat.seat().first_seated_time());
  if (tie != nullptr && tie->has_last_time()) {
    since = base::FromProto(tie->last_time());
    *check_in.mutable_last_time() = tie->last_time();
  }
  since = std::max(since, plan.value_or(since));
  waiting.due = absl::ToCivilDay(since + cadence, query.zone);
  absl::CivilDay paused_until;
  if (seat.contact().status() == contacts::v1::CONTACT_STATUS_PAUSED &&
      absl::ParseCivilTime(seat.contact().paused_until(), &paused_until)) {
    waiting.due = std::max(waiting.due, paused_until);
  }
  check_in.set_due_day(Text(waiting.due));
  waiting.cadences = absl::FDivDuration(query.now - since, cadence);
  waiting.past_longest_gap =
      seat.has_effective_longest_gap() && query.now - since > base::FromProto(seat.effective_longest_gap());
  return waiting;
}

}  // namespace

std::vector<v1::CheckIn> ProposeCheckIns(const contacts::v1::GetCouncilResponse& council,
                                         std::span<const ledger::v1::Tie> ties, std::span<const ledger::v1::Plan> plans,
                                         const CheckInQuery& query) {
  std::unordered_map<std::string_view, const ledger::v1::Tie*> tie_of;
  for (const ledger::v1::Tie& tie : ties) tie_of.emplace(tie.contact_id(), &tie);
  const auto last_plans = LastPlans(plans, query.now);
  const absl::CivilDay today = absl::ToCivilDay(query.now, query.zone);

  std::vector<Waiting> all;
  for (const contacts::v1::CouncilSeat& seat : council.seats()) {
    const auto tie = tie_of.find(seat.contact().id());
    const auto plan = last_plans.find(seat.contact().id());
    if (IsPausedForGood(seat.contact())) continue;
    Waiting waiting = WaitingFor(seat, tie == tie_of.end() ? nullptr : tie->second,
                                 plan == last_plans.end() ? std::nullopt : std::optional(plan->second), query);
    if (waiting.due <= query.last) all.push_back(std::move(waiting));
  }
  // Those who are due already by how long they wait, the others by their day.
  std::sort(all.begin(), all.end(), [today](const Waiting& a, const Waiting& b) {
    const auto key = [today](const Waiting& w) {
      return std::tuple(std::max(w.due, today), !w.past_longest_gap, -w.cadences,
                        std::string_view(w.check_in.contact_id()));
    };
    return key(a) < key(b);
  });

  Weeks weeks(today, query.per_week);
  std::vector<v1::CheckIn> check_ins;
  for (Waiting& waiting : all) {
    const absl::CivilDay day = weeks.Take(waiting.due);
    if (day > query.last) continue;
    waiting.check_in.set_day(Text(day));
    check_ins.push_back(std::move(waiting.check_in));
  }
  std::sort(check_ins.begin(), check_ins.end(), [](const v1::CheckIn& a, const v1::CheckIn& b) {
    return std::tie(a.day(), a.contact_id()) < std::tie(b.day(), b.contact_id());
  });
  return check_ins;
}

}  // namespace council::recommendations
