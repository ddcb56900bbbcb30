#include "services/recommendations/recommendations_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "libs/audit/list_access.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"
#include "libs/rpc/owner_lines.h"
#include "libs/telemetry/trace.h"
#include "services/recommendations/advice_method.h"
#include "services/recommendations/check_ins_method.h"
#include "services/recommendations/explain_method.h"
#include "services/recommendations/hindsight_method.h"
#include "services/recommendations/owner_state.h"
#include "services/recommendations/person_summary_method.h"
#include "services/recommendations/propose_method.h"
#include "services/recommendations/request_tokens.h"
#include "services/recommendations/review_method.h"
#include "services/recommendations/simulate_method.h"

namespace council::recommendations {
namespace {

constexpr int kMostFormerIds = 100;
constexpr int kMostDays = 400;
constexpr int kDefaultDays = 30;
constexpr char kConfirmation[] = "erase all my data";

absl::Status Check(const v1::GetCouncilBalanceRequest& request, absl::Time now) {
  base::FieldViolations violations;
  CheckTokens(request, violations);
  if (request.has_as_of()) {
    if (!base::IsValid(request.as_of())) {
      violations.Add("as_of", "must be a moment of the years 1 to 9999");
    } else if (base::FromProto(request.as_of()) > now) {
      violations.Add("as_of", "must not lie in the future");
    }
  }
  return violations.ToStatus();
}

// First and last day that a history is asked for.
absl::StatusOr<std::pair<absl::CivilDay, absl::CivilDay>> DaysOf(const v1::GetBalanceHistoryRequest& request,
                                                                 absl::Time now) {
  base::FieldViolations violations;
  constexpr char kInvalid[] = "must be a moment of the years 1 to 9999";
  if (request.has_start_time() && !base::IsValid(request.start_time())) violations.Add("start_time", kInvalid);
  if (request.has_end_time() && !base::IsValid(request.end_time())) violations.Add("end_time", kInvalid);
  if (!violations.empty()) return violations.ToStatus();

  const auto day_of = [](absl::Time time) { return absl::ToCivilDay(time, absl::UTCTimeZone()); };
  const absl::CivilDay last = day_of(request.has_end_time() ? base::FromProto(request.end_time()) : now);
  const absl::CivilDay first =
      request.has_start_time() ? day_of(base::FromProto(request.start_time())) : last - (kDefaultDays - 1);
  if (first > last) violations.Add("start_time", "must not be after end_time");
  if (last - first >= kMostDays)
    violations.Add("start_time", absl::StrCat("must be at most ", kMostDays, " days before end_time"));
  if (!violations.empty()) return violations.ToStatus();
  return std::pair(first, last);
}

}  // namespace

void RecommendationsService::GetCouncilBalance(std::shared_ptr<const rpc::CallContext> call,
                                               std::shared_ptr<const v1::GetCouncilBalanceRequest> request,
                                               rpc::Done<rpc::Serialized> done) {
  if (absl::Status status = Check(*request, parts_.clock.Now()); !status.ok()) return done(std::move(status));
  std::vector<std::string> tokens(request->at_least_as_fresh().begin(), request->at_least_as_fresh().end());
  if (!request->has_as_of()) return parts_.cache.Get(std::move(call), std::move(tokens), std::move(done));

  const bool queued =
      parts_.executor.Submit([this, call, done, tokens = std::move(tokens), as_of = base::FromProto(request->as_of())] {
        const telemetry::TraceScope scope(call->trace());
        auto computed = parts_.computer.Compute(*call, tokens, as_of);
        if (!computed.ok()) return done(computed.status());
        v1::GetCouncilBalanceResponse response;
        *response.mutable_balance() = std::move(computed->balance);
        done(std::make_shared<const std::string>(response.SerializeAsString()));
      });
  if (queued) return;
  done(base::WithRetry(base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_OVERLOADED,
                                   "too many balances are being computed"),
                       absl::Seconds(1)));
}

absl::StatusOr<v1::ExplainBalanceResponse> RecommendationsService::ExplainBalance(
    const rpc::CallContext& call, const v1::ExplainBalanceRequest& request) {
  return recommendations::ExplainBalance(call, request, parts_.council, parts_.ledger, parts_.clock.Now(),
                                         ModelOf(call));
}

absl::StatusOr<v1::GetBalanceHistoryResponse> RecommendationsService::GetBalanceHistory(
    const rpc::CallContext& call, const v1::GetBalanceHistoryRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const auto days, DaysOf(request, parts_.clock.Now()));
  COUNCIL_ASSIGN_OR_RETURN(std::vector<v1::BalancePoint> points, parts_.history.Points(call, days.first, days.second));
  v1::GetBalanceHistoryResponse response;
  for (v1::BalancePoint& point : points) *response.add_points() = std::move(point);
  return response;
}

absl::StatusOr<v1::EraseOwnerResponse> RecommendationsService::EraseOwner(const rpc::CallContext& call,
                                                                          const v1::EraseOwnerRequest& request) {
  if (request.confirmation() != kConfirmation) {
    return base::InvalidField("confirmation", absl::StrCat("must be \"", kConfirmation, "\""));
  }
  COUNCIL_RETURN_IF_ERROR(parts_.store.BeginErasure(call.owner()));
  // Before what is stored is gone for good: whoever repeats this where the cache could not be reached gets here again.
  COUNCIL_RETURN_IF_ERROR(parts_.cache.Forget(call));
  COUNCIL_RETURN_IF_ERROR(parts_.store.FinishErasure(call.owner()));
  return v1::EraseOwnerResponse();
}

absl::StatusOr<v1::EraseContactResponse> RecommendationsService::EraseContact(const rpc::CallContext& call,
                                                                              const v1::EraseContactRequest& request) {
  base::FieldViolations violations;
  const auto check = [&violations](const std::string& id, const std::string& path) {
    const auto bytes = base::ParseUuid(id);
    if (!bytes.ok() || base::FormatUuid(*bytes) != id) {
      violations.Add(path, "must be the id of a contact, a UUID in lower case");
    }
  };
  check(request.contact_id(), "contact_id");
  if (request.former_ids_size() > kMostFormerIds) {
    return base::InvalidField("former_ids", absl::StrCat("must be at most ", kMostFormerIds));
  }
  std::vector<std::string> contact_ids = {request.contact_id()};
  for (int i = 0; i < request.former_ids_size(); ++i) {
    check(request.former_ids(i), absl::StrCat("former_ids[", i, "]"));
    contact_ids.push_back(request.former_ids(i));
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  COUNCIL_RETURN_IF_ERROR(parts_.store.EraseContact(call.owner(), contact_ids));
  COUNCIL_RETURN_IF_ERROR(parts_.cache.Forget(call));
  return v1::EraseContactResponse();
}

absl::Status RecommendationsService::ExportOwner(const rpc::CallContext& call, const v1::ExportOwnerRequest& request,
                                                 rpc::Writer<v1::ExportOwnerResponse>& writer) {
  rpc::LineWriter<v1::ExportOwnerResponse> lines(writer);
  if (request.for_import()) {
    COUNCIL_ASSIGN_OR_RETURN(const auto state, StateOf(call.owner(), parts_.store, call.deadline()));
    COUNCIL_RETURN_IF_ERROR(lines.Add(StartOf(state)));
    for (const v1::OwnerStateRecord& record : state) COUNCIL_RETURN_IF_ERROR(lines.Add(record));
    return lines.Flush();
  }
  constexpr absl::CivilDay kFirst(1, 1, 1);
  constexpr absl::CivilDay kLast(9999, 12, 31);
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<v1::BalancePoint> points,
                           parts_.store.ListPoints(call.owner(), kFirst, kLast, call.deadline()));
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<GivenRecommendation> given,
                           parts_.store.ListGiven(call.owner(), kFirst, kLast, call.deadline()));
  for (const v1::BalancePoint& point : points) COUNCIL_RETURN_IF_ERROR(lines.Add("balancePoint", point));
  for (const GivenRecommendation& one : given) COUNCIL_RETURN_IF_ERROR(lines.Add("givenRecommendation", one));
  COUNCIL_RETURN_IF_ERROR(audit::AddAccessLines(call, parts_.accesses, lines));
  return lines.Flush();
}

absl::StatusOr<v1::ImportOwnerResponse> RecommendationsService::ImportOwner(
    const rpc::CallContext& call, rpc::Reader<v1::ImportOwnerRequest>& reader) {
  rpc::RecordReader<v1::ImportOwnerRequest> records(call, reader);
  COUNCIL_ASSIGN_OR_RETURN(const bool dry_run, records.DryRun());
  ImportedState state;
  COUNCIL_RETURN_IF_ERROR(records.ForEach<v1::OwnerStateRecord>(
      [&state](std::int64_t index, v1::OwnerStateRecord record) { return state.Add(index, std::move(record)); }));
  COUNCIL_RETURN_IF_ERROR(state.Finish());
  COUNCIL_ASSIGN_OR_RETURN(const StateImport imported,
                           WriteState(state, call.owner(), parts_.store, call.deadline(), dry_run));
  v1::ImportOwnerResponse response;
  response.set_imported(imported.imported);
  response.set_unchanged(imported.unchanged);
  return response;
}

absl::StatusOr<v1::ListAccessResponse> RecommendationsService::ListAccess(const rpc::CallContext& call,
                                                                          const v1::ListAccessRequest& request) {
  return audit::ListAccess<v1::ListAccessResponse>(call, request, parts_.accesses, parts_.tokens, parts_.lineage);
}

absl::StatusOr<v1::ListRecommendationsResponse> RecommendationsService::ListRecommendations(
    const rpc::CallContext& call, const v1::ListRecommendationsRequest& request) {
  return recommendations::ListRecommendations(call, request, Advice(), parts_.clock.Now(), ModelOf(call));
}

absl::StatusOr<v1::RespondToRecommendationResponse> RecommendationsService::RespondToRecommendation(
    const rpc::CallContext& call, const v1::RespondToRecommendationRequest& request) {
  return recommendations::RespondToRecommendation(call, request, parts_.store, parts_.clock.Now());
}

absl::StatusOr<v1::ListCheckInsResponse> RecommendationsService::ListCheckIns(const rpc::CallContext& call,
                                                                              const v1::ListCheckInsRequest& request) {
  return recommendations::ListCheckIns(call, request, parts_.contacts, parts_.ledger, parts_.clock.Now());
}

absl::StatusOr<v1::SimulateCouncilResponse> RecommendationsService::SimulateCouncil(
    const rpc::CallContext& call, const v1::SimulateCouncilRequest& request) {
  return recommendations::SimulateCouncil(call, request, parts_.network, parts_.ledger, parts_.clock.Now(),
                                          ModelOf(call));
}

absl::StatusOr<v1::ProposeCouncilResponse> RecommendationsService::ProposeCouncil(
    const rpc::CallContext& call, const v1::ProposeCouncilRequest& request) {
  return recommendations::ProposeCouncil(call, request, parts_.network, parts_.clock.Now(), ModelOf(call));
}

absl::StatusOr<v1::SuggestIntroductionsResponse> RecommendationsService::SuggestIntroductions(
    const rpc::CallContext& call, const v1::SuggestIntroductionsRequest& request) {
  return recommendations::SuggestIntroductions(call, request, Advice(), parts_.clock.Now(), ModelOf(call));
}

absl::StatusOr<v1::GetPersonSummaryResponse> RecommendationsService::GetPersonSummary(
    const rpc::CallContext& call, const v1::GetPersonSummaryRequest& request) {
  return recommendations::GetPersonSummary(call, request, parts_.contacts, parts_.ledger, parts_.clock.Now());
}

absl::StatusOr<v1::GetHindsightResponse> RecommendationsService::GetHindsight(const rpc::CallContext& call,
                                                                              const v1::GetHindsightRequest& request) {
  return recommendations::GetHindsight(
      call, request,
      {.contacts = parts_.contacts, .ledger = parts_.ledger, .history = parts_.history, .store = parts_.store},
      parts_.clock.Now());
}

absl::StatusOr<v1::GetReviewResponse> RecommendationsService::GetReview(const rpc::CallContext& call,
                                                                        const v1::GetReviewRequest& request) {
  return recommendations::GetReview(
      call, request,
      {.contacts = parts_.contacts, .ledger = parts_.ledger, .history = parts_.history, .store = parts_.store},
      parts_.clock.Now());
}

}  // namespace council::recommendations
