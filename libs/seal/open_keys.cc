#include "libs/seal/open_keys.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/status.h"
#include "libs/seal/cipher.h"
#include "libs/seal/keyring.h"
#include "libs/seal/token.h"
#include "libs/sql/postgres.h"
#include "libs/sql/sqlite.h"

namespace council::seal {
namespace {

namespace fs = std::filesystem;

constexpr char kContext[] = "storage key";
// What stands behind a storage's key: whether the storage had keys from its first row on, and the id of the store that
// has its owners' keys.
constexpr char kNeverInClear = 's';
constexpr char kOnceInClear = 'c';

absl::Status MakeDirectory(const std::string& path) {
  const fs::path directory = fs::path(path).parent_path();
  std::error_code error;
  if (directory.empty() || !fs::create_directories(directory, error)) return absl::OkStatus();
  fs::permissions(directory, fs::perms::owner_all, error);
  return error ? absl::UnavailableError(absl::StrCat("can't write in ", directory.string())) : absl::OkStatus();
}

struct StorageKey {
  std::string key;
  bool never_in_clear = false;
  std::string store_id;
};

absl::StatusOr<StorageKey> UnwrapStorageKey(const Keyring& keyring, const std::string& stored) {
  const auto unwrapped = keyring.Unwrap(kContext, stored);
  if (!unwrapped.ok() || unwrapped->plaintext.size() <= kKeySize) {
    return absl::FailedPreconditionError("the keyring is not the one that the storage was sealed with");
  }
  const std::string& text = unwrapped->plaintext;
  return StorageKey{.key = text.substr(0, kKeySize),
                    .never_in_clear = text[kKeySize] == kNeverInClear,
                    .store_id = text.substr(kKeySize + 1)};
}

std::string WrapStorageKey(const Keyring& keyring, const StorageKey& key) {
  return keyring.Wrap(
      kContext, absl::StrCat(key.key, std::string(1, key.never_in_clear ? kNeverInClear : kOnceInClear), key.store_id));
}

bool IsWrapped(const sql::StorageIdentity& identity) {
  return identity.owner_key.size() != kKeySize;
}

}  // namespace

absl::StatusOr<std::string> KeyringPath(const std::string& keys) {
  absl::string_view path = keys;
  if (keys.empty() || keys == "none") return std::string();
  if (absl::ConsumePrefix(&path, "file:") && !path.empty()) return std::string(path);
  return absl::InvalidArgumentError("--keys must be none or file:PATH");
}

std::string KeyStorageOf(const std::string& key_storage, const std::string& storage) {
  if (!key_storage.empty()) return key_storage;
  const auto path = sql::SqlitePath(storage);
  if (!path.ok()) return storage;
  const fs::path data = *path;
  return absl::StrCat("sqlite:", (data.parent_path() / "keys" / data.filename()).string());
}

std::string KeySchemaOf(const std::string& service) {
  return service + "_keys";
}

absl::StatusOr<std::unique_ptr<OpenedKeys>> OpenedKeys::Open(const KeyFlags& flags, const std::string& storage,
                                                             const std::string& service, const base::Clock& clock,
                                                             base::Random& random) {
  COUNCIL_ASSIGN_OR_RETURN(const std::string path, KeyringPath(flags.keys));
  std::unique_ptr<OpenedKeys> opened(new OpenedKeys());
  COUNCIL_ASSIGN_OR_RETURN(opened->erasures_, ErasureList::Open(flags.erasures, service, clock));
  if (path.empty()) {
    opened->shared_ = DevelopmentSharedKey();
    return opened;
  }
  COUNCIL_ASSIGN_OR_RETURN(Keyring keyring, Keyring::Load(path));
  opened->shared_ = keyring.shared();
  const std::string key_storage = KeyStorageOf(flags.key_storage, storage);
  if (const auto file = sql::SqlitePath(key_storage); file.ok()) COUNCIL_RETURN_IF_ERROR(MakeDirectory(*file));
  const std::string schema = KeySchemaOf(service);
  COUNCIL_ASSIGN_OR_RETURN(opened->database_, sql::OpenDatabase(key_storage, SqlOwnerKeyStore::SchemaNamed(schema)));
  opened->store_ = std::make_unique<SqlOwnerKeyStore>(*opened->database_);
  COUNCIL_ASSIGN_OR_RETURN(opened->owner_keys_, OwnerKeys::Open(std::move(keyring), *opened->store_, clock, random));
  return opened;
}

absl::StatusOr<StorageSecrets> OpenSecrets(sql::Database& database, const Keys& keys, base::Random& random) {
  if (keys.owners == nullptr) {
    COUNCIL_ASSIGN_OR_RETURN(sql::StorageIdentity identity, sql::StorageIdentity::LoadOrCreate(database, random));
    if (IsWrapped(identity)) {
      return absl::FailedPreconditionError(
          "the storage is sealed: name the keyring that it was sealed with, --keys=file:PATH");
    }
    return StorageSecrets{.identity = std::move(identity), .clear_rows = Sealer::ClearRows::kOpen};
  }
  const Keyring& keyring = keys.owners->keyring();
  const std::string& store_id = keys.owners->store_id();
  const auto load = [&] {
    return sql::StorageIdentity::LoadOrCreate(database, random, [&](std::string_view key) {
      return WrapStorageKey(keyring, {.key = std::string(key), .never_in_clear = true, .store_id = store_id});
    });
  };
  COUNCIL_ASSIGN_OR_RETURN(sql::StorageIdentity identity, load());
  if (!IsWrapped(identity)) {
    COUNCIL_RETURN_IF_ERROR(
        identity.ReplaceKeys(database, WrapStorageKey(keyring, {.key = identity.owner_key, .store_id = store_id}),
                             WrapStorageKey(keyring, {.key = identity.token_key, .store_id = store_id})));
    // They go out of the log, too: now, or where that is in use with its next checkpoint.
    database.ClearLog().IgnoreError();
    // Another copy may have been faster.
    COUNCIL_ASSIGN_OR_RETURN(identity, load());
  }
  COUNCIL_ASSIGN_OR_RETURN(StorageKey owner_key, UnwrapStorageKey(keyring, identity.owner_key));
  COUNCIL_ASSIGN_OR_RETURN(StorageKey token_key, UnwrapStorageKey(keyring, identity.token_key));
  if (owner_key.store_id != store_id) {
    return absl::FailedPreconditionError(
        "the keys of owners are not those of this storage: say with --key-storage where they are, and restore them "
        "where they are lost");
  }
  identity.owner_key = std::move(owner_key.key);
  identity.token_key = std::move(token_key.key);
  return StorageSecrets{.identity = std::move(identity),
                        .clear_rows = owner_key.never_in_clear ? Sealer::ClearRows::kRefuse : Sealer::ClearRows::kOpen};
}

absl::Status RewrapSecrets(sql::Database& database, const OwnerKeys& owner_keys, base::Random& random) {
  const Keyring& keyring = owner_keys.keyring();
  COUNCIL_ASSIGN_OR_RETURN(const sql::StorageIdentity identity, sql::StorageIdentity::LoadOrCreate(database, random));
  COUNCIL_ASSIGN_OR_RETURN(const StorageKey owner_key, UnwrapStorageKey(keyring, identity.owner_key));
  COUNCIL_ASSIGN_OR_RETURN(const StorageKey token_key, UnwrapStorageKey(keyring, identity.token_key));
  return identity.ReplaceKeys(database, WrapStorageKey(keyring, owner_key), WrapStorageKey(keyring, token_key));
}

}  // namespace council::seal
