#include "services/recommendations/ledger_client.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/rpc/client.h"

namespace council::recommendations {
namespace {

constexpr int kMostAttempts = 5;

bool AnswersFor(std::span<const ledger::v1::TieContact> contacts, const std::vector<ledger::v1::Tie>& ties) {
  return std::equal(contacts.begin(), contacts.end(), ties.begin(), ties.end(),
                    [](const auto& contact, const auto& tie) { return contact.contact_id() == tie.contact_id(); });
}

}  // namespace

absl::StatusOr<TiesSnapshot> LedgerClient::ReadPages(const rpc::CallContext& call,
                                                     ledger::v1::ListTiesRequest request) {
  TiesSnapshot snapshot;
  for (;;) {
    grpc::ClientContext context;
    rpc::PrepareContext(call, context);
    ledger::v1::ListTiesResponse response;
    const absl::Status status = rpc::FromCall("ledger", stub_->ListTies(&context, request, &response));
    if (!status.ok()) return status;
    if (request.page_token().empty()) {
      snapshot.token = response.token();
      snapshot.revision = response.revision();
    } else if (response.revision() != snapshot.revision) {
      return absl::AbortedError("the ledger changed between two pages");
    }
    std::move(response.mutable_ties()->begin(), response.mutable_ties()->end(), std::back_inserter(snapshot.ties));
    // More than was asked for is an answer to something else; it must not be read on for ever.
    if (snapshot.ties.size() > static_cast<size_t>(request.contacts_size())) break;
    if (response.next_page_token().empty()) break;
    request.set_page_token(response.next_page_token());
  }
  return snapshot;
}

absl::StatusOr<TiesSnapshot> LedgerClient::ListTies(const rpc::CallContext& call, std::span<const std::string> tokens,
                                                    std::span<const ledger::v1::TieContact> contacts,
                                                    std::optional<absl::Time> as_of) {
  ledger::v1::ListTiesRequest request;
  request.mutable_contacts()->Add(contacts.begin(), contacts.end());
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  if (as_of.has_value()) *request.mutable_as_of() = base::ToProto(*as_of);
  absl::StatusOr<TiesSnapshot> snapshot = absl::AbortedError("not read yet");
  for (int attempt = 0; attempt < kMostAttempts && absl::IsAborted(snapshot.status()); ++attempt) {
    snapshot = ReadPages(call, request);
  }
  if (snapshot.ok() && !AnswersFor(contacts, snapshot->ties)) {
    return absl::InternalError("the ledger answered other ties than those asked for");
  }
  return snapshot;
}

absl::StatusOr<ledger::v1::GetRevisionResponse> LedgerClient::GetRevision(const rpc::CallContext& call,
                                                                          std::span<const std::string> tokens) {
  ledger::v1::GetRevisionRequest request;
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  grpc::ClientContext context;
  rpc::PrepareContext(call, context);
  ledger::v1::GetRevisionResponse response;
  const absl::Status status = rpc::FromCall("ledger", stub_->GetRevision(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

}  // namespace council::recommendations
