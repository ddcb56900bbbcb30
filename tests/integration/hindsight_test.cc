// What came of advice, over gRPC, through a quarter on a clock that is moved.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/base/proto_time.h"
#include "tests/support/owner_in_process.h"

namespace council::test {
namespace {

using recommendations::v1::HindsightRecord;
using recommendations::v1::Recommendation;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);
const absl::Time kStart = absl::FromCivil(absl::CivilMinute(2026, 3, 2, 9, 0), absl::UTCTimeZone());

class HindsightTest : public OwnerInProcessTest {
 protected:
  HindsightTest() : OwnerInProcessTest(kStart) {}

  // A contact with a seat of half a year.
  std::string Seat(const std::string& name) {
    const std::string id = Add(name);
    contacts::v1::SeatContactRequest seat;
    seat.set_contact_id(id);
    *seat.mutable_seat()->mutable_cadence() = base::ToProto(30 * kDay);
    *seat.mutable_seat()->mutable_seated_time() = base::ToProto(suite_.clock().Now() - 180 * kDay);
    Ask(*contacts_, &ContactsService::Stub::SeatContact, seat);
    return id;
  }

  void Talk(const std::string& id, int days_ago) {
    ledger::v1::AppendInteractionRequest request;
    ledger::v1::Interaction& talk = *request.mutable_interaction();
    talk.add_contact_ids(id);
    talk.set_depth(ledger::v1::INTERACTION_DEPTH_CONVERSATION);
    talk.set_energy(1);
    *talk.mutable_occur_time() = base::ToProto(suite_.clock().Now() - days_ago * kDay);
    Ask(*ledger_, &LedgerService::Stub::AppendInteraction, request);
  }

  std::vector<Recommendation> Advice(recommendations::v1::ListRecommendationsResponse* all = nullptr) {
    const auto response = Ask(*recommendations_, &RecommendationsService::Stub::ListRecommendations, {});
    if (all != nullptr) *all = response;
    return {response.recommendations().begin(), response.recommendations().end()};
  }

  void Dismiss(const Recommendation& one) {
    recommendations::v1::RespondToRecommendationRequest request;
    request.set_id(one.id());
    request.set_response(recommendations::v1::RECOMMENDATION_RESPONSE_DISMISS);
    Ask(*recommendations_, &RecommendationsService::Stub::RespondToRecommendation, request);
  }

  recommendations::v1::GetHindsightResponse Hindsight() {
    return Ask(*recommendations_, &RecommendationsService::Stub::GetHindsight, {});
  }

  double ScoreAt(absl::Time moment) {
    recommendations::v1::GetCouncilBalanceRequest request;
    *request.mutable_as_of() = base::ToProto(moment);
    return Ask(*recommendations_, &RecommendationsService::Stub::GetCouncilBalance, request).balance().score();
  }
};

TEST_F(HindsightTest, TellsWhatWasDoneWhatTheBalanceDidAndWhichTiesFaded) {
  EXPECT_THAT(Hindsight().records(), IsEmpty());
  std::vector<std::string> ids;
  for (const char* name : {"Rosa", "Tom", "Grace", "Ilya"}) {
    ids.push_back(Seat(name));
    for (const int days_ago : {110, 90, 70}) Talk(ids.back(), days_ago);
  }
  const std::vector<Recommendation> advice = Advice();
  ASSERT_THAT(advice, SizeIs(::testing::Ge(2)));
  ASSERT_EQ(advice[0].kind(), recommendations::v1::RECOMMENDATION_KIND_RECONNECT);
  const double before = ScoreAt(kStart);

  // The first is done without a word, the second dismissed.
  suite_.clock().Advance(3 * kDay);
  Talk(advice[0].contact_ids(0), 0);
  Dismiss(advice[1]);
  const auto days_later = Hindsight();
  for (const HindsightRecord& record : days_later.records()) {
    EXPECT_FALSE(record.has_actual_gain());
    EXPECT_EQ(record.outcome() == recommendations::v1::HINDSIGHT_OUTCOME_DONE,
              record.recommendation().id() == advice[0].id());
  }

  suite_.clock().Advance(30 * kDay);
  const auto month_later = Hindsight();
  ASSERT_THAT(month_later.records(), SizeIs(static_cast<int>(advice.size())));
  const absl::CivilDay day = absl::ToCivilDay(kStart + 30 * kDay, absl::UTCTimeZone());
  const double after = ScoreAt(absl::FromCivil(day + 1, absl::UTCTimeZone()) - absl::Microseconds(1));
  for (const HindsightRecord& record : month_later.records()) {
    const bool first = record.recommendation().id() == advice[0].id();
    EXPECT_EQ(record.outcome(),
              first ? recommendations::v1::HINDSIGHT_OUTCOME_DONE : recommendations::v1::HINDSIGHT_OUTCOME_NOT_DONE);
    EXPECT_NEAR(record.actual_gain(), after - before, 1e-9);
    EXPECT_TRUE(record.has_component_after());
    EXPECT_EQ(record.done_by_size(), first ? 1 : 0);
  }
}

TEST_F(HindsightTest, WhoDiedIsNotSpokenOfNorIsWhatTheScoreLostByIt) {
  std::vector<std::string> ids;
  for (const char* name : {"Rosa", "Tom", "Grace", "Ilya"}) {
    ids.push_back(Seat(name));
    for (const int days_ago : {110, 90, 70}) Talk(ids.back(), days_ago);
  }
  const std::vector<Recommendation> advice = Advice();
  ASSERT_THAT(advice, SizeIs(::testing::Ge(2)));
  const std::string& gone = ids[0] == advice[0].contact_ids(0) ? ids[1] : ids[0];
  suite_.clock().Advance(3 * kDay);
  contacts::v1::UpdateContactRequest died;
  died.mutable_contact()->set_id(gone);
  died.mutable_contact()->set_status(contacts::v1::CONTACT_STATUS_DECEASED);
  died.mutable_update_mask()->add_paths("status");
  Ask(*contacts_, &ContactsService::Stub::UpdateContact, died);
  suite_.clock().Advance(30 * kDay);
  const auto later = Hindsight();
  ASSERT_THAT(later.records(), SizeIs(::testing::Ge(1)));
  for (const HindsightRecord& record : later.records()) {
    EXPECT_THAT(record.recommendation().contact_ids(), ::testing::Not(::testing::Contains(gone)));
    EXPECT_FALSE(record.has_actual_gain());
    EXPECT_FALSE(record.has_component_after());
    EXPECT_EQ(record.outcome(), recommendations::v1::HINDSIGHT_OUTCOME_NOT_DONE);
  }
}

TEST_F(HindsightTest, TellsWhichTiesThatWereSaidToFadeDid) {
  // Two without a seat, who were strong ties and went quiet.
  for (const char* name : {"Rosa", "Tom"}) {
    const std::string id = Add(name);
    for (int days_ago = 109; days_ago >= 100; --days_ago) Talk(id, days_ago);
  }
  const std::vector<Recommendation> advice = Advice();
  ASSERT_THAT(advice, SizeIs(2));
  for (const Recommendation& one : advice) EXPECT_THAT(one.reason(), ::testing::HasSubstr("likely to be in touch"));
  suite_.clock().Advance(20 * kDay);
  Talk(advice[0].contact_ids(0), 0);
  const auto weeks_later = Hindsight();
  for (const HindsightRecord& record : weeks_later.records()) {
    EXPECT_EQ(record.strength_version(), "shipped-1");
    EXPECT_EQ(record.has_in_touch(), record.recommendation().id() == advice[0].id());
  }
  EXPECT_EQ(weeks_later.fading_ties(), 0) << "the 90 days are not over";
  suite_.clock().Advance(71 * kDay);
  const auto quarter_later = Hindsight();
  EXPECT_EQ(quarter_later.fading_ties(), 2);
  EXPECT_EQ(quarter_later.faded_ties(), 1);
  EXPECT_NEAR(quarter_later.expected_faded_ties(),
              2 - quarter_later.records(0).strength() - quarter_later.records(1).strength(), 1e-9);
}

TEST_F(HindsightTest, ALongerRhythmIsSeenThroughTheRealSeats) {
  contacts::v1::UpdateSettingsRequest settings;
  settings.mutable_settings()->set_hours_per_week(0.1);
  settings.mutable_update_mask()->add_paths("hours_per_week");
  Ask(*contacts_, &ContactsService::Stub::UpdateSettings, settings);
  const std::string rosa = Seat("Rosa");
  Talk(rosa, 2);
  recommendations::v1::ListRecommendationsRequest only;
  only.add_kinds(recommendations::v1::RECOMMENDATION_KIND_REBALANCE);
  const auto advice = Ask(*recommendations_, &RecommendationsService::Stub::ListRecommendations, only);
  ASSERT_THAT(advice.recommendations(), SizeIs(1));
  suite_.clock().Advance(kDay);
  const auto before = Hindsight();
  EXPECT_EQ(before.records(0).outcome(), recommendations::v1::HINDSIGHT_OUTCOME_OPEN);
  contacts::v1::SeatContactRequest seat;
  seat.set_contact_id(rosa);
  *seat.mutable_seat()->mutable_cadence() = base::ToProto(60 * kDay);
  Ask(*contacts_, &ContactsService::Stub::SeatContact, seat);
  const auto after = Hindsight();
  EXPECT_EQ(after.records(0).outcome(), recommendations::v1::HINDSIGHT_OUTCOME_DONE);
}

TEST_F(HindsightTest, AKindThatIsAlwaysDismissedComesUpLessAndItIsSaid) {
  for (const char* name : {"Rosa", "Tom", "Grace", "Ilya", "Vera", "Jan"}) {
    const std::string id = Seat(name);
    for (const int days_ago : {110, 90, 70}) Talk(id, days_ago);
  }
  recommendations::v1::ListRecommendationsResponse all;
  for (const Recommendation& one : Advice(&all)) Dismiss(one);
  EXPECT_THAT(all.fewer_of(), IsEmpty());
  Advice(&all);
  ASSERT_THAT(all.fewer_of(), SizeIs(::testing::Ge(1)));
  EXPECT_EQ(all.fewer_of(0).kind(), recommendations::v1::RECOMMENDATION_KIND_RECONNECT);
  EXPECT_GE(all.fewer_of(0).dismissed(), 4);
  EXPECT_LT(all.fewer_of(0).weight(), 0.7);
  EXPECT_EQ(Hindsight().kinds(0).answers().weight(), all.fewer_of(0).weight());
}

}  // namespace
}  // namespace council::test
