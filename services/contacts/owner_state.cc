#include "services/contacts/owner_state.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/status.h"

namespace council::contacts {
namespace {

using google::protobuf::util::MessageDifferencer;
using v1::OwnerStateRecord;

constexpr int kVersion = 1;

OwnerStateRecord RecordOf(storage::v1::StoredContact stored) {
  OwnerStateRecord record;
  v1::KeptContact& kept = *record.mutable_contact();
  *kept.mutable_contact() = std::move(*stored.mutable_contact());
  kept.mutable_contact()->clear_etag();
  *kept.mutable_merged_vcard_uids() = std::move(*stored.mutable_merged_vcard_uids());
  *kept.mutable_merged_name_keys() = std::move(*stored.mutable_merged_name_keys());
  return record;
}

OwnerStateRecord RecordOf(storage::v1::StoredSeat stored) {
  OwnerStateRecord record;
  v1::KeptSeat& kept = *record.mutable_seat();
  kept.set_contact_id(stored.contact_id());
  for (storage::v1::SeatInterval& interval : *stored.mutable_intervals()) {
    v1::KeptSeatInterval& added = *kept.add_intervals();
    *added.mutable_seat() = std::move(*interval.mutable_seat());
    if (interval.has_end_time()) *added.mutable_end_time() = interval.end_time();
  }
  return record;
}

OwnerStateRecord RecordOf(const storage::v1::StoredRequest& stored) {
  OwnerStateRecord record;
  v1::KeptRequest& kept = *record.mutable_request();
  kept.set_request_id(stored.request_id());
  kept.set_digest(stored.digest());
  kept.set_contact_id(stored.contact_id());
  return record;
}

storage::v1::StoredContact StoredOf(const v1::KeptContact& kept) {
  storage::v1::StoredContact stored;
  *stored.mutable_contact() = kept.contact();
  *stored.mutable_merged_vcard_uids() = kept.merged_vcard_uids();
  *stored.mutable_merged_name_keys() = kept.merged_name_keys();
  return stored;
}

storage::v1::StoredSeat StoredOf(const v1::KeptSeat& kept) {
  storage::v1::StoredSeat stored;
  stored.set_contact_id(kept.contact_id());
  for (const v1::KeptSeatInterval& interval : kept.intervals()) {
    storage::v1::SeatInterval& added = *stored.add_intervals();
    *added.mutable_seat() = interval.seat();
    if (interval.has_end_time()) *added.mutable_end_time() = interval.end_time();
  }
  return stored;
}

storage::v1::StoredRequest StoredOf(const v1::KeptRequest& kept) {
  storage::v1::StoredRequest stored;
  stored.set_request_id(kept.request_id());
  stored.set_digest(kept.digest());
  stored.set_contact_id(kept.contact_id());
  return stored;
}

// What remains of contacts that are gone stands in nobody's way.
bool IsRemnant(const OwnerStateRecord& record) {
  return record.has_request() || record.has_erased_contact();
}

absl::Status NotEmpty(const std::vector<OwnerStateRecord>& present) {
  int contacts = 0;
  int seats = 0;
  int acquaintances = 0;
  bool settings = false;
  for (const OwnerStateRecord& record : present) {
    contacts += record.has_contact() ? 1 : 0;
    seats += record.has_seat() ? 1 : 0;
    acquaintances += record.has_acquaintance() ? 1 : 0;
    settings |= record.has_settings();
  }
  std::vector<std::string> parts;
  const auto add = [&parts](int count, const char* one, const char* many) {
    if (count > 0) parts.push_back(absl::StrCat(count, " ", count == 1 ? one : many));
  };
  add(contacts, "contact", "contacts");
  add(seats, "seat", "seats");
  add(acquaintances, "acquaintance", "acquaintances");
  if (settings) parts.push_back("settings");
  return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_STATE_NOT_EMPTY,
                     absl::StrCat("there are ", absl::StrJoin(parts, ", "),
                                  " here already; a whole state is taken over only where there is nothing"));
}

absl::Status Write(const OwnerStateRecord& record, ContactsTransaction& transaction) {
  switch (record.record_case()) {
    case OwnerStateRecord::kContact:
      return transaction.PutContact(StoredOf(record.contact()));
    case OwnerStateRecord::kSeat:
      return transaction.PutSeat(StoredOf(record.seat()));
    case OwnerStateRecord::kAcquaintance:
      return transaction.SetAcquaintance(record.acquaintance(), true);
    case OwnerStateRecord::kSettings:
      return transaction.PutSettings(record.settings());
    case OwnerStateRecord::kErasedContact:
      return transaction.MarkErased(record.erased_contact().id());
    case OwnerStateRecord::kRequest:
      return transaction.PutRequest(record.request().request_id(), StoredOf(record.request()));
    case OwnerStateRecord::kStart:
    case OwnerStateRecord::RECORD_NOT_SET:
      break;
  }
  return absl::InternalError("a record that holds nothing to write");
}

// How the state stands to what is there, and what of it is to be written.
absl::StatusOr<std::vector<const OwnerStateRecord*>> Missing(const ImportedState& state, ContactsSnapshot& snapshot) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<OwnerStateRecord> present, StateOf(snapshot));
  const auto equals = [](const OwnerStateRecord& a, const OwnerStateRecord& b) {
    return MessageDifferencer::Equals(a, b);
  };
  std::vector<const OwnerStateRecord*> missing;
  if (std::ranges::equal(present, state.records(), equals)) return missing;
  if (!std::ranges::all_of(present, IsRemnant)) return NotEmpty(present);
  absl::flat_hash_set<std::string> known_requests;
  absl::flat_hash_set<std::string> erased;
  for (const OwnerStateRecord& record : present) {
    if (record.has_request()) known_requests.insert(record.request().request_id());
    if (record.has_erased_contact()) erased.insert(record.erased_contact().id());
  }
  for (const OwnerStateRecord& record : state.records()) {
    const v1::Contact& contact = record.contact().contact();
    const auto is_erased = [&erased](const std::string& id) { return erased.contains(id); };
    if (is_erased(contact.id()) || std::ranges::any_of(contact.former_ids(), is_erased)) {
      return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_STATE_NOT_EMPTY,
                         "a contact of this state was erased here, and what was erased does not come back");
    }
    if (!record.has_request() || !known_requests.contains(record.request().request_id())) missing.push_back(&record);
  }
  return missing;
}

StateImport Outcome(const ImportedState& state, const std::vector<const OwnerStateRecord*>& missing) {
  StateImport outcome;
  outcome.imported = static_cast<std::int64_t>(missing.size());
  outcome.unchanged = static_cast<std::int64_t>(state.records().size()) - outcome.imported;
  return outcome;
}

}  // namespace

absl::StatusOr<std::vector<OwnerStateRecord>> StateOf(ContactsSnapshot& snapshot) {
  std::vector<OwnerStateRecord> records;
  COUNCIL_ASSIGN_OR_RETURN(auto contacts, snapshot.AllContacts());
  for (storage::v1::StoredContact& contact : contacts) records.push_back(RecordOf(std::move(contact)));
  COUNCIL_ASSIGN_OR_RETURN(auto seats, snapshot.AllSeats());
  for (storage::v1::StoredSeat& seat : seats) records.push_back(RecordOf(std::move(seat)));
  COUNCIL_ASSIGN_OR_RETURN(const auto acquaintances, snapshot.Acquaintances(std::nullopt));
  for (const v1::Acquaintance& known : acquaintances) *records.emplace_back().mutable_acquaintance() = known;
  COUNCIL_ASSIGN_OR_RETURN(v1::Settings settings, snapshot.GetSettings());
  // Settings that were never made have the etag of no revision.
  if (const bool made = std::exchange(*settings.mutable_etag(), "") != "0"; made) {
    *records.emplace_back().mutable_settings() = std::move(settings);
  }
  COUNCIL_ASSIGN_OR_RETURN(const auto erased, snapshot.ErasedIds());
  for (const std::string& id : erased) records.emplace_back().mutable_erased_contact()->set_id(id);
  COUNCIL_ASSIGN_OR_RETURN(auto requests, snapshot.AllRequests());
  std::erase_if(requests, [](const storage::v1::StoredRequest& request) { return request.request_id().empty(); });
  std::ranges::sort(requests, {}, [](const storage::v1::StoredRequest& request) { return request.request_id(); });
  for (const storage::v1::StoredRequest& request : requests) records.push_back(RecordOf(request));
  return records;
}

OwnerStateRecord StartOf(const std::vector<OwnerStateRecord>& state) {
  OwnerStateRecord record;
  record.mutable_start()->set_version(kVersion);
  record.mutable_start()->set_records(static_cast<std::int64_t>(state.size()));
  return record;
}

absl::StatusOr<StateImport> WriteState(const ImportedState& state, ContactsTransaction& transaction) {
  COUNCIL_ASSIGN_OR_RETURN(const auto missing, Missing(state, transaction));
  for (const OwnerStateRecord* record : missing) COUNCIL_RETURN_IF_ERROR(Write(*record, transaction));
  return Outcome(state, missing);
}

absl::StatusOr<StateImport> CompareState(const ImportedState& state, ContactsSnapshot& snapshot) {
  COUNCIL_ASSIGN_OR_RETURN(const auto missing, Missing(state, snapshot));
  return Outcome(state, missing);
}

}  // namespace council::contacts
