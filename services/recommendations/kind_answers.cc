#include "services/recommendations/kind_answers.h"

#include <algorithm>

namespace council::recommendations {
namespace {

constexpr double kLentAccepted = 4;
constexpr double kLentDismissed = 2;
constexpr double kLeastWeight = 0.25;

double WeightFor(int accepted, int dismissed) {
  const double believed = (kLentAccepted + accepted) / (kLentAccepted + kLentDismissed + accepted + dismissed);
  const double lent = kLentAccepted / (kLentAccepted + kLentDismissed);
  return std::clamp(believed / lent, kLeastWeight, 1.0);
}

}  // namespace

AnswersByKind CountAnswers(std::span<const storage::v1::GivenRecommendation> given) {
  AnswersByKind answers;
  for (const storage::v1::GivenRecommendation& one : given) {
    const v1::RecommendationResponse response = one.recommendation().response();
    const bool accepted = response == v1::RECOMMENDATION_RESPONSE_ACCEPT;
    if (!accepted && response != v1::RECOMMENDATION_RESPONSE_DISMISS) continue;
    v1::KindAnswers& of_kind = answers[one.recommendation().kind()];
    of_kind.set_kind(one.recommendation().kind());
    of_kind.set_accepted(of_kind.accepted() + (accepted ? 1 : 0));
    of_kind.set_dismissed(of_kind.dismissed() + (accepted ? 0 : 1));
  }
  for (auto& [kind, of_kind] : answers) of_kind.set_weight(WeightFor(of_kind.accepted(), of_kind.dismissed()));
  return answers;
}

double WeightOf(const AnswersByKind& answers, v1::RecommendationKind kind) {
  const auto found = answers.find(kind);
  return found == answers.end() ? 1 : found->second.weight();
}

}  // namespace council::recommendations
