// Stands between stores and bytes: what is personal is sealed for its owner before it is written, and what must be
// found without being read is named by a keyed hash.
#ifndef COUNCIL_LIBS_SEAL_SEALER_H_
#define COUNCIL_LIBS_SEAL_SEALER_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/base/owner.h"
#include "libs/seal/owner_keys.h"

namespace council::seal {

// Thread-safe.
//
// An envelope begins with a version byte. Version 0 (clear, where there are no keys) is followed by the plaintext as it
// is. Version 1 is followed by a 24-byte nonce and the ciphertext (XChaCha20-Poly1305 under the owner's key) of the
// plaintext, padded to steps of 256 bytes, with owner, table and row id as additional data. Stores know none of this:
// they call Seal and Open.
//
// Example: the row is found by hashes, and what it says is in one sealed column.
//
//     const std::string owner_hash = sealer.OwnerHash(owner);
//     COUNCIL_ASSIGN_OR_RETURN(std::string sealed, sealer.Seal(owner, "entries", row_id, entry.SerializeAsString()));
class Sealer {
 public:
  // `owner_key` (32 bytes) is the storage's own and keys the hashes: sql::StorageIdentity::owner_key. `shared_key` (32
  // bytes) is the one that the services share. Without `keys`, which must outlive the sealer, version 0 is written;
  // with them version 1, and version 0 is read where it was written before there were keys.
  Sealer(std::string owner_key, std::string shared_key, OwnerKeys* keys = nullptr);

  // The envelope of `plaintext`, to be stored in the row `row_id` of `table`. The row id takes no part in version 0 but
  // must be one that the row keeps: never its sequence or lineage. UNAVAILABLE where the owner's key can't be had.
  absl::StatusOr<std::string> Seal(const base::Owner& owner, std::string_view table, std::string_view row_id,
                                   std::string_view plaintext) const;

  // What was sealed. DATA_LOSS where the envelope is damaged, of an unknown version, or of another owner, table or row,
  // or the owner's key was destroyed; UNAVAILABLE where the key can't be had.
  absl::StatusOr<std::string> Open(const base::Owner& owner, std::string_view table, std::string_view row_id,
                                   std::string_view sealed) const;

  // The same without a copy where the envelope allows it: the view is into `sealed` or into `buffer`.
  absl::StatusOr<std::string_view> Open(const base::Owner& owner, std::string_view table, std::string_view row_id,
                                        std::string_view sealed, std::string& buffer) const;

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
  std::string ContextOf(const base::Owner& owner, std::string_view table, std::string_view row_id) const;

  std::string owner_key_;
  std::string shared_key_;
  OwnerKeys* keys_;
};

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_SEALER_H_
