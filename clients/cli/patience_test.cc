#include "clients/cli/patience.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "libs/base/status.h"

namespace council::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PatienceTest : public testing::Test {
 protected:
  static absl::Status RefusedFor(absl::Duration pause) {
    return base::WithRetry(base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_RATE_LIMITED, ""),
                           pause);
  }

  std::vector<absl::Duration> pauses_;
  Patience patience_{absl::Seconds(10), [this](absl::Duration pause) { pauses_.push_back(pause); }};
};

TEST_F(PatienceTest, CallIsMadeAgainAfterThePauseThatWasAskedFor) {
  EXPECT_TRUE(patience_.Waited(RefusedFor(absl::Seconds(3))));
  EXPECT_TRUE(patience_.Waited(RefusedFor(absl::Seconds(1))));
  EXPECT_THAT(pauses_, ElementsAre(absl::Seconds(3), absl::Seconds(1)));
}

TEST_F(PatienceTest, PausesTogetherAreNoLongerThanAllowed) {
  EXPECT_TRUE(patience_.Waited(RefusedFor(absl::Seconds(6))));
  EXPECT_FALSE(patience_.Waited(RefusedFor(absl::Seconds(5))));
  EXPECT_TRUE(patience_.Waited(RefusedFor(absl::Seconds(4))));
  EXPECT_FALSE(patience_.Waited(RefusedFor(absl::ZeroDuration())));
}

TEST_F(PatienceTest, RefusalsWithoutAnyPauseEndToo) {
  int times = 0;
  while (patience_.Waited(RefusedFor(-absl::Seconds(1)))) ++times;
  EXPECT_EQ(times, 1000);
}

TEST_F(PatienceTest, OtherFailuresAreForGood) {
  EXPECT_FALSE(patience_.Waited(absl::OkStatus()));
  EXPECT_FALSE(patience_.Waited(absl::ResourceExhaustedError("a limit of another kind")));
  EXPECT_FALSE(patience_.Waited(base::WithRetry(absl::UnavailableError("gone"), absl::Seconds(1))));
  EXPECT_THAT(pauses_, IsEmpty());
}

}  // namespace
}  // namespace council::cli
