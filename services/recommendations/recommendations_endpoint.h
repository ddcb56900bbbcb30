#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_ENDPOINT_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_ENDPOINT_H_

#include "council/recommendations/v1/recommendations_service.grpc.pb.h"
#include "libs/rpc/adaptor.h"
#include "services/recommendations/recommendations_service.h"

namespace council::recommendations {

// Hangs RecommendationsService up in a gRPC server.
class RecommendationsEndpoint final : public v1::RecommendationsService::WithRawCallbackMethod_GetCouncilBalance<
                                          v1::RecommendationsService::CallbackService> {
 public:
  // All must outlive the server. `recorder` is told of each call.
  RecommendationsEndpoint(rpc::Adaptor& adaptor, rpc::CallRecorder& recorder, RecommendationsService& service)
      : adaptor_(adaptor), recorder_(&recorder), service_(service) {}

  COUNCIL_RPC_UNARY_SERIALIZED(GetCouncilBalance)
  COUNCIL_RPC_HEAVY_UNARY(ExplainBalance)
  COUNCIL_RPC_HEAVY_UNARY(GetBalanceHistory)
  COUNCIL_RPC_HEAVY_UNARY(ListRecommendations)
  COUNCIL_RPC_UNARY(RespondToRecommendation)
  COUNCIL_RPC_UNARY(ListCheckIns)
  COUNCIL_RPC_HEAVY_UNARY(SimulateCouncil)
  COUNCIL_RPC_HEAVY_UNARY(ProposeCouncil)
  COUNCIL_RPC_HEAVY_UNARY(SuggestIntroductions)
  COUNCIL_RPC_HEAVY_UNARY(GetPersonSummary)
  COUNCIL_RPC_HEAVY_UNARY(GetHindsight)
  COUNCIL_RPC_HEAVY_UNARY(GetReview)
  COUNCIL_RPC_UNARY(EraseContact)
  COUNCIL_RPC_HEAVY_UNARY(EraseOwner)
  COUNCIL_RPC_SERVER_STREAM(ExportOwner)
  COUNCIL_RPC_CLIENT_STREAM(ImportOwner)
  COUNCIL_RPC_UNARY(ListAccess)

 private:
  rpc::Adaptor& adaptor_;
  rpc::CallRecorder* const recorder_;
  RecommendationsService& service_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_ENDPOINT_H_
