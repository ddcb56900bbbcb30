#include "services/recommendations/advice_step.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "services/recommendations/council_sums.h"

namespace council::recommendations {
namespace {

constexpr size_t kIdBytes = 16;
constexpr int kBitsADigit = 5;
constexpr int kBitsAByte = 8;
// A domain with a smaller part of a tie's time is not what its talks are about.
constexpr double kUsualShare = 0.2;

// RFC 4648, in lower case and without padding.
std::string Base32(const std::array<unsigned char, kIdBytes>& bytes) {
  constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text;
  uint32_t buffer = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    buffer = buffer << kBitsAByte | byte;
    bits += kBitsAByte;
    for (; bits >= kBitsADigit; bits -= kBitsADigit) text += kDigits[(buffer >> (bits - kBitsADigit)) % kDigits.size()];
  }
  text += kDigits[(buffer << (kBitsADigit - bits)) % kDigits.size()];
  return text;
}

// What a kind is about where the score does not show it.
Component ComponentOf(v1::RecommendationKind kind) {
  switch (kind) {
    case v1::RECOMMENDATION_KIND_GIVE_BACK:
    case v1::RECOMMENDATION_KIND_ASK:
      return kReciprocity;
    case v1::RECOMMENDATION_KIND_DEEPEN:
      return kDepth;
    case v1::RECOMMENDATION_KIND_INVITE:
      return kRoles;
    case v1::RECOMMENDATION_KIND_REST:
      return kEnergy;
    case v1::RECOMMENDATION_KIND_INTRODUCE:
      return kReach;
    case v1::RECOMMENDATION_KIND_BROADEN:
    case v1::RECOMMENDATION_KIND_REBALANCE:
      return kEngagement;
    default:
      return kVitality;
  }
}

// Days for which a step stays true enough to be read.
int LifeDays(v1::RecommendationKind kind) {
  switch (kind) {
    case v1::RECOMMENDATION_KIND_RECONNECT:
      return 14;
    case v1::RECOMMENDATION_KIND_INVITE:
    case v1::RECOMMENDATION_KIND_INTRODUCE:
      return 60;
    default:
      return 30;
  }
}

}  // namespace

void Apply(const Action& action, WhatIf& what_if) {
  for (const ledger::v1::Tie& tie : action.ties) what_if.SetTie(tie);
  for (const auto& [contact, seat] : action.seats) what_if.Seat(contact, seat);
  for (const std::string& id : action.unseated) what_if.Unseat(id);
  for (const auto& [a, b] : action.acquaintances) what_if.Acquaint(a, b);
  for (const ledger::v1::Interaction& entry : action.entries) what_if.Append(entry);
}

std::string StepId(v1::RecommendationKind kind, std::vector<std::string> contact_ids, absl::string_view facts) {
  std::sort(contact_ids.begin(), contact_ids.end());
  std::string text = absl::StrCat(static_cast<int>(kind));
  // Each part with its length, so that no two lists of parts read the same.
  for (const std::string& id : contact_ids) absl::StrAppend(&text, "|", id.size(), ":", id);
  absl::StrAppend(&text, "||", facts);
  std::array<unsigned char, kIdBytes> digest = {};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  return Base32(digest);
}

void Simulate(const AdviceNetwork& network, Step& step) {
  step.id = StepId(step.kind, step.contact_ids, step.facts);
  WhatIf tried = network.as_it_is();
  Apply(step.action, tried);
  const BalanceFigures before = network.figures();
  const BalanceFigures after = tried.Figures();
  step.gain = after.score - before.score;
  step.component = ComponentOf(step.kind);
  constexpr double kHair = 1e-12;
  double most = kHair;
  for (size_t k = 0; k < kComponents; ++k) {
    // What the component does to the logarithm of the mean.
    const double moved = network.model().weights[k] *
                         std::log((after.values[k] + kMeanEpsilon) / (before.values[k] + kMeanEpsilon)) *
                         (step.gain < 0 ? -1 : 1);
    if (moved <= most) continue;
    most = moved;
    step.component = static_cast<Component>(k);
  }
}

v1::Recommendation ToRecommendation(const Step& step, absl::Time as_of) {
  v1::Recommendation recommendation;
  recommendation.set_id(step.id);
  recommendation.set_kind(step.kind);
  recommendation.mutable_contact_ids()->Add(step.contact_ids.begin(), step.contact_ids.end());
  recommendation.set_reason(step.reason);
  recommendation.set_expected_gain(step.gain);
  recommendation.set_effort_minutes(step.effort_minutes);
  *recommendation.mutable_expire_time() = base::ToProto(as_of + absl::Hours(24) * LifeDays(step.kind));
  const absl::string_view component = ComponentName(step.component);
  recommendation.set_component(std::string(component));
  return recommendation;
}

ledger::v1::Interaction UsualTalk(const AdviceNetwork& network, const Person& person,
                                  ledger::v1::InteractionDepth depth) {
  ledger::v1::Interaction talk;
  talk.set_kind(ledger::v1::INTERACTION_KIND_INTERACTION);
  talk.add_contact_ids(person.id());
  *talk.mutable_occur_time() = base::ToProto(network.as_of());
  *talk.mutable_duration() = base::ToProto(absl::Minutes(person.minutes));
  talk.set_depth(depth);
  // The domains of a seat stand in by themselves.
  if (person.seat != nullptr && person.seat->seat().domains_size() > 0) return talk;
  const auto& hours = person.facts.tie.hours;
  const double total = std::accumulate(hours.begin(), hours.end(), 0.0);
  for (size_t domain = 0; domain < kLifeDomains; ++domain) {
    if (total > 0 && hours[domain] >= kUsualShare * total) {
      talk.add_domains(static_cast<common::v1::LifeDomain>(domain + 1));
    }
  }
  return talk;
}

}  // namespace council::recommendations
