#include "services/recommendations/propose_from.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/ties/tie_roles.h"
#include "libs/ties/tie_summary.h"
#include "services/recommendations/proposal_candidates.h"
#include "services/recommendations/what_if.h"

namespace council::recommendations {
namespace {

using common::v1::CouncilRole;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);
const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

std::string Id(int number) {
  return absl::StrCat("p", 100 + number);
}

class ProposeFromTest : public ::testing::Test {
 protected:
  contacts::v1::Contact& AddContact(int number) {
    contacts::v1::Contact& contact = network_.contacts.emplace_back();
    contact.set_id(Id(number));
    contact.set_display_name(absl::StrCat("Person ", number));
    return contact;
  }

  // `count` contacts, each with two roles and one of six functions, in turn; those up to `seated` have a seat.
  void AddPeople(int count, int seated) {
    for (int i = 0; i < count; ++i) {
      contacts::v1::Contact& contact = AddContact(i);
      (*contact.mutable_facets())["function"] = absl::StrCat("function ", i % 6);
      if (i < seated)
        Seat(contact, {static_cast<CouncilRole>(1 + i * 2 % 5), static_cast<CouncilRole>(1 + (i * 2 + 1) % 5)});
    }
  }

  void Seat(const contacts::v1::Contact& contact, const std::vector<CouncilRole>& roles) {
    contacts::v1::CouncilSeat& seat = *network_.council.add_seats();
    seat.mutable_seat()->set_contact_id(contact.id());
    for (const CouncilRole role : roles) seat.mutable_seat()->add_roles(role);
    *seat.mutable_seat()->mutable_first_seated_time() = base::ToProto(kNow - 200 * kDay);
    *seat.mutable_contact() = contact;
  }

  // Advice received in a counsel `days` ago, which lifted.
  void AddCounsel(int number, int days) {
    const std::string id = Id(number);
    ledger::v1::Interaction entry;
    entry.add_contact_ids(id);
    entry.set_sequence(1);
    *entry.mutable_occur_time() = base::ToProto(kNow - days * kDay);
    entry.set_depth(ledger::v1::INTERACTION_DEPTH_COUNSEL);
    entry.set_energy(2);
    ledger::v1::Benefit& benefit = *entry.add_benefits();
    benefit.set_direction(ledger::v1::BENEFIT_DIRECTION_RECEIVED);
    benefit.set_kind(ledger::v1::BENEFIT_KIND_ADVICE);
    const auto at = std::find_if(network_.ties.begin(), network_.ties.end(),
                                 [&](const ledger::v1::Tie& tie) { return tie.contact_id() == id; });
    ledger::v1::Tie& tie = at == network_.ties.end() ? network_.ties.emplace_back() : *at;
    tie.set_contact_id(id);
    ties::FoldEntry(entry, {&id, 1}, tie);
    tie.clear_shown_roles();
    for (const CouncilRole role : ties::RolesShown(tie)) tie.add_shown_roles(role);
  }

  absl::StatusOr<v1::ProposeCouncilResponse> Propose(const v1::ProposeCouncilRequest& request = {}) {
    if (absl::Status status = CheckProposal(request); !status.ok()) return status;
    return ProposeFrom(request, network_, kNow, model_);
  }

  std::vector<std::string> ViolatedFields(const v1::ProposeCouncilRequest& request) {
    const absl::Status status = Propose(request).status();
    const google::rpc::BadRequest bad_request = base::BadRequestOf(status);
    std::vector<std::string> fields;
    for (const auto& violation : bad_request.field_violations()) fields.push_back(violation.field());
    return fields;
  }

  static std::vector<std::string> SeatedIn(const v1::ProposeCouncilResponse& response) {
    std::vector<std::string> ids;
    for (const v1::ProposedSeat& seat : response.seats()) ids.push_back(seat.seat().contact_id());
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  static const v1::ProposedSeat& SeatOf(int number, const v1::ProposeCouncilResponse& response) {
    return *std::find_if(response.seats().begin(), response.seats().end(),
                         [&](const v1::ProposedSeat& seat) { return seat.contact().id() == Id(number); });
  }

  const BalanceModel model_ = BalanceModel();
  NetworkSnapshot network_;
};

TEST_F(ProposeFromTest, BalanceIsThatOfTheSeatsWithNewcomersSeatedNinetyDaysAgo) {
  AddPeople(20, 5);
  for (int i = 0; i < 20; i += 2) AddCounsel(i, 10 + i);
  const auto response = Propose();
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_TRUE(response->exact());
  EXPECT_THAT(response->seats(), SizeIs(response->balance().seats()));
  EXPECT_EQ(response->current().seats(), 5);
  EXPECT_GT(response->balance().score(), response->current().score());

  WhatIf proposed(contacts::v1::GetCouncilResponse(), network_.ties, kNow, model_);
  for (const v1::ProposedSeat& seat : response->seats()) {
    contacts::v1::Seat taken = seat.seat();
    if (!seat.seated()) *taken.mutable_seated_time() = base::ToProto(kNow - 90 * kDay);
    if (!seat.seated()) *taken.mutable_first_seated_time() = taken.seated_time();
    proposed.Seat(seat.contact(), taken);
  }
  EXPECT_NEAR(proposed.Figures().score, response->balance().score(), 1e-9);

  // What each adds is what the council would lose.
  for (const v1::ProposedSeat& seat : response->seats()) {
    WhatIf without = proposed;
    without.Unseat(seat.contact().id());
    EXPECT_NEAR(seat.contribution(), response->balance().score() - without.Figures().score, 1e-9);
  }
}

TEST_F(ProposeFromTest, NewcomersComeWithTheRolesThatTheLedgerShows) {
  AddPeople(3, 1);
  AddCounsel(2, 5);
  const auto response = Propose();
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_THAT(SeatedIn(*response), ElementsAre(Id(0), Id(1), Id(2)));
  EXPECT_TRUE(SeatOf(0, *response).seated());
  EXPECT_EQ(SeatOf(0, *response).seat().DebugString(), network_.council.seats(0).seat().DebugString());
  EXPECT_FALSE(SeatOf(2, *response).seated());
  EXPECT_THAT(SeatOf(2, *response).seat().roles(), ElementsAre(common::v1::COUNCIL_ROLE_MENTOR));
  EXPECT_FALSE(SeatOf(2, *response).seat().has_first_seated_time());
  EXPECT_THAT(SeatOf(1, *response).seat().roles(), IsEmpty());
}

TEST_F(ProposeFromTest, ThoseWhoContributeMostComeFirst) {
  AddPeople(20, 20);
  for (int i = 0; i < 20; i += 3) AddCounsel(i, 10 + i);
  const auto response = Propose();
  ASSERT_TRUE(response.ok()) << response.status();
  for (int i = 1; i < response->seats_size(); ++i) {
    EXPECT_GE(response->seats(i - 1).contribution(), response->seats(i).contribution());
  }
}

TEST_F(ProposeFromTest, ReasonNamesWhatWouldFallMost) {
  // Nobody else could take the place of the one mentor.
  for (int i = 0; i < 12; ++i) {
    const contacts::v1::Contact& contact = AddContact(i);
    Seat(contact, {i == 0 ? common::v1::COUNCIL_ROLE_MENTOR : common::v1::COUNCIL_ROLE_INFORMANT});
    AddCounsel(i, 3);
  }
  const auto response = Propose();
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(SeatOf(0, *response).reason(), "The only mentor: without Person 0 roles would fall from 30 to 20.");
  for (const v1::ProposedSeat& seat : response->seats()) {
    EXPECT_THAT(seat.reason(), AllOf(HasSubstr(seat.contact().display_name()), HasSubstr("would fall from")));
  }
}

TEST_F(ProposeFromTest, ReasonTellsWhoKnowsNobodyElse) {
  AddPeople(16, 16);
  for (int i = 0; i < 16; ++i) {
    AddCounsel(i, 3 + i);
    for (int k = i + 1; k < 16; ++k) {
      if (i == 4 || k == 4) continue;
      contacts::v1::Acquaintance& pair = network_.acquaintances.emplace_back();
      pair.set_contact_id(Id(i));
      pair.set_other_contact_id(Id(k));
    }
  }
  v1::ProposeCouncilRequest request;
  request.set_size_min(16);
  const auto response = Propose(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(SeatOf(4, *response).reason(),
            "Person 4 knows none of the 15 others: without Person 4 diversity would fall from 56 to 50.");
}

TEST_F(ProposeFromTest, ReasonTellsARareValueOfAFacet) {
  AddPeople(14, 14);
  for (int i = 0; i < 14; ++i) AddCounsel(i, 2);
  for (contacts::v1::CouncilSeat& seat : *network_.council.mutable_seats()) {
    (*seat.mutable_contact()->mutable_facets())["function"] =
        seat.contact().id() == Id(3) || seat.contact().id() == Id(4) ? "medicine" : "law";
  }
  v1::ProposeCouncilRequest request;
  request.set_size_min(14);
  const auto response = Propose(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(SeatOf(3, *response).reason(),
              HasSubstr("One of two whose function is medicine: without Person 3 diversity would fall from 49 to 28."));
}

TEST_F(ProposeFromTest, WhoCanHaveNoSeatIsNoCandidate) {
  AddPeople(12, 2);
  network_.contacts[3].set_status(contacts::v1::CONTACT_STATUS_NO_CONTACT);
  network_.contacts[4].set_status(contacts::v1::CONTACT_STATUS_DECEASED);
  for (const int paused : {1, 5, 6}) network_.contacts[paused].set_status(contacts::v1::CONTACT_STATUS_PAUSED);
  for (const int paused : {1, 5, 6}) network_.contacts[paused].set_paused_until("2030-01-01");
  network_.contacts[7].set_status(contacts::v1::CONTACT_STATUS_PAUSED);
  network_.contacts[7].set_paused_until("2020-01-01");
  v1::ProposeCouncilRequest request;
  request.add_pinned_ids(Id(6));
  request.add_excluded_ids(Id(8));
  const auto response = Propose(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(SeatedIn(*response), ElementsAre(Id(0), Id(1), Id(2), Id(6), Id(7), Id(9), Id(10), Id(11)));
}

TEST_F(ProposeFromTest, OnlyThoseNamedAndPinnedAreChosen) {
  AddPeople(20, 4);
  network_.contacts[9].add_former_ids("old-id");
  v1::ProposeCouncilRequest request;
  for (const int candidate : {0, 5, 6, 7}) request.add_candidate_ids(Id(candidate));
  request.add_candidate_ids("old-id");
  request.add_pinned_ids(Id(8));
  request.set_size_min(3);
  const auto response = Propose(request);
  ASSERT_TRUE(response.ok()) << response.status();
  const std::set<std::string> allowed = {Id(0), Id(5), Id(6), Id(7), Id(8), Id(9)};
  for (const std::string& id : SeatedIn(*response)) EXPECT_THAT(allowed, Contains(id));
  EXPECT_THAT(SeatedIn(*response), Contains(Id(8)));
  EXPECT_THAT(response->unseated_ids(), ElementsAre(Id(1), Id(2), Id(3)));
}

TEST_F(ProposeFromTest, PinnedWithoutGainIsSaidToBeAskedFor) {
  AddPeople(20, 18);
  AddContact(30);
  for (int i = 0; i < 18; ++i) AddCounsel(i, 2);
  v1::ProposeCouncilRequest request;
  request.add_pinned_ids(Id(30));
  const auto response = Propose(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_LT(SeatOf(30, *response).contribution(), 0);
  EXPECT_THAT(SeatOf(30, *response).reason(), HasSubstr("You asked for a seat for Person 30; with them the score is"));
}

TEST_F(ProposeFromTest, SizeFollowsWhereOnlyTheOtherIsSaid) {
  AddPeople(40, 0);
  v1::ProposeCouncilRequest request;
  request.set_size_min(25);
  auto response = Propose(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(response->seats(), SizeIs(25));
  request.Clear();
  request.set_size_max(4);
  response = Propose(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(response->seats(), SizeIs(4));
}

TEST_F(ProposeFromTest, EveryWrongFieldIsNamed) {
  AddPeople(5, 2);
  network_.contacts[3].set_status(contacts::v1::CONTACT_STATUS_DECEASED);
  network_.contacts[4].set_status(contacts::v1::CONTACT_STATUS_NO_CONTACT);
  v1::ProposeCouncilRequest request;
  request.set_size_min(-1);
  request.set_size_max(101);
  for (int i = 0; i < 2001; ++i) request.add_candidate_ids("x");
  for (int i = 0; i < 101; ++i) request.add_at_least_as_fresh("x");
  EXPECT_THAT(ViolatedFields(request), ElementsAre("candidate_ids", "at_least_as_fresh", "size_min", "size_max"));

  request.Clear();
  request.set_size_min(5);
  request.set_size_max(4);
  EXPECT_THAT(ViolatedFields(request), ElementsAre("size_min"));

  request.Clear();
  request.set_size_max(2);
  for (const char* id : {"", "nobody"}) request.add_candidate_ids(id);
  for (const int pinned : {0, 3, 4}) request.add_pinned_ids(Id(pinned));
  request.add_excluded_ids(Id(0));
  request.add_excluded_ids("nobody");
  EXPECT_THAT(ViolatedFields(request), ElementsAre("candidate_ids[0]", "candidate_ids[1]", "excluded_ids[1]",
                                                   "pinned_ids[0]", "pinned_ids[1]", "pinned_ids[2]", "pinned_ids"));
}

TEST_F(ProposeFromTest, WithoutContactsNobodyIsProposed) {
  const auto response = Propose();
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(response->seats(), IsEmpty());
  EXPECT_TRUE(response->exact());
  EXPECT_EQ(response->balance().score(), 0);
}

}  // namespace
}  // namespace council::recommendations
