#include "services/recommendations/review.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "rapidcheck.h"
#include "rapidcheck/gtest.h"

namespace council::recommendations {
namespace {

using contacts::v1::Contact;
using contacts::v1::GetCouncilResponse;
using ledger::v1::BENEFIT_DIRECTION_GIVEN;
using ledger::v1::BENEFIT_DIRECTION_RECEIVED;
using ledger::v1::Interaction;
using ledger::v1::Tie;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);

absl::Time At(int year, int month, int day, int hour = 12) {
  return absl::FromCivil(absl::CivilHour(year, month, day, hour), absl::UTCTimeZone());
}

std::vector<std::string> Ids(const google::protobuf::RepeatedPtrField<std::string>& ids) {
  return {ids.begin(), ids.end()};
}

// What a year is made of, to be filled in.
struct Year {
  ReviewTime time = ReviewTimeOf(2025, {.name = "UTC", .zone = absl::UTCTimeZone()}, At(2026, 5, 1));
  std::vector<Contact> contacts;
  std::vector<Interaction> entries;
  GetCouncilResponse council_before;
  GetCouncilResponse council_after;
  std::vector<Tie> ties_before;
  std::vector<Tie> ties_after;
  std::map<std::string, v1::BalancePoint> points;

  v1::GetReviewResponse Review() const {
    return MakeReview({.time = time,
                       .contacts = contacts,
                       .entries = entries,
                       .council_before = council_before,
                       .council_after = council_after,
                       .ties_before = ties_before,
                       .ties_after = ties_after,
                       .points = points});
  }

  Contact& AddContact(const std::string& id, contacts::v1::ContactStatus status = contacts::v1::CONTACT_STATUS_ACTIVE) {
    Contact& contact = contacts.emplace_back();
    contact.set_id(id);
    contact.set_status(status);
    return contact;
  }

  Interaction& AddEntry(absl::Time time_of_it, const std::vector<std::string>& ids) {
    Interaction& entry = entries.emplace_back();
    entry.set_kind(ledger::v1::INTERACTION_KIND_INTERACTION);
    entry.set_sequence(static_cast<std::int64_t>(entries.size()));
    *entry.mutable_occur_time() = base::ToProto(time_of_it);
    for (const std::string& id : ids) entry.add_contact_ids(id);
    return entry;
  }

  // A tie that had such strengths when the year began and at its end.
  void AddTie(const std::string& id, double before, double after, absl::Time last_touch) {
    for (auto* ties : {&ties_before, &ties_after}) {
      Tie& tie = ties->emplace_back();
      tie.set_contact_id(id);
      tie.set_entries(3);
      tie.set_touches(3);
      tie.set_strength(ties == &ties_before ? before : after);
      *tie.mutable_last_time() = base::ToProto(last_touch);
      *tie.mutable_last_touch_time() = tie.last_time();
    }
  }

  static void Seat(const std::string& id, GetCouncilResponse& council) {
    council.add_seats()->mutable_seat()->set_contact_id(id);
  }
};

ledger::v1::Benefit& AddBenefit(Interaction& entry, ledger::v1::BenefitDirection direction,
                                ledger::v1::BenefitKind kind) {
  ledger::v1::Benefit& benefit = *entry.add_benefits();
  benefit.set_direction(direction);
  benefit.set_kind(kind);
  return benefit;
}

void AddIntroduction(Interaction& entry, ledger::v1::BenefitDirection direction, const std::string& contact,
                     const std::string& introduced) {
  ledger::v1::Benefit& benefit = AddBenefit(entry, direction, ledger::v1::BENEFIT_KIND_INTRODUCTION);
  benefit.set_contact_id(contact);
  benefit.set_introduced_contact_id(introduced);
}

TEST(ReviewTimeTest, IsTheOwnersYearAsFarAsItHasGone) {
  OwnerZone auckland = {.name = "Pacific/Auckland", .zone = {}};
  ASSERT_TRUE(absl::LoadTimeZone(auckland.name, &auckland.zone));
  // Already the second of January there, and still the first in UTC.
  const ReviewTime running = ReviewTimeOf(2026, auckland, At(2026, 1, 1, 23));
  EXPECT_EQ(running.last_day, absl::CivilDay(2026, 1, 2));
  EXPECT_EQ(running.start, At(2025, 12, 31, 11));
  EXPECT_EQ(running.until, running.now);
  EXPECT_THAT(BalanceDaysOf(running), ElementsAre(absl::CivilDay(2025, 12, 31), absl::CivilDay(2026, 1, 1)));

  const ReviewTime over = ReviewTimeOf(2025, auckland, At(2026, 5, 1));
  EXPECT_EQ(over.last_day, absl::CivilDay(2025, 12, 31));
  EXPECT_EQ(over.until, running.start - absl::Microseconds(1));
  EXPECT_THAT(BalanceDaysOf(over), SizeIs(13));
}

TEST(ReviewTest, AYearWithoutAnythingHasItsMonthsAndNothingElse) {
  const v1::GetReviewResponse review = Year().Review();
  EXPECT_EQ(review.first_day(), "2025-01-01");
  EXPECT_EQ(review.last_day(), "2025-12-31");
  ASSERT_THAT(review.months(), SizeIs(12));
  EXPECT_EQ(review.months(11).month(), "2025-12");
  EXPECT_EQ(review.talks(), 0);
  EXPECT_FALSE(review.has_balance_before());
  EXPECT_FALSE(review.months(0).has_balance());
  EXPECT_THAT(review.faded(), IsEmpty());
}

TEST(ReviewTest, TalksAreTouchesAndTheirHoursAreAsForTheTimeSpent) {
  Year year;
  year.AddContact("ann").add_former_ids("anna");
  year.AddContact("ben");
  year.AddEntry(At(2025, 2, 3), {"ann", "anna", "ben"});
  year.AddEntry(At(2025, 2, 9), {"ann"}).set_depth(ledger::v1::INTERACTION_DEPTH_EXCHANGE);
  year.AddEntry(At(2025, 3, 1), {"anna"}).set_channel(ledger::v1::CHANNEL_CHAT);
  *year.AddEntry(At(2025, 3, 2), {"gone"}).mutable_duration() = base::ToProto(absl::Hours(9));
  // Erased, and of other years.
  year.AddEntry(At(2025, 12, 31, 23), {""});
  year.AddEntry(At(2024, 12, 31, 23), {"ben"});
  year.AddEntry(At(2026, 1, 1, 0), {"ben"});
  const v1::GetReviewResponse review = year.Review();
  EXPECT_EQ(review.talks(), 4);
  EXPECT_NEAR(review.hours(), 0.5 + 5.0 / 60 + 4 + 0.5, 1e-9);
  EXPECT_THAT(Ids(review.met_ids()), ElementsAre("ann", "ben"));
  EXPECT_EQ(review.months(1).talks(), 1);
  EXPECT_EQ(review.months(1).people(), 2);
  EXPECT_EQ(review.months(2).talks(), 2);
  EXPECT_EQ(review.months(2).people(), 1);
  EXPECT_EQ(review.months(11).talks(), 1);
}

TEST(ReviewTest, WhoHadNoTouchBeforeIsNewlyMet) {
  Year year;
  for (const char* id : {"ann", "ben", "cleo"}) {
    year.AddContact(id);
    year.AddEntry(At(2025, 4, 4), {id});
  }
  year.AddTie("ann", 0.9, 0.9, At(2025, 4, 4));
  year.AddTie("ben", 0.2, 0.9, At(2025, 4, 4));
  year.ties_before[1].set_touches(0);
  EXPECT_THAT(Ids(year.Review().newly_met_ids()), ElementsAre("ben", "cleo"));
}

TEST(ReviewTest, SeatsAreComparedAsTheyWereAndWhoLeftQuietlyIsNotNamed) {
  Year year;
  year.AddContact("ann");
  year.AddContact("ben").add_former_ids("benny");
  year.AddContact("cleo");
  year.AddContact("dan", contacts::v1::CONTACT_STATUS_DECEASED);
  for (const char* id : {"ann", "benny", "dan"}) Year::Seat(id, year.council_before);
  for (const char* id : {"ben", "cleo"}) Year::Seat(id, year.council_after);
  const v1::GetReviewResponse review = year.Review();
  EXPECT_THAT(Ids(review.joined_ids()), ElementsAre("cleo"));
  EXPECT_THAT(Ids(review.left_ids()), ElementsAre("ann"));
}

TEST(ReviewTest, ATieFadedThatWasAliveAndOfWhichTheOddsFellToAThird) {
  Year year;
  const absl::Time june = At(2025, 6, 1);
  for (const char* id : {"ann", "ben", "cleo", "dan"}) year.AddContact(id);
  year.AddContact("deceased", contacts::v1::CONTACT_STATUS_DECEASED);
  year.AddContact("unwanted", contacts::v1::CONTACT_STATUS_NO_CONTACT);
  year.AddContact("paused", contacts::v1::CONTACT_STATUS_PAUSED).set_paused_until("2026-09-01");
  year.AddTie("ann", 0.8, 0.57, june);
  year.AddTie("ben", 0.49, 0.1, june);
  year.AddTie("cleo", 0.8, 0.58, june);
  year.AddTie("dan", 0.8, 0.1, At(2025, 11, 20));
  for (const char* id : {"deceased", "unwanted", "paused", "gone"}) year.AddTie(id, 0.9, 0.1, june);
  const v1::GetReviewResponse review = year.Review();
  ASSERT_THAT(review.faded(), SizeIs(1));
  EXPECT_EQ(review.faded(0).contact_id(), "ann");
  EXPECT_EQ(review.faded(0).strength_before(), 0.8);
  EXPECT_EQ(review.faded(0).strength_after(), 0.57);
  EXPECT_EQ(base::FromProto(review.faded(0).last_time()), june);
}

TEST(ReviewTest, TheLatestTwentyFadedTiesAreNamed) {
  Year year;
  for (int i = 10; i < 35; ++i) {
    const std::string id = absl::StrCat("c", i);
    year.AddContact(id);
    year.AddTie(id, 0.9, 0.1, At(2025, 1, 1) + i * kDay);
  }
  const v1::GetReviewResponse review = year.Review();
  ASSERT_THAT(review.faded(), SizeIs(20));
  EXPECT_EQ(review.faded(0).contact_id(), "c34");
  EXPECT_EQ(review.faded(19).contact_id(), "c15");
}

TEST(ReviewTest, BenefitsCountEntriesByDirectionTheMostFrequentFirst) {
  Year year;
  year.AddContact("ann");
  for (int day = 1; day <= 3; ++day) {
    Interaction& entry = year.AddEntry(At(2025, 7, day), {"ann"});
    if (day == 1) AddBenefit(entry, BENEFIT_DIRECTION_GIVEN, ledger::v1::BENEFIT_KIND_ADVICE);
    for (int i = 0; i < 2; ++i) AddBenefit(entry, BENEFIT_DIRECTION_RECEIVED, ledger::v1::BENEFIT_KIND_SUPPORT);
    if (day == 2) AddBenefit(entry, BENEFIT_DIRECTION_RECEIVED, ledger::v1::BENEFIT_KIND_ADVICE);
    entry.add_benefits();  // Erased.
  }
  const v1::GetReviewResponse review = year.Review();
  ASSERT_THAT(review.benefits(), SizeIs(3));
  EXPECT_EQ(review.benefits(0).direction(), BENEFIT_DIRECTION_GIVEN);
  EXPECT_EQ(review.benefits(1).kind(), ledger::v1::BENEFIT_KIND_SUPPORT);
  EXPECT_EQ(review.benefits(1).times(), 3);
  EXPECT_EQ(base::FromProto(review.benefits(1).last_time()), At(2025, 7, 3));
  EXPECT_EQ(review.benefits(2).times(), 1);
}

// Talk times of the introductions, in order; InfiniteFuture where there is none.
std::vector<absl::Time> TalkTimes(const Year& year) {
  std::vector<absl::Time> times;
  const v1::GetReviewResponse review = year.Review();
  for (const v1::ReviewIntroduction& one : review.introductions()) {
    times.push_back(one.has_talk_time() ? base::FromProto(one.talk_time()) : absl::InfiniteFuture());
  }
  return times;
}

TEST(ReviewTest, AnIntroductionLedToTheFirstTalkAfterItWithWhomItIsAbout) {
  Year year;
  year.AddContact("ann");
  year.AddContact("ben").add_former_ids("benny");
  AddIntroduction(year.AddEntry(At(2025, 3, 1), {"ann", "ben"}), BENEFIT_DIRECTION_RECEIVED, "ann", "benny");
  AddIntroduction(year.AddEntry(At(2025, 4, 1), {"ann"}), BENEFIT_DIRECTION_GIVEN, "", "ben");
  EXPECT_THAT(TalkTimes(year), ElementsAre(absl::InfiniteFuture(), absl::InfiniteFuture()));

  // No talk, and none with both; then one with both, in the year after.
  year.AddEntry(At(2025, 4, 20), {"benny"}).set_depth(ledger::v1::INTERACTION_DEPTH_EXCHANGE);
  year.AddEntry(At(2025, 5, 1), {"benny"});
  year.AddEntry(At(2026, 2, 1), {"ann", "ben"});
  EXPECT_THAT(TalkTimes(year), ElementsAre(At(2025, 5, 1), At(2026, 2, 1)));
  const v1::GetReviewResponse review = year.Review();
  for (const v1::ReviewIntroduction& one : review.introductions()) {
    EXPECT_EQ(one.contact_id(), "ann");
    EXPECT_EQ(one.introduced_contact_id(), "ben");
  }
}

TEST(ReviewTest, AnIntroductionOfNobodyWhoIsKnownIsLeftOutAndOneThatCannotComeToATalkToo) {
  Year year;
  year.AddContact("ann");
  year.AddContact("ben");
  year.AddContact("dan", contacts::v1::CONTACT_STATUS_DECEASED);
  Interaction& entry = year.AddEntry(At(2025, 3, 1), {"ann", "ben"});
  AddIntroduction(entry, BENEFIT_DIRECTION_RECEIVED, "gone", "gone too");
  AddIntroduction(entry, BENEFIT_DIRECTION_RECEIVED, "ann", "dan");
  AddIntroduction(entry, BENEFIT_DIRECTION_RECEIVED, "", "");
  EXPECT_THAT(year.Review().introductions(), IsEmpty());
  // Of several it is not known who it was, and of whom is not said nobody can be found.
  AddIntroduction(entry, BENEFIT_DIRECTION_RECEIVED, "ben", "");
  year.AddContact("eve");
  AddIntroduction(entry, BENEFIT_DIRECTION_GIVEN, "", "eve");
  EXPECT_THAT(TalkTimes(year), ElementsAre(absl::InfiniteFuture(), absl::InfiniteFuture()));
  EXPECT_EQ(year.Review().introductions(1).contact_id(), "");
  // A talk that there was stays told.
  year.AddEntry(At(2025, 3, 9), {"dan"});
  EXPECT_THAT(TalkTimes(year), ElementsAre(At(2025, 3, 9), absl::InfiniteFuture(), absl::InfiniteFuture()));
}

TEST(ReviewTest, TheOldestTwoHundredIntroductionsAreLookedIntoWithThoseThatAreLeftOut) {
  Year year;
  year.AddContact("ann");
  year.AddContact("ben");
  year.AddContact("dan", contacts::v1::CONTACT_STATUS_DECEASED);
  for (int i = 0; i < 250; ++i) {
    AddIntroduction(year.AddEntry(At(2025, 1, 1) + i * kDay, {"ann"}), BENEFIT_DIRECTION_RECEIVED, "ann",
                    i < 150 ? "dan" : "ben");
  }
  const v1::GetReviewResponse review = year.Review();
  ASSERT_THAT(review.introductions(), SizeIs(50));
  EXPECT_EQ(base::FromProto(review.introductions(0).occur_time()), At(2025, 1, 1) + 150 * kDay);
}

TEST(ReviewTest, BalancesAreThoseOfTheLastDays) {
  Year year;
  for (const auto& [day, score] :
       std::map<std::string, double>{{"2024-12-31", 40}, {"2025-01-31", 41}, {"2025-02-28", 42}, {"2025-12-31", 52}}) {
    year.points[day].set_day(day);
    year.points[day].set_score(score);
  }
  const v1::GetReviewResponse review = year.Review();
  EXPECT_EQ(review.balance_before().score(), 40);
  EXPECT_EQ(review.months(0).balance().score(), 41);
  EXPECT_EQ(review.months(1).balance().score(), 42);
  EXPECT_FALSE(review.months(2).has_balance());
  EXPECT_EQ(review.months(11).balance().score(), 52);
}

// A year of talks and introductions among five people, one of whom was merged and one of whom is gone.
Year AnyYear() {
  Year year;
  for (const char* id : {"ann", "ben", "cleo"}) year.AddContact(id);
  year.contacts[0].add_former_ids("anna");
  const auto any_id = rc::gen::element<std::string>("ann", "anna", "ben", "cleo", "gone");
  const int entries = *rc::gen::inRange(0, 40);
  for (int i = 0; i < entries; ++i) {
    const std::string first = *any_id;
    const std::string second = *any_id;
    std::vector<std::string> ids = {first};
    if (second != first) ids.push_back(second);
    Interaction& entry = year.AddEntry(At(2025, 1, 1) + *rc::gen::inRange(0, 500) * kDay, ids);
    entry.set_depth(static_cast<ledger::v1::InteractionDepth>(*rc::gen::inRange(0, 5)));
    if (*rc::gen::inRange(0, 3) > 0) {
      *entry.mutable_duration() = base::ToProto(absl::Minutes(*rc::gen::inRange(1, 400)));
    }
    const auto direction = *rc::gen::element(BENEFIT_DIRECTION_GIVEN, BENEFIT_DIRECTION_RECEIVED);
    if (*rc::gen::inRange(0, 3) == 0) AddIntroduction(entry, direction, *any_id, *any_id);
  }
  return year;
}

RC_GTEST_PROP(ReviewProperty, MonthsSumToTheYearAndNoneHasMorePeople, ()) {
  const v1::GetReviewResponse review = AnyYear().Review();
  int talks = 0;
  double hours = 0;
  for (const v1::ReviewMonth& month : review.months()) {
    talks += month.talks();
    hours += month.hours();
    RC_ASSERT(month.people() <= review.met_ids_size());
    RC_ASSERT(month.hours() <= 4 * month.talks());
  }
  RC_ASSERT(talks == review.talks());
  RC_ASSERT(hours == review.hours());
}

RC_GTEST_PROP(ReviewProperty, TheOrderOfEntriesDoesNotMatter, ()) {
  Year year = AnyYear();
  const std::string before = year.Review().SerializeAsString();
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  std::shuffle(year.entries.begin(), year.entries.end(), random);
  RC_ASSERT(year.Review().SerializeAsString() == before);
}

RC_GTEST_PROP(ReviewProperty, TheTalkOfAnIntroductionIsTheFirstOfAllThatNameThoseWhomItIsAbout, ()) {
  const Year year = AnyYear();
  const auto names = [](const Interaction& entry, const std::string& id) {
    return std::any_of(entry.contact_ids().begin(), entry.contact_ids().end(),
                       [&id](const std::string& one) { return one == id || (id == "ann" && one == "anna"); });
  };
  const v1::GetReviewResponse review = year.Review();
  for (const v1::ReviewIntroduction& one : review.introductions()) {
    const bool given = one.direction() == BENEFIT_DIRECTION_GIVEN;
    const bool findable = !one.introduced_contact_id().empty() && !(given && one.contact_id().empty());
    absl::Time first = absl::InfiniteFuture();
    for (const Interaction& entry : year.entries) {
      const absl::Time time = base::FromProto(entry.occur_time());
      if (!findable || time <= base::FromProto(one.occur_time())) continue;
      if (entry.depth() == ledger::v1::INTERACTION_DEPTH_EXCHANGE) continue;
      if (!names(entry, one.introduced_contact_id()) || (given && !names(entry, one.contact_id()))) continue;
      first = std::min(first, time);
    }
    // Of the same day is the one with the greater sequence, if any.
    const absl::Time told = one.has_talk_time() ? base::FromProto(one.talk_time()) : absl::InfiniteFuture();
    RC_ASSERT(told == first || told == base::FromProto(one.occur_time()));
  }
}

RC_GTEST_PROP(ReviewProperty, AMergedContactCountsAsTheOneTheyAre, ()) {
  Year year = AnyYear();
  const std::string before = year.Review().SerializeAsString();
  for (Interaction& entry : year.entries) {
    for (std::string& id : *entry.mutable_contact_ids()) {
      if (id == "anna") id = "ann";
    }
  }
  RC_ASSERT(year.Review().SerializeAsString() == before);
}

}  // namespace
}  // namespace council::recommendations
