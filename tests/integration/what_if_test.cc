// What-if, the entries behind a component, and check-ins, with the real programs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "tests/support/council.h"

namespace council::test {
namespace {

using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;
using ::testing::ElementsAre;

constexpr double kEqual = 1e-6;

class WhatIfTest : public ::testing::Test {
 protected:
  std::string Create(const std::string& name) {
    contacts::v1::CreateContactRequest request;
    request.mutable_contact()->set_display_name(name);
    const auto answer = Call(*suite_.contacts, &ContactsService::Stub::CreateContact, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer->contact().id();
  }

  contacts::v1::Seat Mentor(const std::string& contact_id) {
    contacts::v1::Seat seat;
    seat.set_contact_id(contact_id);
    seat.add_roles(common::v1::COUNCIL_ROLE_MENTOR);
    *seat.mutable_seated_time() = base::ToProto(now_ - absl::Hours(24 * 100));
    return seat;
  }

  void Seat(const contacts::v1::Seat& seat) {
    contacts::v1::SeatContactRequest request;
    request.set_contact_id(seat.contact_id());
    *request.mutable_seat() = seat;
    const auto answer = Call(*suite_.contacts, &ContactsService::Stub::SeatContact, request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    token_contacts_ = answer->token();
  }

  // A counsel `days` ago, in which the owner received advice.
  ledger::v1::Interaction Counsel(const std::string& contact_id, int days) {
    ledger::v1::Interaction talk;
    talk.add_contact_ids(contact_id);
    *talk.mutable_occur_time() = base::ToProto(now_ - absl::Hours(24 * days));
    talk.set_depth(ledger::v1::INTERACTION_DEPTH_COUNSEL);
    talk.set_energy(2);
    ledger::v1::Benefit& benefit = *talk.add_benefits();
    benefit.set_direction(ledger::v1::BENEFIT_DIRECTION_RECEIVED);
    benefit.set_kind(ledger::v1::BENEFIT_KIND_ADVICE);
    return talk;
  }

  int64_t Append(const ledger::v1::Interaction& talk) {
    ledger::v1::AppendInteractionRequest request;
    *request.mutable_interaction() = talk;
    const auto answer = Call(*suite_.ledger, &LedgerService::Stub::AppendInteraction, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    token_ledger_ = answer->token();
    return answer->interaction().sequence();
  }

  template <typename Request>
  Request Fresh(Request request = {}) {
    for (const std::string& token : {token_contacts_, token_ledger_}) {
      if (!token.empty()) request.add_at_least_as_fresh(token);
    }
    return request;
  }

  double Score() {
    const auto answer = Call(*suite_.recommendations, &RecommendationsService::Stub::GetCouncilBalance,
                             Fresh<recommendations::v1::GetCouncilBalanceRequest>());
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer->balance().score();
  }

  absl::StatusOr<recommendations::v1::SimulateCouncilResponse> Simulate(
      const std::vector<recommendations::v1::CouncilChange>& changes) {
    auto request = Fresh<recommendations::v1::SimulateCouncilRequest>();
    request.mutable_changes()->Add(changes.begin(), changes.end());
    return Call(*suite_.recommendations, &RecommendationsService::Stub::SimulateCouncil, request);
  }

  CouncilSuite suite_;
  const absl::Time now_ = absl::Now();
  std::string token_contacts_;
  std::string token_ledger_;
};

TEST_F(WhatIfTest, TheBalanceTriedIsTheOneThatFollowsWhenItIsDone) {
  const std::string rosa = Create("Rosa");
  const std::string tom = Create("Tom");
  Seat(Mentor(rosa));
  const int64_t first = Append(Counsel(rosa, 9));

  recommendations::v1::CouncilChange seat;
  *seat.mutable_add_seat() = Mentor(tom);
  recommendations::v1::CouncilChange talk;
  *talk.mutable_add_interaction() = Counsel(tom, 2);
  recommendations::v1::CouncilChange leave_out;
  leave_out.set_remove_interaction(first);
  const auto tried = Simulate({seat, talk, leave_out});
  ASSERT_TRUE(tried.ok()) << tried.status();
  EXPECT_EQ(tried->after().components_size(), 9);
  const double before = tried->before().score();
  const double after = tried->after().score();
  EXPECT_NEAR(Score(), before, kEqual) << "a trial changes nothing";

  Seat(Mentor(tom));
  Append(Counsel(tom, 2));
  ledger::v1::CorrectInteractionRequest retract;
  retract.set_sequence(first);
  retract.set_retract(true);
  const auto retracted = Call(*suite_.ledger, &LedgerService::Stub::CorrectInteraction, retract);
  ASSERT_TRUE(retracted.ok()) << retracted.status();
  token_ledger_ = retracted->token();
  EXPECT_NEAR(Score(), after, 1e-3);
  EXPECT_GT(std::abs(after - before), 0.1);
}

TEST_F(WhatIfTest, ChangesThatCannotBeTriedAreNamed) {
  const std::string rosa = Create("Rosa");
  recommendations::v1::CouncilChange nothing;
  recommendations::v1::CouncilChange nobody;
  nobody.set_remove_seat("01234567-0000-7000-8000-000000000000");
  recommendations::v1::CouncilChange tomorrow;
  *tomorrow.mutable_add_interaction() = Counsel(rosa, -1);
  recommendations::v1::CouncilChange seat;
  *seat.mutable_add_seat() = Mentor(rosa);
  seat.mutable_add_seat()->add_roles(common::v1::COUNCIL_ROLE_MENTOR);
  *seat.mutable_add_seat()->mutable_cadence() = base::ToProto(-absl::Hours(24));
  recommendations::v1::CouncilChange talk;
  *talk.mutable_add_interaction() = Counsel(rosa, 1);
  talk.mutable_add_interaction()->add_domains(common::v1::LIFE_DOMAIN_UNSPECIFIED);
  talk.mutable_add_interaction()->mutable_benefits(0)->clear_kind();
  const auto answer = Simulate({nothing, nobody, tomorrow, seat, talk});
  ASSERT_TRUE(absl::IsInvalidArgument(answer.status())) << answer.status();
  std::vector<std::string> fields;
  const auto details = base::BadRequestOf(answer.status());
  for (const auto& violation : details.field_violations()) fields.push_back(violation.field());
  EXPECT_THAT(fields,
              ElementsAre("changes[0]", "changes[1].remove_seat", "changes[2].add_interaction.occur_time",
                          "changes[3].add_seat.roles[1]", "changes[3].add_seat.cadence",
                          "changes[4].add_interaction.domains[0]", "changes[4].add_interaction.benefits[0].kind"));

  recommendations::v1::CouncilChange no_such_entry;
  no_such_entry.set_remove_interaction(77);
  EXPECT_TRUE(absl::IsInvalidArgument(Simulate({no_such_entry}).status()));
}

TEST_F(WhatIfTest, ASeatIsNotTriedForOneWhoCanHaveNone) {
  for (const auto status : {contacts::v1::CONTACT_STATUS_NO_CONTACT, contacts::v1::CONTACT_STATUS_DECEASED}) {
    contacts::v1::UpdateContactRequest update;
    update.mutable_contact()->set_id(Create("Rosa"));
    update.mutable_contact()->set_status(status);
    update.mutable_update_mask()->add_paths("status");
    const auto updated = Call(*suite_.contacts, &ContactsService::Stub::UpdateContact, update);
    ASSERT_TRUE(updated.ok()) << updated.status();
    token_contacts_ = updated->token();
    recommendations::v1::CouncilChange seat;
    *seat.mutable_add_seat() = Mentor(update.contact().id());
    const auto answer = Simulate({seat});
    ASSERT_TRUE(absl::IsInvalidArgument(answer.status())) << answer.status();
    const auto details = base::BadRequestOf(answer.status());
    ASSERT_EQ(details.field_violations_size(), 1);
    EXPECT_EQ(details.field_violations(0).field(), "changes[0].add_seat.contact_id");
  }
}

TEST_F(WhatIfTest, AComponentNamesTheEntriesBehindIt) {
  const std::string rosa = Create("Rosa");
  Seat(Mentor(rosa));
  ledger::v1::Interaction greeting = Counsel(rosa, 3);
  greeting.set_depth(ledger::v1::INTERACTION_DEPTH_EXCHANGE);
  greeting.clear_benefits();
  Append(greeting);
  const int64_t counsel = Append(Counsel(rosa, 9));

  auto request = Fresh<recommendations::v1::ExplainBalanceRequest>();
  request.set_component("depth");
  const auto depth = Call(*suite_.recommendations, &RecommendationsService::Stub::ExplainBalance, request);
  ASSERT_TRUE(depth.ok()) << depth.status();
  ASSERT_EQ(depth->evidence_size(), 1);
  EXPECT_EQ(depth->evidence(0).interaction().sequence(), counsel);
  EXPECT_NEAR(depth->evidence(0).change(), depth->component().value(), kEqual);
  EXPECT_EQ(depth->total_entries(), 2);

  request.set_component("warmth");
  EXPECT_TRUE(absl::IsInvalidArgument(
      Call(*suite_.recommendations, &RecommendationsService::Stub::ExplainBalance, request).status()));
}

TEST_F(WhatIfTest, ATalkMovesTheNextCheckIn) {
  const std::string rosa = Create("Rosa");
  contacts::v1::Seat seat = Mentor(rosa);
  *seat.mutable_cadence() = base::ToProto(absl::Hours(24 * 14));
  Seat(seat);
  const auto day = [this] {
    const auto answer = Call(*suite_.recommendations, &RecommendationsService::Stub::ListCheckIns,
                             Fresh<recommendations::v1::ListCheckInsRequest>());
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer->check_ins_size() == 1 ? answer->check_ins(0).day() : "none";
  };
  EXPECT_EQ(day(), absl::FormatTime("%Y-%m-%d", now_, absl::UTCTimeZone()));
  Append(Counsel(rosa, 1));
  EXPECT_EQ(day(), absl::FormatTime("%Y-%m-%d", now_ + absl::Hours(24 * 13), absl::UTCTimeZone()));
}

}  // namespace
}  // namespace council::test
