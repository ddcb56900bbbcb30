// The main job over gRPC, with the real programs: contacts, a council, what happened, and how balanced it is.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/council.h"
#include "tests/support/test_storage.h"

namespace council::test {
namespace {

using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::CouncilBalance;
using recommendations::v1::RecommendationsService;
using ::testing::SizeIs;

// On which engine the services keep their data: true for PostgreSQL.
class MainJobTest : public ::testing::TestWithParam<bool> {
 protected:
  std::string Create(const std::string& name, const Caller& caller = {}) {
    contacts::v1::CreateContactRequest request;
    request.mutable_contact()->set_display_name(name);
    const auto answer = Call(*suite_.contacts, &ContactsService::Stub::CreateContact, request, caller);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? answer->contact().id() : "";
  }

  // Seats a contact and returns the token.
  std::string Seat(const std::string& contact_id, common::v1::CouncilRole role, const Caller& caller = {}) {
    contacts::v1::SeatContactRequest request;
    request.set_contact_id(contact_id);
    request.mutable_seat()->add_roles(role);
    const auto answer = Call(*suite_.contacts, &ContactsService::Stub::SeatContact, request, caller);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? answer->token() : "";
  }

  // Appends a counsel with the contact and returns the token.
  std::string Append(const std::string& contact_id, const Caller& caller = {}) {
    ledger::v1::AppendInteractionRequest request;
    ledger::v1::Interaction& talk = *request.mutable_interaction();
    talk.add_contact_ids(contact_id);
    talk.set_depth(ledger::v1::INTERACTION_DEPTH_COUNSEL);
    talk.set_energy(2);
    ledger::v1::Benefit& benefit = *talk.add_benefits();
    benefit.set_direction(ledger::v1::BENEFIT_DIRECTION_RECEIVED);
    benefit.set_kind(ledger::v1::BENEFIT_KIND_ADVICE);
    const auto answer = Call(*suite_.ledger, &LedgerService::Stub::AppendInteraction, request, caller);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? answer->token() : "";
  }

  absl::StatusOr<CouncilBalance> Balance(const std::vector<std::string>& tokens = {}, const Caller& caller = {}) {
    recommendations::v1::GetCouncilBalanceRequest request;
    request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
    auto answer = Call(*suite_.recommendations, &RecommendationsService::Stub::GetCouncilBalance, request, caller);
    if (!answer.ok()) return answer.status();
    return *std::move(*answer).mutable_balance();
  }

  int64_t LedgerRevision(const Caller& caller = {}) {
    const auto answer =
        Call(*suite_.ledger, &LedgerService::Stub::GetRevision, ledger::v1::GetRevisionRequest(), caller);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? answer->revision() : -1;
  }

  // Asks again until the cache answers; false where it never does.
  bool AnsweredFromCacheInTime() {
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (absl::Now() < deadline) {
      const auto balance = Balance();
      if (!balance.ok()) return false;
      if (balance->answered_from() != recommendations::v1::ANSWERED_FROM_COMPUTATION) return true;
    }
    return false;
  }

  CouncilSuite suite_ = GetParam() ? CouncilSuite(SharedPostgres()) : CouncilSuite();
};

TEST_P(MainJobTest, FromAnEmptyCouncilToABalanceWithReasons) {
  const auto empty = Balance();
  ASSERT_TRUE(empty.ok()) << empty.status();
  EXPECT_EQ(empty->score(), 0);
  EXPECT_EQ(empty->seats(), 0);
  EXPECT_EQ(empty->components_size(), 9);

  std::vector<std::string> tokens;
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(Create(absl::StrCat("Advisor ", i)));
    tokens.push_back(Seat(ids.back(), static_cast<common::v1::CouncilRole>(i + 1)));
  }
  const auto seated = Balance(tokens);
  ASSERT_TRUE(seated.ok()) << seated.status();
  EXPECT_EQ(seated->seats(), 5);
  EXPECT_GT(seated->structure(), 0);
  EXPECT_FALSE(seated->practice_recorded());

  for (const std::string& id : ids) tokens.push_back(Append(id));
  const auto after = Balance(tokens);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_GT(after->practice(), seated->practice());
  EXPECT_GT(after->confidence(), seated->confidence());
  EXPECT_THAT(after->tokens(), SizeIs(2));
  double weights = 0;
  for (const auto& component : after->components()) {
    weights += component.weight();
    EXPECT_GE(component.value(), 0) << component.name();
    EXPECT_LE(component.value(), 1) << component.name();
    EXPECT_FALSE(component.explanation().empty()) << component.name();
  }
  EXPECT_NEAR(weights, 100, 1e-9);
}

TEST_P(MainJobTest, AnUnchangedCouncilIsAnsweredFromTheCacheWithTheSameFigures) {
  Seat(Create("Rosa"), common::v1::COUNCIL_ROLE_MENTOR);
  ASSERT_TRUE(AnsweredFromCacheInTime());
  const auto first = Balance();
  const auto second = Balance(std::vector<std::string>(first->tokens().begin(), first->tokens().end()));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_NE(second->answered_from(), recommendations::v1::ANSWERED_FROM_COMPUTATION);
  EXPECT_EQ(second->score(), first->score());
  EXPECT_EQ(second->compute_time().SerializeAsString(), first->compute_time().SerializeAsString());
}

TEST_P(MainJobTest, ABalanceIsNeverOlderThanItsToken) {
  const std::string rosa = Create("Rosa");
  Seat(rosa, common::v1::COUNCIL_ROLE_MENTOR);
  for (int i = 0; i < 30; ++i) {
    const std::string token = Append(rosa);
    const int64_t revision = LedgerRevision();
    const auto balance = Balance({token});
    ASSERT_TRUE(balance.ok()) << balance.status();
    EXPECT_GE(balance->ledger_revision(), revision);
    ASSERT_TRUE(Balance().ok());  // leaves a cached balance in the way of the next
  }
}

TEST_P(MainJobTest, OwnersSeeNothingOfEachOther) {
  const Caller bob{.owner = "bob"};
  const std::string rosa = Create("Rosa");
  Seat(rosa, common::v1::COUNCIL_ROLE_MENTOR);
  const std::string token = Append(rosa);
  ASSERT_TRUE(Balance({token}).ok());

  const auto balance = Balance({}, bob);
  ASSERT_TRUE(balance.ok()) << balance.status();
  EXPECT_EQ(balance->seats(), 0);
  contacts::v1::GetContactRequest get;
  get.set_id(rosa);
  EXPECT_TRUE(absl::IsNotFound(Call(*suite_.contacts, &ContactsService::Stub::GetContact, get, bob).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Balance({token}, bob).status())) << "another's token is as good as garbage";
  EXPECT_TRUE(absl::IsInvalidArgument(Balance({"garbage"}).status()));
  EXPECT_EQ(LedgerRevision(bob), 0);
}

TEST_P(MainJobTest, WithoutRedisEverythingStillAnswersAndItsReturnIsNoticed) {
  const std::string rosa = Create("Rosa");
  Seat(rosa, common::v1::COUNCIL_ROLE_MENTOR);
  ASSERT_TRUE(AnsweredFromCacheInTime());

  suite_.redis.Kill();
  for (int i = 0; i < 10; ++i) {
    const std::string token = Append(rosa);
    const int64_t revision = LedgerRevision();
    const auto balance = Balance({token});
    ASSERT_TRUE(balance.ok()) << balance.status();
    EXPECT_EQ(balance->answered_from(), recommendations::v1::ANSWERED_FROM_COMPUTATION);
    EXPECT_GE(balance->ledger_revision(), revision);
  }
  suite_.redis.Restart();
  EXPECT_TRUE(AnsweredFromCacheInTime());
}

TEST_P(MainJobTest, AFrozenRedisCostsABalanceLittleTime) {
  Seat(Create("Rosa"), common::v1::COUNCIL_ROLE_MENTOR);
  ASSERT_TRUE(AnsweredFromCacheInTime());
  suite_.redis.Freeze();
  for (int i = 0; i < 5; ++i) {
    const auto balance = Balance({}, {.timeout = absl::Seconds(5)});
    ASSERT_TRUE(balance.ok()) << balance.status();
    EXPECT_NE(balance->answered_from(), recommendations::v1::ANSWERED_FROM_REDIS);
  }
  suite_.redis.Thaw();
  EXPECT_TRUE(AnsweredFromCacheInTime());
}

TEST_P(MainJobTest, AppendTwiceWithOneRequestIdYieldsOneEntry) {
  ledger::v1::AppendInteractionRequest request;
  request.mutable_interaction()->add_contact_ids(Create("Rosa"));
  request.set_request_id("once");
  const auto first = Call(*suite_.ledger, &LedgerService::Stub::AppendInteraction, request);
  const auto second = Call(*suite_.ledger, &LedgerService::Stub::AppendInteraction, request);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(first->interaction().SerializeAsString(), second->interaction().SerializeAsString());
  EXPECT_EQ(LedgerRevision(), 1);
  request.mutable_interaction()->set_energy(1);
  EXPECT_TRUE(absl::IsAlreadyExists(Call(*suite_.ledger, &LedgerService::Stub::AppendInteraction, request).status()));
}

INSTANTIATE_TEST_SUITE_P(Engines, MainJobTest, ::testing::Bool(),
                         [](const auto& engine) { return engine.param ? "Postgres" : "Sqlite"; });

}  // namespace
}  // namespace council::test
