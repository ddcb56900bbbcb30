// What makes one storage distinct from every other.
#ifndef COUNCIL_LIBS_SQL_STORAGE_IDENTITY_H_
#define COUNCIL_LIBS_SQL_STORAGE_IDENTITY_H_

#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/random.h"
#include "libs/sql/database.h"

namespace council::sql {

// The one row of the table `storage`, made together with the storage (its table comes with ApplyMigrations).
struct StorageIdentity {
  // 32 hexadecimal digits. Tokens and cache keys carry it, so that what was said of a storage that has been replaced
  // since (a restore from backup) is known as such. Made anew as the last step of a restore; nothing stored depends on
  // it.
  std::string lineage;
  // 32 bytes: the key of the HMACs by which rows name their owner. It never changes.
  std::string owner_key;
  // 32 bytes: the key of the MACs of page and watch tokens.
  std::string token_key;

  // Turns a key into what is stored of it.
  using Protect = absl::FunctionRef<std::string(std::string_view key)>;

  // Reads the identity, after making it from `random`, which must be fit for keys, where the storage has none: with its
  // keys as `protect` makes them, by default as they are. What is returned is what is stored. Programs that open a new
  // storage at the same time get the same identity. Fails as Database::Write does.
  static absl::StatusOr<StorageIdentity> LoadOrCreate(Database& database, base::Random& random);
  static absl::StatusOr<StorageIdentity> LoadOrCreate(Database& database, base::Random& random, Protect protect);

  // Stores `owner` and `token` in the place of this identity's keys, if those are still there. Fails as Database::Write
  // does.
  absl::Status ReplaceKeys(Database& database, const std::string& owner, const std::string& token) const;
};

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_STORAGE_IDENTITY_H_
