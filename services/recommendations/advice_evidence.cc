#include "services/recommendations/advice_evidence.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/words/language.h"
#include "services/recommendations/advice_benefits.h"
#include "services/recommendations/advice_words.h"

namespace council::recommendations {
namespace {

using ledger::v1::Interaction;
using words::As;
using words::Say;

constexpr int kMostEvidence = 20;
// Benefits are counted over the year that they weigh in.
constexpr absl::Duration kCounted = absl::Hours(24 * 365);
constexpr int64_t kWorthSaying = 2;

// How often something passed in one direction, of which kind, and since when.
struct Count {
  int64_t times = 0;
  // UNSPECIFIED: of several kinds.
  ledger::v1::BenefitKind kind = ledger::v1::BENEFIT_KIND_UNSPECIFIED;
  absl::Time first = absl::InfiniteFuture();
};

Count CountPassed(const AdviceNetwork& network, const contacts::v1::Contact& contact,
                  std::span<const Interaction> entries, ledger::v1::BenefitDirection direction) {
  Count count;
  std::optional<std::set<ledger::v1::BenefitKind>> in_all;
  for (const Interaction& entry : entries) {
    const absl::Time time = base::FromProto(entry.occur_time());
    if (time < network.as_of() - kCounted) continue;
    PassedBenefits passed = Passed(entry, contact, direction);
    if (!passed.any) continue;
    ++count.times;
    count.first = std::min(count.first, time);
    if (!in_all.has_value()) {
      in_all = std::move(passed.kinds);
    } else {
      std::erase_if(*in_all, [&passed](ledger::v1::BenefitKind kind) { return !passed.kinds.contains(kind); });
    }
  }
  if (in_all.has_value() && !in_all->empty()) count.kind = *in_all->begin();
  return count;
}

// "Rosa advised you three times since May; is there something they could use?", or the other way round; empty where
// neither was often.
std::string BenefitSentence(const AdviceNetwork& network, const contacts::v1::Contact& contact,
                            std::span<const Interaction> entries) {
  const Count received = CountPassed(network, contact, entries, ledger::v1::BENEFIT_DIRECTION_RECEIVED);
  const Count given = CountPassed(network, contact, entries, ledger::v1::BENEFIT_DIRECTION_GIVEN);
  const auto since = [&network](const Count& count) {
    return SinceMonth(count.first, network.as_of(), network.zone());
  };
  if (received.times >= kWorthSaying && received.times > given.times) {
    return Say<"advice.give_back.counted">(As<"name">(contact.display_name()), As<"kind">(KindWord(received.kind)),
                                           As<"times">(Times(received.times)), As<"since">(since(received)));
  }
  if (given.times >= kWorthSaying && given.times > received.times) {
    return Say<"advice.ask.counted">(As<"name">(contact.display_name()), As<"kind">(KindWord(given.kind)),
                                     As<"times">(Times(given.times)), As<"since">(since(given)));
  }
  return "";
}

bool IsCited(const AdviceNetwork& network, const Step& step, const Interaction& entry) {
  switch (step.cited) {
    case Cited::kTalks:
      return true;
    case Cited::kTiring:
      return entry.energy() < 0;
    case Cited::kBenefits:
      break;
  }
  return std::any_of(step.contact_ids.begin(), step.contact_ids.end(), [&](const std::string& id) {
    const Person* person = network.Find(id);
    return person != nullptr && (Passed(entry, *person->contact, ledger::v1::BENEFIT_DIRECTION_GIVEN).any ||
                                 Passed(entry, *person->contact, ledger::v1::BENEFIT_DIRECTION_RECEIVED).any);
  });
}

}  // namespace

v1::Recommendation WithEvidence(const AdviceNetwork& network, const Step& step, std::span<const Interaction> entries) {
  v1::Recommendation recommendation = ToRecommendation(step, network.as_of());
  for (const Interaction& entry : entries) {
    if (recommendation.evidence_size() == kMostEvidence) break;
    if (IsCited(network, step, entry)) recommendation.add_evidence(entry.sequence());
  }
  const Person* person = step.contact_ids.size() == 1 ? network.Find(step.contact_ids.front()) : nullptr;
  if (person == nullptr) return recommendation;
  const bool evens_out = step.cited == Cited::kBenefits;
  if (!evens_out && step.kind != v1::RECOMMENDATION_KIND_RECONNECT) return recommendation;
  const std::string counted = BenefitSentence(network, *person->contact, entries);
  if (counted.empty()) return recommendation;
  // What can be counted says more than a sum of weights.
  recommendation.set_reason(evens_out ? counted : absl::StrCat(step.reason, " ", counted));
  return recommendation;
}

}  // namespace council::recommendations
