#include "services/contacts/contacts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"
#include "libs/seal/token.h"
#include "services/contacts/contact_imports.h"
#include "services/contacts/contact_merge.h"
#include "services/contacts/contact_rules.h"
#include "services/contacts/contacts_common.h"
#include "services/contacts/import/vcard_cards.h"
#include "services/contacts/seats.h"

namespace council::contacts {
namespace {

using storage::v1::StoredContact;

void ValidateCreate(const v1::CreateContactRequest& request, const v1::Contact& normalized, const std::string& path,
                    const ContactsOptions& options, base::FieldViolations& violations) {
  const std::string contact = path + "contact";
  if (!request.has_contact()) violations.Add(contact, "is required");
  ValidateNotGiven(request.contact(), contact, violations);
  ValidateContact(normalized, contact, options.consented_facets, violations);
  ValidateText(request.request_id(), limits::kRequestId, false, path + "request_id", violations);
}

// Their own, and those of contacts that were merged into them.
std::vector<std::string> IdsOf(const v1::Contact& contact) {
  std::vector<std::string> ids = {contact.id()};
  ids.insert(ids.end(), contact.former_ids().begin(), contact.former_ids().end());
  return ids;
}

// Kept parts of an imported card that say what a field said before it was changed.
void DropOutdatedProperties(const v1::Contact& before, v1::Contact& after) {
  const bool renamed = before.display_name() != after.display_name();
  const bool moved = before.organization() != after.organization();
  auto* lines = after.mutable_vcard_properties();
  lines->erase(std::remove_if(lines->begin(), lines->end(),
                              [&](const std::string& line) {
                                return (renamed && IsProperty(line, "N")) || (moved && IsProperty(line, "ORG"));
                              }),
               lines->end());
}

}  // namespace

Contacts::Contacts(ContactsStore& store, audit::AccessLog& accesses, const base::Clock& clock, base::Random& random,
                   ContactsOptions options, std::function<void(const base::Owner&, int64_t)> on_change)
    : store_(store),
      accesses_(accesses),
      clock_(clock),
      random_(random),
      options_(std::move(options)),
      on_change_(std::move(on_change)) {}

absl::StatusOr<int64_t> Contacts::Read(const rpc::CallContext& call, int64_t required, Reading work) {
  int64_t revision = 0;
  const auto check_and_work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    revision = snapshot.revision();
    COUNCIL_RETURN_IF_ERROR(seal::CheckReached(required, revision));
    return work(snapshot);
  };
  COUNCIL_RETURN_IF_ERROR(store_.Read(call.owner(), call.deadline(), check_and_work));
  accesses_.Record(call.owner(), call.method(), call.principal().client);
  return revision;
}

absl::StatusOr<int64_t> Contacts::Change(const rpc::CallContext& call, Changing work) {
  const absl::Time now = clock_.Now();
  audit::storage::v1::StoredAccess access;
  *access.mutable_time() = base::ToProto(now);
  access.set_method(call.method());
  access.set_client(call.principal().client);
  access.set_calls(1);
  auto revision = store_.Write(call.owner(), [&](ContactsTransaction& transaction) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(transaction.PutAccess(access));
    return work(transaction, now);
  });
  if (revision.ok()) on_change_(call.owner(), *revision);
  return revision;
}

void Contacts::GiveIdAndTimes(v1::Contact& contact, absl::Time now) {
  contact.set_id(base::NewUuid(now, random_));
  *contact.mutable_create_time() = base::ToProto(now);
  *contact.mutable_update_time() = base::ToProto(now);
}

absl::StatusOr<v1::Contact> Contacts::CreateOne(ContactsTransaction& transaction,
                                                const v1::CreateContactRequest& request, absl::Time now) {
  COUNCIL_ASSIGN_OR_RETURN(auto repeated, FindRepeated(transaction, request.request_id(), request));
  if (repeated.has_value()) return std::move(*repeated->mutable_contact());
  if (transaction.contact_count() >= static_cast<int64_t>(options_.contacts_per_owner)) {
    return base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED,
                       absl::StrCat("an owner has at most ", options_.contacts_per_owner, " contacts"));
  }
  StoredContact stored;
  v1::Contact& contact = *stored.mutable_contact();
  contact = request.contact();
  NormalizeContact(contact);
  GiveIdAndTimes(contact, now);
  COUNCIL_RETURN_IF_ERROR(transaction.PutContact(stored));
  COUNCIL_RETURN_IF_ERROR(RememberRequest(transaction, request.request_id(), request, contact.id()));
  contact.set_etag(absl::StrCat(transaction.next_revision()));
  return std::move(contact);
}

absl::StatusOr<Changed<v1::Contact>> Contacts::Create(const rpc::CallContext& call,
                                                      const v1::CreateContactRequest& request) {
  base::FieldViolations violations;
  v1::Contact normalized = request.contact();
  NormalizeContact(normalized);
  ValidateCreate(request, normalized, "", options_, violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  Changed<v1::Contact> created;
  const auto work = [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(created.value, CreateOne(transaction, request, now));
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(created.revision, Change(call, work));
  return created;
}

absl::StatusOr<Changed<std::vector<v1::Contact>>> Contacts::CreateBatch(const rpc::CallContext& call,
                                                                        const v1::BatchCreateContactsRequest& request) {
  base::FieldViolations violations;
  if (request.requests_size() < 1 || request.requests_size() > limits::kBatch) {
    return base::InvalidField("requests", absl::StrCat("must be 1 to ", limits::kBatch));
  }
  for (int i = 0; i < request.requests_size(); ++i) {
    v1::Contact normalized = request.requests(i).contact();
    NormalizeContact(normalized);
    ValidateCreate(request.requests(i), normalized, absl::StrCat("requests[", i, "]."), options_, violations);
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  Changed<std::vector<v1::Contact>> created;
  const auto work = [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
    created.value.clear();
    for (const v1::CreateContactRequest& one : request.requests()) {
      COUNCIL_ASSIGN_OR_RETURN(v1::Contact contact, CreateOne(transaction, one, now));
      created.value.push_back(std::move(contact));
    }
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(created.revision, Change(call, work));
  return created;
}

absl::StatusOr<v1::Contact> Contacts::Get(const rpc::CallContext& call, const std::string& id, int64_t required) {
  v1::Contact contact;
  const auto work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(StoredContact stored, RequireContact(snapshot, id));
    contact = std::move(*stored.mutable_contact());
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(Read(call, required, work).status());
  return contact;
}

absl::StatusOr<Changed<std::vector<ContactChange>>> Contacts::ChangesAfter(const rpc::CallContext& call,
                                                                           const ChangePlace& place, size_t limit) {
  Changed<std::vector<ContactChange>> changes;
  const auto work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    if (snapshot.erased()) {
      return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_OWNER_ERASED,
                         "the owner's data were erased; there are no contacts any more");
    }
    COUNCIL_ASSIGN_OR_RETURN(changes.value, snapshot.ChangesAfter(place, limit));
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(changes.revision, Read(call, place.revision, work));
  return changes;
}

absl::StatusOr<Page<v1::Contact>> Contacts::List(const rpc::CallContext& call, const std::string& filter,
                                                 ContactOrder order, const PageRequest& page, int64_t required) {
  base::FieldViolations violations;
  ValidateText(filter, limits::kFilter, false, "filter", violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  std::vector<v1::Contact> all;
  const auto work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(auto stored, snapshot.AllContacts());
    for (auto& contact : stored) all.push_back(std::move(*contact.mutable_contact()));
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(const int64_t revision, Read(call, required, work));
  return CutPage(Selected(std::move(all), filter, order), page, revision);
}

absl::StatusOr<Changed<v1::Contact>> Contacts::Update(const rpc::CallContext& call,
                                                      const v1::UpdateContactRequest& request) {
  base::FieldViolations violations;
  ValidateMask<v1::Contact>(request.update_mask(), violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  Changed<v1::Contact> updated;
  const auto work = [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(StoredContact stored, RequireContact(transaction, request.contact().id()));
    v1::Contact& contact = *stored.mutable_contact();
    COUNCIL_RETURN_IF_ERROR(CheckEtag(request.contact().etag(), contact.etag()));
    const v1::Contact before = contact;
    ApplyMask(request.update_mask(), request.contact(), contact);
    // A day until which reminders rest means nothing once they don't; callers need not clear it.
    if (contact.status() != v1::CONTACT_STATUS_PAUSED && before.paused_until() == contact.paused_until()) {
      contact.clear_paused_until();
    }
    NormalizeContact(contact);
    base::FieldViolations wrong;
    ValidateContact(contact, "contact", options_.consented_facets, wrong);
    COUNCIL_RETURN_IF_ERROR(wrong.ToStatus());
    DropOutdatedProperties(before, contact);
    *contact.mutable_update_time() = base::ToProto(now);
    COUNCIL_RETURN_IF_ERROR(transaction.PutContact(stored));
    COUNCIL_RETURN_IF_ERROR(LeaveCouncilIfStatusSays(transaction, contact, now));
    contact.set_etag(absl::StrCat(transaction.next_revision()));
    updated.value = std::move(contact);
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(updated.revision, Change(call, work));
  return updated;
}

absl::StatusOr<int64_t> Contacts::Delete(const rpc::CallContext& call, const v1::DeleteContactRequest& request) {
  return Change(call, [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const StoredContact stored, RequireContact(transaction, request.id()));
    COUNCIL_RETURN_IF_ERROR(CheckEtag(request.etag(), stored.contact().etag()));
    COUNCIL_RETURN_IF_ERROR(ForgetOldImports(transaction, now));
    // Nobody can ask for their erasure any more: no import keeps what was known of them.
    COUNCIL_RETURN_IF_ERROR(transaction.ForgetInImports(IdsOf(stored.contact())));
    return transaction.DeleteContact(stored.contact().id());
  });
}

absl::Status Contacts::MergeInto(ContactsTransaction& transaction, const v1::MergeContactsRequest& request,
                                 absl::Time now, StoredContact& into) {
  COUNCIL_ASSIGN_OR_RETURN(into, RequireContact(transaction, request.into_id()));
  const std::string& into_id = into.contact().id();
  COUNCIL_ASSIGN_OR_RETURN(auto seat, transaction.GetSeat(into_id));
  storage::v1::StoredSeat united;
  if (seat.has_value()) united = *std::move(seat);
  united.set_contact_id(into_id);

  for (int i = 0; i < request.from_ids_size(); ++i) {
    COUNCIL_ASSIGN_OR_RETURN(const StoredContact from, RequireContact(transaction, request.from_ids(i)));
    const std::string& from_id = from.contact().id();
    if (from_id == into_id) {
      return base::InvalidField(absl::StrCat("from_ids[", i, "]"),
                                "is the contact to merge into, or was merged into it");
    }
    Unite(from, into);
    COUNCIL_ASSIGN_OR_RETURN(const auto from_seat, transaction.GetSeat(from_id));
    if (from_seat.has_value()) united = UniteSeats(united, *from_seat);
    COUNCIL_ASSIGN_OR_RETURN(const auto acquaintances, transaction.Acquaintances(from_id));
    COUNCIL_RETURN_IF_ERROR(transaction.DeleteContact(from_id));
    for (const v1::Acquaintance& known : acquaintances) {
      const std::string& other = known.contact_id() == from_id ? known.other_contact_id() : known.contact_id();
      if (other == into_id) continue;
      v1::Acquaintance moved;
      moved.set_contact_id(std::min(other, into_id));
      moved.set_other_contact_id(std::max(other, into_id));
      COUNCIL_RETURN_IF_ERROR(transaction.SetAcquaintance(moved, true));
    }
  }
  base::FieldViolations violations;
  ValidateContact(into.contact(), "merged contact", options_.consented_facets, violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  *into.mutable_contact()->mutable_update_time() = base::ToProto(now);
  COUNCIL_RETURN_IF_ERROR(transaction.PutContact(into));
  if (united.intervals_size() > 0) COUNCIL_RETURN_IF_ERROR(transaction.PutSeat(united));
  COUNCIL_RETURN_IF_ERROR(LeaveCouncilIfStatusSays(transaction, into.contact(), now));
  into.mutable_contact()->set_etag(absl::StrCat(transaction.next_revision()));
  return RememberRequest(transaction, request.request_id(), request, into_id);
}

absl::StatusOr<Changed<v1::Contact>> Contacts::Merge(const rpc::CallContext& call,
                                                     const v1::MergeContactsRequest& request) {
  base::FieldViolations violations;
  if (request.into_id().empty()) violations.Add("into_id", "is required");
  if (request.from_ids_size() < 1 || request.from_ids_size() > limits::kMerged) {
    violations.Add("from_ids", absl::StrCat("must be 1 to ", limits::kMerged));
  }
  ValidateText(request.request_id(), limits::kRequestId, false, "request_id", violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  Changed<v1::Contact> merged;
  const auto work = [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(auto repeated, FindRepeated(transaction, request.request_id(), request));
    StoredContact into;
    if (repeated.has_value()) {
      into = *std::move(repeated);
    } else {
      COUNCIL_RETURN_IF_ERROR(MergeInto(transaction, request, now, into));
    }
    merged.value = std::move(*into.mutable_contact());
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(merged.revision, Change(call, work));
  return merged;
}

absl::StatusOr<std::vector<v1::DuplicateGroup>> Contacts::FindDuplicates(const rpc::CallContext& call,
                                                                         int64_t required) {
  std::vector<v1::Contact> contacts;
  const auto work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(auto stored, snapshot.AllContacts());
    for (auto& contact : stored) contacts.push_back(std::move(*contact.mutable_contact()));
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(Read(call, required, work).status());
  return Duplicates(contacts, limits::kDuplicateGroups);
}

absl::StatusOr<int64_t> Contacts::EraseContact(const rpc::CallContext& call, const std::string& id) {
  return Change(call, [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
    const absl::StatusOr<StoredContact> stored = RequireContact(transaction, id);
    if (absl::IsNotFound(stored.status())) {
      COUNCIL_ASSIGN_OR_RETURN(const std::vector<std::string> erased, transaction.ErasedIds());
      if (std::ranges::find(erased, id) != erased.end()) return absl::OkStatus();
    }
    COUNCIL_RETURN_IF_ERROR(stored.status());
    COUNCIL_RETURN_IF_ERROR(ForgetOldImports(transaction, now));
    return transaction.EraseContact(IdsOf(stored->contact()));
  });
}

absl::Status Contacts::EraseOwner(const rpc::CallContext& call) {
  COUNCIL_ASSIGN_OR_RETURN(const int64_t revision, store_.EraseOwner(call.owner()));
  on_change_(call.owner(), revision);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Contacts::GetRevision(const rpc::CallContext& call, int64_t required) {
  int64_t revision = 0;
  const auto work = [&](ContactsSnapshot& snapshot) {
    revision = snapshot.revision();
    return seal::CheckReached(required, revision);
  };
  COUNCIL_RETURN_IF_ERROR(store_.Read(call.owner(), call.deadline(), work));
  return revision;
}

}  // namespace council::contacts
