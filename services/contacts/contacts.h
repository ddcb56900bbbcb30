#ifndef COUNCIL_SERVICES_CONTACTS_CONTACTS_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACTS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "libs/audit/access_log.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/rpc/call.h"
#include "services/contacts/contact_limits.h"
#include "services/contacts/contact_lists.h"
#include "services/contacts/contacts_store.h"
#include "services/contacts/owner_state.h"

namespace council::contacts {

struct ContactsOptions {
  size_t contacts_per_owner = limits::kContactsPerOwner;
  // Facets that the tenant turned on though they need consent: `background`, `generation`.
  absl::flat_hash_set<std::string> consented_facets{};
};

// What a change made, and the owner's revision from which on reads see it.
template <typename T>
struct Changed {
  T value;
  int64_t revision = 0;
};

// A part of a list as it was at `revision`.
template <typename T>
struct Page {
  std::vector<T> items;
  int64_t revision = 0;
  int64_t total = 0;
  // Where the next page begins; nothing at the end.
  std::optional<int64_t> next_offset;
};

// Which part of a list is wanted.
struct PageRequest {
  int64_t offset = 0;
  size_t size = 0;
  // The revision of the first page; a list of another fails with ABORTED (PAGE_EXPIRED).
  std::optional<int64_t> revision;
};

// The rules of contacts: who an owner knows, who of them sits on the council, who knows whom. No gRPC, no SQL.
//
// Every function is about the owner of `call`, waits until its deadline at most, and leaves a trace in the record of
// accesses. `required` is a revision that the caller knows of: a read never answers from an older state
// (FAILED_PRECONDITION where there never was that one). Requests are checked field by field (INVALID_ARGUMENT with
// BadRequest). An id may be one that was merged into another. Thread-safe.
class Contacts {
 public:
  // All but the options must outlive this. `on_change` is called after each change with the owner and their revision,
  // and must not block.
  Contacts(ContactsStore& store, audit::AccessLog& accesses, const base::Clock& clock, base::Random& random,
           ContactsOptions options, std::function<void(const base::Owner&, int64_t)> on_change);

  // Makes a contact, or with a request_id known before gives the one that it made. Fails with ALREADY_EXISTS
  // (REQUEST_ID_REUSED, CONTACT_EXISTS), RESOURCE_EXHAUSTED (LIMIT_EXCEEDED), or NOT_FOUND where the contact of the
  // first time was deleted since.
  absl::StatusOr<Changed<v1::Contact>> Create(const rpc::CallContext& call, const v1::CreateContactRequest& request);
  // The same for all of them or none, in order.
  absl::StatusOr<Changed<std::vector<v1::Contact>>> CreateBatch(const rpc::CallContext& call,
                                                                const v1::BatchCreateContactsRequest& request);
  absl::StatusOr<v1::Contact> Get(const rpc::CallContext& call, const std::string& id, int64_t required);
  // A page ends early where its contacts would be more than a message holds.
  absl::StatusOr<Page<v1::Contact>> List(const rpc::CallContext& call, const std::string& filter, ContactOrder order,
                                         const PageRequest& page, int64_t required);
  absl::StatusOr<Changed<v1::Contact>> Update(const rpc::CallContext& call, const v1::UpdateContactRequest& request);
  absl::StatusOr<int64_t> Delete(const rpc::CallContext& call, const v1::DeleteContactRequest& request);
  absl::StatusOr<Changed<v1::Contact>> Merge(const rpc::CallContext& call, const v1::MergeContactsRequest& request);
  absl::StatusOr<std::vector<v1::DuplicateGroup>> FindDuplicates(const rpc::CallContext& call, int64_t required);

  // Takes all records of the file `bytes`. A batch of them at a time is made durable, so that a file that could not be
  // taken to its end goes on where it is taken again. `response` has all but the token.
  absl::StatusOr<Changed<v1::ImportContactsResponse>> Import(const rpc::CallContext& call,
                                                             const v1::ImportContactsOptions& options,
                                                             absl::string_view bytes);
  // Undoes an import, a part of it at a time, newest first. One that was interrupted is completed by the next, which
  // counts all of it. All but the token. IMPORT_NOT_FOUND.
  absl::StatusOr<Changed<v1::UndoImportResponse>> UndoImport(const rpc::CallContext& call,
                                                             const std::string& import_id);
  // All contacts, by display name.
  absl::StatusOr<std::vector<v1::Contact>> Export(const rpc::CallContext& call, int64_t required);

  absl::StatusOr<Changed<v1::Seat>> Seat(const rpc::CallContext& call, const v1::SeatContactRequest& request);
  absl::StatusOr<int64_t> Unseat(const rpc::CallContext& call, const std::string& contact_id);
  // The council at `as_of` (now, where it is not given), all but the token.
  absl::StatusOr<v1::GetCouncilResponse> GetCouncil(const rpc::CallContext& call, std::optional<absl::Time> as_of,
                                                    bool include_former, int64_t required);
  absl::StatusOr<int64_t> SetAcquaintance(const rpc::CallContext& call, const v1::SetAcquaintanceRequest& request);
  // Of one contact, or with an empty id of all.
  absl::StatusOr<Page<v1::Acquaintance>> ListAcquaintances(const rpc::CallContext& call, const std::string& contact_id,
                                                           const PageRequest& page, int64_t required);
  absl::StatusOr<v1::Settings> GetSettings(const rpc::CallContext& call, int64_t required);
  absl::StatusOr<Changed<v1::Settings>> UpdateSettings(const rpc::CallContext& call,
                                                       const v1::UpdateSettingsRequest& request);

  // Removes all that is known of a contact but that their id, and those merged into it, were erased. A second time
  // changes nothing.
  absl::StatusOr<int64_t> EraseContact(const rpc::CallContext& call, const std::string& id);
  // Removes all of the owner's data for good; a second time changes nothing.
  absl::Status EraseOwner(const rpc::CallContext& call);
  // All that is kept of the owner, a JSON object a line, given to `take` until it returns false.
  absl::Status ExportOwner(const rpc::CallContext& call, absl::FunctionRef<bool(const std::string& line)> take);
  // The same as records that another storage takes over, the start first, given to `take` until it fails.
  absl::Status ExportState(const rpc::CallContext& call,
                           absl::FunctionRef<absl::Status(const v1::OwnerStateRecord&)> take);
  // What an import of a whole state is checked against.
  ImportedState NewImport() const;
  // Takes over a finished state, whole or not at all, or with `dry_run` says what that would do. FAILED_PRECONDITION
  // (STATE_NOT_EMPTY).
  absl::StatusOr<Changed<StateImport>> ImportState(const rpc::CallContext& call, const ImportedState& state,
                                                   bool dry_run);
  // Up to `limit` changes behind `place`, with the revision that they were read at. FAILED_PRECONDITION (OWNER_ERASED)
  // where the owner's data were erased, and with them what changed.
  absl::StatusOr<Changed<std::vector<ContactChange>>> ChangesAfter(const rpc::CallContext& call,
                                                                   const ChangePlace& place, size_t limit);
  // Not recorded as an access: it tells nothing about anybody.
  absl::StatusOr<int64_t> GetRevision(const rpc::CallContext& call, int64_t required);

  const std::string& lineage() const { return store_.lineage(); }

 private:
  using Reading = absl::FunctionRef<absl::Status(ContactsSnapshot&)>;
  using Changing = absl::FunctionRef<absl::Status(ContactsTransaction&, absl::Time now)>;

  // Runs `work` on a snapshot that is at least `required`. Returns the snapshot's revision.
  absl::StatusOr<int64_t> Read(const rpc::CallContext& call, int64_t required, Reading work);
  // Runs `work` in a transaction. Returns the owner's revision after it.
  absl::StatusOr<int64_t> Change(const rpc::CallContext& call, Changing work);

  void GiveIdAndTimes(v1::Contact& contact, absl::Time now);
  absl::StatusOr<v1::Contact> CreateOne(ContactsTransaction& transaction, const v1::CreateContactRequest& request,
                                        absl::Time now);
  absl::Status MergeInto(ContactsTransaction& transaction, const v1::MergeContactsRequest& request, absl::Time now,
                         storage::v1::StoredContact& into);

  ContactsStore& store_;
  audit::AccessLog& accesses_;
  const base::Clock& clock_;
  base::Random& random_;
  const ContactsOptions options_;
  const std::function<void(const base::Owner&, int64_t)> on_change_;
};

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACTS_H_
