// What every RecommendationsStore must do.

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "libs/seal/token.h"
#include "services/recommendations/migrations.h"
#include "services/recommendations/sql_recommendations_store.h"
#include "tests/support/test_keys.h"
#include "tests/support/test_storage.h"

namespace council::recommendations {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using IfKept = RecommendationsStore::IfKept;

v1::BalancePoint Point(const std::string& day, double score) {
  v1::BalancePoint point;
  point.set_day(day);
  point.set_score(score);
  point.set_model_version(1);
  return point;
}

// `time` as "2026-03-02T09:00:00", or a day alone.
GivenRecommendation Given(const std::string& id, const std::string& time, double score = 0) {
  absl::CivilSecond second;
  EXPECT_TRUE(absl::ParseLenientCivilTime(time, &second)) << time;
  GivenRecommendation given;
  given.mutable_recommendation()->set_id(id);
  *given.mutable_given_time() = base::ToProto(absl::FromCivil(second, absl::UTCTimeZone()));
  given.set_score(score);
  return given;
}

std::vector<std::string> Texts(const absl::StatusOr<std::vector<GivenRecommendation>>& all) {
  EXPECT_TRUE(all.ok()) << all.status();
  std::vector<std::string> texts;
  for (const GivenRecommendation& given : *all)
    texts.push_back(given.recommendation().id() + " " + std::to_string(int(given.score())));
  return texts;
}

class RecommendationsStoreTest : public ::testing::TestWithParam<test::TestEngine> {
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

  std::vector<std::string> ListGiven(const base::Owner& owner, absl::CivilDay first = absl::CivilDay(1900),
                                     absl::CivilDay last = absl::CivilDay(2100)) {
    return Texts(store_->ListGiven(owner, first, last, absl::Now() + absl::Seconds(20)));
  }

  std::vector<std::string> FindGiven(const base::Owner& owner, const std::vector<std::string>& ids) {
    return Texts(store_->FindGiven(owner, ids, absl::Now() + absl::Seconds(20)));
  }

  absl::Status PutGiven(const base::Owner& owner, const std::vector<GivenRecommendation>& given,
                        IfKept if_kept = IfKept::kKeepOld) {
    return store_->PutGiven(owner, given, if_kept);
  }

  std::unique_ptr<RecommendationsStore> Open() {
    keys_.Reopen();
    auto store = SqlRecommendationsStore::Open(storage_->url(), keys_.keys(), random_);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

  std::string HashOf(const base::Owner& owner) {
    return dynamic_cast<SqlRecommendationsStore&>(*store_).sealer().OwnerHash(owner);
  }

  void Erase(const base::Owner& owner) {
    EXPECT_TRUE(store_->BeginErasure(owner).ok());
    EXPECT_TRUE(store_->FinishErasure(owner).ok());
  }

  const std::unique_ptr<test::TestStorage> storage_ = GetParam().make(StorageSchema());
  test::TestKeys keys_{GetParam().sealed};
  base::SeededRandom random_{1};
  std::unique_ptr<RecommendationsStore> store_ = Open();
  const base::Owner ada_{"dev", "ada"};
  const base::Owner bob_{"dev", "bob"};
};

TEST_P(RecommendationsStoreTest, PointsComeBackInOrderOfDaysAndSurviveReopening) {
  ASSERT_TRUE(Put(ada_, {Point("2026-03-02", 2), Point("1969-12-31", 1), Point("2026-03-10", 3)}).ok());
  store_.reset();
  store_ = Open();
  EXPECT_THAT(List(ada_), ElementsAre("1969-12-31 1", "2026-03-02 2", "2026-03-10 3"));
  EXPECT_THAT(List(ada_, absl::CivilDay(2026, 3, 2), absl::CivilDay(2026, 3, 9)), ElementsAre("2026-03-02 2"));
}

TEST_P(RecommendationsStoreTest, DayIsReplacedOrKeptAsAsked) {
  ASSERT_TRUE(Put(ada_, {Point("2026-03-02", 1)}).ok());
  ASSERT_TRUE(Put(ada_, {Point("2026-03-02", 2)}, IfKept::kKeepOld).ok());
  EXPECT_THAT(List(ada_), ElementsAre("2026-03-02 1"));
  ASSERT_TRUE(Put(ada_, {Point("2026-03-02", 3)}, IfKept::kReplace).ok());
  EXPECT_THAT(List(ada_), ElementsAre("2026-03-02 3"));
}

TEST_P(RecommendationsStoreTest, OwnersStandApart) {
  ASSERT_TRUE(Put(ada_, {Point("2026-03-02", 1)}).ok());
  EXPECT_THAT(List(bob_), IsEmpty());
  EXPECT_THAT(List({"other", "ada"}), IsEmpty());
}

TEST_P(RecommendationsStoreTest, AfterErasureNothingIsThereAndNothingIsKept) {
  ASSERT_TRUE(Put(ada_, {Point("2026-03-02", 1)}).ok());
  ASSERT_TRUE(Put(bob_, {Point("2026-03-02", 1)}).ok());
  Erase(ada_);
  Erase(ada_);
  EXPECT_THAT(List(ada_), IsEmpty());
  const absl::Status status = Put(ada_, {Point("2026-03-03", 1)});
  EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_OWNER_ERASED) << status;
  EXPECT_THAT(List(bob_), ElementsAre("2026-03-02 1"));
}

TEST_P(RecommendationsStoreTest, RecommendationsAreFoundByTheirIdsAndSurviveReopening) {
  ASSERT_TRUE(
      PutGiven(ada_, {Given("a", "2026-03-02T09:00:00", 1), Given("b", "2026-03-03", 2), Given("c", "2026-03-04", 3)})
          .ok());
  store_.reset();
  store_ = Open();
  EXPECT_THAT(FindGiven(ada_, {"c", "unknown", "a"}), UnorderedElementsAre("a 1", "c 3"));
  EXPECT_THAT(FindGiven(ada_, {}), IsEmpty());
}

TEST_P(RecommendationsStoreTest, RecommendationsAreListedByTheTimeFirstGiven) {
  ASSERT_TRUE(PutGiven(ada_, {Given("z", "2026-03-02T08:00:00"), Given("a", "2026-03-02T09:00:00"),
                              Given("c", "2026-03-04T23:59:59"), Given("b", "1969-12-31")})
                  .ok());
  EXPECT_THAT(ListGiven(ada_), ElementsAre("b 0", "z 0", "a 0", "c 0"));
  EXPECT_THAT(ListGiven(ada_, absl::CivilDay(2026, 3, 3), absl::CivilDay(2026, 3, 4)), ElementsAre("c 0"));
}

TEST_P(RecommendationsStoreTest, RecommendationGivenAgainIsKeptOrReplacedAsAsked) {
  ASSERT_TRUE(PutGiven(ada_, {Given("a", "2026-03-02", 1)}).ok());
  ASSERT_TRUE(PutGiven(ada_, {Given("a", "2026-03-02", 2)}).ok());
  EXPECT_THAT(ListGiven(ada_), ElementsAre("a 1"));
  ASSERT_TRUE(PutGiven(ada_, {Given("a", "2026-03-02", 3)}, IfKept::kReplace).ok());
  EXPECT_THAT(ListGiven(ada_), ElementsAre("a 3"));
}

TEST_P(RecommendationsStoreTest, RecommendationsOfOwnersStandApartAndAreErasedWithThem) {
  ASSERT_TRUE(PutGiven(ada_, {Given("a", "2026-03-02")}).ok());
  ASSERT_TRUE(PutGiven(bob_, {Given("a", "2026-03-02", 7)}).ok());
  EXPECT_THAT(ListGiven({"other", "ada"}), IsEmpty());
  Erase(ada_);
  EXPECT_THAT(ListGiven(ada_), IsEmpty());
  EXPECT_THAT(FindGiven(ada_, {"a"}), IsEmpty());
  const absl::Status status = PutGiven(ada_, {Given("b", "2026-03-02")});
  EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_OWNER_ERASED) << status;
  EXPECT_THAT(ListGiven(bob_), ElementsAre("a 7"));
}

TEST_P(RecommendationsStoreTest, WhatWasRecommendedAboutAnErasedContactGoes) {
  const std::string rosa = "0190a000-0000-7000-8000-000000000001";
  const std::string former = "0190a000-0000-7000-8000-000000000002";
  const auto about = [](const std::string& id, const std::string& contact) {
    GivenRecommendation given = Given(id, "2026-03-02");
    given.mutable_recommendation()->add_contact_ids("0190a000-0000-7000-8000-000000000009");
    given.mutable_recommendation()->add_contact_ids(contact);
    return given;
  };
  ASSERT_TRUE(PutGiven(ada_, {about("a", rosa), about("b", former), Given("c", "2026-03-02")}).ok());
  ASSERT_TRUE(PutGiven(bob_, {about("a", rosa)}).ok());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(store_->EraseContact(ada_, {rosa, former}).ok());
    EXPECT_THAT(ListGiven(ada_), ElementsAre("c 0"));
  }
  EXPECT_THAT(ListGiven(bob_), ElementsAre("a 0"));
  // What was worked out while they were still there comes too late.
  ASSERT_TRUE(PutGiven(ada_, {about("d", rosa), Given("e", "2026-03-02")}).ok());
  EXPECT_THAT(ListGiven(ada_), ElementsAre("c 0", "e 0"));
}

TEST_P(RecommendationsStoreTest, WhatARestoreBroughtBackIsErasedAgainWhenTheStoreOpens) {
  const std::string rosa = "0190a000-0000-7000-8000-000000000001";
  GivenRecommendation given = Given("a", "2026-03-02");
  given.mutable_recommendation()->add_contact_ids(rosa);
  ASSERT_TRUE(PutGiven(ada_, {given, Given("b", "2026-03-02")}).ok());
  ASSERT_TRUE(Put(bob_, {Point("2026-03-02", 1)}).ok());
  seal::ErasureList* list = keys_.keys().erasures;
  ASSERT_TRUE(list->Add({.owner_hash = HashOf(ada_), .contact_ids = {rosa}}).ok());
  ASSERT_TRUE(list->Add({.owner_hash = HashOf(bob_), .contact_ids = {}}).ok());
  store_.reset();
  store_ = Open();
  EXPECT_THAT(ListGiven(ada_), ElementsAre("b 0"));
  EXPECT_THAT(List(bob_), IsEmpty());
  EXPECT_EQ(base::ReasonOf(Put(bob_, {Point("2026-03-03", 1)})), common::v1::ERROR_REASON_OWNER_ERASED);
}

TEST_P(RecommendationsStoreTest, AnErasureThatWasBegunIsFinishedWhenTheStoreOpens) {
  ASSERT_TRUE(Put(ada_, {Point("2026-03-02", 1)}).ok());
  ASSERT_TRUE(store_->BeginErasure(ada_).ok());
  EXPECT_EQ(base::ReasonOf(Put(ada_, {Point("2026-03-03", 1)})), common::v1::ERROR_REASON_OWNER_ERASED);
  store_.reset();
  store_ = Open();
  EXPECT_THAT(List(ada_), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, RecommendationsStoreTest,
                         ::testing::Values(test::kSqliteEngine, test::kPostgresEngine, test::kSealedSqliteEngine,
                                           test::kSealedPostgresEngine),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace council::recommendations
