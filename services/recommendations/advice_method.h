#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_METHOD_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_METHOD_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/rpc/call.h"
#include "libs/seal/token.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/kind_answers.h"
#include "services/recommendations/ledger_client.h"
#include "services/recommendations/network_reader.h"
#include "services/recommendations/recommendations_store.h"

namespace council::recommendations {

// What the methods about advice work with.
struct AdviceParts {
  NetworkReader& network;
  LedgerClient& ledger;
  RecommendationsStore& store;
  const seal::TokenCodec& tokens;
};

// What the owner answered to steps that were given within kAnswerDays before `now`. Fails as the store does.
absl::StatusOr<AnswersByKind> ReadAnswers(const rpc::CallContext& call, RecommendationsStore& store, absl::Time now);

// Answers ListRecommendations at the moment `now`: finds the steps that the facts call for under `model`, leaves out
// those that were answered (a snoozed one until its date, an accepted one for kHindsight), ranks, and keeps what is on
// the page as given, if it was not before. Whoever has a step that was accepted or snoozed gets no other one meanwhile.
// Fails with INVALID_ARGUMENT for a field or a page token that is wrong, and as the clients and the store do.
absl::StatusOr<v1::ListRecommendationsResponse> ListRecommendations(const rpc::CallContext& call,
                                                                    const v1::ListRecommendationsRequest& request,
                                                                    const AdviceParts& parts, absl::Time now,
                                                                    const BalanceModel& model);

// Answers RespondToRecommendation at the moment `now`. Fails with INVALID_ARGUMENT for a field that is wrong, NOT_FOUND
// for an id that was never given to the caller, and as the store does.
absl::StatusOr<v1::RespondToRecommendationResponse> RespondToRecommendation(
    const rpc::CallContext& call, const v1::RespondToRecommendationRequest& request, RecommendationsStore& store,
    absl::Time now);

// Answers SuggestIntroductions at the moment `now`. Fails with INVALID_ARGUMENT for a field or a page token that is
// wrong, and as the clients do.
absl::StatusOr<v1::SuggestIntroductionsResponse> SuggestIntroductions(const rpc::CallContext& call,
                                                                      const v1::SuggestIntroductionsRequest& request,
                                                                      const AdviceParts& parts, absl::Time now,
                                                                      const BalanceModel& model);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_METHOD_H_
