#include "services/ledger/moved_recurrences.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "libs/base/proto_time.h"
#include "services/ledger/import/icalendar.h"

namespace council::ledger {
namespace {

constexpr absl::Duration kWeek = absl::Hours(7 * 24);

absl::Time TimeOf(const ImportedRecord& record) {
  return base::FromProto(record.content.occur_time());
}

absl::Time TimeOf(const EventRecord& event) {
  return base::FromProto(event.imported.occur_time());
}

template <typename Item>
void SortByTime(std::vector<const Item*>& items) {
  std::stable_sort(items.begin(), items.end(), [](const Item* a, const Item* b) { return TimeOf(*a) < TimeOf(*b); });
}

// The shortest time from one recurrence to the next; of a single one, as if it were weekly.
template <typename Item>
absl::Duration SpacingOf(std::vector<const Item*> recurrences) {
  if (recurrences.size() < 2) return kWeek;
  SortByTime(recurrences);
  absl::Duration spacing = absl::InfiniteDuration();
  for (std::size_t i = 1; i < recurrences.size(); ++i) {
    spacing = std::min(spacing, TimeOf(*recurrences[i]) - TimeOf(*recurrences[i - 1]));
  }
  return spacing;
}

}  // namespace

std::map<std::string, const EventRecord*> FindMoved(std::span<const ImportedRecord* const> happened,
                                                    std::span<const ImportedRecord* const> coming,
                                                    const std::set<std::string>& withdrawn,
                                                    std::span<const EventRecord> events, absl::TimeZone zone) {
  std::vector<const ImportedRecord*> in_file(happened.begin(), happened.end());
  in_file.insert(in_file.end(), coming.begin(), coming.end());
  std::set<std::string> named = withdrawn;
  for (const ImportedRecord* record : in_file) named.insert(record->recurrence_id);
  std::set<std::string> known_ids;
  std::vector<const EventRecord*> known;
  std::vector<const EventRecord*> vanished;
  for (const EventRecord& event : events) {
    if (event.withdrawn || !IsFromCalendar(event.imported)) continue;
    known_ids.insert(event.recurrence_id);
    known.push_back(&event);
    if (!named.contains(event.recurrence_id)) vanished.push_back(&event);
  }
  std::vector<const ImportedRecord*> unknown;
  for (const ImportedRecord* record : happened) {
    if (!known_ids.contains(record->recurrence_id)) unknown.push_back(record);
  }
  std::map<std::string, const EventRecord*> moved;
  if (vanished.empty() || unknown.empty()) return moved;
  SortByTime(vanished);
  SortByTime(unknown);

  // Pairs in order those of which `belong` holds.
  const auto pair = [&](const auto& belong) {
    std::vector<const EventRecord*> left;
    std::size_t next = 0;
    for (const EventRecord* event : vanished) {
      const absl::Time time = TimeOf(*event);
      while (next < unknown.size() && TimeOf(*unknown[next]) < time && !belong(TimeOf(*unknown[next]), time)) ++next;
      if (next < unknown.size() && belong(TimeOf(*unknown[next]), time)) {
        moved[unknown[next]->recurrence_id] = event;
        ++next;
      } else {
        left.push_back(event);
      }
    }
    vanished = std::move(left);
    std::erase_if(unknown, [&](const ImportedRecord* record) { return moved.contains(record->recurrence_id); });
  };
  pair([&](absl::Time a, absl::Time b) { return absl::ToCivilDay(a, zone) == absl::ToCivilDay(b, zone); });
  const absl::Duration spacing = std::min(SpacingOf(in_file), SpacingOf(known));
  pair([&](absl::Time a, absl::Time b) { return absl::AbsDuration(a - b) < spacing; });
  return moved;
}

}  // namespace council::ledger
