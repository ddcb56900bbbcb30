#ifndef COUNCIL_LIBS_SEAL_OWNER_KEYS_H_
#define COUNCIL_LIBS_SEAL_OWNER_KEYS_H_

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/seal/keyring.h"

namespace council::seal {

// Where wrapped keys of owners lie: apart from the data, with backups of their own. Thread-safe. All functions fail
// with UNAVAILABLE where it can't be reached.
class OwnerKeyStore {
 public:
  virtual ~OwnerKeyStore() = default;

  // The wrapped key of the owner with this hash; nothing where there is none.
  virtual absl::StatusOr<std::optional<std::string>> Find(const std::string& owner_hash) = 0;

  // Keeps a key for an owner who has none, and returns the one that is there then: of several callers at once all get
  // the same.
  virtual absl::StatusOr<std::string> Insert(const std::string& owner_hash, const std::string& wrapped) = 0;

  // Puts `wrapped` in the place of `old`, if that is still there.
  virtual absl::Status Replace(const std::string& owner_hash, const std::string& old, const std::string& wrapped) = 0;

  // Destroys the owner's key for good.
  virtual absl::Status Remove(const std::string& owner_hash) = 0;
};

// The key of each owner, by the hash under which rows know them. Thread-safe.
class OwnerKeys {
 public:
  // None is held longer in memory: a key that was destroyed elsewhere is gone everywhere a minute later.
  static constexpr absl::Duration kLifetime = absl::Minutes(1);

  // `store` and `clock` must outlive this. FAILED_PRECONDITION where the keyring is not the one that the store's keys
  // were wrapped with: a sentinel that lies beside them shows it, so that a wrong keyring never makes new keys.
  static absl::StatusOr<std::unique_ptr<OwnerKeys>> Open(Keyring keyring, OwnerKeyStore& store,
                                                         const base::Clock& clock, base::Random& random);

  // The owner's key; nothing where there is none, or none any more.
  absl::StatusOr<std::optional<std::string>> Find(const std::string& owner_hash);

  // The owner's key, made where there is none.
  absl::StatusOr<std::string> FindOrMake(const std::string& owner_hash);

  // Destroys the owner's key: nothing that was sealed with it can be opened again. Whoever calls this has seen to it
  // that nothing is written for the owner any more.
  absl::Status Destroy(const std::string& owner_hash);

 private:
  struct Held {
    std::string owner_hash;
    std::string key;
    absl::Time until;
  };

  OwnerKeys(Keyring keyring, OwnerKeyStore& store, const base::Clock& clock, base::Random& random)
      : keyring_(std::move(keyring)), store_(store), clock_(clock), random_(random) {}

  std::optional<std::string> InMemory(const std::string& owner_hash) ABSL_LOCKS_EXCLUDED(mutex_);
  void Hold(const std::string& owner_hash, const std::string& key) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::string> Unwrap(const std::string& owner_hash, const std::string& wrapped);

  const Keyring keyring_;
  OwnerKeyStore& store_;
  const base::Clock& clock_;
  base::Random& random_;
  absl::Mutex mutex_;
  // The last used first.
  std::list<Held> held_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::list<Held>::iterator> index_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_OWNER_KEYS_H_
