#include "services/recommendations/check_ins.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "rapidcheck/gtest.h"

namespace council::recommendations {
namespace {

constexpr int kDayHours = 24;
// A Wednesday.
const absl::CivilDay kToday(2026, 5, 20);

absl::Time At(absl::CivilDay day) {
  return absl::FromCivil(absl::CivilHour(day) + 10, absl::UTCTimeZone());
}

absl::Duration Days(int days) {
  return absl::Hours(kDayHours) * days;
}

class CheckInsTest : public ::testing::Test {
 protected:
  contacts::v1::CouncilSeat& AddSeat(const std::string& id, int cadence_days) {
    contacts::v1::CouncilSeat& seat = *council_.add_seats();
    seat.mutable_contact()->set_id(id);
    seat.mutable_seat()->set_contact_id(id);
    *seat.mutable_seat()->mutable_first_seated_time() = base::ToProto(At(kToday - 365));
    if (cadence_days > 0) *seat.mutable_effective_cadence() = base::ToProto(Days(cadence_days));
    return seat;
  }

  void AddTalk(const std::string& id, int days_ago) {
    ledger::v1::Tie& tie = ties_[id];
    tie.set_contact_id(id);
    const absl::CivilDay day = kToday - days_ago;
    *tie.mutable_last_time() = base::ToProto(At(day));
    tie.add_days()->set_day(static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1)));
  }

  std::vector<v1::CheckIn> Propose(int days_ahead = 28, int per_week = 3) {
    return ProposeOn(kToday, days_ahead, per_week);
  }

  std::vector<v1::CheckIn> ProposeOn(absl::CivilDay today, int days_ahead, int per_week) {
    std::vector<ledger::v1::Tie> ties;
    for (const auto& [id, tie] : ties_) ties.push_back(tie);
    return ProposeCheckIns(
        council_, ties, plans_,
        {.now = At(today), .zone = absl::UTCTimeZone(), .last = today + days_ahead, .per_week = per_week});
  }

  contacts::v1::GetCouncilResponse council_;
  std::map<std::string, ledger::v1::Tie> ties_;
  std::vector<ledger::v1::Plan> plans_;
};

TEST_F(CheckInsTest, ATalkIsDueACadenceAfterTheLastEntry) {
  AddSeat("rosa", 14);
  AddTalk("rosa", 4);
  const auto check_ins = Propose();
  ASSERT_EQ(check_ins.size(), 1u);
  EXPECT_EQ(check_ins[0].day(), "2026-05-30");
  EXPECT_EQ(check_ins[0].due_day(), "2026-05-30");
  EXPECT_FALSE(check_ins[0].cadence_inferred());
}

TEST_F(CheckInsTest, ALoggedTalkMovesTheNextOne) {
  AddSeat("rosa", 14);
  AddTalk("rosa", 20);
  EXPECT_EQ(Propose().at(0).day(), "2026-05-20");
  AddTalk("rosa", 0);
  EXPECT_EQ(Propose().at(0).day(), "2026-06-03");
}

TEST_F(CheckInsTest, ACadenceNeverSetIsTheMedianOfPastGaps) {
  AddSeat("tom", 0);
  for (const int days_ago : {50, 40, 31, 20, 9}) AddTalk("tom", days_ago);
  const v1::CheckIn check_in = Propose().at(0);
  EXPECT_TRUE(check_in.cadence_inferred());
  EXPECT_EQ(check_in.cadence().seconds(), absl::ToInt64Seconds(Days(11)));
  EXPECT_EQ(check_in.due_day(), "2026-05-22");
}

TEST_F(CheckInsTest, AComingMeetingStandsForATalk) {
  AddSeat("rosa", 14);
  AddTalk("rosa", 20);
  ledger::v1::Plan& plan = plans_.emplace_back();
  plan.add_contact_ids("rosa");
  *plan.mutable_start_time() = base::ToProto(At(kToday + 3));
  EXPECT_EQ(Propose().at(0).due_day(), "2026-06-06");
}

TEST_F(CheckInsTest, AMeetingThatHasBegunIsNoComingOne) {
  AddSeat("rosa", 14);
  AddTalk("rosa", 10);
  const std::string due = Propose().at(0).due_day();
  ledger::v1::Plan& plan = plans_.emplace_back();
  plan.add_contact_ids("rosa");
  *plan.mutable_start_time() = base::ToProto(At(kToday - 1));
  EXPECT_EQ(Propose().at(0).due_day(), due);
}

TEST_F(CheckInsTest, AComingMeetingNamesAMergedContactByAnyOfTheirIds) {
  AddSeat("rosa", 14).mutable_contact()->add_former_ids("r. lindqvist");
  AddTalk("rosa", 20);
  ledger::v1::Plan& plan = plans_.emplace_back();
  plan.add_contact_ids("r. lindqvist");
  *plan.mutable_start_time() = base::ToProto(At(kToday + 3));
  EXPECT_EQ(Propose().at(0).due_day(), "2026-06-06");
}

TEST_F(CheckInsTest, ThosePausedAreLeftAloneUntilTheirDay) {
  contacts::v1::Contact& contact = *AddSeat("rosa", 14).mutable_contact();
  contact.set_status(contacts::v1::CONTACT_STATUS_PAUSED);
  EXPECT_TRUE(Propose().empty());
  contact.set_paused_until("2026-06-10");
  EXPECT_EQ(Propose().at(0).day(), "2026-06-10");
}

TEST_F(CheckInsTest, APauseThatIsOverChangesNothingAndOneThatIsNotOutlastsAMeeting) {
  contacts::v1::Contact& contact = *AddSeat("rosa", 14).mutable_contact();
  contact.set_status(contacts::v1::CONTACT_STATUS_PAUSED);
  contact.set_paused_until("2026-05-01");
  AddTalk("rosa", 4);
  EXPECT_EQ(Propose().at(0).due_day(), "2026-05-30");
  ledger::v1::Plan& plan = plans_.emplace_back();
  plan.add_contact_ids("rosa");
  *plan.mutable_start_time() = base::ToProto(At(kToday + 3));
  contact.set_paused_until("2026-05-25");
  EXPECT_EQ(Propose().at(0).due_day(), "2026-06-06");
  contact.set_paused_until("2026-06-10");
  EXPECT_EQ(Propose().at(0).due_day(), "2026-06-10");
}

TEST_F(CheckInsTest, ALongestGapThatIsShorterThanTheCadenceInForceSaysWhenATalkIsDue) {
  // No rhythm of her own is set: that of the past is 20 days.
  contacts::v1::CouncilSeat& seat = AddSeat("rosa", 0);
  for (const int days_ago : {64, 44, 24, 4}) AddTalk("rosa", days_ago);
  EXPECT_EQ(Propose().at(0).due_day(), "2026-06-05");
  *seat.mutable_effective_longest_gap() = base::ToProto(Days(10));
  EXPECT_EQ(Propose().at(0).due_day(), "2026-05-26");
  EXPECT_EQ(Propose().at(0).cadence().seconds(), absl::ToInt64Seconds(Days(20)));
  *seat.mutable_effective_longest_gap() = base::ToProto(Days(30));
  EXPECT_EQ(Propose().at(0).due_day(), "2026-06-05");
}

TEST_F(CheckInsTest, AFullWeekServesFirstWhoseLongestGapIsOverFirst) {
  // All are due this week; Cleo and Dan would be past their longest gaps by its end, and Eve would not.
  AddSeat("ann", 7);
  AddTalk("ann", 30);
  for (const auto& [id, longest] : {std::pair("cleo", 33), std::pair("dan", 31), std::pair("eve", 60)}) {
    *AddSeat(id, 30).mutable_effective_longest_gap() = base::ToProto(Days(longest));
    AddTalk(id, 30);
  }
  std::vector<std::string> order;
  for (const v1::CheckIn& check_in : Propose(28, /*per_week=*/1)) order.push_back(check_in.contact_id());
  EXPECT_THAT(order, ::testing::ElementsAre("dan", "cleo", "ann", "eve"));
}

TEST_F(CheckInsTest, WhatWasDueThisWeekAndIsDoneCountsInIt) {
  // Monday was the 18th. Gus was met too, and was not due before June.
  for (const char* id : {"ann", "bob", "cleo", "dan", "eve"}) {
    AddSeat(id, 30);
    AddTalk(id, 40);
  }
  AddSeat("gus", 30);
  AddTalk("gus", 15);
  AddTalk("gus", 1);
  const auto this_week = [this] { return Propose(4).size(); };
  EXPECT_EQ(this_week(), 3u);
  AddTalk("ann", 2);
  EXPECT_EQ(this_week(), 2u);
  AddTalk("bob", 1);
  AddTalk("cleo", 0);
  EXPECT_EQ(this_week(), 0u);
  EXPECT_EQ(Propose(11).size(), 2u);
}

TEST_F(CheckInsTest, WhoIsPastTheLongestGapComesFirst) {
  AddSeat("ann", 7);
  AddTalk("ann", 70);
  *AddSeat("bob", 30).mutable_effective_longest_gap() = base::ToProto(Days(35));
  AddTalk("bob", 40);
  const auto check_ins = Propose(28, /*per_week=*/1);
  ASSERT_EQ(check_ins.size(), 2u);
  EXPECT_EQ(check_ins[0].contact_id(), "bob");
  EXPECT_EQ(check_ins[0].day(), "2026-05-20");
  EXPECT_EQ(check_ins[1].day(), "2026-05-25");
}

RC_GTEST_FIXTURE_PROP(CheckInsTest, NoWeekHasMoreThanAskedAndNobodyComesBeforeTheirDay, ()) {
  const int seats = *rc::gen::inRange(0, 30);
  for (int i = 0; i < seats; ++i) {
    const std::string id = "contact-" + std::to_string(i);
    AddSeat(id, *rc::gen::inRange(0, 60));
    if (*rc::gen::arbitrary<bool>()) AddTalk(id, *rc::gen::inRange(0, 200));
  }
  const int per_week = *rc::gen::inRange(1, 6);
  const int days_ahead = *rc::gen::inRange(0, 120);
  std::map<std::string, int> weeks;
  std::map<std::string, int> people;
  for (const v1::CheckIn& check_in : Propose(days_ahead, per_week)) {
    absl::CivilDay day;
    RC_ASSERT(absl::ParseCivilTime(check_in.day(), &day));
    RC_ASSERT(day >= kToday);
    RC_ASSERT(day <= kToday + days_ahead);
    RC_ASSERT(check_in.day() >= check_in.due_day());
    RC_ASSERT(++people[check_in.contact_id()] == 1);
    RC_ASSERT(++weeks[absl::FormatCivilTime(absl::NextWeekday(day, absl::Weekday::monday))] <= per_week);
  }
}

RC_GTEST_FIXTURE_PROP(CheckInsTest, WhoDoesWhatIsProposedEachDayDoesNoMoreInAWeekThanAsked, ()) {
  const int seats = *rc::gen::inRange(1, 20);
  for (int i = 0; i < seats; ++i) {
    const std::string id = "contact-" + std::to_string(i);
    contacts::v1::CouncilSeat& seat = AddSeat(id, *rc::gen::inRange(0, 60));
    if (*rc::gen::arbitrary<bool>()) {
      *seat.mutable_effective_longest_gap() = base::ToProto(Days(*rc::gen::inRange(1, 90)));
    }
    std::set<int, std::greater<>> days_ago;
    for (int talks = *rc::gen::inRange(0, 6); talks > 0; --talks) days_ago.insert(*rc::gen::inRange(1, 100));
    for (const int ago : days_ago) AddTalk(id, ago);
  }
  const int per_week = *rc::gen::inRange(1, 6);
  std::map<std::string, int> weeks;
  for (int day = 0; day < 12 * 7; ++day) {
    const std::string today = absl::FormatCivilTime(kToday + day);
    for (const v1::CheckIn& check_in : ProposeOn(kToday + day, /*days_ahead=*/28, per_week)) {
      if (check_in.day() != today) continue;
      AddTalk(check_in.contact_id(), -day);
      ++weeks[absl::FormatCivilTime(absl::NextWeekday(kToday + day, absl::Weekday::monday))];
    }
  }
  for (const auto& [week, done] : weeks) RC_ASSERT(done <= per_week);
}

}  // namespace
}  // namespace council::recommendations
