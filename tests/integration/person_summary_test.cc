// What matters about a person before a talk, over gRPC, on a clock that is moved.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "libs/base/proto_time.h"
#include "tests/support/owner_in_process.h"

namespace council::test {
namespace {

using recommendations::v1::GetPersonSummaryRequest;
using recommendations::v1::GetPersonSummaryResponse;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);
const absl::Time kStart = absl::FromCivil(absl::CivilMinute(2026, 3, 2, 9, 0), absl::UTCTimeZone());

class PersonSummaryTest : public OwnerInProcessTest {
 protected:
  PersonSummaryTest() : OwnerInProcessTest(kStart) {}

  ledger::v1::Interaction Append(const ledger::v1::Interaction& interaction) {
    ledger::v1::AppendInteractionRequest request;
    *request.mutable_interaction() = interaction;
    return Ask(*ledger_, &LedgerService::Stub::AppendInteraction, request).interaction();
  }

  ledger::v1::Interaction TalkWith(const std::string& id, int days_ago) {
    ledger::v1::Interaction talk;
    talk.add_contact_ids(id);
    *talk.mutable_occur_time() = base::ToProto(suite_.clock().Now() - days_ago * kDay);
    return talk;
  }

  GetPersonSummaryResponse Summary(const std::string& id, int interactions = 0) {
    GetPersonSummaryRequest request;
    request.set_contact_id(id);
    request.set_interactions(interactions);
    return Ask(*recommendations_, &RecommendationsService::Stub::GetPersonSummary, request);
  }
};

TEST_F(PersonSummaryTest, TellsTalksPromisesAndRhythmOfOneSeat) {
  const std::string rosa = Add("Rosa");
  const std::string tom = Add("Tom");
  contacts::v1::SeatContactRequest seat;
  seat.set_contact_id(rosa);
  *seat.mutable_seat()->mutable_cadence() = base::ToProto(42 * kDay);
  Ask(*contacts_, &ContactsService::Stub::SeatContact, seat);
  for (const int days_ago : {500, 60, 30, 10}) Append(TalkWith(rosa, days_ago));
  ledger::v1::Interaction with_promise = TalkWith(rosa, 5);
  ledger::v1::Promise& promise = *with_promise.add_promises();
  promise.set_by_me(true);
  promise.set_text("the paper");
  Append(with_promise);
  ledger::v1::Interaction toms = TalkWith(tom, 1);
  toms.add_promises()->set_text("something else");
  Append(toms);

  const GetPersonSummaryResponse summary = Summary(rosa, 4);
  EXPECT_EQ(summary.contact().display_name(), "Rosa");
  EXPECT_EQ(summary.seat().cadence().seconds(), 42 * 24 * 3600);
  EXPECT_EQ(summary.tie().touches(), 5);
  EXPECT_GT(summary.tie().strength(), 0.5);
  ASSERT_THAT(summary.last_interactions(), SizeIs(4));
  EXPECT_GT(summary.last_interactions(0).occur_time().seconds(), summary.last_interactions(1).occur_time().seconds());
  ASSERT_THAT(summary.promises(), SizeIs(1));
  EXPECT_EQ(summary.promises(0).promise().text(), "the paper");
  EXPECT_EQ(summary.check_in().due_day(), "2026-04-08");
  ASSERT_THAT(summary.talking_points(), SizeIs(1));
  EXPECT_EQ(summary.talking_points(0).text(), "You promised Rosa: the paper.");
  EXPECT_THAT(Summary(rosa, 50).last_interactions(), SizeIs(5)) << "older than a year too";
}

TEST_F(PersonSummaryTest, AMergedPersonIsFoundByEitherId) {
  const std::string rosa = Add("Rosa");
  const std::string other = Add("Rosa L.");
  Append(TalkWith(rosa, 10));
  Append(TalkWith(other, 20));
  contacts::v1::MergeContactsRequest merge;
  merge.set_into_id(rosa);
  merge.add_from_ids(other);
  Ask(*contacts_, &ContactsService::Stub::MergeContacts, merge);
  for (const std::string& id : {rosa, other}) {
    const GetPersonSummaryResponse summary = Summary(id);
    EXPECT_EQ(summary.contact().id(), rosa);
    EXPECT_EQ(summary.tie().touches(), 2);
    EXPECT_THAT(summary.last_interactions(), SizeIs(2));
  }
}

TEST_F(PersonSummaryTest, OfSomebodyWhoIsGoneThereIsWhatWasAndNothingToCome) {
  for (const auto status : {contacts::v1::CONTACT_STATUS_NO_CONTACT, contacts::v1::CONTACT_STATUS_DECEASED}) {
    const std::string rosa = Add("Rosa");
    contacts::v1::SeatContactRequest seat;
    seat.set_contact_id(rosa);
    Ask(*contacts_, &ContactsService::Stub::SeatContact, seat);
    ledger::v1::Interaction talk = TalkWith(rosa, 10);
    talk.set_note("pricing");
    ledger::v1::Promise& promise = *talk.add_promises();
    promise.set_by_me(true);
    promise.set_text("the paper");
    ledger::v1::Benefit& benefit = *talk.add_benefits();
    benefit.set_direction(ledger::v1::BENEFIT_DIRECTION_RECEIVED);
    benefit.set_kind(ledger::v1::BENEFIT_KIND_ADVICE);
    Append(talk);
    ASSERT_THAT(Summary(rosa).promises(), SizeIs(1));
    ASSERT_TRUE(Summary(rosa).has_check_in());

    contacts::v1::UpdateContactRequest update;
    update.mutable_contact()->set_id(rosa);
    update.mutable_contact()->set_status(status);
    update.mutable_update_mask()->add_paths("status");
    Ask(*contacts_, &ContactsService::Stub::UpdateContact, update);
    const GetPersonSummaryResponse summary = Summary(rosa);
    EXPECT_FALSE(summary.has_seat());
    EXPECT_FALSE(summary.has_check_in());
    EXPECT_THAT(summary.promises(), SizeIs(0));
    EXPECT_THAT(summary.talking_points(), SizeIs(0));
    EXPECT_FALSE(summary.tie().has_strength());
    EXPECT_EQ(summary.tie().touches(), 1);
    EXPECT_THAT(summary.benefits(), SizeIs(1));
    EXPECT_THAT(summary.last_interactions(), SizeIs(1));
  }
}

TEST_F(PersonSummaryTest, SomebodyNeverMetHasAnEmptyTieAndStrangersHaveNone) {
  const std::string rosa = Add("Rosa");
  const GetPersonSummaryResponse summary = Summary(rosa);
  EXPECT_EQ(summary.tie().entries(), 0);
  EXPECT_FALSE(summary.has_seat());
  EXPECT_FALSE(summary.has_check_in());

  GetPersonSummaryRequest request;
  const auto code_for = [&](const Caller& caller) {
    return Call(*recommendations_, &RecommendationsService::Stub::GetPersonSummary, request, caller).status().code();
  };
  request.set_contact_id(rosa);
  EXPECT_EQ(code_for({.owner = "ben"}), absl::StatusCode::kNotFound);
  request.set_interactions(51);
  EXPECT_EQ(code_for({}), absl::StatusCode::kInvalidArgument);
}

TEST_F(PersonSummaryTest, TheOwnersNumberOfCheckInsAWeekIsKept) {
  for (const char* name : {"Ann", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus"}) {
    contacts::v1::SeatContactRequest seat;
    seat.set_contact_id(Add(name));
    *seat.mutable_seat()->mutable_seated_time() = base::ToProto(suite_.clock().Now() - 100 * kDay);
    Ask(*contacts_, &ContactsService::Stub::SeatContact, seat);
  }
  const auto in_week = [&] {
    recommendations::v1::ListCheckInsRequest request;
    *request.mutable_end_time() = base::ToProto(kStart + 6 * kDay);
    return Ask(*recommendations_, &RecommendationsService::Stub::ListCheckIns, request).check_ins_size();
  };
  EXPECT_EQ(in_week(), 3);
  contacts::v1::UpdateSettingsRequest settings;
  settings.mutable_settings()->set_check_ins_per_week(5);
  settings.mutable_update_mask()->add_paths("check_ins_per_week");
  Ask(*contacts_, &ContactsService::Stub::UpdateSettings, settings);
  EXPECT_EQ(in_week(), 5);
}

}  // namespace
}  // namespace council::test
