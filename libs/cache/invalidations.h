#ifndef COUNCIL_LIBS_CACHE_INVALIDATIONS_H_
#define COUNCIL_LIBS_CACHE_INVALIDATIONS_H_

#include <string_view>

#include "absl/time/time.h"

namespace council::cache {

// Is told which keys of Redis change, whoever changes them, by one thread at a time and in the order of the changes.
class InvalidationSink {
 public:
  virtual ~InvalidationSink() = default;

  // The value of a key was set, deleted, evicted, or has expired.
  virtual void OnInvalidated(std::string_view key) = 0;

  // Every key is gone.
  virtual void OnFlushed() = 0;

  // Everything that changed before `sent`, a time of the monotonic clock, has been told; or was never going to be,
  // where OnLost came since.
  virtual void OnProof(absl::Time sent) = 0;

  // Changes may go untold from before this call until the next proof.
  virtual void OnLost() = 0;
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_INVALIDATIONS_H_
