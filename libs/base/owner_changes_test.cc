#include "libs/base/owner_changes.h"

#include <gtest/gtest.h>

#include <map>

#include "absl/synchronization/notification.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"

namespace council::base {
namespace {

const Owner kInes{.tenant = "acme", .subject = "ines"};
const Owner kOmar{.tenant = "acme", .subject = "omar"};

// Revisions as a storage that other processes write to would have them.
class Storage {
 public:
  void Set(const Owner& owner, std::int64_t revision) {
    absl::MutexLock lock(&mutex_);
    revisions_[owner] = revision;
  }
  void SetAway(bool away) {
    absl::MutexLock lock(&mutex_);
    away_ = away;
  }
  // Waits for `more` readings to begin.
  void AwaitReadings(int more) {
    absl::MutexLock lock(&mutex_);
    const int wanted = readings_ + more;
    const auto reached = [&] { return readings_ >= wanted; };
    mutex_.Await(absl::Condition(&reached));
  }
  absl::StatusOr<std::vector<std::int64_t>> Read(std::span<const Owner> owners) {
    absl::MutexLock lock(&mutex_);
    ++readings_;
    if (away_) return absl::UnavailableError("away");
    std::vector<std::int64_t> result;
    for (const Owner& owner : owners) {
      ++asked_[owner];
      result.push_back(revisions_[owner]);
    }
    return result;
  }
  bool WasAsked(const Owner& owner) {
    absl::MutexLock lock(&mutex_);
    return asked_.contains(owner);
  }

 private:
  absl::Mutex mutex_;
  std::map<Owner, std::int64_t> revisions_;
  std::map<Owner, int> asked_;
  int readings_ = 0;
  bool away_ = false;
};

// Counts how often it is woken.
class Waiter {
 public:
  std::function<void()> Wake() {
    return [this] {
      absl::MutexLock lock(&mutex_);
      ++count_;
    };
  }
  int count() {
    absl::MutexLock lock(&mutex_);
    return count_;
  }
  void Await(int count) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [&] { return count_ >= count; };
    mutex_.Await(absl::Condition(&reached));
  }

 private:
  absl::Mutex mutex_;
  int count_ = 0;
};

OwnerChanges::Options Polling(absl::Duration interval) {
  OwnerChanges::Options options;
  options.poll_interval = interval;
  return options;
}

TEST(OwnerChanges, AChangeMadeHereWakesTheOwnersWaitersAtOnceAndNobodyElse) {
  Storage storage;
  OwnerChanges changes(Polling(absl::Hours(1)), [&](auto owners) { return storage.Read(owners); });
  Waiter first;
  Waiter second;
  Waiter other;
  const auto a = changes.Subscribe(kInes, first.Wake());
  const auto b = changes.Subscribe(kInes, second.Wake());
  const auto c = changes.Subscribe(kOmar, other.Wake());
  changes.Changed(kInes, 1);
  EXPECT_EQ(first.count(), 1);
  EXPECT_EQ(second.count(), 1);
  EXPECT_EQ(other.count(), 0);
  changes.Changed(kInes, 1);  // Known.
  EXPECT_EQ(first.count(), 1);
}

TEST(OwnerChanges, AChangeMadeElsewhereIsFoundByAskingTheStorage) {
  Storage storage;
  OwnerChanges changes(Polling(absl::Milliseconds(1)), [&](auto owners) { return storage.Read(owners); });
  Waiter waiter;
  const auto subscription = changes.Subscribe(kInes, waiter.Wake());
  waiter.Await(1);  // The first that is heard of the owner.
  storage.Set(kInes, 5);
  waiter.Await(2);
  storage.AwaitReadings(3);
  EXPECT_EQ(waiter.count(), 2);
  EXPECT_FALSE(storage.WasAsked(kOmar));
}

TEST(OwnerChanges, AStorageThatWasAwayIsAskedAgain) {
  Storage storage;
  storage.SetAway(true);
  storage.Set(kInes, 5);
  OwnerChanges changes(Polling(absl::Milliseconds(1)), [&](auto owners) { return storage.Read(owners); });
  Waiter waiter;
  const auto subscription = changes.Subscribe(kInes, waiter.Wake());
  storage.AwaitReadings(2);
  EXPECT_EQ(waiter.count(), 0);
  storage.SetAway(false);
  waiter.Await(1);
}

TEST(OwnerChanges, WhoHasGoneIsNotWoken) {
  Storage storage;
  OwnerChanges changes(Polling(absl::Hours(1)), [&](auto owners) { return storage.Read(owners); });
  Waiter waiter;
  { const auto subscription = changes.Subscribe(kInes, waiter.Wake()); }
  changes.Changed(kInes, 1);
  EXPECT_EQ(waiter.count(), 0);
}

TEST(OwnerChanges, HowManyMayWaitIsBounded) {
  Storage storage;
  OwnerChanges::Options options = Polling(absl::Hours(1));
  options.waiters_per_owner = 2;
  options.waiters = 3;
  OwnerChanges changes(options, [&](auto owners) { return storage.Read(owners); });
  Waiter waiter;
  auto first = changes.Subscribe(kInes, waiter.Wake());
  const auto second = changes.Subscribe(kInes, waiter.Wake());
  EXPECT_EQ(ReasonOf(changes.Subscribe(kInes, waiter.Wake()).status()), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
  const auto third = changes.Subscribe(kOmar, waiter.Wake());
  EXPECT_EQ(ReasonOf(changes.Subscribe(kOmar, waiter.Wake()).status()), common::v1::ERROR_REASON_OVERLOADED);
  first->reset();
  EXPECT_TRUE(changes.Subscribe(kOmar, waiter.Wake()).ok());
}

}  // namespace
}  // namespace council::base
