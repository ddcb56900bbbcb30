// Tie strength as callers of the service see it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "libs/base/proto_time.h"
#include "libs/ties/tie_strength.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/service_for_test.h"

namespace council::ledger {
namespace {

const char kOldBob[] = "0190a000-0000-7000-8000-000000000003";
const char kNobody[] = "0190a000-0000-7000-8000-000000000009";

class TieStrengthServiceTest : public ServiceTest {
 protected:
  static rpc::CallContext Call() { return rpc::CallContext::ForOwner({"acme", "rosa"}, "Test"); }

  void Talk(const std::vector<std::string>& contacts, int days_ago) {
    v1::AppendInteractionRequest request;
    for (const std::string& contact : contacts) request.mutable_interaction()->add_contact_ids(contact);
    *request.mutable_interaction()->mutable_occur_time() = base::ToProto(kNow - days_ago * kDay);
    absl::Notification finished;
    service_.AppendInteraction(std::make_shared<rpc::CallContext>(Call()), request,
                               [&](const absl::StatusOr<v1::AppendInteractionResponse>& response) {
                                 EXPECT_TRUE(response.ok()) << response.status();
                                 finished.Notify();
                               });
    finished.WaitForNotification();
  }

  v1::Tie TieTo(const std::string& contact, const std::vector<std::string>& former_ids = {}, int as_of_days_ago = 0) {
    v1::GetTieRequest request;
    request.mutable_contact()->set_contact_id(contact);
    for (const std::string& id : former_ids) request.mutable_contact()->add_former_ids(id);
    if (as_of_days_ago > 0) *request.mutable_as_of() = base::ToProto(kNow - as_of_days_ago * kDay);
    const auto response = service_.GetTie(Call(), request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->tie() : v1::Tie();
  }
};

TEST_F(TieStrengthServiceTest, StrengthFallsWithSilenceAndRisesWithATalk) {
  for (const int days_ago : {70, 60, 50, 40, 30}) Talk({kAnn}, days_ago);
  const double now = TieTo(kAnn).strength();
  EXPECT_EQ(TieTo(kAnn).strength_version(), ties::ShippedStrengthModel().version);
  clock_.Advance(60 * kDay);
  const double later = TieTo(kAnn).strength();
  EXPECT_LT(later, now);
  Talk({kAnn}, -60);
  EXPECT_GT(TieTo(kAnn).strength(), now);
}

TEST_F(TieStrengthServiceTest, WithoutEntriesThereIsNone) {
  Talk({kAnn}, 1);
  const v1::Tie nobody = TieTo(kNobody);
  EXPECT_FALSE(nobody.has_strength());
  EXPECT_FALSE(nobody.has_earlier_strength());
  EXPECT_EQ(nobody.strength_version(), "");
}

TEST_F(TieStrengthServiceTest, EarlierStrengthIsThatOfNinetyDaysBefore) {
  for (const int days_ago : {130, 120, 110, 95, 10}) Talk({kAnn}, days_ago);
  Talk({kBob}, 80);
  EXPECT_DOUBLE_EQ(TieTo(kAnn).earlier_strength(), TieTo(kAnn, {}, 90).strength());
  EXPECT_FALSE(TieTo(kBob).has_earlier_strength());
  EXPECT_TRUE(TieTo(kBob).has_strength());
}

TEST_F(TieStrengthServiceTest, AMomentInThePastSeesNothingAfterIt) {
  for (const int days_ago : {50, 40}) Talk({kAnn}, days_ago);
  const double before = TieTo(kAnn, {}, 20).strength();
  for (const int days_ago : {10, 5}) Talk({kAnn}, days_ago);
  EXPECT_EQ(TieTo(kAnn, {}, 20).strength(), before);
  EXPECT_GT(TieTo(kAnn).strength(), before);
  EXPECT_FALSE(TieTo(kAnn, {}, 60).has_strength());
}

TEST_F(TieStrengthServiceTest, TheSummaryAndTheEntriesGiveTheSame) {
  for (const int days_ago : {200, 140, 100, 99, 3}) Talk({kAnn}, days_ago);
  Talk({kAnn, kBob}, 30);
  for (const int days_ago : {90, 60}) Talk({kBob}, days_ago);
  Talk({kOldBob}, 45);
  // Two ids with entries call for the entries; a moment before now does too.
  const v1::Tie merged = TieTo(kBob, {kOldBob});
  EXPECT_GT(merged.strength(), TieTo(kBob).strength());
  const v1::Tie from_summary = TieTo(kAnn);
  const v1::GetTieRequest request = [] {
    v1::GetTieRequest result;
    result.mutable_contact()->set_contact_id(kAnn);
    *result.mutable_as_of() = base::ToProto(kNow - absl::Seconds(1));
    return result;
  }();
  const auto from_entries = service_.GetTie(Call(), request);
  ASSERT_TRUE(from_entries.ok());
  EXPECT_EQ(from_entries->tie().strength(), from_summary.strength());
  EXPECT_EQ(from_entries->tie().earlier_strength(), from_summary.earlier_strength());
}

TEST_F(TieStrengthServiceTest, ACorrectionTakesBackWhatItSaid) {
  Talk({kAnn}, 40);
  const double before = TieTo(kAnn).strength();
  Talk({kAnn}, 2);
  ASSERT_TRUE(ledger_.Correct({"acme", "rosa"}, 2, std::nullopt, "", absl::InfiniteFuture()).ok());
  EXPECT_EQ(TieTo(kAnn).strength(), before);
}

TEST_F(TieStrengthServiceTest, AListHasStrengthAndDaysOnlyWhereAskedFor) {
  Talk({kAnn}, 100);
  Talk({kAnn, kBob}, 5);
  v1::ListTiesRequest request;
  for (const bool strength : {false, true}) {
    for (const bool days : {false, true}) {
      request.set_include_strength(strength);
      request.set_include_days(days);
      const auto response = service_.ListTies(Call(), request);
      ASSERT_TRUE(response.ok()) << response.status();
      ASSERT_EQ(response->ties_size(), 2);
      const v1::Tie& ann = response->ties(0);
      EXPECT_EQ(ann.has_strength(), strength);
      EXPECT_EQ(ann.has_earlier_strength(), strength);
      EXPECT_EQ(ann.strength_version().empty(), !strength);
      EXPECT_EQ(ann.days_size(), days ? 2 : 0);
      if (strength) {
        EXPECT_EQ(ann.strength(), TieTo(kAnn).strength());
        EXPECT_FALSE(response->ties(1).has_earlier_strength());
      }
    }
  }
}

}  // namespace
}  // namespace council::ledger
