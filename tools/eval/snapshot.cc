#include "tools/eval/snapshot.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "libs/ties/tie_summary.h"

namespace council::eval {
namespace {

using TieKey = std::pair<int, int>;

// The message that begins with the event at `begin`: one past its last event.
std::size_t EndOfMessage(std::span<const Event> events, std::size_t begin) {
  std::size_t end = begin;
  while (end < events.size() && events[end].seconds == events[begin].seconds &&
         events[end].from == events[begin].from) {
    ++end;
  }
  return end;
}

// Folds each entry up to `as_of` into the ties that `tie_of` knows, given ego and alter.
void Fold(std::span<const Event> events, std::int64_t as_of, absl::FunctionRef<EgoTie*(TieKey)> tie_of) {
  for (std::size_t begin = 0; begin < events.size() && events[begin].seconds <= as_of;) {
    const std::size_t end = EndOfMessage(events, begin);
    ledger::v1::Interaction entry;
    entry.mutable_occur_time()->set_seconds(events[begin].seconds);
    for (std::size_t i = begin; i < end; ++i) entry.add_contact_ids(absl::StrCat(events[i].to));
    const ledger::v1::TieDay day = ties::DayOf(entry);
    for (std::size_t i = begin; i < end; ++i) {
      for (const TieKey& key : {TieKey(events[i].from, events[i].to), TieKey(events[i].to, events[i].from)}) {
        EgoTie* tie = tie_of(key);
        if (tie == nullptr) continue;
        ties::FoldDay(day, tie->tie);
        tie->times.push_back(events[begin].seconds);
      }
    }
    begin = end;
  }
}

}  // namespace

Snapshot TiesOf(std::span<const Event> events, std::int64_t as_of, std::span<const Pair> pairs) {
  Snapshot snapshot;
  snapshot.as_of = as_of;
  snapshot.ties.resize(pairs.size());
  absl::flat_hash_map<TieKey, std::size_t> first_place;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    EgoTie& tie = snapshot.ties[i];
    tie.ego = pairs[i].ego_number;
    tie.alter = pairs[i].alter_number;
    tie.alive = pairs[i].alive;
    first_place.try_emplace(TieKey(tie.ego, tie.alter), i);
  }
  Fold(events, as_of, [&](TieKey key) -> EgoTie* {
    const auto at = first_place.find(key);
    return at == first_place.end() ? nullptr : &snapshot.ties[at->second];
  });
  for (EgoTie& tie : snapshot.ties) {
    const EgoTie& first = snapshot.ties[first_place.at(TieKey(tie.ego, tie.alter))];
    if (&first == &tie) continue;
    tie.tie = first.tie;
    tie.times = first.times;
  }
  return snapshot;
}

Snapshot LookBackAt(std::span<const Event> events, std::int64_t as_of, std::int64_t end) {
  std::map<TieKey, EgoTie> ties;
  Fold(events, as_of, [&](TieKey key) {
    EgoTie& tie = ties[key];
    std::tie(tie.ego, tie.alter) = key;
    return &tie;
  });
  for (const Event& event : events) {
    if (event.seconds <= as_of || event.seconds > end) continue;
    for (const TieKey& key : {TieKey(event.from, event.to), TieKey(event.to, event.from)}) {
      const auto at = ties.find(key);
      if (at != ties.end()) at->second.alive = true;
    }
  }
  Snapshot snapshot;
  snapshot.as_of = as_of;
  for (auto& [key, tie] : ties) snapshot.ties.push_back(std::move(tie));
  return snapshot;
}

ties::LookBack ForFit(const Snapshot& snapshot, double weight) {
  std::map<int, ties::Person> people;
  for (const EgoTie& tie : snapshot.ties) {
    const std::optional<ties::StrengthFeatures> features = ties::StrengthFeaturesOf(tie.tie, snapshot.time());
    if (features.has_value()) people[tie.ego].push_back({.features = *features, .lived_on = tie.alive});
  }
  ties::LookBack look_back;
  look_back.weight = weight;
  for (auto& [ego, person] : people) look_back.people.push_back(std::move(person));
  return look_back;
}

}  // namespace council::eval
