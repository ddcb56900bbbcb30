#include "services/recommendations/advice_method.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "services/recommendations/fake_network.h"
#include "services/recommendations/hindsight.h"
#include "services/recommendations/sql_recommendations_store.h"
#include "tests/support/temp_dir.h"

namespace council::recommendations {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr auto kAccept = v1::RECOMMENDATION_RESPONSE_ACCEPT;
constexpr auto kDismiss = v1::RECOMMENDATION_RESPONSE_DISMISS;
constexpr auto kSnooze = v1::RECOMMENDATION_RESPONSE_SNOOZE;

class AdviceMethodTest : public ::testing::Test {
 protected:
  // Four seats who were last talked with so many days ago.
  AdviceMethodTest() {
    for (const auto& [id, age] :
         std::vector<std::pair<std::string, double>>{{"ann", 50}, {"ben", 60}, {"cleo", 70}, {"dan", 80}}) {
      scenario_.AddSeat(id, 30);
      scenario_.AddTalk(age, {id});
    }
  }

  absl::StatusOr<v1::ListRecommendationsResponse> List(const v1::ListRecommendationsRequest& request = {}) {
    return ListRecommendations(call_, request, parts_, scenario_.now, scenario_.model);
  }

  // The contact of each recommendation, with "+" where it has an answer.
  std::vector<std::string> Listed(const v1::ListRecommendationsRequest& request = {}) {
    const auto response = List(request);
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<std::string> contacts;
    if (!response.ok()) return contacts;
    for (const v1::Recommendation& one : response->recommendations()) {
      const bool answered = one.response() != v1::RECOMMENDATION_RESPONSE_UNSPECIFIED;
      contacts.push_back(one.contact_ids(0) + (answered ? "+" : ""));
    }
    std::sort(contacts.begin(), contacts.end());
    return contacts;
  }

  std::string IdFor(const std::string& contact) {
    const auto response = List();
    EXPECT_TRUE(response.ok()) << response.status();
    for (const v1::Recommendation& one : response->recommendations()) {
      if (one.contact_ids(0) == contact) return one.id();
    }
    ADD_FAILURE() << "nothing is advised about " << contact;
    return "";
  }

  absl::StatusOr<v1::RespondToRecommendationResponse> Respond(const std::string& id, v1::RecommendationResponse answer,
                                                              absl::Duration snooze = absl::ZeroDuration()) {
    v1::RespondToRecommendationRequest request;
    request.set_id(id);
    request.set_response(answer);
    if (snooze != absl::ZeroDuration()) *request.mutable_snooze_until() = base::ToProto(scenario_.now + snooze);
    return RespondToRecommendation(call_, request, *store_, scenario_.now);
  }

  std::vector<std::string> ViolatedFields(const absl::Status& status) {
    std::vector<std::string> fields;
    const auto bad_request = base::BadRequestOf(status);
    for (const auto& violation : bad_request.field_violations()) fields.push_back(violation.field());
    return fields;
  }

  std::vector<GivenRecommendation> Kept() {
    auto kept =
        store_->ListGiven(call_.owner(), absl::CivilDay(1900), absl::CivilDay(2100), absl::Now() + absl::Seconds(20));
    EXPECT_TRUE(kept.ok()) << kept.status();
    return *std::move(kept);
  }

  std::unique_ptr<SqlRecommendationsStore> OpenStore() {
    const std::string storage = "sqlite:" + (directory_ / "recommendations.db").string();
    return *SqlRecommendationsStore::Open(storage, seal::DevelopmentSharedKey(), random_);
  }

  AdviceScenario scenario_;
  FakeNetwork fake_{scenario_};
  test::TempDir directory_;
  base::SeededRandom random_{1};
  const std::unique_ptr<SqlRecommendationsStore> store_ = OpenStore();
  const seal::TokenCodec tokens_{seal::DevelopmentSharedKey(), std::string(32, 't')};
  ContactsClient contacts_{fake_.channel()};
  LedgerClient ledger_{fake_.channel()};
  NetworkReader network_{contacts_, ledger_};
  const AdviceParts parts_{.network = network_, .ledger = ledger_, .store = *store_, .tokens = tokens_};
  const rpc::CallContext call_ = rpc::CallContext::ForOwner({"dev", "ada"});
};

TEST_F(AdviceMethodTest, TiesAreReadOfMorePeopleThanTheLedgerTakesAtOnce) {
  std::vector<ledger::v1::TieContact> people(20'001);
  for (size_t i = 0; i < people.size(); ++i) people[i].set_contact_id(absl::StrCat("person-", i));
  people.back().set_contact_id("ann");
  const auto read = ledger_.ListTies(call_, {}, people, /*as_of=*/std::nullopt);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->ties.size(), people.size());
  EXPECT_EQ(read->ties[10'000].contact_id(), "person-10000");
  EXPECT_EQ(read->ties.back().contact_id(), "ann");
  EXPECT_GT(read->ties.back().entries(), 0);
}

TEST_F(AdviceMethodTest, WhatIsListedHasItsEvidenceAndIsKeptAsFirstGiven) {
  const auto first = List();
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_THAT(first->recommendations(), SizeIs(4));
  for (const v1::Recommendation& one : first->recommendations()) EXPECT_THAT(one.evidence(), SizeIs(1));
  const absl::Time given_time = scenario_.now;
  scenario_.now += kDay;
  // The scenario's ages count from its moment; entries stay where they are.
  ASSERT_TRUE(List().ok());
  const std::vector<GivenRecommendation> kept = Kept();
  ASSERT_THAT(kept, SizeIs(4));
  for (const GivenRecommendation& one : kept) {
    EXPECT_EQ(base::FromProto(one.given_time()), given_time);
    EXPECT_GT(one.score(), 0);
    EXPECT_EQ(one.model_version(), kBalanceModelVersion);
    EXPECT_GT(one.recommendation().expected_gain(), 0);
    EXPECT_FALSE(one.recommendation().component().empty());
    EXPECT_FALSE(one.has_response_time());
  }
}

TEST_F(AdviceMethodTest, WhatWasDismissedStaysAwayUntilItsFactsChange) {
  const std::string id = IdFor("ben");
  const auto answer = Respond(id, kDismiss);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->recommendation().response(), kDismiss);
  EXPECT_THAT(Listed(), ElementsAre("ann", "cleo", "dan"));
  scenario_.now += 100 * kDay;
  EXPECT_THAT(Listed(), ElementsAre("ann", "cleo", "dan"));
  scenario_.AddTalk(40, {"ben"});
  EXPECT_THAT(Listed(), ElementsAre("ann", "ben", "cleo", "dan"));
  EXPECT_NE(IdFor("ben"), id);
}

TEST_F(AdviceMethodTest, SnoozedOneComesBackOnItsDateWithoutItsAnswer) {
  ASSERT_TRUE(Respond(IdFor("ben"), kSnooze, 7 * kDay).ok());
  EXPECT_THAT(Listed(), ElementsAre("ann", "cleo", "dan"));
  scenario_.now += 7 * kDay;
  EXPECT_THAT(Listed(), ElementsAre("ann", "ben", "cleo", "dan"));
}

TEST_F(AdviceMethodTest, AnswersAreListedWhereAskedForAndALaterOneTakesThePlace) {
  const std::string id = IdFor("ben");
  ASSERT_TRUE(Respond(id, kSnooze, kDay).ok());
  scenario_.now += absl::Hours(1);
  ASSERT_TRUE(Respond(id, kAccept).ok());
  v1::ListRecommendationsRequest request;
  request.set_include_answered(true);
  EXPECT_THAT(Listed(request), ElementsAre("ann", "ben+", "cleo", "dan"));
  for (const GivenRecommendation& one : Kept()) {
    if (one.recommendation().id() != id) continue;
    EXPECT_EQ(one.recommendation().response(), kAccept);
    EXPECT_FALSE(one.recommendation().has_snooze_until());
    EXPECT_EQ(base::FromProto(one.response_time()), scenario_.now);
    EXPECT_EQ(base::FromProto(one.given_time()), scenario_.now - absl::Hours(1));
  }
}

TEST_F(AdviceMethodTest, WhoHasAnAcceptedStepGetsNoOtherOneMeanwhile) {
  const std::string id = IdFor("ben");
  // Another kind of step, whose facts are other ones.
  AddBenefit(scenario_.AddTalk(61, {"ben"}), ledger::v1::BENEFIT_DIRECTION_RECEIVED, ledger::v1::BENEFIT_KIND_ADVICE,
             5);
  v1::ListRecommendationsRequest request;
  request.add_kinds(v1::RECOMMENDATION_KIND_GIVE_BACK);
  EXPECT_THAT(Listed(request), ElementsAre("ben"));
  ASSERT_TRUE(Respond(id, kAccept).ok());
  EXPECT_THAT(Listed(request), IsEmpty());
  EXPECT_THAT(Listed(), ElementsAre("ann", "cleo", "dan"));
}

TEST_F(AdviceMethodTest, WhatWasAcceptedAndCameToNothingIsAdvisedAgainAfterAMonth) {
  const std::string id = IdFor("ben");
  scenario_.now += 5 * kDay;
  ASSERT_TRUE(Respond(id, kAccept).ok());
  scenario_.now += kHindsight - absl::Seconds(1);
  EXPECT_THAT(Listed(), ElementsAre("ann", "cleo", "dan"));
  scenario_.now += absl::Seconds(1);
  EXPECT_EQ(IdFor("ben"), id);
  const auto again = List();
  for (const v1::Recommendation& one : again->recommendations()) {
    EXPECT_EQ(one.response(), v1::RECOMMENDATION_RESPONSE_UNSPECIFIED);
  }
  ASSERT_TRUE(Respond(id, kAccept).ok());
  EXPECT_THAT(Listed(), ElementsAre("ann", "cleo", "dan"));
}

TEST_F(AdviceMethodTest, PagesBringEachOnceAndEndAndBelongToTheirOwnerAndRequest) {
  v1::ListRecommendationsRequest request;
  request.set_page_size(3);
  auto page = List(request);
  ASSERT_TRUE(page.ok()) << page.status();
  std::set<std::string> ids;
  for (const v1::Recommendation& one : page->recommendations()) ids.insert(one.id());
  // What leaves the list meanwhile moves nobody on the next page.
  ASSERT_TRUE(Respond(page->recommendations(0).id(), kDismiss).ok());
  request.set_page_token(page->next_page_token());
  const auto others = rpc::CallContext::ForOwner({"dev", "bob"});
  EXPECT_EQ(base::ReasonOf(ListRecommendations(others, request, parts_, scenario_.now, scenario_.model).status()),
            common::v1::ERROR_REASON_INVALID_TOKEN);
  page = List(request);
  ASSERT_TRUE(page.ok()) << page.status();
  for (const v1::Recommendation& one : page->recommendations()) ids.insert(one.id());
  EXPECT_THAT(ids, SizeIs(4));
  EXPECT_EQ(page->next_page_token(), "");
  request.add_kinds(v1::RECOMMENDATION_KIND_RECONNECT);
  EXPECT_EQ(base::ReasonOf(List(request).status()), common::v1::ERROR_REASON_INVALID_TOKEN);
}

TEST_F(AdviceMethodTest, OnlyTheKindsAskedForAreListed) {
  v1::ListRecommendationsRequest request;
  request.add_kinds(v1::RECOMMENDATION_KIND_GIVE_BACK);
  EXPECT_THAT(Listed(request), IsEmpty());
  EXPECT_THAT(Kept(), IsEmpty());
}

TEST_F(AdviceMethodTest, WrongFieldsAreNamed) {
  v1::ListRecommendationsRequest request;
  request.set_page_size(101);
  request.add_kinds(v1::RECOMMENDATION_KIND_UNSPECIFIED);
  for (int i = 0; i < 101; ++i) request.add_at_least_as_fresh("x");
  EXPECT_THAT(ViolatedFields(List(request).status()), ElementsAre("page_size", "at_least_as_fresh", "kinds[0]"));
  const std::string id = IdFor("ann");
  EXPECT_THAT(ViolatedFields(Respond("", v1::RECOMMENDATION_RESPONSE_UNSPECIFIED).status()),
              ElementsAre("id", "response"));
  EXPECT_THAT(ViolatedFields(Respond(id, kSnooze).status()), ElementsAre("snooze_until"));
  EXPECT_THAT(ViolatedFields(Respond(id, kSnooze, -kDay).status()), ElementsAre("snooze_until"));
  EXPECT_THAT(ViolatedFields(Respond(id, kSnooze, 740 * kDay).status()), ElementsAre("snooze_until"));
  EXPECT_THAT(ViolatedFields(Respond(id, kAccept, kDay).status()), ElementsAre("snooze_until"));
}

TEST_F(AdviceMethodTest, WhatWasNeverGivenCannotBeAnswered) {
  const std::string id = IdFor("ann");
  v1::RespondToRecommendationRequest request;
  request.set_id(id);
  request.set_response(kAccept);
  const auto others = rpc::CallContext::ForOwner({"dev", "bob"});
  const absl::Status status = RespondToRecommendation(others, request, *store_, scenario_.now).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_RECOMMENDATION_NOT_FOUND);
}

TEST_F(AdviceMethodTest, IntroductionsComeInPages) {
  for (const char* id : {"ann", "ben"}) {
    AddBenefit(scenario_.AddTalk(5, {id}), ledger::v1::BENEFIT_DIRECTION_RECEIVED, ledger::v1::BENEFIT_KIND_ADVICE, 3);
  }
  AddBenefit(scenario_.AddTalk(5, {"dan"}), ledger::v1::BENEFIT_DIRECTION_GIVEN, ledger::v1::BENEFIT_KIND_ADVICE, 3);
  v1::SuggestIntroductionsRequest request;
  request.set_page_size(1);
  std::vector<std::string> pairs;
  do {
    const auto page = SuggestIntroductions(call_, request, parts_, scenario_.now, scenario_.model);
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_THAT(page->introductions(), SizeIs(1));
    pairs.push_back(page->introductions(0).contact_id() + " " + page->introductions(0).other_contact_id());
    EXPECT_FALSE(page->introductions(0).reason().empty());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && pairs.size() < 20);
  EXPECT_EQ(std::set<std::string>(pairs.begin(), pairs.end()).size(), pairs.size());
  ASSERT_GE(pairs.size(), 2);
  EXPECT_EQ(pairs[0], "ann dan");
  EXPECT_EQ(pairs[1], "ben dan");
  request.set_page_size(-1);
  EXPECT_THAT(ViolatedFields(SuggestIntroductions(call_, request, parts_, scenario_.now, scenario_.model).status()),
              ElementsAre("page_size"));
}

}  // namespace
}  // namespace council::recommendations
