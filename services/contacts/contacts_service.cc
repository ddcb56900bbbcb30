#include "services/contacts/contacts_service.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "libs/audit/list_access.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/rpc/owner_lines.h"
#include "services/contacts/import/vcard_writer.h"

namespace council::contacts {
namespace {

constexpr char kServiceName[] = "contacts";
constexpr char kEraseConfirmation[] = "erase all my data";
// Size from which on a part of a file is sent.
constexpr size_t kSentAtOnce = 256 << 10;

absl::Status InvalidPageToken() {
  return base::Error(absl::StatusCode::kInvalidArgument, common::v1::ERROR_REASON_INVALID_TOKEN,
                     "the page_token is not one that this service gave");
}

// Sends a file in parts.
template <typename Response>
class FileSender {
 public:
  explicit FileSender(rpc::Writer<Response>& writer) : writer_(writer) {}

  // False where the caller has gone.
  bool Add(const std::string& text) {
    part_.mutable_chunk()->append(text);
    return part_.chunk().size() < kSentAtOnce || Flush();
  }

  bool Flush() {
    if (part_.chunk().empty()) return true;
    const bool sent = writer_.Write(part_);
    part_.clear_chunk();
    return sent;
  }

 private:
  rpc::Writer<Response>& writer_;
  Response part_;
};

// The file that a client streams, and its options.
absl::StatusOr<std::pair<v1::ImportContactsOptions, std::string>> ReadFile(
    rpc::Reader<v1::ImportContactsRequest>& reader) {
  auto message = reader.Read();
  if (!message.has_value() || !message->has_options()) {
    return base::InvalidField("options", "must be the first message");
  }
  v1::ImportContactsOptions options = std::move(*message->mutable_options());
  std::string file;
  while ((message = reader.Read()).has_value()) {
    if (message->part_case() != v1::ImportContactsRequest::kChunk) {
      return base::InvalidField("chunk", "must be set in every message after the first");
    }
    if (message->chunk().size() > limits::kImportChunkBytes) {
      return base::InvalidField("chunk", absl::StrCat("has at most ", limits::kImportChunkBytes, " bytes"));
    }
    if (file.size() + message->chunk().size() > limits::kImportFileBytes) {
      return base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED,
                         absl::StrCat("a file has at most ", limits::kImportFileBytes, " bytes"));
    }
    file.append(message->chunk());
  }
  return std::pair(std::move(options), std::move(file));
}

}  // namespace

std::string ContactsService::Token(const rpc::CallContext& call, int64_t revision) const {
  return tokens_.MakeConsistencyToken(call.owner(), {kServiceName, contacts_.lineage(), revision});
}

template <typename Request>
absl::StatusOr<int64_t> ContactsService::Required(const rpc::CallContext& call, const Request& request) const {
  return tokens_.RequiredRevision(call.owner(), request.at_least_as_fresh(), kServiceName, contacts_.lineage());
}

template <typename Request>
absl::StatusOr<PageRequest> ContactsService::ReadPage(const rpc::CallContext& call, const Request& request,
                                                      const std::string& purpose, int default_size) const {
  if (request.page_size() < 0 || request.page_size() > limits::kPage) {
    return base::InvalidField("page_size", absl::StrCat("must be 1 to ", limits::kPage, ", or unset"));
  }
  PageRequest page;
  page.size = static_cast<size_t>(request.page_size() == 0 ? default_size : request.page_size());
  if (request.page_token().empty()) return page;
  COUNCIL_ASSIGN_OR_RETURN(const seal::PositionToken token,
                           tokens_.ParsePositionToken(call.owner(), purpose, request.page_token()));
  if (!absl::SimpleAtoi(token.position, &page.offset)) return InvalidPageToken();
  if (token.lineage != contacts_.lineage()) {
    return base::Error(absl::StatusCode::kAborted, common::v1::ERROR_REASON_PAGE_EXPIRED,
                       "data changed between two pages: start again with the first page");
  }
  page.revision = token.revision;
  return page;
}

template <typename T>
std::string ContactsService::NextPage(const rpc::CallContext& call, const Page<T>& page,
                                      const std::string& purpose) const {
  if (!page.next_offset.has_value()) return {};
  return tokens_.MakePositionToken(call.owner(), purpose,
                                   {contacts_.lineage(), page.revision, absl::StrCat(*page.next_offset)});
}

absl::StatusOr<v1::CreateContactResponse> ContactsService::CreateContact(const rpc::CallContext& call,
                                                                         const v1::CreateContactRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(auto created, contacts_.Create(call, request));
  v1::CreateContactResponse response;
  *response.mutable_contact() = std::move(created.value);
  response.set_token(Token(call, created.revision));
  return response;
}

absl::StatusOr<v1::GetContactResponse> ContactsService::GetContact(const rpc::CallContext& call,
                                                                   const v1::GetContactRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t required, Required(call, request));
  v1::GetContactResponse response;
  COUNCIL_ASSIGN_OR_RETURN(*response.mutable_contact(), contacts_.Get(call, request.id(), required));
  return response;
}

absl::StatusOr<v1::ListContactsResponse> ContactsService::ListContacts(const rpc::CallContext& call,
                                                                       const v1::ListContactsRequest& request) {
  const std::string purpose = absl::StrCat("ListContacts\n", request.order_by(), "\n", request.filter());
  COUNCIL_ASSIGN_OR_RETURN(const int64_t required, Required(call, request));
  COUNCIL_ASSIGN_OR_RETURN(const ContactOrder order, ParseOrder(request.order_by()));
  COUNCIL_ASSIGN_OR_RETURN(const PageRequest asked, ReadPage(call, request, purpose, limits::kDefaultPage));
  COUNCIL_ASSIGN_OR_RETURN(auto page, contacts_.List(call, request.filter(), order, asked, required));
  v1::ListContactsResponse response;
  for (v1::Contact& contact : page.items) *response.add_contacts() = std::move(contact);
  response.set_next_page_token(NextPage(call, page, purpose));
  response.set_total_size(static_cast<int32_t>(page.total));
  response.set_token(Token(call, page.revision));
  return response;
}

absl::StatusOr<v1::UpdateContactResponse> ContactsService::UpdateContact(const rpc::CallContext& call,
                                                                         const v1::UpdateContactRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(auto updated, contacts_.Update(call, request));
  v1::UpdateContactResponse response;
  *response.mutable_contact() = std::move(updated.value);
  response.set_token(Token(call, updated.revision));
  return response;
}

absl::StatusOr<v1::DeleteContactResponse> ContactsService::DeleteContact(const rpc::CallContext& call,
                                                                         const v1::DeleteContactRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t revision, contacts_.Delete(call, request));
  v1::DeleteContactResponse response;
  response.set_token(Token(call, revision));
  return response;
}

absl::StatusOr<v1::BatchCreateContactsResponse> ContactsService::BatchCreateContacts(
    const rpc::CallContext& call, const v1::BatchCreateContactsRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(auto created, contacts_.CreateBatch(call, request));
  v1::BatchCreateContactsResponse response;
  for (v1::Contact& contact : created.value) *response.add_contacts() = std::move(contact);
  response.set_token(Token(call, created.revision));
  return response;
}

absl::StatusOr<v1::ImportContactsResponse> ContactsService::ImportContacts(
    const rpc::CallContext& call, rpc::Reader<v1::ImportContactsRequest>& reader) {
  COUNCIL_ASSIGN_OR_RETURN(const auto file, ReadFile(reader));
  if (call.IsCancelled()) return absl::CancelledError("the caller has gone, or time is up");
  COUNCIL_ASSIGN_OR_RETURN(auto imported, contacts_.Import(call, file.first, file.second));
  imported.value.set_token(Token(call, imported.revision));
  return std::move(imported.value);
}

absl::StatusOr<v1::UndoImportResponse> ContactsService::UndoImport(const rpc::CallContext& call,
                                                                   const v1::UndoImportRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(auto undone, contacts_.UndoImport(call, request.import_id()));
  undone.value.set_token(Token(call, undone.revision));
  return std::move(undone.value);
}

absl::Status ContactsService::ExportContacts(const rpc::CallContext& call, const v1::ExportContactsRequest& request,
                                             rpc::Writer<v1::ExportContactsResponse>& writer) {
  const bool json = request.format() == v1::CONTACT_FORMAT_JSON;
  if (!json && request.format() != v1::CONTACT_FORMAT_VCARD && request.format() != v1::CONTACT_FORMAT_UNSPECIFIED) {
    return base::InvalidField("format", "exports are vCard or JSON");
  }
  COUNCIL_ASSIGN_OR_RETURN(const int64_t required, Required(call, request));
  COUNCIL_ASSIGN_OR_RETURN(const auto contacts, contacts_.Export(call, required));
  FileSender<v1::ExportContactsResponse> file(writer);
  for (const v1::Contact& contact : contacts) {
    std::string text;
    if (json) {
      const auto written = google::protobuf::util::MessageToJsonString(contact, &text);
      if (!written.ok()) return absl::InternalError("a contact has no JSON form");
      text.push_back('\n');
    } else {
      text = WriteVcard(contact);
    }
    if (!file.Add(text)) return absl::CancelledError("the caller has gone");
  }
  return file.Flush() ? absl::OkStatus() : absl::CancelledError("the caller has gone");
}

absl::StatusOr<v1::FindDuplicatesResponse> ContactsService::FindDuplicates(const rpc::CallContext& call,
                                                                           const v1::FindDuplicatesRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t required, Required(call, request));
  COUNCIL_ASSIGN_OR_RETURN(auto groups, contacts_.FindDuplicates(call, required));
  v1::FindDuplicatesResponse response;
  size_t bytes = 0;
  for (v1::DuplicateGroup& group : groups) {
    bytes += group.ByteSizeLong();
    if (bytes > limits::kPageBytes) break;
    *response.add_groups() = std::move(group);
  }
  return response;
}

absl::StatusOr<v1::MergeContactsResponse> ContactsService::MergeContacts(const rpc::CallContext& call,
                                                                         const v1::MergeContactsRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(auto merged, contacts_.Merge(call, request));
  v1::MergeContactsResponse response;
  *response.mutable_contact() = std::move(merged.value);
  response.set_token(Token(call, merged.revision));
  return response;
}

absl::StatusOr<v1::SeatContactResponse> ContactsService::SeatContact(const rpc::CallContext& call,
                                                                     const v1::SeatContactRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(auto seated, contacts_.Seat(call, request));
  v1::SeatContactResponse response;
  *response.mutable_seat() = std::move(seated.value);
  response.set_token(Token(call, seated.revision));
  return response;
}

absl::StatusOr<v1::UnseatContactResponse> ContactsService::UnseatContact(const rpc::CallContext& call,
                                                                         const v1::UnseatContactRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t revision, contacts_.Unseat(call, request.contact_id()));
  v1::UnseatContactResponse response;
  response.set_token(Token(call, revision));
  return response;
}

absl::StatusOr<v1::GetCouncilResponse> ContactsService::GetCouncil(const rpc::CallContext& call,
                                                                   const v1::GetCouncilRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t required, Required(call, request));
  std::optional<absl::Time> as_of;
  if (request.has_as_of()) {
    if (!base::IsValid(request.as_of()))
      return base::InvalidField("as_of", "must be a time between the years 1 and 9999");
    as_of = base::FromProto(request.as_of());
  }
  COUNCIL_ASSIGN_OR_RETURN(v1::GetCouncilResponse response,
                           contacts_.GetCouncil(call, as_of, request.include_former(), required));
  response.set_token(Token(call, response.revision()));
  return response;
}

absl::StatusOr<v1::SetAcquaintanceResponse> ContactsService::SetAcquaintance(
    const rpc::CallContext& call, const v1::SetAcquaintanceRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t revision, contacts_.SetAcquaintance(call, request));
  v1::SetAcquaintanceResponse response;
  response.set_token(Token(call, revision));
  return response;
}

absl::StatusOr<v1::ListAcquaintancesResponse> ContactsService::ListAcquaintances(
    const rpc::CallContext& call, const v1::ListAcquaintancesRequest& request) {
  const std::string purpose = absl::StrCat("ListAcquaintances\n", request.contact_id());
  COUNCIL_ASSIGN_OR_RETURN(const int64_t required, Required(call, request));
  COUNCIL_ASSIGN_OR_RETURN(const PageRequest asked, ReadPage(call, request, purpose, limits::kPage));
  COUNCIL_ASSIGN_OR_RETURN(auto page, contacts_.ListAcquaintances(call, request.contact_id(), asked, required));
  v1::ListAcquaintancesResponse response;
  for (v1::Acquaintance& acquaintance : page.items) *response.add_acquaintances() = std::move(acquaintance);
  response.set_next_page_token(NextPage(call, page, purpose));
  return response;
}

absl::StatusOr<v1::GetSettingsResponse> ContactsService::GetSettings(const rpc::CallContext& call,
                                                                     const v1::GetSettingsRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t required, Required(call, request));
  v1::GetSettingsResponse response;
  COUNCIL_ASSIGN_OR_RETURN(*response.mutable_settings(), contacts_.GetSettings(call, required));
  return response;
}

absl::StatusOr<v1::UpdateSettingsResponse> ContactsService::UpdateSettings(const rpc::CallContext& call,
                                                                           const v1::UpdateSettingsRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(auto updated, contacts_.UpdateSettings(call, request));
  v1::UpdateSettingsResponse response;
  *response.mutable_settings() = std::move(updated.value);
  response.set_token(Token(call, updated.revision));
  return response;
}

absl::StatusOr<v1::EraseContactResponse> ContactsService::EraseContact(const rpc::CallContext& call,
                                                                       const v1::EraseContactRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t revision, contacts_.EraseContact(call, request.id()));
  v1::EraseContactResponse response;
  response.set_token(Token(call, revision));
  return response;
}

absl::StatusOr<v1::EraseOwnerResponse> ContactsService::EraseOwner(const rpc::CallContext& call,
                                                                   const v1::EraseOwnerRequest& request) {
  if (request.confirmation() != kEraseConfirmation) {
    return base::InvalidField("confirmation", absl::StrCat("must be \"", kEraseConfirmation, "\""));
  }
  COUNCIL_RETURN_IF_ERROR(contacts_.EraseOwner(call));
  return v1::EraseOwnerResponse();
}

absl::Status ContactsService::ExportOwner(const rpc::CallContext& call, const v1::ExportOwnerRequest& request,
                                          rpc::Writer<v1::ExportOwnerResponse>& writer) {
  if (request.for_import()) {
    rpc::LineWriter<v1::ExportOwnerResponse> lines(writer);
    COUNCIL_RETURN_IF_ERROR(
        contacts_.ExportState(call, [&lines](const v1::OwnerStateRecord& record) { return lines.Add(record); }));
    return lines.Flush();
  }
  FileSender<v1::ExportOwnerResponse> file(writer);
  COUNCIL_RETURN_IF_ERROR(contacts_.ExportOwner(call, [&file](const std::string& line) { return file.Add(line); }));
  return file.Flush() ? absl::OkStatus() : absl::CancelledError("the caller has gone");
}

absl::StatusOr<v1::ImportOwnerResponse> ContactsService::ImportOwner(const rpc::CallContext& call,
                                                                     rpc::Reader<v1::ImportOwnerRequest>& reader) {
  rpc::RecordReader<v1::ImportOwnerRequest> records(call, reader);
  COUNCIL_ASSIGN_OR_RETURN(const bool dry_run, records.DryRun());
  ImportedState state = contacts_.NewImport();
  COUNCIL_RETURN_IF_ERROR(records.ForEach<v1::OwnerStateRecord>(
      [&state](std::int64_t index, v1::OwnerStateRecord record) { return state.Add(index, std::move(record)); }));
  COUNCIL_RETURN_IF_ERROR(state.Finish());
  COUNCIL_ASSIGN_OR_RETURN(const Changed<StateImport> imported, contacts_.ImportState(call, state, dry_run));
  v1::ImportOwnerResponse response;
  response.set_imported(imported.value.imported);
  response.set_unchanged(imported.value.unchanged);
  response.set_token(Token(call, imported.revision));
  return response;
}

absl::StatusOr<v1::ListAccessResponse> ContactsService::ListAccess(const rpc::CallContext& call,
                                                                   const v1::ListAccessRequest& request) {
  auto response = audit::ListAccess<v1::ListAccessResponse>(call, request, accesses_, tokens_, contacts_.lineage());
  if (response.ok()) accesses_.Record(call.owner(), call.method(), call.principal().client);
  return response;
}

absl::StatusOr<v1::GetRevisionResponse> ContactsService::GetRevision(const rpc::CallContext& call,
                                                                     const v1::GetRevisionRequest& request) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t required, Required(call, request));
  v1::GetRevisionResponse response;
  COUNCIL_ASSIGN_OR_RETURN(const int64_t revision, contacts_.GetRevision(call, required));
  response.set_revision(revision);
  response.set_token(Token(call, revision));
  response.set_lineage(contacts_.lineage());
  return response;
}

}  // namespace council::contacts
