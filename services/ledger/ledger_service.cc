#include "services/ledger/ledger_service.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/import/icalendar.h"
#include "services/ledger/import/interaction_table.h"
#include "services/ledger/interaction_import.h"
#include "services/ledger/page_tokens.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr char kService[] = "ledger";
constexpr int kDefaultEntries = 100;
constexpr int kDefaultTies = 500;
constexpr std::size_t kMaxChunkBytes = 1 << 20;
constexpr std::size_t kMaxFileBytes = 64 << 20;

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

// Cuts `all`, which is in the order of KeyOf, to the page behind `after`. Returns the key to go on behind, empty at the
// end.
template <typename Element>
std::string CutPage(const std::optional<seal::PositionToken>& after, int page_size, std::vector<Element>& all) {
  if (after.has_value()) {
    std::erase_if(all, [&](const Element& element) { return KeyOf(element) <= after->position; });
  }
  if (all.size() <= static_cast<std::size_t>(page_size)) return "";
  all.resize(static_cast<std::size_t>(page_size));
  return KeyOf(all.back());
}

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

absl::Status ValidateOptions(const v1::ImportInteractionsOptions& options, absl::TimeZone& zone) {
  base::FieldViolations violations;
  if (options.format() != v1::INTERACTION_FORMAT_ICALENDAR && options.format() != v1::INTERACTION_FORMAT_CSV) {
    violations.Add("options.format", "must be ICALENDAR or CSV");
  }
  if (options.people_size() > kMaxKnownPeople) {
    violations.Add("options.people", absl::StrCat("must be at most ", kMaxKnownPeople));
  } else {
    for (int i = 0; i < options.people_size(); ++i) {
      ValidateContactId(options.people(i).contact_id(), absl::StrCat("options.people[", i, "].contact_id"), violations);
    }
  }
  if (!options.time_zone().empty() && !absl::LoadTimeZone(options.time_zone(), &zone)) {
    violations.Add("options.time_zone", "must be an IANA time zone, for example Europe/Berlin");
  }
  return violations.ToStatus();
}

// The bytes of an import's file.
absl::StatusOr<std::string> ReadChunks(rpc::Reader<v1::ImportInteractionsRequest>& reader) {
  std::string bytes;
  while (const std::optional<v1::ImportInteractionsRequest> message = reader.Read()) {
    if (message->part_case() != v1::ImportInteractionsRequest::kChunk) {
      return base::InvalidField("chunk", "must follow the options");
    }
    if (message->chunk().size() > kMaxChunkBytes) return base::InvalidField("chunk", "must be at most 1 MiB");
    if (bytes.size() + message->chunk().size() > kMaxFileBytes) {
      return base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED,
                         "the file is larger than 64 MiB");
    }
    bytes += message->chunk();
  }
  return bytes;
}

}  // namespace

template <typename Request>
absl::StatusOr<ReadAt> LedgerService::At(const rpc::CallContext& call, const Request& request) const {
  COUNCIL_ASSIGN_OR_RETURN(
      const std::int64_t required,
      tokens_.RequiredRevision(call.owner(), request.at_least_as_fresh(), kService, ledger_.store().lineage()));
  return ReadAt{.deadline = call.deadline(), .required_revision = required};
}

std::string LedgerService::TokenOf(const base::Owner& owner, std::int64_t revision) const {
  return tokens_.MakeConsistencyToken(
      owner, {.service = kService, .lineage = ledger_.store().lineage(), .revision = revision});
}

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

absl::StatusOr<v1::ImportInteractionsResponse> LedgerService::ImportInteractions(
    const rpc::CallContext& call, rpc::Reader<v1::ImportInteractionsRequest>& reader) {
  const std::optional<v1::ImportInteractionsRequest> first = reader.Read();
  if (!first.has_value() || first->part_case() != v1::ImportInteractionsRequest::kOptions) {
    return base::InvalidField("options", "must be the first message");
  }
  const v1::ImportInteractionsOptions& options = first->options();
  absl::TimeZone zone = absl::UTCTimeZone();
  COUNCIL_RETURN_IF_ERROR(ValidateOptions(options, zone));
  COUNCIL_ASSIGN_OR_RETURN(const std::string bytes, ReadChunks(reader));
  if (call.IsCancelled()) return absl::CancelledError("the caller has gone");

  ImportedFile file;
  if (options.format() == v1::INTERACTION_FORMAT_ICALENDAR) {
    CalendarOptions calendar;
    for (const std::string& email : options.own_emails()) calendar.own_emails.insert(absl::AsciiStrToLower(email));
    calendar.time_zone = zone;
    calendar.now = ledger_.Now();
    COUNCIL_ASSIGN_OR_RETURN(file, ReadCalendar(bytes, calendar));
  } else {
    COUNCIL_ASSIGN_OR_RETURN(file, ReadInteractionTable(bytes, {.time_zone = zone, .now = ledger_.Now()}));
  }
  ImportSettings settings;
  for (const v1::KnownPerson& person : options.people()) {
    settings.people[absl::AsciiStrToLower(person.email())] = person.contact_id();
  }
  settings.dry_run = options.dry_run();
  settings.deadline = call.deadline();
  COUNCIL_ASSIGN_OR_RETURN(v1::ImportInteractionsResponse response,
                           InteractionImport(ledger_, call.owner(), std::move(settings)).Run(file));
  COUNCIL_ASSIGN_OR_RETURN(const std::int64_t revision, ledger_.Revision(call.owner(), {.deadline = call.deadline()}));
  response.set_token(TokenOf(call.owner(), revision));
  return response;
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
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<seal::PositionToken> after,
                           ParsePage(call, request, tokens_, ledger_.store().lineage()));
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
    response.set_next_page_token(tokens_.MakePositionToken(
        call.owner(), PagePurpose(call, request),
        {.lineage = ledger_.store().lineage(), .revision = 0, .position = PlaceText(*page.next)}));
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
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<seal::PositionToken> after,
                           ParsePage(call, request, tokens_, ledger_.store().lineage()));
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
    response.set_next_page_token(tokens_.MakePositionToken(
        call.owner(), PagePurpose(call, request),
        {.lineage = ledger_.store().lineage(), .revision = page.revision, .position = position}));
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
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<seal::PositionToken> after,
                           ParsePage(call, request, tokens_, ledger_.store().lineage()));
  COUNCIL_ASSIGN_OR_RETURN(
      std::vector<v1::Plan> plans,
      ledger_.Plans(call.owner(), at, TimeOr(request.has_start_time(), request.start_time(), ledger_.Now()),
                    TimeOr(request.has_end_time(), request.end_time(), absl::InfiniteFuture()), request.contact_id()));
  const std::string next = CutPage(after, PageSize(request.page_size(), kDefaultEntries), plans);
  v1::ListPlansResponse response;
  for (v1::Plan& plan : plans) *response.add_plans() = std::move(plan);
  if (!next.empty()) {
    response.set_next_page_token(
        tokens_.MakePositionToken(call.owner(), PagePurpose(call, request),
                                  {.lineage = ledger_.store().lineage(), .revision = 0, .position = next}));
  }
  return response;
}

absl::StatusOr<v1::RemovePlanResponse> LedgerService::RemovePlan(const rpc::CallContext& call,
                                                                 const v1::RemovePlanRequest& request) {
  if (!IsUuid(request.id())) {
    return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_PLAN_NOT_FOUND,
                       "there is no plan with this id");
  }
  COUNCIL_ASSIGN_OR_RETURN(const std::int64_t revision, ledger_.store().RemovePlan(call.owner(), request.id()));
  v1::RemovePlanResponse response;
  response.set_token(TokenOf(call.owner(), revision));
  return response;
}

absl::StatusOr<v1::ListPromisesResponse> LedgerService::ListPromises(const rpc::CallContext& call,
                                                                     const v1::ListPromisesRequest& request) {
  base::FieldViolations violations;
  ValidatePageSize(request.page_size(), violations);
  if (!request.contact_id().empty()) ValidateContactId(request.contact_id(), "contact_id", violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  COUNCIL_ASSIGN_OR_RETURN(const ReadAt at, At(call, request));
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<seal::PositionToken> after,
                           ParsePage(call, request, tokens_, ledger_.store().lineage()));
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
  if (!next.empty()) {
    response.set_next_page_token(
        tokens_.MakePositionToken(call.owner(), PagePurpose(call, request),
                                  {.lineage = ledger_.store().lineage(), .revision = 0, .position = next}));
  }
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

absl::StatusOr<v1::EraseOwnerResponse> LedgerService::EraseOwner(const rpc::CallContext& call,
                                                                 const v1::EraseOwnerRequest& request) {
  if (request.confirmation() != "erase all my data") {
    return base::InvalidField("confirmation", "must be \"erase all my data\"");
  }
  COUNCIL_RETURN_IF_ERROR(ledger_.store().EraseOwner(call.owner()));
  return v1::EraseOwnerResponse();
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

absl::Status LedgerService::WatchLedger(const rpc::CallContext& /*call*/, const v1::WatchLedgerRequest& /*request*/,
                                        rpc::Writer<v1::WatchLedgerResponse>& /*writer*/) {
  return base::NotImplementedYet("WatchLedger", "changes of the ledger cannot be watched yet; ask GetRevision");
}

}  // namespace council::ledger
