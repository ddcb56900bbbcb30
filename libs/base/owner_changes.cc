#include "libs/base/owner_changes.h"

#include <algorithm>
#include <utility>

#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"

namespace council::base {

OwnerChanges::OwnerChanges(const Options& options, ReadRevisions read)
    : options_(options), read_(std::move(read)), poller_([this] { Run(); }) {}

OwnerChanges::~OwnerChanges() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  poller_.join();
}

absl::StatusOr<std::unique_ptr<OwnerChanges::Subscription>> OwnerChanges::Subscribe(const Owner& owner,
                                                                                    std::function<void()> wake) {
  absl::MutexLock lock(&mutex_);
  if (waiters_ >= options_.waiters) {
    return WithRetry(Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_OVERLOADED,
                           "too many watch for changes; try again shortly"),
                     absl::Seconds(5));
  }
  Watched& watched = watched_[owner];
  if (watched.waiters.size() >= options_.waiters_per_owner) {
    return OverLimit("too many watches of this owner's are open; end one of them");
  }
  ++waiters_;
  watched.waiters.push_back(std::move(wake));
  return std::unique_ptr<Subscription>(new Subscription(*this, owner, std::prev(watched.waiters.end())));
}

void OwnerChanges::Unsubscribe(const Owner& owner, Waiters::iterator waiter) {
  absl::MutexLock lock(&mutex_);
  const auto watched = watched_.find(owner);
  watched->second.waiters.erase(waiter);
  if (watched->second.waiters.empty()) watched_.erase(watched);
  --waiters_;
}

void OwnerChanges::Changed(const Owner& owner, std::int64_t revision) {
  // A waiter who comes between the commit and this look reads after the commit.
  if (waiters_ == 0) return;
  absl::MutexLock lock(&mutex_);
  Raise(owner, revision);
}

void OwnerChanges::Raise(const Owner& owner, std::int64_t revision) {
  const auto watched = watched_.find(owner);
  if (watched == watched_.end() || revision <= watched->second.revision) return;
  watched->second.revision = revision;
  // Under the lock, so that a subscription's end waits for a waking that is under way.
  for (const auto& wake : watched->second.waiters) wake();
}

void OwnerChanges::Run() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      const auto watched_or_stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
        return stopping_ || !watched_.empty();
      };
      mutex_.Await(absl::Condition(&watched_or_stopping));
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), options_.poll_interval)) return;
    }
    Poll();
  }
}

void OwnerChanges::Poll() {
  std::vector<Owner> owners;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    owners.reserve(watched_.size());
    for (const auto& [owner, watched] : watched_) owners.push_back(owner);
  }
  for (std::size_t begin = 0; begin < owners.size(); begin += options_.owners_per_poll) {
    const std::span<const Owner> some =
        std::span(owners).subspan(begin, std::min(options_.owners_per_poll, owners.size() - begin));
    const absl::StatusOr<std::vector<std::int64_t>> revisions = read_(some);
    absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    if (!revisions.ok()) continue;
    for (std::size_t i = 0; i < some.size(); ++i) Raise(some[i], (*revisions)[i]);
  }
}

}  // namespace council::base
