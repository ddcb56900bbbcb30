// Tells those who wait for an owner's changes that there are some.
#ifndef COUNCIL_LIBS_BASE_OWNER_CHANGES_H_
#define COUNCIL_LIBS_BASE_OWNER_CHANGES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/owner.h"

namespace council::base {

// Wakes the waiters of an owner when the owner's revision has grown: at once where this process made the change
// (Changed), and within `poll_interval` where another copy of the service did, by asking the storage for the revisions
// of all owners that somebody waits for, each owner once however many wait. Nobody waits: nothing is asked.
//
// It says that there may be news, not which: a waiter reads from the place where it stands, and a waking too many does
// no harm. Thread-safe.
//
//   OwnerChanges changes(options, [&store](std::span<const Owner> owners) { return store.Revisions(owners, …); });
//   auto waiter = changes.Subscribe(owner, [] { /* schedule a read */ });   // Before the first read, so none is
//   missed. changes.Changed(owner, revision);                                       // After each commit.
class OwnerChanges {
 public:
  struct Options {
    absl::Duration poll_interval = absl::Seconds(1);
    // Waiters at once. One more is refused.
    std::size_t waiters_per_owner = 32;
    std::size_t waiters = 10'000;
    // Owners that one reading of revisions asks for.
    std::size_t owners_per_poll = 500;
  };

  // The revisions of `owners` as the storage has them, in their order; 0 for an owner without any. May block for some
  // seconds. A failure is passed over: the next poll asks again.
  using ReadRevisions = std::function<absl::StatusOr<std::vector<std::int64_t>>(std::span<const Owner> owners)>;

  OwnerChanges(const Options& options, ReadRevisions read);
  // Ends the polling. All subscriptions must be gone.
  ~OwnerChanges();
  OwnerChanges(const OwnerChanges&) = delete;
  OwnerChanges& operator=(const OwnerChanges&) = delete;

  class Subscription;

  // `wake` is called on any thread, may be called while this function runs and must not block, nor make or destroy
  // subscriptions; after the subscription's destructor returned it is not called any more.
  // RESOURCE_EXHAUSTED (LIMIT_EXCEEDED for the owner's limit, OVERLOADED for the process's) beyond the limits.
  absl::StatusOr<std::unique_ptr<Subscription>> Subscribe(const Owner& owner, std::function<void()> wake)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Says that the owner's revision is `revision` now. Cheap where nobody waits.
  void Changed(const Owner& owner, std::int64_t revision) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Waiters = std::list<std::function<void()>>;
  struct Watched {
    std::int64_t revision = -1;  // The greatest that was heard of; -1: none yet.
    Waiters waiters;
  };

  void Unsubscribe(const Owner& owner, Waiters::iterator waiter) ABSL_LOCKS_EXCLUDED(mutex_);
  void Raise(const Owner& owner, std::int64_t revision) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  void Poll() ABSL_LOCKS_EXCLUDED(mutex_);

  const Options options_;
  const ReadRevisions read_;
  std::atomic<std::size_t> waiters_ = 0;
  absl::Mutex mutex_;
  absl::flat_hash_map<Owner, Watched> watched_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread poller_;
};

// Waits until it is destroyed.
class OwnerChanges::Subscription {
 public:
  ~Subscription() { changes_.Unsubscribe(owner_, waiter_); }
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

 private:
  friend class OwnerChanges;
  Subscription(OwnerChanges& changes, Owner owner, Waiters::iterator waiter)
      : changes_(changes), owner_(std::move(owner)), waiter_(waiter) {}

  OwnerChanges& changes_;
  const Owner owner_;
  const Waiters::iterator waiter_;
};

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_OWNER_CHANGES_H_
