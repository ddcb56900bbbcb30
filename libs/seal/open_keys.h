// The keys of a running service, from what its flags say.
#ifndef COUNCIL_LIBS_SEAL_OPEN_KEYS_H_
#define COUNCIL_LIBS_SEAL_OPEN_KEYS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/seal/erasure_list.h"
#include "libs/seal/owner_keys.h"
#include "libs/seal/sealer.h"
#include "libs/seal/sql_owner_key_store.h"
#include "libs/sql/database.h"
#include "libs/sql/storage_identity.h"

namespace council::seal {

// What a service's flags say of keys.
struct KeyFlags {
  std::string keys{};         // --keys
  std::string key_storage{};  // --key-storage
  std::string erasures{};     // --erasures
};

// The PATH of --keys=file:PATH; empty for "none" and where nothing was said; INVALID_ARGUMENT for anything else.
absl::StatusOr<std::string> KeyringPath(const std::string& keys);

// Where the keys of the owners of `storage` lie: what --key-storage says, and if that is empty for sqlite:DIR/NAME in
// sqlite:DIR/keys/NAME, for a PostgreSQL database in the same one.
std::string KeyStorageOf(const std::string& key_storage, const std::string& storage);

// Their schema there, on PostgreSQL: "ledger_keys" for the service "ledger".
std::string KeySchemaOf(const std::string& service);

// The keys of one service and its list of erasures, open as long as this lives.
class OpenedKeys {
 public:
  // For the storage `storage` of the service `service`. Without a keyring there are no keys of owners, and the one that
  // services share is the development's. `clock` and `random` (fit for keys) must outlive this.
  //
  // Fails as Keyring::Load, sql::OpenDatabase, OwnerKeys::Open and ErasureList::Open do.
  static absl::StatusOr<std::unique_ptr<OpenedKeys>> Open(const KeyFlags& flags, const std::string& storage,
                                                          const std::string& service, const base::Clock& clock,
                                                          base::Random& random);

  Keys keys() const { return {shared_, owner_keys_.get(), erasures_.get()}; }

 private:
  OpenedKeys() = default;

  std::string shared_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<SqlOwnerKeyStore> store_;
  std::unique_ptr<OwnerKeys> owner_keys_;
  std::unique_ptr<ErasureList> erasures_;
};

// A storage's identity, with its keys opened.
struct StorageSecrets {
  sql::StorageIdentity identity;
  Sealer::ClearRows clear_rows;
};

// Reads the identity of a storage, and makes it where there is none. With keys of owners the storage's own keys are
// wrapped by the keyring too, so that whoever has a copy of the storage alone can't try names and addresses on its
// hashes. Those of a storage that is older than its keys are wrapped now; its rows may be in clear.
//
// FAILED_PRECONDITION where the storage has keys and none are given, or another keyring's, or another store's: what is
// sealed with keys of that one could never be opened with those of the right one. Else fails as sql::StorageIdentity
// does.
absl::StatusOr<StorageSecrets> OpenSecrets(sql::Database& database, const Keys& keys, base::Random& random);

// Wraps the storage's own keys by the keyring's primary key. Of a storage that OpenSecrets has opened with these keys.
absl::Status RewrapSecrets(sql::Database& database, const OwnerKeys& owner_keys, base::Random& random);

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_OPEN_KEYS_H_
