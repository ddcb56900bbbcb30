#include "services/contacts/seats.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/contacts/contact_limits.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

using storage::v1::SeatInterval;
using storage::v1::StoredSeat;

absl::Time Start(const SeatInterval& interval) {
  return base::FromProto(interval.seat().seated_time());
}

absl::Time End(const SeatInterval& interval) {
  return interval.has_end_time() ? base::FromProto(interval.end_time()) : absl::InfiniteFuture();
}

v1::Seat Whole(const StoredSeat& stored, const SeatInterval& interval) {
  v1::Seat seat = interval.seat();
  seat.set_contact_id(stored.contact_id());
  *seat.mutable_first_seated_time() = stored.intervals(0).seat().seated_time();
  return seat;
}

bool IsHeld(const StoredSeat& stored) {
  return stored.intervals_size() > 0 && !stored.intervals(stored.intervals_size() - 1).has_end_time();
}

template <typename Values>
void AddMissing(const Values& from, Values* into) {
  for (const auto value : from) {
    if (std::ranges::find(*into, value) == into->end()) into->Add(value);
  }
}

// Makes of two overlapping intervals one, in which `winner` says what the seat is.
SeatInterval Joined(const SeatInterval& winner, const SeatInterval& other) {
  SeatInterval joined = winner;
  AddMissing(other.seat().roles(), joined.mutable_seat()->mutable_roles());
  AddMissing(other.seat().domains(), joined.mutable_seat()->mutable_domains());
  if (!joined.seat().has_cadence() && other.seat().has_cadence()) {
    *joined.mutable_seat()->mutable_cadence() = other.seat().cadence();
    if (other.seat().has_longest_gap()) *joined.mutable_seat()->mutable_longest_gap() = other.seat().longest_gap();
  }
  if (Start(other) < Start(winner)) *joined.mutable_seat()->mutable_seated_time() = other.seat().seated_time();
  if (End(other) > End(winner)) {
    if (other.has_end_time()) {
      *joined.mutable_end_time() = other.end_time();
    } else {
      joined.clear_end_time();
    }
  }
  return joined;
}

}  // namespace

std::optional<v1::Seat> SeatAt(const StoredSeat& stored, absl::Time time) {
  for (const SeatInterval& interval : stored.intervals()) {
    if (Start(interval) <= time && time < End(interval)) return Whole(stored, interval);
  }
  return std::nullopt;
}

std::optional<v1::Seat> HeldSeat(const StoredSeat& stored) {
  if (!IsHeld(stored)) return std::nullopt;
  return Whole(stored, stored.intervals(stored.intervals_size() - 1));
}

std::optional<absl::Time> LeftAt(const StoredSeat& stored, absl::Time time) {
  std::optional<absl::Time> left;
  for (const SeatInterval& interval : stored.intervals()) {
    if (Start(interval) > time) break;
    if (End(interval) > time) return std::nullopt;
    left = End(interval);
  }
  return left;
}

absl::Status TakeSeat(const v1::Seat& seat, absl::Time now, StoredSeat& stored) {
  const bool held = IsHeld(stored);
  const int earlier = stored.intervals_size() - (held ? 1 : 0);  // intervals before the one taken or changed
  if (!held && static_cast<size_t>(stored.intervals_size()) >= limits::kSeatIntervals) {
    return base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED,
                       absl::StrCat("a seat can be taken at most ", limits::kSeatIntervals, " times"));
  }
  v1::Seat taken = seat;
  taken.clear_contact_id();
  taken.clear_first_seated_time();
  if (!taken.has_seated_time()) {
    *taken.mutable_seated_time() = held ? stored.intervals(earlier).seat().seated_time() : base::ToProto(now);
  }
  if (earlier > 0 && base::FromProto(taken.seated_time()) < End(stored.intervals(earlier - 1))) {
    return base::InvalidField("seat.seated_time", "lies before the end of an earlier time of this seat");
  }
  *(held ? stored.mutable_intervals(earlier) : stored.add_intervals())->mutable_seat() = std::move(taken);
  return absl::OkStatus();
}

bool LeaveSeat(absl::Time now, StoredSeat& stored) {
  if (!IsHeld(stored)) return false;
  SeatInterval& last = *stored.mutable_intervals(stored.intervals_size() - 1);
  *last.mutable_end_time() = base::ToProto(std::max(now, Start(last)));
  return true;
}

bool ReturnToSeat(absl::Time time, StoredSeat& stored) {
  if (stored.intervals_size() == 0 || IsHeld(stored)) return false;
  SeatInterval& last = *stored.mutable_intervals(stored.intervals_size() - 1);
  if (End(last) != time) return false;
  last.clear_end_time();
  return true;
}

StoredSeat UniteSeats(const StoredSeat& into, const StoredSeat& from) {
  struct Part {
    SeatInterval interval;
    bool wins;
  };
  std::vector<Part> parts;
  for (const SeatInterval& interval : into.intervals()) parts.push_back({interval, true});
  for (const SeatInterval& interval : from.intervals()) parts.push_back({interval, false});
  std::ranges::stable_sort(parts, {}, [](const Part& part) { return Start(part.interval); });

  StoredSeat united;
  united.set_contact_id(into.contact_id());
  bool last_wins = false;
  for (const Part& part : parts) {
    if (united.intervals_size() > 0) {
      SeatInterval& last = *united.mutable_intervals(united.intervals_size() - 1);
      if (Start(part.interval) < End(last)) {
        last = part.wins && !last_wins ? Joined(part.interval, last) : Joined(last, part.interval);
        last_wins = last_wins || part.wins;
        continue;
      }
    }
    *united.add_intervals() = part.interval;
    last_wins = part.wins;
  }
  return united;
}

void SetEffectiveCadence(const v1::Settings& settings, v1::CouncilSeat& seat) {
  if (seat.seat().has_cadence()) {
    *seat.mutable_effective_cadence() = seat.seat().cadence();
    if (seat.seat().has_longest_gap()) *seat.mutable_effective_longest_gap() = seat.seat().longest_gap();
    return;
  }
  const v1::TagCadence* shortest = nullptr;
  for (const v1::TagCadence& cadence : settings.tag_cadences()) {
    const bool has_tag = std::ranges::any_of(
        seat.contact().tags(), [key = Folded(cadence.tag())](const std::string& tag) { return Folded(tag) == key; });
    if (has_tag && (shortest == nullptr || base::FromProto(cadence.cadence()) < base::FromProto(shortest->cadence()))) {
      shortest = &cadence;
    }
  }
  if (shortest != nullptr) *seat.mutable_effective_cadence() = shortest->cadence();
  if (seat.seat().has_longest_gap()) {
    *seat.mutable_effective_longest_gap() = seat.seat().longest_gap();
  } else if (shortest != nullptr && shortest->has_longest_gap()) {
    *seat.mutable_effective_longest_gap() = shortest->longest_gap();
  }
}

}  // namespace council::contacts
