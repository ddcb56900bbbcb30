// A year looked back on, over gRPC, with the real services and a clock that is moved.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/proto_time.h"
#include "tests/support/owner_in_process.h"

namespace council::test {
namespace {

using recommendations::v1::GetReviewResponse;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr absl::Duration kDay = absl::Hours(24);

absl::Time Noon(int year, int month, int day) {
  return absl::FromCivil(absl::CivilHour(year, month, day, 12), absl::UTCTimeZone());
}

class ReviewTest : public OwnerInProcessTest {
 protected:
  ReviewTest() : OwnerInProcessTest(Noon(2026, 5, 1)) {}

  void Seat(const std::string& id, absl::Time since) {
    contacts::v1::SeatContactRequest request;
    request.set_contact_id(id);
    *request.mutable_seat()->mutable_seated_time() = base::ToProto(since);
    *request.mutable_seat()->mutable_cadence() = base::ToProto(30 * kDay);
    Ask(*contacts_, &ContactsService::Stub::SeatContact, request);
  }

  void Talk(const std::vector<std::string>& ids, absl::Time time, const ledger::v1::Benefit* benefit = nullptr) {
    ledger::v1::AppendInteractionRequest request;
    ledger::v1::Interaction& talk = *request.mutable_interaction();
    talk.mutable_contact_ids()->Add(ids.begin(), ids.end());
    *talk.mutable_occur_time() = base::ToProto(time);
    *talk.mutable_duration() = base::ToProto(absl::Hours(1));
    if (benefit != nullptr) *talk.add_benefits() = *benefit;
    Ask(*ledger_, &LedgerService::Stub::AppendInteraction, request);
  }

  GetReviewResponse Review(int year = 0) {
    recommendations::v1::GetReviewRequest request;
    request.set_year(year);
    return Ask(*recommendations_, &RecommendationsService::Stub::GetReview, request);
  }

  absl::StatusCode CodeFor(int year) {
    recommendations::v1::GetReviewRequest request;
    request.set_year(year);
    return Call(*recommendations_, &RecommendationsService::Stub::GetReview, request).status().code();
  }
};

TEST_F(ReviewTest, TellsTheYearFromWhatTheServicesHave) {
  contacts::v1::UpdateSettingsRequest settings;
  settings.mutable_settings()->set_time_zone("Europe/Berlin");
  settings.mutable_update_mask()->add_paths("time_zone");
  Ask(*contacts_, &ContactsService::Stub::UpdateSettings, settings);

  const std::string rosa = Add("Rosa");
  const std::string tom = Add("Tom");
  const std::string grace = Add("Grace");
  Seat(rosa, Noon(2024, 6, 1));
  Seat(grace, Noon(2025, 9, 1));
  // Tom every week until the first days of 2025, Rosa every month to this day.
  for (absl::Time time = Noon(2024, 6, 1); time < Noon(2025, 1, 10); time += 7 * kDay) Talk({tom}, time);
  for (absl::Time time = Noon(2024, 6, 1); time < Noon(2026, 4, 1); time += 30 * kDay) Talk({rosa}, time);
  ledger::v1::Benefit introduction;
  introduction.set_direction(ledger::v1::BENEFIT_DIRECTION_RECEIVED);
  introduction.set_kind(ledger::v1::BENEFIT_KIND_INTRODUCTION);
  introduction.set_contact_id(rosa);
  introduction.set_introduced_contact_id(grace);
  Talk({rosa, grace}, Noon(2025, 12, 20), &introduction);
  Talk({grace}, Noon(2026, 1, 15));
  // Still 2025 in UTC, and no more in Berlin.
  Talk({grace}, absl::FromCivil(absl::CivilMinute(2025, 12, 31, 23, 30), absl::UTCTimeZone()));

  const GetReviewResponse review = Review(2025);
  EXPECT_EQ(review.time_zone(), "Europe/Berlin");
  EXPECT_EQ(review.last_day(), "2025-12-31");
  EXPECT_EQ(review.talks(), 12 + 1 + 1);
  EXPECT_NEAR(review.hours(), review.talks(), 1e-9);
  EXPECT_THAT(review.met_ids(), UnorderedElementsAre(rosa, tom, grace));
  EXPECT_THAT(review.newly_met_ids(), ElementsAre(grace));
  EXPECT_THAT(review.joined_ids(), ElementsAre(grace));
  EXPECT_THAT(review.left_ids(), SizeIs(0));
  ASSERT_THAT(review.faded(), SizeIs(1));
  EXPECT_EQ(review.faded(0).contact_id(), tom);
  EXPECT_EQ(base::FromProto(review.faded(0).last_time()), Noon(2025, 1, 4));
  ASSERT_THAT(review.benefits(), SizeIs(1));
  EXPECT_EQ(review.benefits(0).times(), 1);
  ASSERT_THAT(review.introductions(), SizeIs(1));
  EXPECT_EQ(base::FromProto(review.introductions(0).talk_time()),
            absl::FromCivil(absl::CivilMinute(2025, 12, 31, 23, 30), absl::UTCTimeZone()));
  EXPECT_EQ(review.balance_before().day(), "2024-12-31");
  ASSERT_THAT(review.months(), SizeIs(12));
  for (const auto& month : review.months()) EXPECT_THAT(month.balance().component_values(), SizeIs(9)) << month.month();
  EXPECT_GT(review.months(11).balance().score(), review.balance_before().score());
}

TEST_F(ReviewTest, IsOfThisYearAndInJanuaryOfTheLastOne) {
  const GetReviewResponse empty = Review();
  EXPECT_EQ(empty.year(), 2026);
  EXPECT_EQ(empty.time_zone(), "UTC");
  EXPECT_EQ(empty.last_day(), "2026-05-01");
  EXPECT_THAT(empty.months(), SizeIs(5));
  EXPECT_EQ(empty.talks(), 0);
  EXPECT_EQ(Review(1970).first_day(), "1970-01-01");
  for (const int year : {-1, 1969, 2027, 10000}) EXPECT_EQ(CodeFor(year), absl::StatusCode::kInvalidArgument) << year;
  suite_.clock().Advance(Noon(2027, 1, 31) - suite_.clock().Now());
  EXPECT_EQ(Review().last_day(), "2026-12-31");
  suite_.clock().Advance(kDay);
  EXPECT_EQ(Review().last_day(), "2027-02-01");
}

TEST_F(ReviewTest, SaysWhatAdviceOfTheYearWasWorth) {
  for (const char* name : {"Rosa", "Tom"}) {
    const std::string id = Add(name);
    Seat(id, Noon(2025, 6, 1));
    Talk({id}, Noon(2026, 1, 10));
  }
  const auto advice = Ask(*recommendations_, &RecommendationsService::Stub::ListRecommendations, {});
  ASSERT_GT(advice.recommendations_size(), 0);
  suite_.clock().Advance(31 * kDay);
  int given = 0;
  const GetReviewResponse this_year = Review(2026);
  for (const auto& kind : this_year.advice()) given += kind.given();
  EXPECT_EQ(given, advice.recommendations_size());
  EXPECT_THAT(Review(2025).advice(), SizeIs(0));
}

}  // namespace
}  // namespace council::test
