// The calls that write a few things, as LedgerService answers them.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

absl::Status ValidateAppend(const v1::AppendInteractionRequest& request, const std::string& prefix, absl::Time now,
                            base::FieldViolations& violations) {
  if (!request.has_interaction()) {
    violations.Add(prefix + "interaction", "is required");
  } else {
    ValidateInteraction(request.interaction(), prefix + "interaction", now, violations);
  }
  ValidateRequestId(request.request_id(), prefix + "request_id", violations);
  return violations.ToStatus();
}

NewEntry EntryOf(const v1::AppendInteractionRequest& request) {
  NewEntry entry;
  entry.content = request.interaction();
  entry.request_id = request.request_id();
  return entry;
}

}  // namespace

void LedgerService::AppendInteraction(std::shared_ptr<const rpc::CallContext> call,
                                      const v1::AppendInteractionRequest& request,
                                      rpc::Done<v1::AppendInteractionResponse> done) {
  base::FieldViolations violations;
  if (absl::Status status = ValidateAppend(request, "", ledger_.Now(), violations); !status.ok()) {
    done(std::move(status));
    return;
  }
  std::vector<NewEntry> entries;
  entries.push_back(EntryOf(request));
  const base::Owner& owner = call->owner();
  ledger_.Append(owner, std::move(entries),
                 [this, call = std::move(call), done = std::move(done)](absl::StatusOr<Appended> appended) {
                   if (!appended.ok()) {
                     done(appended.status());
                     return;
                   }
                   v1::AppendInteractionResponse response;
                   *response.mutable_interaction() = std::move(appended->entries.front());
                   response.set_token(TokenOf(call->owner(), appended->revision));
                   done(std::move(response));
                 });
}

void LedgerService::BatchAppendInteractions(std::shared_ptr<const rpc::CallContext> call,
                                            const v1::BatchAppendInteractionsRequest& request,
                                            rpc::Done<v1::BatchAppendInteractionsResponse> done) {
  base::FieldViolations violations;
  if (request.requests().empty() || request.requests_size() > kMaxBatch) {
    violations.Add("requests", absl::StrCat("must be 1 to ", kMaxBatch));
    done(violations.ToStatus());
    return;
  }
  std::vector<NewEntry> entries;
  for (int i = 0; i < request.requests_size(); ++i) {
    ValidateAppend(request.requests(i), absl::StrCat("requests[", i, "]."), ledger_.Now(), violations).IgnoreError();
    entries.push_back(EntryOf(request.requests(i)));
  }
  if (absl::Status status = violations.ToStatus(); !status.ok()) {
    done(std::move(status));
    return;
  }
  const base::Owner& owner = call->owner();
  ledger_.Append(owner, std::move(entries),
                 [this, call = std::move(call), done = std::move(done)](absl::StatusOr<Appended> appended) {
                   if (!appended.ok()) {
                     done(appended.status());
                     return;
                   }
                   v1::BatchAppendInteractionsResponse response;
                   for (v1::Interaction& entry : appended->entries) *response.add_interactions() = std::move(entry);
                   response.set_token(TokenOf(call->owner(), appended->revision));
                   done(std::move(response));
                 });
}

absl::StatusOr<v1::CorrectInteractionResponse> LedgerService::CorrectInteraction(
    const rpc::CallContext& call, const v1::CorrectInteractionRequest& request) {
  base::FieldViolations violations;
  if (request.sequence() < 1) violations.Add("sequence", "must be the sequence number of an entry");
  ValidateRequestId(request.request_id(), "request_id", violations);
  std::optional<v1::Interaction> content;
  if (request.has_interaction()) {
    ValidateInteraction(request.interaction(), "interaction", ledger_.Now(), violations);
    content = request.interaction();
  } else if (!request.retract()) {
    violations.Add("interaction", "must be the new content, or retract must be true");
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  COUNCIL_ASSIGN_OR_RETURN(Appended appended, ledger_.Correct(call.owner(), request.sequence(), std::move(content),
                                                              request.request_id(), call.deadline()));
  v1::CorrectInteractionResponse response;
  *response.mutable_interaction() = std::move(appended.entries.front());
  response.set_token(TokenOf(call.owner(), appended.revision));
  return response;
}

absl::StatusOr<v1::ConfirmPlanResponse> LedgerService::ConfirmPlan(const rpc::CallContext& call,
                                                                   const v1::ConfirmPlanRequest& request) {
  base::FieldViolations violations;
  ValidateRequestId(request.request_id(), "request_id", violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  if (!IsUuid(request.id())) return PlanNotFound();
  COUNCIL_ASSIGN_OR_RETURN(Appended appended, ledger_.ConfirmPlan(call.owner(), request.id(), request.interaction(),
                                                                  request.request_id(), call.deadline()));
  v1::ConfirmPlanResponse response;
  *response.mutable_interaction() = std::move(appended.entries.front());
  response.set_token(TokenOf(call.owner(), appended.revision));
  return response;
}

absl::StatusOr<v1::RemovePlanResponse> LedgerService::RemovePlan(const rpc::CallContext& call,
                                                                 const v1::RemovePlanRequest& request) {
  if (!IsUuid(request.id())) return PlanNotFound();
  COUNCIL_ASSIGN_OR_RETURN(const std::int64_t revision,
                           ledger_.RemovePlan(call.owner(), request.id(), call.deadline()));
  v1::RemovePlanResponse response;
  response.set_token(TokenOf(call.owner(), revision));
  return response;
}

absl::StatusOr<v1::EraseContactResponse> LedgerService::EraseContact(const rpc::CallContext& call,
                                                                     const v1::EraseContactRequest& request) {
  base::FieldViolations violations;
  ValidateContactId(request.contact_id(), "contact_id", violations);
  if (request.former_ids_size() > kMaxFormerIds) {
    violations.Add("former_ids", absl::StrCat("must be at most ", kMaxFormerIds));
  }
  std::vector<std::string> contact_ids = {request.contact_id()};
  for (int i = 0; i < std::min(request.former_ids_size(), kMaxFormerIds); ++i) {
    ValidateContactId(request.former_ids(i), absl::StrCat("former_ids[", i, "]"), violations);
    contact_ids.push_back(request.former_ids(i));
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  COUNCIL_ASSIGN_OR_RETURN(const LedgerStore::ContactErasure erased,
                           ledger_.store().EraseContact(call.owner(), contact_ids, ledger_.Now()));
  v1::EraseContactResponse response;
  response.set_entries(erased.entries);
  response.set_token(TokenOf(call.owner(), erased.revision));
  return response;
}

absl::StatusOr<v1::EraseOwnerResponse> LedgerService::EraseOwner(const rpc::CallContext& call,
                                                                 const v1::EraseOwnerRequest& request) {
  if (request.confirmation() != "erase all my data") {
    return base::InvalidField("confirmation", "must be \"erase all my data\"");
  }
  COUNCIL_RETURN_IF_ERROR(ledger_.store().EraseOwner(call.owner()));
  return v1::EraseOwnerResponse();
}

}  // namespace council::ledger
