// Advice over gRPC with the real programs: a step is listed, dismissed, gone, and comes back when its facts change.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "libs/base/proto_time.h"
#include "tests/support/council.h"

namespace council::test {
namespace {

using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::Recommendation;
using recommendations::v1::RecommendationsService;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);

class AdviceTest : public ::testing::Test {
 protected:
  // A contact with a seat of half a year, to be talked with every 30 days.
  std::string Seat(const std::string& name) {
    contacts::v1::CreateContactRequest create;
    create.mutable_contact()->set_display_name(name);
    const auto created = Call(*suite_.contacts, &ContactsService::Stub::CreateContact, create);
    EXPECT_TRUE(created.ok()) << created.status();
    contacts::v1::SeatContactRequest seat;
    seat.set_contact_id(created->contact().id());
    *seat.mutable_seat()->mutable_cadence() = base::ToProto(30 * kDay);
    *seat.mutable_seat()->mutable_seated_time() = base::ToProto(absl::Now() - 180 * kDay);
    const auto seated = Call(*suite_.contacts, &ContactsService::Stub::SeatContact, seat);
    EXPECT_TRUE(seated.ok()) << seated.status();
    tokens_.push_back(seated->token());
    return created->contact().id();
  }

  // A conversation so many days ago, in which the contact gave advice where asked for.
  int64_t Talk(const std::string& id, int age, bool advice = false) {
    ledger::v1::AppendInteractionRequest request;
    ledger::v1::Interaction& talk = *request.mutable_interaction();
    talk.add_contact_ids(id);
    talk.set_depth(ledger::v1::INTERACTION_DEPTH_CONVERSATION);
    *talk.mutable_occur_time() = base::ToProto(absl::Now() - age * kDay);
    if (advice) {
      ledger::v1::Benefit& benefit = *talk.add_benefits();
      benefit.set_direction(ledger::v1::BENEFIT_DIRECTION_RECEIVED);
      benefit.set_kind(ledger::v1::BENEFIT_KIND_ADVICE);
    }
    const auto answer = Call(*suite_.ledger, &LedgerService::Stub::AppendInteraction, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    tokens_.push_back(answer->token());
    return answer->interaction().sequence();
  }

  std::vector<Recommendation> Advice() {
    recommendations::v1::ListRecommendationsRequest request;
    request.add_kinds(recommendations::v1::RECOMMENDATION_KIND_RECONNECT);
    request.mutable_at_least_as_fresh()->Add(tokens_.begin(), tokens_.end());
    const auto answer = Call(*suite_.recommendations, &RecommendationsService::Stub::ListRecommendations, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return {answer->recommendations().begin(), answer->recommendations().end()};
  }

  absl::Status Dismiss(const std::string& id) {
    recommendations::v1::RespondToRecommendationRequest request;
    request.set_id(id);
    request.set_response(recommendations::v1::RECOMMENDATION_RESPONSE_DISMISS);
    return Call(*suite_.recommendations, &RecommendationsService::Stub::RespondToRecommendation, request).status();
  }

  double Score() {
    recommendations::v1::GetCouncilBalanceRequest request;
    request.mutable_at_least_as_fresh()->Add(tokens_.begin(), tokens_.end());
    const auto answer = Call(*suite_.recommendations, &RecommendationsService::Stub::GetCouncilBalance, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer->balance().score();
  }

  CouncilSuite suite_;
  std::vector<std::string> tokens_;
};

TEST_F(AdviceTest, DismissedStepIsGoneUntilItsFactsChange) {
  const std::string rosa = Seat("Rosa");
  const int64_t last = Talk(rosa, 74, /*advice=*/true);
  Talk(rosa, 100, /*advice=*/true);

  const std::vector<Recommendation> first = Advice();
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_THAT(first[0].contact_ids(), ElementsAre(rosa));
  EXPECT_THAT(first[0].reason(), HasSubstr("You last spoke with Rosa 74 days ago and meant to talk every 30 days."));
  EXPECT_THAT(first[0].reason(), HasSubstr("Rosa advised you twice since"));
  EXPECT_THAT(first[0].evidence(), ElementsAre(last, last + 1));

  ASSERT_TRUE(Dismiss(first[0].id()).ok());
  EXPECT_THAT(Advice(), IsEmpty());
  suite_.recommendationsd.process().Kill();
  suite_.recommendationsd.Restart();
  suite_.recommendations = RecommendationsService::NewStub(suite_.recommendationsd.Connect());
  EXPECT_THAT(Advice(), IsEmpty());

  Talk(rosa, 40);
  const std::vector<Recommendation> second = Advice();
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_NE(second[0].id(), first[0].id());
  EXPECT_TRUE(absl::IsNotFound(Dismiss("another")));
}

TEST_F(AdviceTest, StepBringsWhatItSaidWhenItIsDone) {
  const std::string rosa = Seat("Rosa");
  Seat("Tom");
  Talk(rosa, 74);
  const double before = Score();
  const std::vector<Recommendation> advice = Advice();
  const auto step = std::find_if(advice.begin(), advice.end(),
                                 [&rosa](const Recommendation& one) { return one.contact_ids(0) == rosa; });
  ASSERT_NE(step, advice.end());
  Talk(rosa, 0);
  // Some seconds went by, in which things fade by less than this.
  EXPECT_NEAR(Score() - before, step->expected_gain(), 0.01);
}

}  // namespace
}  // namespace council::test
