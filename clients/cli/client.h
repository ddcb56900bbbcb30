#ifndef COUNCIL_CLIENTS_CLI_CLIENT_H_
#define COUNCIL_CLIENTS_CLI_CLIENT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/login/access_tokens.h"
#include "clients/cli/state.h"
#include "clients/cli/transport.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"

namespace council::cli {

// Where the suite is and who calls.
struct ClientOptions {
  // HOST:PORT of each service; the same three times where one process runs them all.
  std::string contacts;
  std::string ledger;
  std::string recommendations;
  Transport transport;
  // Where one is signed in: what says who calls. Must outlive the client.
  AccessTokenSource* access_tokens = nullptr;
  // Else sent as x-council-owner.
  std::string owner;
  // Time for each call; an import or export of a file has twenty times as much.
  absl::Duration timeout = absl::Seconds(30);
};

// The next piece of a file, empty at its end.
using ChunkSource = std::function<std::string()>;
// Takes a piece of a file; false stops the transfer.
using ChunkSink = std::function<bool(const std::string&)>;

// The three services as this program calls them. One method for each RPC; a failure carries the service's details
// (libs/base/status.h). Calls that find a service unavailable are tried again a few times within their deadline: every
// mutation carries a request_id or is harmless to repeat. An access token that a service refuses is renewed, once a
// call. Calls that are refused for now are made again when the service says, for as long as a call may take
// (clients/cli/patience.h).
//
// All calls of a client are of one trace, which failures that are the suite's carry (clients/cli/errors.h), so that
// whoever runs it finds them in its log.
//
// Consistency tokens that come with answers are remembered and sent with every later read, so that one always reads
// what one wrote, in the next run too. A token that the storage no longer knows is dropped, and the read repeated.
class Client {
 public:
  // `memory` must outlive the client.
  Client(const ClientOptions& options, Memory& memory);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  absl::StatusOr<contacts::v1::CreateContactResponse> Call(contacts::v1::CreateContactRequest request);
  absl::StatusOr<contacts::v1::GetContactResponse> Call(contacts::v1::GetContactRequest request);
  absl::StatusOr<contacts::v1::ListContactsResponse> Call(contacts::v1::ListContactsRequest request);
  absl::StatusOr<contacts::v1::UpdateContactResponse> Call(contacts::v1::UpdateContactRequest request);
  absl::StatusOr<contacts::v1::DeleteContactResponse> Call(contacts::v1::DeleteContactRequest request);
  absl::StatusOr<contacts::v1::FindDuplicatesResponse> Call(contacts::v1::FindDuplicatesRequest request);
  absl::StatusOr<contacts::v1::MergeContactsResponse> Call(contacts::v1::MergeContactsRequest request);
  absl::StatusOr<contacts::v1::UndoImportResponse> Call(contacts::v1::UndoImportRequest request);
  absl::StatusOr<contacts::v1::SeatContactResponse> Call(contacts::v1::SeatContactRequest request);
  absl::StatusOr<contacts::v1::UnseatContactResponse> Call(contacts::v1::UnseatContactRequest request);
  absl::StatusOr<contacts::v1::GetCouncilResponse> Call(contacts::v1::GetCouncilRequest request);
  absl::StatusOr<contacts::v1::SetAcquaintanceResponse> Call(contacts::v1::SetAcquaintanceRequest request);
  absl::StatusOr<contacts::v1::GetSettingsResponse> Call(contacts::v1::GetSettingsRequest request);
  absl::StatusOr<contacts::v1::UpdateSettingsResponse> Call(contacts::v1::UpdateSettingsRequest request);
  absl::StatusOr<contacts::v1::ListAccessResponse> Call(contacts::v1::ListAccessRequest request);
  absl::StatusOr<contacts::v1::EraseContactResponse> Call(contacts::v1::EraseContactRequest request);
  absl::StatusOr<contacts::v1::EraseOwnerResponse> Call(contacts::v1::EraseOwnerRequest request);

  absl::StatusOr<ledger::v1::AppendInteractionResponse> Call(ledger::v1::AppendInteractionRequest request);
  absl::StatusOr<ledger::v1::BatchAppendInteractionsResponse> Call(ledger::v1::BatchAppendInteractionsRequest request);
  absl::StatusOr<ledger::v1::CorrectInteractionResponse> Call(ledger::v1::CorrectInteractionRequest request);
  absl::StatusOr<ledger::v1::UndoImportResponse> Call(ledger::v1::UndoImportRequest request);
  absl::StatusOr<ledger::v1::GetInteractionResponse> Call(ledger::v1::GetInteractionRequest request);
  absl::StatusOr<ledger::v1::ListInteractionsResponse> Call(ledger::v1::ListInteractionsRequest request);
  absl::StatusOr<ledger::v1::ListTiesResponse> Call(ledger::v1::ListTiesRequest request);
  absl::StatusOr<ledger::v1::ListPlansResponse> Call(ledger::v1::ListPlansRequest request);
  absl::StatusOr<ledger::v1::ConfirmPlanResponse> Call(ledger::v1::ConfirmPlanRequest request);
  absl::StatusOr<ledger::v1::RemovePlanResponse> Call(ledger::v1::RemovePlanRequest request);
  absl::StatusOr<ledger::v1::ListPromisesResponse> Call(ledger::v1::ListPromisesRequest request);
  absl::StatusOr<ledger::v1::VerifyLedgerResponse> Call(ledger::v1::VerifyLedgerRequest request);
  absl::StatusOr<ledger::v1::ListAccessResponse> Call(ledger::v1::ListAccessRequest request);
  absl::StatusOr<ledger::v1::EraseContactResponse> Call(ledger::v1::EraseContactRequest request);
  absl::StatusOr<ledger::v1::EraseOwnerResponse> Call(ledger::v1::EraseOwnerRequest request);

  absl::StatusOr<recommendations::v1::GetCouncilBalanceResponse> Call(
      recommendations::v1::GetCouncilBalanceRequest request);
  absl::StatusOr<recommendations::v1::GetBalanceHistoryResponse> Call(
      recommendations::v1::GetBalanceHistoryRequest request);
  absl::StatusOr<recommendations::v1::ExplainBalanceResponse> Call(recommendations::v1::ExplainBalanceRequest request);
  absl::StatusOr<recommendations::v1::ListRecommendationsResponse> Call(
      recommendations::v1::ListRecommendationsRequest request);
  absl::StatusOr<recommendations::v1::RespondToRecommendationResponse> Call(
      recommendations::v1::RespondToRecommendationRequest request);
  absl::StatusOr<recommendations::v1::ListCheckInsResponse> Call(recommendations::v1::ListCheckInsRequest request);
  absl::StatusOr<recommendations::v1::SimulateCouncilResponse> Call(
      recommendations::v1::SimulateCouncilRequest request);
  absl::StatusOr<recommendations::v1::ProposeCouncilResponse> Call(recommendations::v1::ProposeCouncilRequest request);
  absl::StatusOr<recommendations::v1::SuggestIntroductionsResponse> Call(
      recommendations::v1::SuggestIntroductionsRequest request);
  absl::StatusOr<recommendations::v1::GetPersonSummaryResponse> Call(
      recommendations::v1::GetPersonSummaryRequest request);
  absl::StatusOr<recommendations::v1::GetHindsightResponse> Call(recommendations::v1::GetHindsightRequest request);
  absl::StatusOr<recommendations::v1::GetReviewResponse> Call(recommendations::v1::GetReviewRequest request);
  absl::StatusOr<recommendations::v1::ListAccessResponse> Call(recommendations::v1::ListAccessRequest request);
  absl::StatusOr<recommendations::v1::EraseContactResponse> Call(recommendations::v1::EraseContactRequest request);
  absl::StatusOr<recommendations::v1::EraseOwnerResponse> Call(recommendations::v1::EraseOwnerRequest request);

  absl::StatusOr<contacts::v1::ImportContactsResponse> Import(const contacts::v1::ImportContactsOptions& options,
                                                              const ChunkSource& file);
  absl::StatusOr<ledger::v1::ImportInteractionsResponse> Import(const ledger::v1::ImportInteractionsOptions& options,
                                                                const ChunkSource& file);

  absl::Status Export(contacts::v1::ExportContactsRequest request, const ChunkSink& sink);
  absl::Status Export(ledger::v1::ExportLedgerRequest request,
                      const std::function<bool(const ledger::v1::ExportLedgerResponse&)>& sink);
  // All that each service keeps about the owner, as JSON lines.
  absl::Status ExportOwner(const ChunkSink& sink);

  // What another suite needs to take over a service's state, as lines; `service` is "contacts", "ledger" or
  // "recommendations".
  absl::Status ExportState(const std::string& service, const ChunkSink& sink);
  // Takes it over, or with `dry_run` only checks it.
  struct StateImport {
    int64_t imported = 0;
    int64_t unchanged = 0;
  };
  absl::StatusOr<StateImport> ImportState(const std::string& service, bool dry_run, const ChunkSource& lines);

 private:
  struct Stubs;

  const std::unique_ptr<Stubs> stubs_;
};

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_CLIENT_H_
