#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_STEP_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_STEP_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "council/contacts/v1/contacts.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/recommendations/v1/recommendations.pb.h"
#include "services/recommendations/advice_network.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/what_if.h"

namespace council::recommendations {

// What a step would change, to be tried on the real score.
struct Action {
  // Ties as they would be, in the place of those that are.
  std::vector<ledger::v1::Tie> ties;
  // Seats to give or to change, and contacts whose seat ends.
  std::vector<std::pair<contacts::v1::Contact, contacts::v1::Seat>> seats;
  std::vector<std::string> unseated;
  std::vector<std::pair<std::string, std::string>> acquaintances;
  std::vector<ledger::v1::Interaction> entries;
};

void Apply(const Action& action, WhatIf& what_if);

// Which entries of a step's contacts its sentence counts and cites.
enum class Cited { kTalks, kBenefits, kTiring };

// A step that may be advised.
struct Step {
  v1::RecommendationKind kind = v1::RECOMMENDATION_KIND_UNSPECIFIED;
  // Those to act with first; may be empty for REBALANCE.
  std::vector<std::string> contact_ids;
  // The facts that make it, in a form of its own: other facts make another step, time alone does not.
  std::string facts;
  // 26 characters; of kind, contacts and facts.
  std::string id;
  // One or two sentences with the figures of the ties.
  std::string reason;
  Action action;
  Cited cited = Cited::kTalks;
  // The reason says that the tie is fading.
  bool fading = false;
  int effort_minutes = 30;
  // Points of the score, and what moves most; see Simulate.
  double gain = 0;
  Component component = kVitality;
};

// 26 letters and digits that are the same for the same kind, contacts (in any order) and facts.
std::string StepId(v1::RecommendationKind kind, std::vector<std::string> contact_ids, absl::string_view facts);

// Fills in id, gain and component: the action tried on the real score. Where it moves nothing, as with those who have
// no seat, the component is the one that the kind is about.
void Simulate(const AdviceNetwork& network, Step& step);

// The step as the contract has it, at `as_of`.
v1::Recommendation ToRecommendation(const Step& step, absl::Time as_of);

// An entry for simulations: a talk with `person` at the moment of the network, of their usual length, about what they
// usually talk about.
ledger::v1::Interaction UsualTalk(const AdviceNetwork& network, const Person& person,
                                  ledger::v1::InteractionDepth depth);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_STEP_H_
