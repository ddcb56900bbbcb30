#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_KIND_ANSWERS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_KIND_ANSWERS_H_

#include <map>
#include <span>

#include "council/recommendations/v1/recommendations.pb.h"
#include "services/recommendations/recommendations_storage.pb.h"

namespace council::recommendations {

// Answers to what was given within so many days count.
inline constexpr int kAnswerDays = 365;

// How an owner answers each kind of step, and what that does to its rank: kinds that are dismissed again and again come
// up less, and never vanish.
//
// Whether the owner takes on a step of a kind is a Bernoulli trial with a Beta(4, 2) prior: six answers are lent to
// each kind, four of them for it. The weight is the mean of what is then believed as a share of the prior's, between ¼
// and 1. Snoozing says "later", and counts neither way.
using AnswersByKind = std::map<v1::RecommendationKind, v1::KindAnswers>;

// Of those that were answered, with one for each kind that was.
AnswersByKind CountAnswers(std::span<const storage::v1::GivenRecommendation> given);

// 1 for a kind without answers.
double WeightOf(const AnswersByKind& answers, v1::RecommendationKind kind);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_KIND_ANSWERS_H_
