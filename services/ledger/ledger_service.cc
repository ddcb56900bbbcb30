#include "services/ledger/ledger_service.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "libs/audit/list_access.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/page_length.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr char kService[] = "ledger";
constexpr int kDefaultEntries = 100;
constexpr int kDefaultTies = 500;

int PageSize(int asked, int default_size) {
  return asked == 0 ? default_size : asked;
}

absl::Time TimeOr(bool present, const google::protobuf::Timestamp& time, absl::Time otherwise) {
  return present ? base::FromProto(time) : otherwise;
}

TieIds IdsOf(const v1::TieContact& contact) {
  return {.contact_id = contact.contact_id(), .former_ids = {contact.former_ids().begin(), contact.former_ids().end()}};
}

std::string PlaceText(const EntryPlace& place) {
  return absl::StrCat(place.occur_micros, ":", place.sequence);
}

EntryPlace PlaceFrom(const std::string& text) {
  EntryPlace place;
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  // The token is ours: its MAC held.
  if (parts.size() == 2 && absl::SimpleAtoi(parts[0], &place.occur_micros)) {
    (void)absl::SimpleAtoi(parts[1], &place.sequence);
  }
  return place;
}

// Keys in the order of the lists, for going on behind one of their elements.
std::string KeyOf(const PromiseRow& row) {
  return absl::StrFormat("%s%020d%s", row.promise.due_day().empty() ? "9999-99-99" : row.promise.due_day(),
                         row.opened_by, row.promise.id());
}

std::string KeyOf(const v1::Plan& plan) {
  return absl::StrFormat("%020d%s", absl::ToUnixMicros(base::FromProto(plan.start_time())), plan.id());
}

std::size_t BytesOf(const PromiseRow& row) {
  // What is answered of the entry that opened it.
  constexpr std::size_t kId = 40;
  return row.promise.ByteSizeLong() + kId * (static_cast<std::size_t>(row.opening.contact_ids_size()) + 1);
}

std::size_t BytesOf(const v1::Plan& plan) {
  return plan.ByteSizeLong();
}

// Cuts `all`, which is in the order of KeyOf, to the page behind `after`. Returns the key to go on behind, empty at the
// end.
template <typename Element>
std::string CutPage(const std::optional<seal::PositionToken>& after, int page_size, std::vector<Element>& all) {
  if (after.has_value()) {
    std::erase_if(all, [&](const Element& element) { return KeyOf(element) <= after->position; });
  }
  const std::size_t length =
      PageLength(all, static_cast<std::size_t>(page_size), [](const Element& element) { return BytesOf(element); });
  if (all.size() == length) return "";
  all.resize(length);
  return KeyOf(all.back());
}

// What a page token is bound to beside its owner: the method and the request but for the page.
template <typename Request>
std::string PagePurpose(const rpc::CallContext& call, Request request) {
  request.clear_page_size();
  request.clear_page_token();
  request.clear_at_least_as_fresh();
  return call.method() + "\n" + request.SerializeAsString();
}

}  // namespace

template <typename Request>
absl::StatusOr<ReadAt> LedgerService::At(const rpc::CallContext& call, const Request& request) const {
  COUNCIL_ASSIGN_OR_RETURN(
      const std::int64_t required,
      tokens_.RequiredRevision(call.owner(), request.at_least_as_fresh(), kService, ledger_.store().lineage()));
  return ReadAt{.deadline = call.deadline(), .required_revision = required};
}

template <typename Request>
absl::StatusOr<std::optional<seal::PositionToken>> LedgerService::PageOf(const rpc::CallContext& call,
                                                                         const Request& request) const {
  if (request.page_token().empty()) return std::nullopt;
  COUNCIL_ASSIGN_OR_RETURN(seal::PositionToken token,
                           tokens_.ParsePositionToken(call.owner(), PagePurpose(call, request), request.page_token()));
  if (token.lineage != ledger_.store().lineage()) {
    return base::Error(absl::StatusCode::kAborted, common::v1::ERROR_REASON_PAGE_EXPIRED,
                       "the storage was replaced since the first page; start again");
  }
  return token;
}

template <typename Request>
std::string LedgerService::NextPage(const rpc::CallContext& call, const Request& request, std::string position,
                                    std::int64_t revision) const {
  return tokens_.MakePositionToken(
      call.owner(), PagePurpose(call, request),
      {.lineage = ledger_.store().lineage(), .revision = revision, .position = std::move(position)});
}

std::string LedgerService::TokenOf(const base::Owner& owner, std::int64_t revision) const {
  return tokens_.MakeConsistencyToken(
      owner, {.service = kService, .lineage = ledger_.store().lineage(), .revision = revision});
}

absl::StatusOr<v1::GetInteractionResponse> LedgerService::GetInteraction(const rpc::CallContext& call,
                                                                         const v1::GetInteractionRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const ReadAt at, At(call, request));
  v1::GetInteractionResponse response;
  switch (request.key_case()) {
    case v1::GetInteractionRequest::kSequence: {
      COUNCIL_ASSIGN_OR_RETURN(*response.mutable_interaction(),
                               ledger_.GetBySequence(call.owner(), at, request.sequence()));
      return response;
    }
    case v1::GetInteractionRequest::kId: {
      if (!IsUuid(request.id())) return EntryNotFound();
      COUNCIL_ASSIGN_OR_RETURN(*response.mutable_interaction(), ledger_.GetById(call.owner(), at, request.id()));
      return response;
    }
    case v1::GetInteractionRequest::KEY_NOT_SET:
      break;
  }
  return base::InvalidField("sequence", "must be given, or id");
}

absl::StatusOr<v1::ListInteractionsResponse> LedgerService::ListInteractions(
    const rpc::CallContext& call, const v1::ListInteractionsRequest& request) {
  base::FieldViolations violations;
  ValidatePageSize(request.page_size(), violations);
  ValidateTime(request.has_start_time(), request.start_time(), "start_time", violations);
  ValidateTime(request.has_end_time(), request.end_time(), "end_time", violations);
  if (!request.contact_id().empty()) {
    v1::TieContact contact;
    contact.set_contact_id(request.contact_id());
    *contact.mutable_former_ids() = request.former_ids();
    base::FieldViolations of_contact;
    ValidateTieContact(contact, "request", of_contact);
    if (!of_contact.empty()) violations.Add("contact_id", "and former_ids must be ids of contacts, at most 100");
  } else if (!request.former_ids().empty()) {
    violations.Add("former_ids", "go with a contact_id only");
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  COUNCIL_ASSIGN_OR_RETURN(const ReadAt at, At(call, request));
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<seal::PositionToken> after, PageOf(call, request));
  EntryQuery query;
  if (!request.contact_id().empty()) {
    query.contact_ids = {request.contact_id()};
    query.contact_ids.insert(query.contact_ids.end(), request.former_ids().begin(), request.former_ids().end());
  }
  query.start = TimeOr(request.has_start_time(), request.start_time(), absl::InfinitePast());
  query.end = TimeOr(request.has_end_time(), request.end_time(), absl::InfiniteFuture());
  query.include_corrected = request.include_corrected();
  query.limit = PageSize(request.page_size(), kDefaultEntries);
  if (after.has_value()) query.after = PlaceFrom(after->position);
  COUNCIL_ASSIGN_OR_RETURN(EntryPage page, ledger_.List(call.owner(), at, query));
  v1::ListInteractionsResponse response;
  for (v1::Interaction& entry : page.entries) *response.add_interactions() = std::move(entry);
  if (page.next.has_value()) {
    response.set_next_page_token(NextPage(call, request, PlaceText(*page.next)));
  }
  return response;
}

absl::StatusOr<v1::ListTiesResponse> LedgerService::ListTies(const rpc::CallContext& call,
                                                             const v1::ListTiesRequest& request) {
  base::FieldViolations violations;
  ValidatePageSize(request.page_size(), violations);
  ValidateTime(request.has_as_of(), request.as_of(), "as_of", violations);
  if (request.contacts_size() > kMaxTieContacts) {
    violations.Add("contacts", absl::StrCat("must be at most ", kMaxTieContacts));
  } else {
    for (int i = 0; i < request.contacts_size(); ++i) {
      ValidateTieContact(request.contacts(i), absl::StrCat("contacts[", i, "]"), violations);
    }
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  COUNCIL_ASSIGN_OR_RETURN(const ReadAt at, At(call, request));
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<seal::PositionToken> after, PageOf(call, request));
  TieQuery query;
  for (const v1::TieContact& contact : request.contacts()) query.contacts.push_back(IdsOf(contact));
  if (request.has_as_of()) query.as_of = base::FromProto(request.as_of());
  query.include_days = request.include_days();
  query.include_strength = request.include_strength();
  query.limit = PageSize(request.page_size(), kDefaultTies);
  if (after.has_value()) {
    query.expected_revision = after->revision;
    if (request.contacts().empty()) {
      query.after = after->position;
    } else {
      (void)absl::SimpleAtoi(after->position, &query.skip);
    }
  }
  COUNCIL_ASSIGN_OR_RETURN(TiePage page, ledger_.Ties(call.owner(), at, query));
  v1::ListTiesResponse response;
  if (page.more) {
    const std::string position =
        request.contacts().empty() ? page.ties.back().contact_id() : absl::StrCat(query.skip + page.ties.size());
    response.set_next_page_token(NextPage(call, request, position, page.revision));
  }
  for (v1::Tie& tie : page.ties) *response.add_ties() = std::move(tie);
  response.set_revision(page.revision);
  response.set_token(TokenOf(call.owner(), page.revision));
  return response;
}

absl::StatusOr<v1::GetTieResponse> LedgerService::GetTie(const rpc::CallContext& call,
                                                         const v1::GetTieRequest& request) {
  base::FieldViolations violations;
  ValidateTieContact(request.contact(), "contact", violations);
  ValidateTime(request.has_as_of(), request.as_of(), "as_of", violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  COUNCIL_ASSIGN_OR_RETURN(const ReadAt at, At(call, request));
  TieQuery query;
  query.contacts.push_back(IdsOf(request.contact()));
  query.include_strength = true;
  if (request.has_as_of()) query.as_of = base::FromProto(request.as_of());
  COUNCIL_ASSIGN_OR_RETURN(TiePage page, ledger_.Ties(call.owner(), at, query));
  v1::GetTieResponse response;
  *response.mutable_tie() = std::move(page.ties.front());
  response.set_token(TokenOf(call.owner(), page.revision));
  return response;
}

absl::StatusOr<v1::ListPlansResponse> LedgerService::ListPlans(const rpc::CallContext& call,
                                                               const v1::ListPlansRequest& request) {
  base::FieldViolations violations;
  ValidatePageSize(request.page_size(), violations);
  ValidateTime(request.has_start_time(), request.start_time(), "start_time", violations);
  ValidateTime(request.has_end_time(), request.end_time(), "end_time", violations);
  if (!request.contact_id().empty()) ValidateContactId(request.contact_id(), "contact_id", violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  COUNCIL_ASSIGN_OR_RETURN(const ReadAt at, At(call, request));
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<seal::PositionToken> after, PageOf(call, request));
  COUNCIL_ASSIGN_OR_RETURN(
      std::vector<v1::Plan> plans,
      ledger_.OpenPlans(call.owner(), at, TimeOr(request.has_start_time(), request.start_time(), ledger_.Now()),
                        TimeOr(request.has_end_time(), request.end_time(), absl::InfiniteFuture()),
                        request.contact_id()));
  const std::string next = CutPage(after, PageSize(request.page_size(), kDefaultEntries), plans);
  v1::ListPlansResponse response;
  for (v1::Plan& plan : plans) *response.add_plans() = std::move(plan);
  if (!next.empty()) response.set_next_page_token(NextPage(call, request, next));
  return response;
}

absl::StatusOr<v1::ListPromisesResponse> LedgerService::ListPromises(const rpc::CallContext& call,
                                                                     const v1::ListPromisesRequest& request) {
  base::FieldViolations violations;
  ValidatePageSize(request.page_size(), violations);
  if (!request.contact_id().empty()) ValidateContactId(request.contact_id(), "contact_id", violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  COUNCIL_ASSIGN_OR_RETURN(const ReadAt at, At(call, request));
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<seal::PositionToken> after, PageOf(call, request));
  COUNCIL_ASSIGN_OR_RETURN(std::vector<PromiseRow> promises,
                           ledger_.Promises(call.owner(), at, request.contact_id(), request.include_closed()));
  const std::string next = CutPage(after, PageSize(request.page_size(), kDefaultEntries), promises);
  v1::ListPromisesResponse response;
  for (PromiseRow& row : promises) {
    v1::PromiseRecord& record = *response.add_promises();
    *record.mutable_promise() = std::move(row.promise);
    *record.mutable_contact_ids() = row.opening.contact_ids();
    record.set_opened_by(row.opened_by);
    record.set_closed_by(row.closed_by);
    *record.mutable_occur_time() = row.opening.occur_time();
  }
  if (!next.empty()) response.set_next_page_token(NextPage(call, request, next));
  return response;
}

absl::StatusOr<v1::VerifyLedgerResponse> LedgerService::VerifyLedger(const rpc::CallContext& call,
                                                                     const v1::VerifyLedgerRequest& request) {
  base::FieldViolations violations;
  if (request.start_sequence() < 0) violations.Add("start_sequence", "must not be negative");
  if (request.expected_sequence() < 0) violations.Add("expected_sequence", "must not be negative");
  const std::size_t expected_bytes = request.expected_sequence() > 0 ? kHashBytes : 0;
  if (request.expected_hash().size() != expected_bytes) {
    violations.Add("expected_hash", "must be 32 bytes together with expected_sequence, else empty");
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  COUNCIL_ASSIGN_OR_RETURN(
      const Verification verification,
      ledger_.Verify(call.owner(), {.deadline = call.deadline()}, std::max<std::int64_t>(request.start_sequence(), 1),
                     request.expected_sequence(), request.expected_hash(), [&call] { return call.IsCancelled(); }));
  v1::VerifyLedgerResponse response;
  response.set_verified(verification.verified);
  response.set_entries(verification.entries);
  response.set_first_broken_sequence(verification.first_broken_sequence);
  response.set_problem(verification.problem);
  response.set_head_sequence(verification.head_sequence);
  response.set_head_hash(verification.head_hash);
  return response;
}

absl::StatusOr<v1::ListAccessResponse> LedgerService::ListAccess(const rpc::CallContext& call,
                                                                 const v1::ListAccessRequest& request) {
  return audit::ListAccess<v1::ListAccessResponse>(call, request, accesses_, tokens_, ledger_.store().lineage());
}

absl::StatusOr<v1::GetRevisionResponse> LedgerService::GetRevision(const rpc::CallContext& call,
                                                                   const v1::GetRevisionRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const ReadAt at, At(call, request));
  COUNCIL_ASSIGN_OR_RETURN(const std::int64_t revision, ledger_.Revision(call.owner(), at));
  v1::GetRevisionResponse response;
  response.set_revision(revision);
  response.set_token(TokenOf(call.owner(), revision));
  response.set_lineage(ledger_.store().lineage());
  return response;
}

}  // namespace council::ledger
