#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_SERVICE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_SERVICE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/audit/access_log.h"
#include "libs/base/clock.h"
#include "libs/base/executor.h"
#include "libs/rpc/call.h"
#include "libs/seal/token.h"
#include "services/recommendations/advice_method.h"
#include "services/recommendations/balance_cache.h"
#include "services/recommendations/balance_computer.h"
#include "services/recommendations/balance_history.h"
#include "services/recommendations/council_reader.h"
#include "services/recommendations/ledger_client.h"
#include "services/recommendations/network_reader.h"
#include "services/recommendations/recommendations_store.h"

namespace council::recommendations {

// The methods of council.recommendations.v1.RecommendationsService, as plain functions: what they take and answer is
// said in recommendations_service.proto. Thread-safe.
class RecommendationsService {
 public:
  // What it works with; all must outlive the service. `executor` takes what must block.
  struct Parts {
    BalanceCache& cache;
    BalanceComputer& computer;
    BalanceHistory& history;
    RecommendationsStore& store;
    audit::AccessLog& accesses;
    const std::string& lineage;
    CouncilReader& council;
    NetworkReader& network;
    ContactsClient& contacts;
    LedgerClient& ledger;
    const seal::TokenCodec& tokens;
    base::Executor& executor;
    const base::Clock& clock;
  };

  explicit RecommendationsService(const Parts& parts) : parts_(parts) {}

  // Answers with a serialized GetCouncilBalanceResponse. Does not block: a balance in the cache is answered on the
  // thread that brings it.
  void GetCouncilBalance(std::shared_ptr<const rpc::CallContext> call,
                         std::shared_ptr<const v1::GetCouncilBalanceRequest> request, rpc::Done<rpc::Serialized> done);
  absl::StatusOr<v1::ExplainBalanceResponse> ExplainBalance(const rpc::CallContext& call,
                                                            const v1::ExplainBalanceRequest& request);
  absl::StatusOr<v1::GetBalanceHistoryResponse> GetBalanceHistory(const rpc::CallContext& call,
                                                                  const v1::GetBalanceHistoryRequest& request);
  absl::StatusOr<v1::EraseContactResponse> EraseContact(const rpc::CallContext& call,
                                                        const v1::EraseContactRequest& request);
  absl::StatusOr<v1::EraseOwnerResponse> EraseOwner(const rpc::CallContext& call, const v1::EraseOwnerRequest& request);
  absl::Status ExportOwner(const rpc::CallContext& call, const v1::ExportOwnerRequest& request,
                           rpc::Writer<v1::ExportOwnerResponse>& writer);
  absl::StatusOr<v1::ImportOwnerResponse> ImportOwner(const rpc::CallContext& call,
                                                      rpc::Reader<v1::ImportOwnerRequest>& reader);
  absl::StatusOr<v1::ListAccessResponse> ListAccess(const rpc::CallContext& call, const v1::ListAccessRequest& request);

  absl::StatusOr<v1::ListRecommendationsResponse> ListRecommendations(const rpc::CallContext& call,
                                                                      const v1::ListRecommendationsRequest& request);
  absl::StatusOr<v1::RespondToRecommendationResponse> RespondToRecommendation(
      const rpc::CallContext& call, const v1::RespondToRecommendationRequest& request);
  absl::StatusOr<v1::ListCheckInsResponse> ListCheckIns(const rpc::CallContext& call,
                                                        const v1::ListCheckInsRequest& request);
  absl::StatusOr<v1::SimulateCouncilResponse> SimulateCouncil(const rpc::CallContext& call,
                                                              const v1::SimulateCouncilRequest& request);
  absl::StatusOr<v1::ProposeCouncilResponse> ProposeCouncil(const rpc::CallContext& call,
                                                            const v1::ProposeCouncilRequest& request);
  absl::StatusOr<v1::SuggestIntroductionsResponse> SuggestIntroductions(const rpc::CallContext& call,
                                                                        const v1::SuggestIntroductionsRequest& request);
  absl::StatusOr<v1::GetPersonSummaryResponse> GetPersonSummary(const rpc::CallContext& call,
                                                                const v1::GetPersonSummaryRequest& request);
  absl::StatusOr<v1::GetHindsightResponse> GetHindsight(const rpc::CallContext& call,
                                                        const v1::GetHindsightRequest& request);
  absl::StatusOr<v1::GetReviewResponse> GetReview(const rpc::CallContext& call, const v1::GetReviewRequest& request);

 private:
  // The caller's tenant's.
  AdviceParts Advice() const {
    return {.network = parts_.network, .ledger = parts_.ledger, .store = parts_.store, .tokens = parts_.tokens};
  }
  const BalanceModel& ModelOf(const rpc::CallContext& call) const {
    return parts_.computer.models().For(call.owner().tenant);
  }

  const Parts parts_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_SERVICE_H_
