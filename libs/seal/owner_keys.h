#ifndef COUNCIL_LIBS_SEAL_OWNER_KEYS_H_
#define COUNCIL_LIBS_SEAL_OWNER_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/seal/keyring.h"

namespace council::seal {

// One of an owner's keys as it lies in a store. Generations count from 1: the greatest seals, those before it open what
// they sealed.
struct WrappedKey {
  std::int64_t generation = 0;
  std::string wrapped;
};

// Where wrapped keys of owners lie: apart from the data, with backups of their own. Owners are known by the hash that
// rows have. Thread-safe. All functions fail with UNAVAILABLE where it can't be reached.
class OwnerKeyStore {
 public:
  virtual ~OwnerKeyStore() = default;

  // The owner's keys in the order of their generations; empty where there are none. FAILED_PRECONDITION (OWNER_ERASED)
  // where they were destroyed.
  virtual absl::StatusOr<std::vector<WrappedKey>> Find(const std::string& owner_hash) = 0;

  // Keeps a key, unless there is one of that generation or the owner's keys were destroyed: whoever makes one reads
  // again, and of several at once all find the same.
  virtual absl::Status Insert(const std::string& owner_hash, const WrappedKey& key) = 0;

  // Puts `wrapped` in the place of the key `old`, if that is still there.
  virtual absl::Status Replace(const std::string& owner_hash, const WrappedKey& old, const std::string& wrapped) = 0;

  // Destroys the owner's keys for good, and lets none be made again.
  virtual absl::Status Destroy(const std::string& owner_hash) = 0;

  // Up to `limit` of the owners that have keys, whose hashes are greater than `after`, in order.
  virtual absl::StatusOr<std::vector<std::string>> OwnersAfter(const std::string& after, int limit) = 0;
};

// The keys of one owner, opened: by generation.
using OwnerRing = std::map<std::int64_t, std::string>;

// The keys of each owner, by the hash under which rows know them. Thread-safe.
class OwnerKeys {
 public:
  // None is held longer in memory: a key that was destroyed elsewhere is gone everywhere a minute later.
  static constexpr absl::Duration kLifetime = absl::Minutes(1);

  // `store`, `clock` and `random` (fit for keys) must outlive this. FAILED_PRECONDITION where the keyring is not the
  // one that the store's keys were wrapped with: a sentinel that lies beside them shows it, so that a wrong keyring
  // never makes new keys.
  static absl::StatusOr<std::unique_ptr<OwnerKeys>> Open(Keyring keyring, OwnerKeyStore& store,
                                                         const base::Clock& clock, base::Random& random);

  const Keyring& keyring() const { return keyring_; }

  // 16 random bytes, made with the store: by which a storage knows the one that has its owners' keys.
  const std::string& store_id() const { return store_id_; }

  // The owner's keys, the first made where there is none. FAILED_PRECONDITION (OWNER_ERASED) where they were destroyed.
  absl::StatusOr<std::shared_ptr<const OwnerRing>> FindOrMake(const std::string& owner_hash);

  // The owner's keys, with that of `generation` among them, which another copy of the service may have made a moment
  // ago. DATA_LOSS where there is no such key; FAILED_PRECONDITION (OWNER_ERASED) where they were destroyed.
  absl::StatusOr<std::shared_ptr<const OwnerRing>> FindWith(const std::string& owner_hash, std::int64_t generation);

  // Destroys the owner's keys: nothing that was sealed with them can be opened again. Whoever calls this has seen to it
  // that nothing is written for the owner any more. May be repeated.
  absl::Status Destroy(const std::string& owner_hash);

  // Gives every owner a new key, with which is sealed what is written from now on (by other copies within a minute).
  // The old ones stay: rows and backups of before still open. Returns how many owners there are.
  absl::StatusOr<std::int64_t> RotateAll();

  // Wraps anew what was wrapped by a master key that is not the primary one any more, so that the old one can be
  // dropped once no program runs in which it is the primary one. Returns how many keys of owners were.
  absl::StatusOr<std::int64_t> RewrapAll();

 private:
  struct Held {
    std::string owner_hash;
    std::shared_ptr<const OwnerRing> ring;
    absl::Time until;
  };

  OwnerKeys(Keyring keyring, OwnerKeyStore& store, std::string store_id, const base::Clock& clock, base::Random& random)
      : keyring_(std::move(keyring)), store_(store), store_id_(std::move(store_id)), clock_(clock), random_(random) {}

  std::shared_ptr<const OwnerRing> InMemory(const std::string& owner_hash) ABSL_LOCKS_EXCLUDED(mutex_);
  void Hold(const std::string& owner_hash, std::shared_ptr<const OwnerRing> ring) ABSL_LOCKS_EXCLUDED(mutex_);
  void Drop(const std::string& owner_hash) ABSL_LOCKS_EXCLUDED(mutex_);
  // Opens what the store has.
  absl::StatusOr<OwnerRing> Load(const std::string& owner_hash);
  absl::StatusOr<std::int64_t> Rewrap(const std::string& owner_hash);
  absl::StatusOr<std::shared_ptr<const OwnerRing>> LoadAndHold(const std::string& owner_hash);
  absl::Status Make(const std::string& owner_hash, std::int64_t generation);
  absl::Status ForEachOwner(absl::FunctionRef<absl::Status(const std::string& owner_hash)> visit);

  const Keyring keyring_;
  OwnerKeyStore& store_;
  const std::string store_id_;
  const base::Clock& clock_;
  base::Random& random_;
  absl::Mutex mutex_;
  // The last used first.
  std::list<Held> held_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::list<Held>::iterator> index_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_OWNER_KEYS_H_
