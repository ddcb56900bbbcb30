#ifndef COUNCIL_LIBS_IDENTITY_KEY_CACHE_H_
#define COUNCIL_LIBS_IDENTITY_KEY_CACHE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/identity/jose.h"

namespace council::identity {

// The keys of one issuer, as it last published them. Never fetches on its own: KeyRefresher calls Refresh when it is
// due. Thread-safe.
class KeyCache {
 public:
  // Keys are fetched this often, also while nobody asks;
  static constexpr absl::Duration kRefreshEvery = absl::Minutes(5);
  // after a failure, and for the sake of an unknown key, at most this often;
  static constexpr absl::Duration kRefreshAtMostEvery = absl::Seconds(30);
  // and when they could not be fetched for this long they are not trusted any more.
  static constexpr absl::Duration kTrustFor = absl::Hours(1);
  // Further keys are passed over.
  static constexpr size_t kMaxKeys = 100;

  // Brings a JWKS. May block, but not without end.
  using Fetch = std::function<absl::StatusOr<std::string>()>;

  // `issuer` is for messages. `wake` is called when Refresh has become due earlier than it was; it must not block.
  KeyCache(std::string issuer, Fetch fetch, const base::Clock& clock, std::function<void()> wake);

  // The key with this id and algorithm. Never blocks. Else
  //   UNAVAILABLE      the keys are being fetched for its sake, or could not be fetched for an hour: try again;
  //   UNAUTHENTICATED  the issuer has no such key.
  absl::StatusOr<std::shared_ptr<const PublicKey>> Find(const std::string& key_id, Algorithm algorithm)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Fetches the keys and replaces all that there were. Keys of unknown kinds are passed over. Where it fails, or there
  // is no key of use among them, what there was stays, and it is due again in half a minute.
  absl::Status Refresh() ABSL_LOCKS_EXCLUDED(mutex_);

  // When Refresh is due; at first at once.
  absl::Time due() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Keys = std::map<std::pair<std::string, Algorithm>, std::shared_ptr<const PublicKey>>;

  absl::StatusOr<Keys> FetchKeys() const;

  const std::string issuer_;
  const Fetch fetch_;
  const base::Clock& clock_;
  const std::function<void()> wake_;
  mutable absl::Mutex mutex_;
  Keys keys_ ABSL_GUARDED_BY(mutex_);
  absl::Time fetched_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Time tried_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Time due_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace council::identity

#endif  // COUNCIL_LIBS_IDENTITY_KEY_CACHE_H_
