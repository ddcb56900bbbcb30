#include "libs/rpc/watch.h"

#include "absl/time/time.h"
#include "libs/base/status.h"

namespace council::rpc {
namespace {

absl::Status ShuttingDown() {
  return base::WithRetry(base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_SHUTTING_DOWN,
                                     "the service goes down; go on from the last watch_token"),
                         absl::Seconds(1));
}

}  // namespace

void OpenWatches::Add(const std::shared_ptr<Watch>& watch) {
  {
    absl::MutexLock lock(&mutex_);
    open_.emplace(watch.get(), watch);
    if (!ending_) return;
  }
  watch->End(ShuttingDown());
}

void OpenWatches::Remove(const Watch* watch) {
  absl::MutexLock lock(&mutex_);
  open_.erase(watch);
}

void OpenWatches::EndAll() {
  std::vector<std::shared_ptr<Watch>> watches;
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    for (const auto& [key, watch] : open_) watches.push_back(watch.lock());
  }
  // Without the lock, since an ending watch removes itself.
  for (const auto& watch : watches) {
    if (watch != nullptr) watch->End(ShuttingDown());
  }
}

}  // namespace council::rpc
