// What every RecommendationsStore must do.

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "libs/seal/token.h"
#include "services/recommendations/sqlite_recommendations_store.h"
#include "tests/support/temp_dir.h"

namespace council::recommendations {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using IfKept = RecommendationsStore::IfKept;

struct SqliteStorage {
  test::TempDir directory;
  base::SeededRandom random{1};

  std::unique_ptr<RecommendationsStore> Open() {
    sql::SqliteOptions options;
    options.path = directory / "recommendations.db";
    auto store = SqliteRecommendationsStore::Open(options, seal::DevelopmentSharedKey(), random);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }
};

v1::BalancePoint Point(const std::string& day, double score) {
  v1::BalancePoint point;
  point.set_day(day);
  point.set_score(score);
  point.set_model_version(1);
  return point;
}

template <typename Storage>
class RecommendationsStoreTest : public ::testing::Test {
 protected:
  std::vector<std::string> List(const base::Owner& owner, absl::CivilDay first = absl::CivilDay(1900),
                                absl::CivilDay last = absl::CivilDay(2100)) {
    const auto points = store_->ListPoints(owner, first, last, absl::Now() + absl::Seconds(20));
    EXPECT_TRUE(points.ok()) << points.status();
    std::vector<std::string> result;
    for (const v1::BalancePoint& point : *points)
      result.push_back(point.day() + " " + std::to_string(int(point.score())));
    return result;
  }

  absl::Status Put(const base::Owner& owner, const std::vector<v1::BalancePoint>& points,
                   IfKept if_kept = IfKept::kReplace) {
    return store_->PutPoints(owner, points, if_kept);
  }

  Storage storage_;
  std::unique_ptr<RecommendationsStore> store_ = storage_.Open();
  const base::Owner ada_{"dev", "ada"};
  const base::Owner bob_{"dev", "bob"};
};

TYPED_TEST_SUITE(RecommendationsStoreTest, ::testing::Types<SqliteStorage>);

TYPED_TEST(RecommendationsStoreTest, PointsComeBackInOrderOfDaysAndSurviveReopening) {
  ASSERT_TRUE(this->Put(this->ada_, {Point("2026-03-02", 2), Point("1969-12-31", 1), Point("2026-03-10", 3)}).ok());
  this->store_.reset();
  this->store_ = this->storage_.Open();
  EXPECT_THAT(this->List(this->ada_), ElementsAre("1969-12-31 1", "2026-03-02 2", "2026-03-10 3"));
  EXPECT_THAT(this->List(this->ada_, absl::CivilDay(2026, 3, 2), absl::CivilDay(2026, 3, 9)),
              ElementsAre("2026-03-02 2"));
}

TYPED_TEST(RecommendationsStoreTest, DayIsReplacedOrKeptAsAsked) {
  ASSERT_TRUE(this->Put(this->ada_, {Point("2026-03-02", 1)}).ok());
  ASSERT_TRUE(this->Put(this->ada_, {Point("2026-03-02", 2)}, IfKept::kKeepOld).ok());
  EXPECT_THAT(this->List(this->ada_), ElementsAre("2026-03-02 1"));
  ASSERT_TRUE(this->Put(this->ada_, {Point("2026-03-02", 3)}, IfKept::kReplace).ok());
  EXPECT_THAT(this->List(this->ada_), ElementsAre("2026-03-02 3"));
}

TYPED_TEST(RecommendationsStoreTest, OwnersStandApart) {
  ASSERT_TRUE(this->Put(this->ada_, {Point("2026-03-02", 1)}).ok());
  EXPECT_THAT(this->List(this->bob_), IsEmpty());
  EXPECT_THAT(this->List({"other", "ada"}), IsEmpty());
}

TYPED_TEST(RecommendationsStoreTest, AfterErasureNothingIsThereAndNothingIsKept) {
  ASSERT_TRUE(this->Put(this->ada_, {Point("2026-03-02", 1)}).ok());
  ASSERT_TRUE(this->Put(this->bob_, {Point("2026-03-02", 1)}).ok());
  ASSERT_TRUE(this->store_->EraseOwner(this->ada_).ok());
  ASSERT_TRUE(this->store_->EraseOwner(this->ada_).ok());
  EXPECT_THAT(this->List(this->ada_), IsEmpty());
  const absl::Status status = this->Put(this->ada_, {Point("2026-03-03", 1)});
  EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_OWNER_ERASED) << status;
  EXPECT_THAT(this->List(this->bob_), ElementsAre("2026-03-02 1"));
}

}  // namespace
}  // namespace council::recommendations
