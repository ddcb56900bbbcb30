// Stands between stores and bytes: what is personal is sealed for its owner before it is written, and what must be
// found without being read is named by a keyed hash.
#ifndef COUNCIL_LIBS_SEAL_SEALER_H_
#define COUNCIL_LIBS_SEAL_SEALER_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/owner.h"
#include "libs/seal/erasure_list.h"
#include "libs/seal/owner_keys.h"

namespace council::seal {

// The keys that a service works with, and where it notes that some were destroyed. What is pointed to must outlive
// whoever has this.
struct Keys {
  Keys(std::string shared_key, OwnerKeys* owner_keys = nullptr,  // NOLINT(google-explicit-constructor)
       ErasureList* erasure_list = nullptr)
      : shared(std::move(shared_key)), owners(owner_keys), erasures(erasure_list) {}

  // The key that the services share, 32 bytes: for consistency tokens and the names of owners in the cache.
  std::string shared;
  // Null: what is stored is stored in clear.
  OwnerKeys* owners;
  // Null: erasures are noted nowhere but in the storage.
  ErasureList* erasures;
};

// Thread-safe.
//
// An envelope begins with a version byte. Version 0 (clear, where there are no keys) is followed by the plaintext as it
// is. Version 1 is followed by the generation of the owner's key (4 bytes, big-endian), a random 24-byte nonce and the
// ciphertext (XChaCha20-Poly1305) of the plaintext, padded to steps of 256 bytes, with owner, table, row id and
// generation as additional data. Stores know none of this: they call Seal and Open.
//
// Example: the row is found by hashes, and what it says is in one sealed column.
//
//     const std::string owner_hash = sealer.OwnerHash(owner);
//     COUNCIL_ASSIGN_OR_RETURN(std::string sealed, sealer.Seal(owner_hash, "entries", row_id, bytes));
//
// Owners are named by their OwnerHash. All functions that seal or open fail with FAILED_PRECONDITION (OWNER_ERASED)
// where the owner's keys were destroyed, and with UNAVAILABLE where they can't be had.
class Sealer {
 public:
  // Whether rows may be in clear though there are keys: they may where the storage is older than its keys. Where it is
  // not, such a row was written by other hands.
  enum class ClearRows { kOpen, kRefuse };

  // `owner_key` (32 bytes) is the storage's own and keys the hashes: sql::StorageIdentity::owner_key.
  Sealer(std::string owner_key, Keys keys, ClearRows clear_rows = ClearRows::kOpen);

  const Keys& keys() const { return keys_; }

  // Called, on any thread, with the hash of an owner of whom a row was opened that is stale (see IsStale). Must not
  // block. To be set before the sealer is used.
  void SetStaleListener(std::function<void(const std::string& owner_hash)> listener) {
    stale_listener_ = std::move(listener);
  }

  // The envelope of `plaintext`, to be stored in the row `row_id` of `table`: an id that the row keeps, never its
  // sequence or lineage.
  absl::StatusOr<std::string> Seal(const std::string& owner_hash, std::string_view table, std::string_view row_id,
                                   std::string_view plaintext) const;

  // What was sealed. DATA_LOSS where the envelope is damaged, of an unknown version, or of another owner, table or row.
  absl::StatusOr<std::string> Open(const std::string& owner_hash, std::string_view table, std::string_view row_id,
                                   std::string_view sealed) const;

  // The same without a copy where the envelope allows it: the view is into `sealed` or into `buffer`.
  absl::StatusOr<std::string_view> Open(const std::string& owner_hash, std::string_view table, std::string_view row_id,
                                        std::string_view sealed, std::string& buffer) const;

  // Whether Seal would use another key than the envelope was made with: it is in clear, or the owner has been given a
  // new key since.
  absl::StatusOr<bool> IsStale(const std::string& owner_hash, std::string_view sealed) const;

  // Bytes that prove that whoever wrote `content` into a row had the owner's key; empty where there are no keys.
  absl::StatusOr<std::string> Prove(const std::string& owner_hash, std::string_view table,
                                    std::string_view content) const;
  // OK where `proof` is one of `content`, or is empty and need not be there (see ClearRows). DATA_LOSS where not.
  absl::Status CheckProof(const std::string& owner_hash, std::string_view table, std::string_view content,
                          std::string_view proof) const;

  // The name under which rows know their owner: 16 bytes of an HMAC of (tenant, subject). The same for good.
  std::string OwnerHash(const base::Owner& owner) const;

  // The name under which the services know the owner in the cache that they share: 16 bytes of an HMAC under their key.
  std::string CacheTag(const base::Owner& owner) const;

  // The name of the tenant: 16 bytes of an HMAC.
  std::string TenantHash(std::string_view tenant) const;

  // For finding a row of the owner's by an equal value ("email", "event_uid", "request_id" …): 16 bytes of an HMAC of
  // owner, `index` and `value`. Equal values of two owners, or in two indexes, have nothing in common.
  std::string IndexHash(const base::Owner& owner, std::string_view index, std::string_view value) const;

 private:
  const std::string owner_key_;
  const Keys keys_;
  const ClearRows clear_rows_;
  std::function<void(const std::string&)> stale_listener_ = [](const std::string&) {};
};

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_SEALER_H_
