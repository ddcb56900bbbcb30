#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_REVIEW_METHOD_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_REVIEW_METHOD_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/hindsight_method.h"

namespace council::recommendations {

// Answers GetReview at the moment `now`. Fails with INVALID_ARGUMENT for a field that is wrong and for a year of 20,000
// entries or more, and as the clients, the history and the store do. Talks that introductions led to after the year are
// looked for among the newest 20,000 entries since.
absl::StatusOr<v1::GetReviewResponse> GetReview(const rpc::CallContext& call, const v1::GetReviewRequest& request,
                                                const HindsightParts& parts, absl::Time now);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_REVIEW_METHOD_H_
