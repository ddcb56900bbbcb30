#include "services/recommendations/ledger_client.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/rpc/client.h"
#include "services/recommendations/read_all.h"

namespace council::recommendations {
namespace {

using Stub = ledger::v1::LedgerService::Stub;

constexpr char kService[] = "ledger";
constexpr int kMostAttempts = 5;
constexpr size_t kLargestPage = 1000;
// As many contacts as the service takes in one request.
constexpr size_t kMostTieContacts = 10'000;

bool AnswersFor(std::span<const ledger::v1::TieContact> contacts, const std::vector<ledger::v1::Tie>& ties) {
  return std::equal(contacts.begin(), contacts.end(), ties.begin(), ties.end(),
                    [](const auto& contact, const auto& tie) { return contact.contact_id() == tie.contact_id(); });
}

}  // namespace

ledger::v1::TieContact TieContactOf(const contacts::v1::Contact& contact) {
  ledger::v1::TieContact result;
  result.set_contact_id(contact.id());
  *result.mutable_former_ids() = contact.former_ids();
  return result;
}

absl::StatusOr<TiesSnapshot> LedgerClient::ReadPages(const rpc::CallContext& call,
                                                     const ledger::v1::ListTiesRequest& asked,
                                                     std::span<const ledger::v1::TieContact> contacts) {
  TiesSnapshot snapshot;
  std::string strength_version;
  for (size_t start = 0; start < contacts.size(); start += kMostTieContacts) {
    const auto some = contacts.subspan(start, std::min(kMostTieContacts, contacts.size() - start));
    ledger::v1::ListTiesRequest request = asked;
    request.mutable_contacts()->Add(some.begin(), some.end());
    // The state that was begun with has what the caller's tokens ask for.
    if (!snapshot.token.empty()) {
      request.clear_at_least_as_fresh();
      request.add_at_least_as_fresh(snapshot.token);
    }
    do {
      COUNCIL_ASSIGN_OR_RETURN(ledger::v1::ListTiesResponse response,
                               rpc::Ask(kService, *stub_.Get(), &Stub::ListTies, call, request));
      if (start == 0 && request.page_token().empty()) {
        snapshot.token = response.token();
        snapshot.revision = response.revision();
      } else if (response.revision() != snapshot.revision) {
        return absl::AbortedError("the ledger changed between two pages");
      }
      // A service's copies take over a tenant's new coefficients one after the other.
      for (const ledger::v1::Tie& tie : response.ties()) {
        if (tie.strength_version().empty()) continue;
        if (strength_version.empty()) strength_version = tie.strength_version();
        if (tie.strength_version() != strength_version) {
          return absl::AbortedError("the coefficients of strength changed between two pages");
        }
      }
      std::move(response.mutable_ties()->begin(), response.mutable_ties()->end(), std::back_inserter(snapshot.ties));
      // More than was asked for is an answer to something else; it must not be read on for ever.
      if (snapshot.ties.size() > start + some.size()) return snapshot;
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
  }
  return snapshot;
}

absl::StatusOr<TiesSnapshot> LedgerClient::ListTies(const rpc::CallContext& call, std::span<const std::string> tokens,
                                                    std::span<const ledger::v1::TieContact> contacts,
                                                    std::optional<absl::Time> as_of, TieParts parts) {
  ledger::v1::ListTiesRequest request;
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  request.set_include_days(parts.days);
  request.set_include_strength(parts.strength);
  request.set_page_size(kLargestPage);
  if (as_of.has_value()) *request.mutable_as_of() = base::ToProto(*as_of);
  absl::StatusOr<TiesSnapshot> snapshot = absl::AbortedError("not read yet");
  for (int attempt = 0; attempt < kMostAttempts && absl::IsAborted(snapshot.status()); ++attempt) {
    snapshot = ReadPages(call, request, contacts);
  }
  if (snapshot.ok() && !AnswersFor(contacts, snapshot->ties)) {
    return absl::InternalError("the ledger answered other ties than those asked for");
  }
  return snapshot;
}

absl::StatusOr<std::vector<ledger::v1::Interaction>> LedgerClient::ListInteractions(
    const rpc::CallContext& call, std::span<const std::string> tokens, const ledger::v1::TieContact& contact,
    absl::Time until, size_t limit, absl::Time since) {
  ledger::v1::ListInteractionsRequest request;
  if (since != absl::InfinitePast()) *request.mutable_start_time() = base::ToProto(since);
  request.set_contact_id(contact.contact_id());
  *request.mutable_former_ids() = contact.former_ids();
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  // Entries have microseconds, and the end is not part of the period.
  *request.mutable_end_time() = base::ToProto(until + absl::Microseconds(1));
  std::vector<ledger::v1::Interaction> entries;
  while (entries.size() < limit) {
    request.set_page_size(static_cast<int>(std::min(limit - entries.size(), kLargestPage)));
    COUNCIL_ASSIGN_OR_RETURN(ledger::v1::ListInteractionsResponse response,
                             rpc::Ask(kService, *stub_.Get(), &Stub::ListInteractions, call, request));
    std::move(response.mutable_interactions()->begin(), response.mutable_interactions()->end(),
              std::back_inserter(entries));
    if (response.next_page_token().empty() || response.interactions().empty()) break;
    request.set_page_token(response.next_page_token());
  }
  return entries;
}

absl::StatusOr<ledger::v1::Interaction> LedgerClient::GetInteraction(const rpc::CallContext& call,
                                                                     std::span<const std::string> tokens,
                                                                     int64_t sequence) {
  ledger::v1::GetInteractionRequest request;
  request.set_sequence(sequence);
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  COUNCIL_ASSIGN_OR_RETURN(ledger::v1::GetInteractionResponse response,
                           rpc::Ask(kService, *stub_.Get(), &Stub::GetInteraction, call, request));
  return std::move(*response.mutable_interaction());
}

absl::StatusOr<std::vector<ledger::v1::Plan>> LedgerClient::ListPlans(const rpc::CallContext& call,
                                                                      std::span<const std::string> tokens) {
  ledger::v1::ListPlansRequest request;
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  return ReadAll(kService, *stub_.Get(), &Stub::ListPlans, &ledger::v1::ListPlansResponse::mutable_plans, call,
                 std::move(request));
}

absl::StatusOr<std::vector<ledger::v1::PromiseRecord>> LedgerClient::ListPromises(const rpc::CallContext& call,
                                                                                  std::span<const std::string> tokens) {
  ledger::v1::ListPromisesRequest request;
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  return ReadAll(kService, *stub_.Get(), &Stub::ListPromises, &ledger::v1::ListPromisesResponse::mutable_promises, call,
                 std::move(request));
}

absl::StatusOr<ledger::v1::GetRevisionResponse> LedgerClient::GetRevision(const rpc::CallContext& call,
                                                                          std::span<const std::string> tokens) {
  ledger::v1::GetRevisionRequest request;
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  return rpc::Ask(kService, *stub_.Get(), &Stub::GetRevision, call, request);
}

}  // namespace council::recommendations
