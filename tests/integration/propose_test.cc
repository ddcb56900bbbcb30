// The best council, with the real programs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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
using recommendations::v1::ProposeCouncilRequest;
using recommendations::v1::ProposeCouncilResponse;
using recommendations::v1::RecommendationsService;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class ProposeTest : public ::testing::Test {
 protected:
  std::string Create(int number) {
    contacts::v1::CreateContactRequest request;
    request.mutable_contact()->set_display_name(absl::StrCat("Person ", number));
    (*request.mutable_contact()->mutable_facets())["function"] = absl::StrCat("function ", number % 6);
    const auto answer = Call(*suite_.contacts, &ContactsService::Stub::CreateContact, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    tokens_ = {answer->token()};
    return answer->contact().id();
  }

  void Seat(const std::string& contact_id) {
    contacts::v1::SeatContactRequest request;
    request.set_contact_id(contact_id);
    request.mutable_seat()->add_roles(common::v1::COUNCIL_ROLE_SUPPORTER);
    const auto answer = Call(*suite_.contacts, &ContactsService::Stub::SeatContact, request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    tokens_ = {answer->token()};
  }

  std::string Append(const std::string& contact_id, int days, ledger::v1::BenefitKind received) {
    ledger::v1::AppendInteractionRequest request;
    ledger::v1::Interaction& talk = *request.mutable_interaction();
    talk.add_contact_ids(contact_id);
    *talk.mutable_occur_time() = base::ToProto(absl::Now() - absl::Hours(24 * days));
    talk.set_depth(ledger::v1::INTERACTION_DEPTH_COUNSEL);
    talk.set_energy(1);
    ledger::v1::Benefit& benefit = *talk.add_benefits();
    benefit.set_direction(ledger::v1::BENEFIT_DIRECTION_RECEIVED);
    benefit.set_kind(received);
    const auto answer = Call(*suite_.ledger, &LedgerService::Stub::AppendInteraction, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? answer->token() : "";
  }

  absl::StatusOr<ProposeCouncilResponse> Propose(ProposeCouncilRequest request) {
    for (const std::string& token : tokens_) request.add_at_least_as_fresh(token);
    return Call(*suite_.recommendations, &RecommendationsService::Stub::ProposeCouncil, request);
  }

  CouncilSuite suite_;
  std::vector<std::string> tokens_;
};

std::vector<std::string> SeatedIn(const ProposeCouncilResponse& response) {
  std::vector<std::string> ids;
  for (const auto& seat : response.seats()) ids.push_back(seat.contact().id());
  return ids;
}

TEST_F(ProposeTest, TheBestCouncilIsProposedFromContactsAndEntries) {
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back(Create(i));
  for (int i = 0; i < 4; ++i) Seat(ids[i]);
  std::string ledger_token;
  for (int i = 2; i < 16; ++i) {
    ledger_token =
        Append(ids[i], i, i % 2 == 0 ? ledger::v1::BENEFIT_KIND_ADVICE : ledger::v1::BENEFIT_KIND_INFORMATION);
  }
  tokens_.push_back(ledger_token);

  ProposeCouncilRequest request;
  request.add_pinned_ids(ids[19]);
  request.add_excluded_ids(ids[3]);
  const auto response = Propose(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_TRUE(response->exact());
  EXPECT_THAT(SeatedIn(*response), Contains(ids[19]));
  EXPECT_THAT(SeatedIn(*response), Not(Contains(ids[3])));
  EXPECT_THAT(response->unseated_ids(), Contains(ids[3]));
  EXPECT_GE(response->seats_size(), 12);
  EXPECT_LE(response->seats_size(), 18);
  EXPECT_EQ(response->current().seats(), 4);
  EXPECT_GT(response->balance().score(), response->current().score());
  for (const auto& seat : response->seats()) {
    EXPECT_THAT(seat.reason(), HasSubstr(seat.contact().display_name()));
    EXPECT_EQ(seat.seated(), std::find(ids.begin(), ids.begin() + 4, seat.contact().id()) != ids.begin() + 4);
    // Who advised is taken for a mentor.
    if (seat.contact().id() != ids[6]) continue;
    EXPECT_THAT(seat.seat().roles(), ElementsAre(common::v1::COUNCIL_ROLE_MENTOR));
  }
}

TEST_F(ProposeTest, IdsThatAreNobodysAreNamed) {
  ProposeCouncilRequest request;
  request.add_candidate_ids(Create(1));
  request.add_candidate_ids("nobody");
  const auto response = Propose(request);
  ASSERT_EQ(response.status().code(), absl::StatusCode::kInvalidArgument) << response.status();
  const auto bad_request = base::BadRequestOf(response.status());
  ASSERT_THAT(bad_request.field_violations(), SizeIs(1));
  EXPECT_EQ(bad_request.field_violations(0).field(), "candidate_ids[1]");
}

}  // namespace
}  // namespace council::test
