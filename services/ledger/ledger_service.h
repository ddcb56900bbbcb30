// The gRPC face of the ledger: takes requests apart, checks them field by field, and puts answers together.
#ifndef COUNCIL_SERVICES_LEDGER_LEDGER_SERVICE_H_
#define COUNCIL_SERVICES_LEDGER_LEDGER_SERVICE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "libs/audit/access_log.h"
#include "libs/base/owner_changes.h"
#include "libs/rpc/call.h"
#include "libs/rpc/owner_lines.h"
#include "libs/rpc/watch.h"
#include "libs/seal/token.h"
#include "services/ledger/ledger.h"

namespace council::ledger {

// Handlers as libs/rpc calls them; a unit test calls them straight. Thread-safe.
class LedgerService {
 public:
  // `ledger` must outlive the service, as must `changes`, which is told of the ledger's changes, and `accesses`, which
  // is told of the calls. `mail_tenants`: whose people may import mail.
  LedgerService(Ledger& ledger, base::OwnerChanges& changes, audit::AccessLog& accesses, seal::TokenCodec tokens,
                std::set<std::string> mail_tenants = {})
      : ledger_(ledger),
        changes_(changes),
        accesses_(accesses),
        tokens_(std::move(tokens)),
        mail_tenants_(std::move(mail_tenants)) {}

  // Does not block: the group commit answers.
  void AppendInteraction(std::shared_ptr<const rpc::CallContext> call, const v1::AppendInteractionRequest& request,
                         rpc::Done<v1::AppendInteractionResponse> done);
  void BatchAppendInteractions(std::shared_ptr<const rpc::CallContext> call,
                               const v1::BatchAppendInteractionsRequest& request,
                               rpc::Done<v1::BatchAppendInteractionsResponse> done);

  absl::StatusOr<v1::CorrectInteractionResponse> CorrectInteraction(const rpc::CallContext& call,
                                                                    const v1::CorrectInteractionRequest& request);
  absl::StatusOr<v1::ImportInteractionsResponse> ImportInteractions(const rpc::CallContext& call,
                                                                    rpc::Reader<v1::ImportInteractionsRequest>& reader);
  absl::StatusOr<v1::UndoImportResponse> UndoImport(const rpc::CallContext& call, const v1::UndoImportRequest& request);
  absl::StatusOr<v1::GetInteractionResponse> GetInteraction(const rpc::CallContext& call,
                                                            const v1::GetInteractionRequest& request);
  absl::StatusOr<v1::ListInteractionsResponse> ListInteractions(const rpc::CallContext& call,
                                                                const v1::ListInteractionsRequest& request);
  absl::StatusOr<v1::ListTiesResponse> ListTies(const rpc::CallContext& call, const v1::ListTiesRequest& request);
  absl::StatusOr<v1::GetTieResponse> GetTie(const rpc::CallContext& call, const v1::GetTieRequest& request);
  absl::StatusOr<v1::ListPlansResponse> ListPlans(const rpc::CallContext& call, const v1::ListPlansRequest& request);
  absl::StatusOr<v1::ConfirmPlanResponse> ConfirmPlan(const rpc::CallContext& call,
                                                      const v1::ConfirmPlanRequest& request);
  absl::StatusOr<v1::RemovePlanResponse> RemovePlan(const rpc::CallContext& call, const v1::RemovePlanRequest& request);
  absl::StatusOr<v1::ListPromisesResponse> ListPromises(const rpc::CallContext& call,
                                                        const v1::ListPromisesRequest& request);
  absl::StatusOr<v1::VerifyLedgerResponse> VerifyLedger(const rpc::CallContext& call,
                                                        const v1::VerifyLedgerRequest& request);
  absl::Status ExportLedger(const rpc::CallContext& call, const v1::ExportLedgerRequest& request,
                            rpc::Writer<v1::ExportLedgerResponse>& writer);
  absl::StatusOr<v1::EraseContactResponse> EraseContact(const rpc::CallContext& call,
                                                        const v1::EraseContactRequest& request);
  absl::StatusOr<v1::EraseOwnerResponse> EraseOwner(const rpc::CallContext& call, const v1::EraseOwnerRequest& request);
  absl::Status ExportOwner(const rpc::CallContext& call, const v1::ExportOwnerRequest& request,
                           rpc::Writer<v1::ExportOwnerResponse>& writer);
  absl::StatusOr<v1::ImportOwnerResponse> ImportOwner(const rpc::CallContext& call,
                                                      rpc::Reader<v1::ImportOwnerRequest>& reader);
  absl::StatusOr<v1::ListAccessResponse> ListAccess(const rpc::CallContext& call, const v1::ListAccessRequest& request);
  absl::StatusOr<v1::GetRevisionResponse> GetRevision(const rpc::CallContext& call,
                                                      const v1::GetRevisionRequest& request);
  absl::StatusOr<std::unique_ptr<rpc::ChangeSource<v1::WatchLedgerResponse>>> WatchLedger(
      const rpc::CallContext& call, const v1::WatchLedgerRequest& request, std::function<void()> wake);

 private:
  // What the request's at_least_as_fresh asks for.
  template <typename Request>
  absl::StatusOr<ReadAt> At(const rpc::CallContext& call, const Request& request) const;

  absl::Status ExportState(const rpc::CallContext& call, rpc::LineWriter<v1::ExportOwnerResponse>& lines);

  std::string TokenOf(const base::Owner& owner, std::int64_t revision) const;

  // The request's page token, taken apart; nothing where it has none. INVALID_TOKEN, or ABORTED (PAGE_EXPIRED) where
  // the storage is another one by now.
  template <typename Request>
  absl::StatusOr<std::optional<seal::PositionToken>> PageOf(const rpc::CallContext& call, const Request& request) const;

  // The token of the page behind `position`; `revision` where pages must be of one revision.
  template <typename Request>
  std::string NextPage(const rpc::CallContext& call, const Request& request, std::string position,
                       std::int64_t revision = 0) const;

  Ledger& ledger_;
  base::OwnerChanges& changes_;
  audit::AccessLog& accesses_;
  const seal::TokenCodec tokens_;
  const std::set<std::string> mail_tenants_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_LEDGER_SERVICE_H_
