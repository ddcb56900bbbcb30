#include "services/recommendations/owner_state.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/json_lines.h"
#include "libs/base/proto_time.h"
#include "libs/base/random.h"
#include "libs/seal/token.h"
#include "services/recommendations/sql_recommendations_store.h"
#include "tests/support/temp_dir.h"

namespace council::recommendations {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using IfKept = RecommendationsStore::IfKept;

class OwnerStateTest : public ::testing::Test {
 protected:
  OwnerStateTest() {
    const std::string storage = "sqlite:" + (directory_ / "recommendations.db").string();
    auto store = SqlRecommendationsStore::Open(storage, seal::DevelopmentSharedKey(), random_);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  void SetUp() override {
    for (const char* day : {"2026-03-02", "2026-03-01", "2026-03-04"}) PutPoint(ada_, day, 51.25);
    for (const char* id : {"b", "a", "c"}) {
      GivenRecommendation given;
      given.mutable_recommendation()->set_id(id);
      given.mutable_recommendation()->set_reason("Rosa, 3 talks");
      given.mutable_recommendation()->set_expected_gain(0.1 + 0.2);
      *given.mutable_given_time() = base::ToProto(absl::FromUnixMicros(1'770'000'000'000'017 + (*id == 'c' ? -5 : 0)));
      given.mutable_recommendation()->set_response(v1::RECOMMENDATION_RESPONSE_ACCEPT);
      *given.mutable_response_time() = base::ToProto(absl::FromUnixSeconds(1'770'100'000));
      given.set_strength(0.375);
      given.set_strength_version("shipped-1");
      given.add_domains(common::v1::LIFE_DOMAIN_MENTAL);
      *given.add_cadences() = base::ToProto(absl::Hours(24 * 30));
      given.set_fading(true);
      EXPECT_TRUE(store_->PutGiven(ada_, {&given, 1}, IfKept::kReplace).ok());
    }
  }

  void PutPoint(const base::Owner& owner, const std::string& day, double score) {
    v1::BalancePoint point;
    point.set_day(day);
    point.set_score(score);
    for (int i = 0; i < 9; ++i) point.add_component_values(i / 10.0);
    EXPECT_TRUE(store_->PutPoints(owner, {&point, 1}, IfKept::kReplace).ok());
  }

  std::vector<v1::OwnerStateRecord> Records(const base::Owner& owner) {
    auto state = StateOf(owner, *store_, Deadline());
    EXPECT_TRUE(state.ok()) << state.status();
    std::vector<v1::OwnerStateRecord> records = {StartOf(*state)};
    records.insert(records.end(), state->begin(), state->end());
    return records;
  }

  std::vector<std::string> Lines(const base::Owner& owner) {
    std::vector<std::string> lines;
    for (const v1::OwnerStateRecord& record : Records(owner)) lines.push_back(base::ToJsonLine(record).value());
    return lines;
  }

  absl::StatusOr<StateImport> Import(const std::vector<v1::OwnerStateRecord>& records, const base::Owner& owner,
                                     bool dry_run = false) {
    ImportedState state;
    for (size_t i = 0; i < records.size(); ++i) {
      COUNCIL_RETURN_IF_ERROR(state.Add(static_cast<std::int64_t>(i), records[i]));
    }
    COUNCIL_RETURN_IF_ERROR(state.Finish());
    return WriteState(state, owner, *store_, Deadline(), dry_run);
  }

  static absl::Time Deadline() { return absl::Now() + absl::Seconds(20); }

  const test::TempDir directory_;
  base::SeededRandom random_{1};
  std::unique_ptr<RecommendationsStore> store_;
  const base::Owner ada_{"dev", "ada"};
  const base::Owner bob_{"dev", "bob"};
};

TEST_F(OwnerStateTest, WhatWasTakenOverIsTheSameAndTakenOverOnce) {
  const auto records = Records(ada_);
  ASSERT_EQ(records.size(), 7u);
  EXPECT_EQ(Import(records, bob_, true)->imported, 6);
  EXPECT_EQ(Lines(bob_).size(), 1u);
  EXPECT_EQ(Import(records, bob_)->imported, 6);
  EXPECT_THAT(Lines(bob_), ElementsAreArray(Lines(ada_)));
  const auto again = Import(records, bob_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->imported, 0);
  EXPECT_EQ(again->unchanged, 6);
}

TEST_F(OwnerStateTest, WhatWasInterruptedIsCompletedAndWhatWentOnSinceIsLeft) {
  PutPoint(bob_, "2026-03-02", 51.25);
  EXPECT_EQ(Import(Records(ada_), bob_)->imported, 5);
  EXPECT_THAT(Lines(bob_), ElementsAreArray(Lines(ada_)));
  PutPoint(bob_, "2026-03-05", 60);
  EXPECT_EQ(Import(Records(ada_), bob_)->imported, 0);
}

TEST_F(OwnerStateTest, WhoHasAnythingElseKeepsItAndNothingIsWritten) {
  PutPoint(bob_, "2026-03-02", 60);
  const absl::Status other = Import(Records(ada_), bob_).status();
  EXPECT_EQ(base::ReasonOf(other), common::v1::ERROR_REASON_STATE_NOT_EMPTY);
  EXPECT_THAT(std::string(other.message()), HasSubstr("1 day and 0 recommendations"));
  PutPoint(bob_, "2026-03-02", 51.25);
  PutPoint(bob_, "2026-03-03", 51.25);
  EXPECT_EQ(base::ReasonOf(Import(Records(ada_), bob_).status()), common::v1::ERROR_REASON_STATE_NOT_EMPTY);
  EXPECT_EQ(Lines(bob_).size(), 3u);
}

TEST_F(OwnerStateTest, ADamagedStateIsRefusedByItsRecord) {
  const auto wrong = [&](auto change) {
    std::vector<v1::OwnerStateRecord> records = Records(ada_);
    change(records);
    const google::rpc::BadRequest bad = base::BadRequestOf(Import(records, bob_).status());
    return bad.field_violations().empty() ? std::string("none") : bad.field_violations(0).field();
  };
  using Records = std::vector<v1::OwnerStateRecord>;
  EXPECT_EQ(wrong([](Records& all) { all.clear(); }), "records[0]");
  EXPECT_EQ(wrong([](Records& all) { all.pop_back(); }), "records[6]");
  EXPECT_EQ(wrong([](Records& all) { all.push_back(all.back()); }), "records[7]");
  EXPECT_EQ(wrong([](Records& all) { std::swap(all[2], all[3]); }), "records[3]");
  EXPECT_EQ(wrong([](Records& all) { all[0].mutable_start()->set_version(9); }), "records[0].start.version");
  EXPECT_EQ(wrong([](Records& all) { all[2].clear_record(); }), "records[2]");
  EXPECT_EQ(wrong([](Records& all) { all[3].mutable_balance_point()->set_day("2026-3-4x"); }),
            "records[3].balance_point.day");
  EXPECT_EQ(
      wrong([](Records& all) { all[1].mutable_balance_point()->set_score(std::numeric_limits<double>::quiet_NaN()); }),
      "records[1].balance_point.score");
  EXPECT_EQ(wrong([](Records& all) { all[1].mutable_balance_point()->add_component_values(0.5); }),
            "records[1].balance_point.component_values");
  EXPECT_EQ(wrong([](Records& all) { all[1].mutable_balance_point()->set_component_values(2, 1.5); }),
            "records[1].balance_point.component_values");
  EXPECT_EQ(wrong([](Records& all) {
              all[4].mutable_recommendation()->set_strength(std::numeric_limits<double>::quiet_NaN());
            }),
            "records[4].recommendation.strength");
  EXPECT_EQ(wrong([](Records& all) { all[4].mutable_recommendation()->add_cadences()->set_nanos(-1'999'999'999); }),
            "records[4].recommendation.cadences");
  EXPECT_THAT(
      wrong([](Records& all) { all[4].mutable_recommendation()->mutable_recommendation()->add_contact_ids("rosa"); }),
      StartsWith("records[4].recommendation.recommendation.contact_ids"));
  EXPECT_EQ(Lines(bob_).size(), 1u);
}

}  // namespace
}  // namespace council::recommendations
