#ifndef COUNCIL_SERVICES_CONTACTS_OWNER_STATE_H_
#define COUNCIL_SERVICES_CONTACTS_OWNER_STATE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/contacts/v1/owner_state.pb.h"
#include "libs/base/status.h"
#include "services/contacts/contacts_store.h"

// All that is kept of an owner, as records that another storage takes over
// (proto/council/contacts/v1/owner_state.proto).
namespace council::contacts {

// The records of what a snapshot holds, without the start, in their order.
absl::StatusOr<std::vector<v1::OwnerStateRecord>> StateOf(ContactsSnapshot& snapshot);

// The start that stands before them.
v1::OwnerStateRecord StartOf(const std::vector<v1::OwnerStateRecord>& state);

// Records that come from elsewhere, checked one by one as if a caller had sent each contact, seat and setting by
// itself, and against each other.
class ImportedState {
 public:
  struct Limits {
    std::size_t contacts = 0;
    absl::flat_hash_set<std::string> consented_facets;
  };

  // `now`: no seat was taken later, but for clocks that differ by less than a day.
  ImportedState(Limits limits, absl::Time now) : limits_(std::move(limits)), now_(now) {}

  // Takes the record `index`. INVALID_ARGUMENT (INVALID_FIELD) naming what is wrong with it as a violation of
  // records[index]…, RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where it is too much.
  absl::Status Add(std::int64_t index, v1::OwnerStateRecord record);

  // To be called after the last record: INVALID_ARGUMENT where some are missing.
  absl::Status Finish() const;

  // All but the start.
  const std::vector<v1::OwnerStateRecord>& records() const { return records_; }

 private:
  absl::Status CheckPlace(std::int64_t index, const v1::OwnerStateRecord& record) const;
  void Check(const v1::KeptContact& kept, const std::string& path, base::FieldViolations& violations);
  void Check(const v1::KeptSeat& kept, const std::string& path, base::FieldViolations& violations);
  void Check(const v1::Acquaintance& known, const std::string& path, base::FieldViolations& violations);
  void Check(const v1::Settings& settings, const std::string& path, base::FieldViolations& violations);
  void Check(const v1::ErasedContact& erased, const std::string& path, base::FieldViolations& violations);
  void Check(const v1::KeptRequest& request, const std::string& path, base::FieldViolations& violations);
  // An id that stands for a contact, or for none any more, stands for nothing else.
  void TakeId(const std::string& id, const std::string& path, base::FieldViolations& violations);

  const Limits limits_;
  const absl::Time now_;
  std::int64_t announced_ = -1;  // Records behind the start; -1: no start yet.
  std::size_t bytes_ = 0;
  std::vector<v1::OwnerStateRecord> records_;
  absl::flat_hash_map<std::string, v1::ContactStatus> contacts_;  // By id.
  absl::flat_hash_set<std::string> ids_;                          // Of contacts, former and erased ones.
  absl::flat_hash_set<std::string> vcard_uids_;
  std::size_t held_seats_ = 0;
  std::size_t acquaintances_ = 0;
};

// What became of an import.
struct StateImport {
  std::int64_t imported = 0;
  std::int64_t unchanged = 0;
};

// Writes the records of `state` for an owner who has nothing yet but, maybe, remembered requests and erased ids; or
// finds that the owner has exactly these. FAILED_PRECONDITION (STATE_NOT_EMPTY) where they have anything else.
absl::StatusOr<StateImport> WriteState(const ImportedState& state, ContactsTransaction& transaction);
// What WriteState would do.
absl::StatusOr<StateImport> CompareState(const ImportedState& state, ContactsSnapshot& snapshot);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_OWNER_STATE_H_
