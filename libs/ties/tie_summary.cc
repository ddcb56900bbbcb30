#include "libs/ties/tie_summary.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

#include "google/protobuf/timestamp.pb.h"
#include "libs/base/proto_time.h"
#include "libs/ties/tie_strength.h"

namespace council::ties {
namespace {

using google::protobuf::Timestamp;

constexpr double kMaxHours = 4.0;
constexpr double kHoursWhereNoneStated = 0.5;
constexpr double kHoursOfMessage = 5.0 / 60.0;

bool Earlier(const Timestamp& a, const Timestamp& b) {
  return a.seconds() != b.seconds() ? a.seconds() < b.seconds() : a.nanos() < b.nanos();
}

double DecayFactor(absl::Duration age, absl::Duration half_life) {
  return std::exp2(-absl::FDivDuration(age, half_life));
}

// What a value weighs in the sums of either half-life.
struct Weights {
  double lately;
  double long_run;
};

bool Has(std::span<const std::string> ids, std::string_view id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// The element for `key` in a repeated field kept in the order of its enum.
template <typename Repeated, typename Key, typename GetKey, typename SetKey>
auto& FindOrInsert(Repeated& field, Key key, GetKey get, SetKey set) {
  int at = 0;
  while (at < field.size() && get(field[at]) < key) ++at;
  if (at == field.size() || get(field[at]) != key) {
    set(*field.Add(), key);
    for (int i = field.size() - 1; i > at; --i) field.SwapElements(i, i - 1);
  }
  return field[at];
}

v1::TieBenefit& BenefitOf(v1::BenefitKind kind, v1::Tie& tie) {
  return FindOrInsert(
      *tie.mutable_benefits(), kind, [](const v1::TieBenefit& b) { return b.kind(); },
      [](v1::TieBenefit& b, v1::BenefitKind k) { b.set_kind(k); });
}

v1::TieHours& HoursOf(common::v1::LifeDomain domain, v1::Tie& tie) {
  return FindOrInsert(
      *tie.mutable_hours(), domain, [](const v1::TieHours& h) { return h.domain(); },
      [](v1::TieHours& h, common::v1::LifeDomain d) { h.set_domain(d); });
}

void Scale(const Weights& factor, v1::Tie& tie) {
  tie.set_energizing(tie.energizing() * factor.lately);
  tie.set_draining(tie.draining() * factor.lately);
  tie.set_updates(tie.updates() * factor.lately);
  tie.set_conversations(tie.conversations() * factor.lately);
  tie.set_counsels(tie.counsels() * factor.lately);
  for (v1::TieHours& hours : *tie.mutable_hours()) hours.set_hours(hours.hours() * factor.lately);
  for (v1::TieBenefit& benefit : *tie.mutable_benefits()) {
    benefit.set_given(benefit.given() * factor.long_run);
    benefit.set_received(benefit.received() * factor.long_run);
  }
  tie.set_introductions(tie.introductions() * factor.long_run);
  tie.set_any_coverage(tie.any_coverage() * factor.long_run);
  tie.set_energy_coverage(tie.energy_coverage() * factor.long_run);
  tie.set_benefit_coverage(tie.benefit_coverage() * factor.long_run);
  tie.set_depth_coverage(tie.depth_coverage() * factor.long_run);
  tie.set_domain_coverage(tie.domain_coverage() * factor.long_run);
  tie.set_no_domain_coverage(tie.no_domain_coverage() * factor.long_run);
}

void FoldEnergy(int energy, const Weights& weight, v1::Tie& tie) {
  if (energy > 0) tie.set_energizing(tie.energizing() + weight.lately * energy / 2.0);
  if (energy < 0) tie.set_draining(tie.draining() + weight.lately * -energy);
  tie.set_energy_entries(tie.energy_entries() + 1);
  tie.set_energy_sum(tie.energy_sum() + energy);
  tie.set_energy_coverage(tie.energy_coverage() + weight.long_run);
}

void FoldDepth(v1::InteractionDepth depth, const Weights& weight, v1::Tie& tie) {
  switch (depth) {
    case v1::INTERACTION_DEPTH_EXCHANGE:
      tie.set_exchange_entries(tie.exchange_entries() + 1);
      break;
    case v1::INTERACTION_DEPTH_UPDATE:
      tie.set_updates(tie.updates() + weight.lately);
      tie.set_update_entries(tie.update_entries() + 1);
      break;
    case v1::INTERACTION_DEPTH_CONVERSATION:
      tie.set_conversations(tie.conversations() + weight.lately);
      tie.set_conversation_entries(tie.conversation_entries() + 1);
      break;
    case v1::INTERACTION_DEPTH_COUNSEL:
      tie.set_counsels(tie.counsels() + weight.lately);
      tie.set_counsel_entries(tie.counsel_entries() + 1);
      break;
    default:
      return;
  }
  tie.set_depth_coverage(tie.depth_coverage() + weight.long_run);
}

// `part` is the contact's share in a benefit that names nobody.
void FoldBenefits(const v1::Interaction& entry, std::span<const std::string> ids, double part, const Weights& weight,
                  v1::Tie& tie) {
  if (entry.benefits().empty()) return;
  tie.set_benefit_entries(tie.benefit_entries() + 1);
  tie.set_benefit_coverage(tie.benefit_coverage() + weight.long_run);
  for (const v1::Benefit& benefit : entry.benefits()) {
    // Blanked, since the contact that it was about was erased.
    if (benefit.direction() == v1::BENEFIT_DIRECTION_UNSPECIFIED) continue;
    const bool for_all = benefit.contact_id().empty();
    if (!for_all && !Has(ids, benefit.contact_id())) continue;
    const double count = weight.long_run * (for_all ? part : 1.0);
    const double worth = count * std::max(benefit.weight(), 1);
    v1::TieBenefit& sums = BenefitOf(benefit.kind(), tie);
    if (benefit.direction() == v1::BENEFIT_DIRECTION_GIVEN) sums.set_given(sums.given() + worth);
    if (benefit.direction() == v1::BENEFIT_DIRECTION_RECEIVED) sums.set_received(sums.received() + worth);
    if (benefit.kind() == v1::BENEFIT_KIND_INTRODUCTION) {
      tie.set_introductions(tie.introductions() + count);
      tie.set_introduction_entries(tie.introduction_entries() + 1);
    }
  }
}

void FoldTime(const v1::Interaction& entry, double part, const Weights& weight, v1::Tie& tie) {
  if (entry.depth() == v1::INTERACTION_DEPTH_EXCHANGE) return;
  if (entry.domains().empty()) {
    tie.set_no_domain_coverage(tie.no_domain_coverage() + weight.long_run);
  } else {
    tie.set_domain_coverage(tie.domain_coverage() + weight.long_run);
  }
  const double hours = HoursSpent(entry);
  if (hours <= 0) return;
  tie.set_timed_entries(tie.timed_entries() + 1);
  if (entry.domains().empty()) {
    v1::TieHours& sum = HoursOf(common::v1::LIFE_DOMAIN_UNSPECIFIED, tie);
    sum.set_hours(sum.hours() + weight.lately * hours * part);
    return;
  }
  for (const int domain : entry.domains()) {
    v1::TieHours& sum = HoursOf(static_cast<common::v1::LifeDomain>(domain), tie);
    sum.set_hours(sum.hours() + weight.lately * hours * part / entry.domains_size());
  }
}

}  // namespace

bool IsLive(const v1::Interaction& entry) {
  if (entry.corrected_by() != 0) return false;
  return entry.kind() != v1::INTERACTION_KIND_RETRACTION && entry.kind() != v1::INTERACTION_KIND_ERASURE;
}

bool IsTouch(const v1::Interaction& entry) {
  return entry.depth() != v1::INTERACTION_DEPTH_EXCHANGE;
}

double HoursSpent(const v1::Interaction& entry) {
  if (entry.depth() == v1::INTERACTION_DEPTH_EXCHANGE) return 0;
  if (!entry.has_duration()) {
    const bool message = entry.channel() == v1::CHANNEL_CHAT || entry.channel() == v1::CHANNEL_EMAIL;
    return message ? kHoursOfMessage : kHoursWhereNoneStated;
  }
  const double seconds =
      static_cast<double>(entry.duration().seconds()) + static_cast<double>(entry.duration().nanos()) * 1e-9;
  return std::clamp(seconds / 3600.0, 0.0, kMaxHours);
}

void FoldEntry(const v1::Interaction& entry, std::span<const std::string> ids, v1::Tie& tie) {
  const auto named = std::count_if(entry.contact_ids().begin(), entry.contact_ids().end(),
                                   [ids](const std::string& id) { return Has(ids, id); });
  if (named == 0) return;
  const double part = static_cast<double>(named) / entry.contact_ids_size();
  const Timestamp& occurred = entry.occur_time();

  if (tie.entries() == 0) {
    *tie.mutable_reference_time() = occurred;
    *tie.mutable_first_time() = occurred;
    *tie.mutable_last_time() = occurred;
  }
  DecayTie(base::FromProto(occurred), tie);
  const absl::Duration age = base::FromProto(tie.reference_time()) - base::FromProto(occurred);
  const Weights weight = {DecayFactor(age, kShortHalfLife), DecayFactor(age, kLongHalfLife)};

  tie.set_entries(tie.entries() + 1);
  tie.set_any_coverage(tie.any_coverage() + weight.long_run);
  if (Earlier(occurred, tie.first_time())) *tie.mutable_first_time() = occurred;
  if (Earlier(tie.last_time(), occurred)) *tie.mutable_last_time() = occurred;
  if (IsTouch(entry)) {
    tie.set_touches(tie.touches() + 1);
    if (!tie.has_last_touch_time() || Earlier(tie.last_touch_time(), occurred)) {
      *tie.mutable_last_touch_time() = occurred;
    }
  }
  if (entry.has_energy()) FoldEnergy(entry.energy(), weight, tie);
  FoldDepth(entry.depth(), weight, tie);
  FoldBenefits(entry, ids, part, weight, tie);
  FoldTime(entry, part, weight, tie);
}

v1::Tie BuildTie(const std::string& contact_id, std::span<const std::string> ids,
                 std::span<const v1::Interaction> entries, absl::Time as_of) {
  std::vector<const v1::Interaction*> taken;
  for (const v1::Interaction& entry : entries) {
    const bool ours = std::any_of(entry.contact_ids().begin(), entry.contact_ids().end(),
                                  [ids](const std::string& id) { return Has(ids, id); });
    if (ours && IsLive(entry) && base::FromProto(entry.occur_time()) <= as_of) taken.push_back(&entry);
  }
  // By time, so that the result does not depend on the order given, not even in its last bit.
  std::sort(taken.begin(), taken.end(), [](const v1::Interaction* a, const v1::Interaction* b) {
    if (Earlier(a->occur_time(), b->occur_time())) return true;
    if (Earlier(b->occur_time(), a->occur_time())) return false;
    return a->sequence() < b->sequence();
  });
  v1::Tie tie;
  tie.set_contact_id(contact_id);
  const v1::Interaction* previous = nullptr;
  for (const v1::Interaction* entry : taken) {
    if (previous != nullptr && entry->sequence() != 0 && entry->sequence() == previous->sequence()) continue;
    FoldEntry(*entry, ids, tie);
    FoldDay(DayOf(*entry), tie);
    previous = entry;
  }
  return tie;
}

v1::TieDay DayOf(const v1::Interaction& entry) {
  v1::TieDay result;
  result.set_day(static_cast<int32_t>(DayNumber(base::FromProto(entry.occur_time()))));
  result.set_entries(1);
  result.set_parted_entries(1.0 / std::max(entry.contact_ids_size(), 1));
  return result;
}

void FoldDay(const v1::TieDay& day, v1::Tie& tie) {
  auto& days = *tie.mutable_days();
  const auto at = std::lower_bound(days.begin(), days.end(), day.day(),
                                   [](const v1::TieDay& d, int32_t value) { return d.day() < value; });
  if (at != days.end() && at->day() == day.day()) {
    at->set_entries(at->entries() + day.entries());
    at->set_parted_entries(at->parted_entries() + day.parted_entries());
    return;
  }
  const int index = static_cast<int>(at - days.begin());
  *days.Add() = day;
  for (int i = days.size() - 1; i > index; --i) days.SwapElements(i, i - 1);
}

void DecayTie(absl::Time time, v1::Tie& tie) {
  if (tie.entries() == 0) return;
  const absl::Time reference = base::FromProto(tie.reference_time());
  if (time <= reference) return;
  const absl::Duration age = time - reference;
  Scale({DecayFactor(age, kShortHalfLife), DecayFactor(age, kLongHalfLife)}, tie);
  *tie.mutable_reference_time() = base::ToProto(time);
}

}  // namespace council::ties
