#ifndef COUNCIL_LIBS_RPC_OWNER_STREAMS_H_
#define COUNCIL_LIBS_RPC_OWNER_STREAMS_H_

#include <cstddef>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/owner.h"

namespace council::rpc {

// Counts the streams that each owner has open. Each holds a thread and a file for as long as its caller likes to take,
// so that without a limit an owner with a slow line could have all threads there are. Thread-safe.
class OwnerStreams {
 public:
  explicit OwnerStreams(std::size_t most) : most_(most) {}

  OwnerStreams(const OwnerStreams&) = delete;
  OwnerStreams& operator=(const OwnerStreams&) = delete;

  // A place for one more stream of the owner's, which is given back with the result; null where they have `most`. The
  // result must not outlive this.
  std::shared_ptr<void> Take(const base::Owner& owner) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    std::size_t& open = open_[owner];
    if (open == most_) return nullptr;
    ++open;
    return std::shared_ptr<void>(this, [this, owner](void*) { GiveBack(owner); });
  }

 private:
  void GiveBack(const base::Owner& owner) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    const auto open = open_.find(owner);
    if (--open->second == 0) open_.erase(open);
  }

  const std::size_t most_;
  absl::Mutex mutex_;
  absl::flat_hash_map<base::Owner, std::size_t> open_ ABSL_GUARDED_BY(mutex_);  // Owners with a stream alone.
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_OWNER_STREAMS_H_
