#include "services/recommendations/advice_method.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/advice.h"
#include "services/recommendations/advice_evidence.h"
#include "services/recommendations/advice_ranking.h"
#include "services/recommendations/advice_reader.h"
#include "services/recommendations/hindsight.h"
#include "services/recommendations/introductions.h"
#include "services/recommendations/list_pages.h"

namespace council::recommendations {
namespace {

constexpr int kDefaultPage = 10;
constexpr int kDefaultIntroductions = 5;
constexpr int kMostKinds = 20;
constexpr absl::Duration kLongestSnooze = absl::Hours(24 * 731);

// Id → what is kept of it.
using GivenById = std::map<std::string, GivenRecommendation>;

absl::Status Check(const v1::ListRecommendationsRequest& request) {
  base::FieldViolations violations;
  CheckPage(request, violations);
  if (request.kinds_size() > kMostKinds) violations.Add("kinds", absl::StrCat("must be at most ", kMostKinds));
  for (int i = 0; i < std::min(request.kinds_size(), kMostKinds); ++i) {
    if (request.kinds(i) == v1::RECOMMENDATION_KIND_UNSPECIFIED || !v1::RecommendationKind_IsValid(request.kinds(i))) {
      violations.Add(absl::StrCat("kinds[", i, "]"), "must be one of the kinds of recommendations");
    }
  }
  return violations.ToStatus();
}

absl::Status Check(const v1::RespondToRecommendationRequest& request, absl::Time now) {
  base::FieldViolations violations;
  if (request.id().empty()) violations.Add("id", "is required");
  const bool snooze = request.response() == v1::RECOMMENDATION_RESPONSE_SNOOZE;
  if (!snooze && request.response() != v1::RECOMMENDATION_RESPONSE_ACCEPT &&
      request.response() != v1::RECOMMENDATION_RESPONSE_DISMISS) {
    violations.Add("response", "must be ACCEPT, DISMISS or SNOOZE");
  }
  if (!snooze && request.has_snooze_until()) violations.Add("snooze_until", "goes with SNOOZE alone");
  if (snooze && (!request.has_snooze_until() || !base::IsValid(request.snooze_until()) ||
                 base::FromProto(request.snooze_until()) <= now ||
                 base::FromProto(request.snooze_until()) > now + kLongestSnooze)) {
    violations.Add("snooze_until", "must be a moment to come, at most two years ahead");
  }
  return violations.ToStatus();
}

// Whether an answer still holds at `now`: a snooze ends, and what was accepted comes up again where nothing came of it.
bool Holds(const GivenRecommendation& given, absl::Time now) {
  const v1::Recommendation& answered = given.recommendation();
  switch (answered.response()) {
    case v1::RECOMMENDATION_RESPONSE_SNOOZE:
      return base::FromProto(answered.snooze_until()) > now;
    case v1::RECOMMENDATION_RESPONSE_ACCEPT:
      return base::FromProto(given.response_time()) + kHindsight > now;
    default:
      return answered.response() != v1::RECOMMENDATION_RESPONSE_UNSPECIFIED;
  }
}

absl::StatusOr<GivenById> FindGivenOf(const rpc::CallContext& call, const std::vector<Step>& steps,
                                      RecommendationsStore& store) {
  std::vector<std::string> ids;
  for (const Step& step : steps) ids.push_back(step.id);
  COUNCIL_ASSIGN_OR_RETURN(std::vector<GivenRecommendation> found, store.FindGiven(call.owner(), ids, call.deadline()));
  GivenById given;
  for (GivenRecommendation& one : found) {
    std::string id = one.recommendation().id();
    given.emplace(std::move(id), std::move(one));
  }
  return given;
}

// All ties of a snapshot that have a strength have it from the same coefficients.
std::string StrengthVersionOf(const NetworkSnapshot& network) {
  for (const ledger::v1::Tie& tie : network.ties) {
    if (!tie.strength_version().empty()) return tie.strength_version();
  }
  return "";
}

// The steps to list: those without an answer in their order, then, where asked for, those with one.
std::vector<Step> Arrange(std::vector<Step> steps, const v1::ListRecommendationsRequest& request,
                          const GivenById& given, const AnswersByKind& answers, absl::Time now) {
  std::vector<Step> open;
  std::vector<Step> answered;
  std::set<std::string> taken;
  for (Step& step : steps) {
    const auto known = given.find(step.id);
    const bool has_answer = known != given.end() && Holds(known->second, now);
    if (has_answer && known->second.recommendation().response() != v1::RECOMMENDATION_RESPONSE_DISMISS) {
      taken.insert(step.contact_ids.begin(), step.contact_ids.end());
    }
    const auto& kinds = request.kinds();
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), step.kind) == kinds.end()) continue;
    (has_answer ? answered : open).push_back(std::move(step));
  }
  std::vector<Step> arranged = Rank(std::move(open), std::move(taken), answers);
  if (!request.include_answered()) return arranged;
  std::sort(answered.begin(), answered.end(), [](const Step& a, const Step& b) { return a.id < b.id; });
  std::move(answered.begin(), answered.end(), std::back_inserter(arranged));
  return arranged;
}

GivenRecommendation GivenNow(const v1::Recommendation& recommendation, const AdviceNetwork& network, const Step& step) {
  GivenRecommendation given;
  *given.mutable_recommendation() = recommendation;
  *given.mutable_given_time() = base::ToProto(network.as_of());
  given.set_score(network.figures().score);
  given.set_component_value(network.figures().values[step.component]);
  given.set_model_version(kBalanceModelVersion);
  if (step.kind == v1::RECOMMENDATION_KIND_BROADEN || step.kind == v1::RECOMMENDATION_KIND_REBALANCE) {
    for (const ledger::v1::Interaction& entry : step.action.entries)
      given.mutable_domains()->MergeFrom(entry.domains());
  }
  if (!step.action.seats.empty() && step.kind == v1::RECOMMENDATION_KIND_REBALANCE) {
    for (const std::string& id : step.contact_ids) {
      *given.add_cadences() = base::ToProto(network.Find(id)->cadence * absl::Hours(24));
    }
  }
  const Person* person = step.contact_ids.empty() ? nullptr : network.Find(step.contact_ids.front());
  if (person != nullptr && person->tie != nullptr) {
    given.set_strength(person->tie->strength());
    given.set_strength_version(person->tie->strength_version());
    given.set_fading(step.fading);
  }
  return given;
}

}  // namespace

absl::StatusOr<AnswersByKind> ReadAnswers(const rpc::CallContext& call, RecommendationsStore& store, absl::Time now) {
  const absl::CivilDay today = absl::ToCivilDay(now, absl::UTCTimeZone());
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<GivenRecommendation> given,
                           store.ListGiven(call.owner(), today - kAnswerDays, today, call.deadline()));
  return CountAnswers(given);
}

absl::StatusOr<v1::ListRecommendationsResponse> ListRecommendations(const rpc::CallContext& call,
                                                                    const v1::ListRecommendationsRequest& request,
                                                                    const AdviceParts& parts, absl::Time now,
                                                                    const BalanceModel& model) {
  COUNCIL_RETURN_IF_ERROR(Check(request));
  const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
  COUNCIL_ASSIGN_OR_RETURN(const auto input, ReadAdviceInput(call, tokens, parts.network, parts.ledger, now, model));
  const AdviceNetwork& network = *input->network;
  std::vector<Step> steps = FindSteps(network);
  COUNCIL_ASSIGN_OR_RETURN(const GivenById given, FindGivenOf(call, steps, parts.store));
  COUNCIL_ASSIGN_OR_RETURN(const AnswersByKind answers, ReadAnswers(call, parts.store, now));
  steps = Arrange(std::move(steps), request, given, answers, now);

  std::vector<std::string> ids;
  for (const Step& step : steps) ids.push_back(step.id);
  COUNCIL_ASSIGN_OR_RETURN(ListPage page, CutPage(call, request, parts.tokens, kDefaultPage, ids));

  v1::ListRecommendationsResponse response;
  std::vector<GivenRecommendation> first_given;
  for (size_t i = page.begin; i < page.end; ++i) {
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::Interaction> entries,
                             ReadEntriesOf(call, tokens, parts.ledger, network, steps[i].contact_ids));
    v1::Recommendation recommendation = WithEvidence(network, steps[i], entries);
    const auto known = given.find(steps[i].id);
    if (known == given.end()) {
      first_given.push_back(GivenNow(recommendation, network, steps[i]));
    } else if (Holds(known->second, now)) {
      const v1::Recommendation& answered = known->second.recommendation();
      recommendation.set_response(answered.response());
      if (answered.has_snooze_until()) *recommendation.mutable_snooze_until() = answered.snooze_until();
    }
    *response.add_recommendations() = std::move(recommendation);
  }
  if (!first_given.empty()) {
    COUNCIL_RETURN_IF_ERROR(parts.store.PutGiven(call.owner(), first_given, RecommendationsStore::IfKept::kKeepOld));
  }
  response.set_next_page_token(std::move(page.next_page_token));
  response.set_strength_version(StrengthVersionOf(input->snapshot));
  for (const auto& [kind, of_kind] : answers) {
    if (of_kind.weight() < 1) *response.add_fewer_of() = of_kind;
  }
  return response;
}

absl::StatusOr<v1::RespondToRecommendationResponse> RespondToRecommendation(
    const rpc::CallContext& call, const v1::RespondToRecommendationRequest& request, RecommendationsStore& store,
    absl::Time now) {
  COUNCIL_RETURN_IF_ERROR(Check(request, now));
  COUNCIL_ASSIGN_OR_RETURN(std::vector<GivenRecommendation> found,
                           store.FindGiven(call.owner(), {&request.id(), 1}, call.deadline()));
  if (found.empty()) {
    return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_RECOMMENDATION_NOT_FOUND,
                       "no recommendation with this id was given to you");
  }
  GivenRecommendation& given = found.front();
  v1::Recommendation& recommendation = *given.mutable_recommendation();
  recommendation.set_response(request.response());
  recommendation.clear_snooze_until();
  if (request.has_snooze_until()) *recommendation.mutable_snooze_until() = request.snooze_until();
  *given.mutable_response_time() = base::ToProto(now);
  COUNCIL_RETURN_IF_ERROR(store.PutGiven(call.owner(), found, RecommendationsStore::IfKept::kReplace));
  v1::RespondToRecommendationResponse response;
  *response.mutable_recommendation() = std::move(recommendation);
  return response;
}

absl::StatusOr<v1::SuggestIntroductionsResponse> SuggestIntroductions(const rpc::CallContext& call,
                                                                      const v1::SuggestIntroductionsRequest& request,
                                                                      const AdviceParts& parts, absl::Time now,
                                                                      const BalanceModel& model) {
  base::FieldViolations violations;
  CheckPage(request, violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
  COUNCIL_ASSIGN_OR_RETURN(const auto input, ReadAdviceInput(call, tokens, parts.network, parts.ledger, now, model));
  const std::vector<Introduction> introductions = FindIntroductions(*input->network);
  std::vector<std::string> keys;
  for (const Introduction& one : introductions) keys.push_back(one.has->id() + one.lacks->id());
  COUNCIL_ASSIGN_OR_RETURN(ListPage page, CutPage(call, request, parts.tokens, kDefaultIntroductions, keys));

  v1::SuggestIntroductionsResponse response;
  for (size_t i = page.begin; i < page.end; ++i) {
    v1::IntroductionSuggestion& suggestion = *response.add_introductions();
    suggestion.set_contact_id(introductions[i].has->id());
    suggestion.set_other_contact_id(introductions[i].lacks->id());
    suggestion.set_reason(ReasonOf(introductions[i]));
    suggestion.set_worth(introductions[i].worth);
  }
  response.set_strength_version(StrengthVersionOf(input->snapshot));
  response.set_next_page_token(std::move(page.next_page_token));
  return response;
}

}  // namespace council::recommendations
