#include "libs/identity/key_refresher.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <utility>

namespace council::identity {

KeyRefresher::~KeyRefresher() {
  ending_ = true;
  Wake();
  if (thread_.joinable()) thread_.join();
}

void KeyRefresher::Start(std::vector<KeyCache*> caches) {
  caches_ = std::move(caches);
  thread_ = std::thread([this] { Run(); });
}

void KeyRefresher::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

void KeyRefresher::Run() {
  while (!ending_) {
    absl::Time due = absl::InfiniteFuture();
    for (KeyCache* cache : caches_) {
      if (cache->due() <= clock_.Now()) {
        const absl::Status status = cache->Refresh();
        if (!status.ok() && !ending_) spdlog::warn("{}", std::string(status.message()));
      }
      due = std::min(due, cache->due());
    }
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&woken_), due - clock_.Now());
    woken_ = false;
  }
}

}  // namespace council::identity
