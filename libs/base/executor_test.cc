#include "libs/base/executor.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"

namespace council::base {
namespace {

TEST(ExecutorTest, DestructorFinishesWhatIsQueued) {
  std::atomic<int> done = 0;
  {
    Executor executor(3, 1000);
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(executor.Submit([&done] { ++done; }));
  }
  EXPECT_EQ(done, 1000);
}

TEST(ExecutorTest, FullQueueRefusesAndForgetsTheTask) {
  absl::Notification started;
  absl::Notification release;
  std::atomic<int> done = 0;
  {
    Executor executor(1, 2);
    ASSERT_TRUE(executor.Submit([&] {
      started.Notify();
      release.WaitForNotification();
    }));
    started.WaitForNotification();
    EXPECT_TRUE(executor.Submit([&done] { ++done; }));
    EXPECT_TRUE(executor.Submit([&done] { ++done; }));
    EXPECT_FALSE(executor.Submit([&done] { ++done; }));
    release.Notify();
  }
  EXPECT_EQ(done, 2);
}

}  // namespace
}  // namespace council::base
