#ifndef COUNCIL_SERVICES_CONTACTS_CONTACTS_SERVICE_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACTS_SERVICE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "libs/audit/access_log.h"
#include "libs/base/owner_changes.h"
#include "libs/rpc/call.h"
#include "libs/rpc/watch.h"
#include "libs/seal/token.h"
#include "services/contacts/contacts.h"

namespace council::contacts {

// The methods of council.contacts.v1.ContactsService as plain functions: tokens, pages and streams in, what Contacts
// says out. The contract (contacts_service.proto) says what each does. Thread-safe.
class ContactsService {
 public:
  // All must outlive the service.
  ContactsService(Contacts& contacts, base::OwnerChanges& changes, audit::AccessLog& accesses,
                  const seal::TokenCodec& tokens)
      : contacts_(contacts), changes_(changes), accesses_(accesses), tokens_(tokens) {}

  absl::StatusOr<v1::CreateContactResponse> CreateContact(const rpc::CallContext& call,
                                                          const v1::CreateContactRequest& request);
  absl::StatusOr<v1::GetContactResponse> GetContact(const rpc::CallContext& call, const v1::GetContactRequest& request);
  absl::StatusOr<v1::ListContactsResponse> ListContacts(const rpc::CallContext& call,
                                                        const v1::ListContactsRequest& request);
  absl::StatusOr<v1::UpdateContactResponse> UpdateContact(const rpc::CallContext& call,
                                                          const v1::UpdateContactRequest& request);
  absl::StatusOr<v1::DeleteContactResponse> DeleteContact(const rpc::CallContext& call,
                                                          const v1::DeleteContactRequest& request);
  absl::StatusOr<v1::BatchCreateContactsResponse> BatchCreateContacts(const rpc::CallContext& call,
                                                                      const v1::BatchCreateContactsRequest& request);
  absl::StatusOr<v1::ImportContactsResponse> ImportContacts(const rpc::CallContext& call,
                                                            rpc::Reader<v1::ImportContactsRequest>& reader);
  absl::StatusOr<v1::UndoImportResponse> UndoImport(const rpc::CallContext& call, const v1::UndoImportRequest& request);
  absl::Status ExportContacts(const rpc::CallContext& call, const v1::ExportContactsRequest& request,
                              rpc::Writer<v1::ExportContactsResponse>& writer);
  absl::StatusOr<v1::FindDuplicatesResponse> FindDuplicates(const rpc::CallContext& call,
                                                            const v1::FindDuplicatesRequest& request);
  absl::StatusOr<v1::MergeContactsResponse> MergeContacts(const rpc::CallContext& call,
                                                          const v1::MergeContactsRequest& request);
  absl::StatusOr<v1::SeatContactResponse> SeatContact(const rpc::CallContext& call,
                                                      const v1::SeatContactRequest& request);
  absl::StatusOr<v1::UnseatContactResponse> UnseatContact(const rpc::CallContext& call,
                                                          const v1::UnseatContactRequest& request);
  absl::StatusOr<v1::GetCouncilResponse> GetCouncil(const rpc::CallContext& call, const v1::GetCouncilRequest& request);
  absl::StatusOr<v1::SetAcquaintanceResponse> SetAcquaintance(const rpc::CallContext& call,
                                                              const v1::SetAcquaintanceRequest& request);
  absl::StatusOr<v1::ListAcquaintancesResponse> ListAcquaintances(const rpc::CallContext& call,
                                                                  const v1::ListAcquaintancesRequest& request);
  absl::StatusOr<v1::GetSettingsResponse> GetSettings(const rpc::CallContext& call,
                                                      const v1::GetSettingsRequest& request);
  absl::StatusOr<v1::UpdateSettingsResponse> UpdateSettings(const rpc::CallContext& call,
                                                            const v1::UpdateSettingsRequest& request);
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
  // In contacts_watch.cc.
  absl::StatusOr<std::unique_ptr<rpc::ChangeSource<v1::WatchContactsResponse>>> WatchContacts(
      const rpc::CallContext& call, const v1::WatchContactsRequest& request, std::function<void()> wake);

 private:
  std::string Token(const rpc::CallContext& call, int64_t revision) const;
  // The revision that the tokens of a read ask for.
  template <typename Request>
  absl::StatusOr<int64_t> Required(const rpc::CallContext& call, const Request& request) const;
  // The page that a request asks for; `purpose` is what must be the same on each page of a list.
  template <typename Request>
  absl::StatusOr<PageRequest> ReadPage(const rpc::CallContext& call, const Request& request, const std::string& purpose,
                                       int default_size) const;
  template <typename T>
  std::string NextPage(const rpc::CallContext& call, const Page<T>& page, const std::string& purpose) const;

  Contacts& contacts_;
  base::OwnerChanges& changes_;
  audit::AccessLog& accesses_;
  const seal::TokenCodec& tokens_;
};

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACTS_SERVICE_H_
