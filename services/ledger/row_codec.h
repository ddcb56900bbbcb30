// Rows of one owner's ledger, sealed and opened, whichever engine keeps them.
#ifndef COUNCIL_SERVICES_LEDGER_ROW_CODEC_H_
#define COUNCIL_SERVICES_LEDGER_ROW_CODEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message_lite.h"
#include "libs/base/owner.h"
#include "libs/seal/resealer.h"
#include "libs/seal/sealer.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

// An owner as rows name them. Made before the transaction, since it costs hashes.
struct OwnerKey {
  OwnerKey(const base::Owner& the_owner, const seal::Sealer& sealer)
      : owner(the_owner), hash(sealer.OwnerHash(the_owner)), cache_tag(sealer.CacheTag(the_owner)) {}
  // An owner of whom no more is known: enough for erasing what is theirs, and nothing is told to the cache.
  explicit OwnerKey(std::string owner_hash) : hash(std::move(owner_hash)) {}

  base::Owner owner;
  std::string hash;
  std::string cache_tag;
};

// The 16 bytes of an id as the contract writes it, which must be valid, and back.
std::string IdBytes(const std::string& uuid);
std::string IdText(std::string_view bytes);

// The head of a ledger as its column has it: the hash, and behind it what proves who wrote it; and back.
std::string HeadBytes(const LedgerState& state);
void SetHead(std::string_view bytes, LedgerState& state);

// Day since 1970-01-01, UTC, that an entry is about.
std::int64_t DayOfEntry(const v1::Interaction& entry);

// A row of `entries`. The views live as long as the statement's row.
struct RawEntry {
  std::int64_t sequence = 0;
  std::string_view id;
  std::int64_t record_micros = 0;
  std::string_view hash;
  std::int64_t corrected_by = 0;  // 0: nothing corrects it.
  std::int64_t revision = 0;
  std::string_view sealed;
  std::optional<std::string_view> previous_hash;  // Nothing for the first entry.
};

// Opens rows, with DATA_LOSS (DATA_DAMAGED) where that fails, seals them, and makes the hashes by which they are found.
// Contacts are named by the 16 bytes of their ids.
class RowCodec {
 public:
  // Both must outlive the codec.
  RowCodec(const seal::Sealer& sealer, const OwnerKey& key) : sealer_(sealer), key_(key) {}

  absl::StatusOr<EntryRow> OpenEntry(const RawEntry& raw) const;
  absl::StatusOr<LedgerReader::Summary> OpenTie(std::string_view contact, std::string_view sealed) const;
  absl::StatusOr<v1::TieDay> OpenDay(std::string_view contact, std::int64_t day, std::string_view sealed) const;
  absl::StatusOr<EventRecord> OpenEvent(std::string_view event, std::int64_t sequence, std::string_view sealed) const;
  absl::StatusOr<v1::Plan> OpenPlan(std::string_view id, std::string_view sealed) const;
  absl::StatusOr<ImportPart> OpenImport(std::string_view import, std::int64_t part, std::string_view sealed) const;

  // The entry of a draft, before it has its place.
  absl::StatusOr<std::string> SealEntry(const Draft& draft) const;
  // An entry that has its place.
  absl::StatusOr<std::string> SealEntry(const EntryRow& row) const;
  absl::StatusOr<std::string> SealTie(std::string_view contact, const v1::Tie& tie) const;
  absl::StatusOr<std::string> SealDay(std::string_view contact, const v1::TieDay& day) const;
  // `event` is the record's EventHash.
  absl::StatusOr<std::string> SealEvent(std::string_view event, const EventRecord& record) const;
  absl::StatusOr<std::string> SealPlan(std::string_view id, const v1::Plan& plan) const;
  absl::StatusOr<std::string> SealImport(std::string_view import, std::int64_t part, const ImportPart& what) const;

  // What proves that this service wrote the head that `state` has.
  absl::StatusOr<std::string> ProveHead(const LedgerState& state) const;
  // DATA_LOSS where the state's proof is not of its head.
  absl::Status CheckHead(const LedgerState& state) const;

  std::string RequestHash(const std::string& request_id) const;
  std::string PromiseHash(const std::string& promise_id) const;
  std::string EventHash(const std::string& uid, const std::string& recurrence_id) const;
  std::string EventUidHash(const std::string& uid) const;

 private:
  absl::Status Open(std::string_view table, std::string_view row_id, std::string_view sealed,
                    google::protobuf::MessageLite& message) const;

  const seal::Sealer& sealer_;
  const OwnerKey& key_;
};

// The tables that have sealed rows.
std::vector<seal::SealedTable> SealedTables();

// DATA_LOSS (DATA_DAMAGED).
absl::Status DamagedRow(std::string_view table);

// FAILED_PRECONDITION (OWNER_ERASED).
absl::Status OwnerErased();

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_ROW_CODEC_H_
