// Imports, and what is made of them, while something else is written, as callers of the service see it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/service_for_test.h"
#include "services/ledger/troubled_store_for_test.h"

namespace council::ledger {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const char kAnnComes[] = "ATTENDEE:mailto:ann@x.org\r\n";
const char kBobComes[] = "ATTENDEE:mailto:bob@x.org\r\n";

std::string Event(int days_from_now, const std::string& lines, const std::string& uid = "u") {
  return absl::StrCat("BEGIN:VEVENT\r\nUID:", uid, "\r\nDTSTART:",
                      absl::FormatTime("%Y%m%dT090000Z", kNow + days_from_now * kDay, absl::UTCTimeZone()),
                      "\r\nSUMMARY:Coffee\r\n", lines, "END:VEVENT\r\n");
}

class ImportsMeanwhileTest : public ServiceTest {
 protected:
  ImportsMeanwhileTest() : ServiceTest([](LedgerStore& store) { return std::make_unique<TroubledStore>(store); }) {}

  base::Owner Owner() const { return {"acme", owner_}; }
  rpc::CallContext Call() const { return rpc::CallContext::ForOwner(Owner(), "Test"); }

  v1::ImportInteractionsResponse Take(const std::string& events, const std::string& continues = "") {
    v1::ImportInteractionsOptions options;
    options.set_format(v1::INTERACTION_FORMAT_ICALENDAR);
    options.set_import_id(continues);
    AddPerson("ann@x.org", kAnn, options);
    AddPerson("bob@x.org", kBob, options);
    return ImportFile(Call(), options, absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", events, "END:VCALENDAR\r\n"));
  }

  void EraseAnn() {
    v1::EraseContactRequest request;
    request.set_contact_id(kAnn);
    EXPECT_TRUE(service_.EraseContact(Call(), request).ok());
  }

  // All that the service keeps of the owner.
  std::string Kept(bool for_import = false) {
    v1::ExportOwnerRequest request;
    request.set_for_import(for_import);
    rpc::ChunkWriter<v1::ExportOwnerResponse> writer;
    EXPECT_TRUE(service_.ExportOwner(Call(), request, writer).ok());
    return writer.text;
  }

  std::vector<v1::Plan> Plans() {
    return ledger_.Plans(Owner(), {}, absl::InfinitePast(), absl::InfiniteFuture(), "").value();
  }

  std::string owner_ = "rosa";
  TroubledStore& troubled_ = static_cast<TroubledStore&>(*wrapped_);
};

TEST_F(ImportsMeanwhileTest, WhoIsErasedMeanwhileIsNotBroughtIn) {
  troubled_.before_append = [this] { EraseAnn(); };
  const auto imported = Take(Event(-1, kAnnComes, "alone") + Event(-2, absl::StrCat(kAnnComes, kBobComes), "together"));
  EXPECT_EQ(imported.created(), 1);
  ASSERT_THAT(Entries(Call()), SizeIs(1));
  EXPECT_THAT(Entries(Call())[0].contact_ids(), ElementsAre(kBob));
  EXPECT_THAT(Kept(), AllOf(Not(HasSubstr(kAnn)), Not(HasSubstr("ann@x.org"))));
}

TEST_F(ImportsMeanwhileTest, WhatChangedInAMeetingBringsNobodyBackAndNoneOfItsText) {
  const std::string both = absl::StrCat(kAnnComes, kBobComes);
  for (const std::string& changed : {Event(-2, both), Event(-3, absl::StrCat(kBobComes, "LOCATION:Library\r\n")),
                                     Event(-3, absl::StrCat(both, "STATUS:CANCELLED\r\n")), Event(3, both)}) {
    owner_ += "'";
    Take(Event(-3, both));
    ASSERT_THAT(Kept(), AllOf(HasSubstr(kAnn), HasSubstr("Coffee")));
    troubled_.before_append = [this] { EraseAnn(); };
    Take(changed);
    EXPECT_FALSE(troubled_.before_append) << changed;
    EXPECT_THAT(Entries(Call(), /*include_corrected=*/true)[0].contact_ids(), Not(Contains(kAnn))) << changed;
    EXPECT_THAT(Kept(), AllOf(Not(HasSubstr(kAnn)), Not(HasSubstr("ann@x.org")))) << changed;
    if (Plans().empty()) {
      EXPECT_THAT(Kept(), Not(HasSubstr("Coffee"))) << changed;
    }
    EXPECT_TRUE(ChainHolds(Owner()));
  }
}

TEST_F(ImportsMeanwhileTest, TwoCallsThatContinueAnImportAtOnceAreUndoneTogether) {
  const std::string id = Take(Event(-5, kAnnComes, "first")).import_id();
  troubled_.before_append = [&] { EXPECT_EQ(Take(Event(-4, kAnnComes, "second"), id).import_id(), id); };
  EXPECT_EQ(Take(Event(-3, kAnnComes, "third") + Event(3, kAnnComes, "planned"), id).import_id(), id);
  EXPECT_THAT(Entries(Call()), SizeIs(3));
  const auto undone = UndoImport(Call(), id);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->retracted(), 3);
  EXPECT_EQ(undone->plans(), 1);
  EXPECT_THAT(Entries(Call()), IsEmpty());
  EXPECT_THAT(Plans(), IsEmpty());
}

TEST_F(ImportsMeanwhileTest, WhomTheOwnerNamesAlthoughTheyWereErasedStopsNoImport) {
  Take(Event(-3, absl::StrCat(kAnnComes, kBobComes)));
  EraseAnn();
  v1::CorrectInteractionRequest request;
  request.set_sequence(1);
  request.mutable_interaction()->add_contact_ids(kAnn);
  ASSERT_TRUE(service_.CorrectInteraction(Call(), request).ok());
  EXPECT_EQ(Take(Event(-2, absl::StrCat(kAnnComes, kBobComes, "LOCATION:Library\r\n"))).unchanged(), 1);
  EXPECT_EQ(Take(Event(-2, absl::StrCat(kBobComes, "STATUS:CANCELLED\r\n"))).retracted(), 0);
}

TEST_F(ImportsMeanwhileTest, UndoingBringsNobodyBack) {
  Take(Event(-3, absl::StrCat(kAnnComes, kBobComes)));
  const std::string id = Take(Event(-2, absl::StrCat(kAnnComes, kBobComes))).import_id();
  troubled_.before_append = [this] { EraseAnn(); };
  const auto undone = UndoImport(Call(), id);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->kept(), 1);
  EXPECT_THAT(Kept(), AllOf(Not(HasSubstr(kAnn)), Not(HasSubstr("Coffee"))));
  EXPECT_TRUE(ChainHolds(Owner()));
}

TEST_F(ImportsMeanwhileTest, PlansBringNobodyBack) {
  troubled_.before_plans = [this] { EraseAnn(); };
  Take(Event(1, kAnnComes, "alone") + Event(2, absl::StrCat(kAnnComes, kBobComes), "together"));
  ASSERT_THAT(Plans(), SizeIs(1));
  EXPECT_THAT(Plans()[0].contact_ids(), ElementsAre(kBob));
  EXPECT_THAT(Kept(), AllOf(Not(HasSubstr(kAnn)), Not(HasSubstr("Coffee"))));
}

TEST_F(ImportsMeanwhileTest, WhatIsSaidOfAMeetingBringsNobodyBack) {
  for (const bool took_place : {true, false}) {
    owner_ += "'";
    clock_.Set(kNow);
    Take(Event(1, absl::StrCat(kAnnComes, kBobComes)));
    clock_.Advance(2 * kDay);
    const std::string id = Plans().at(0).id();
    troubled_.before_append = [this] { EraseAnn(); };
    if (took_place) {
      v1::ConfirmPlanRequest request;
      request.set_id(id);
      const auto confirmed = service_.ConfirmPlan(Call(), request);
      ASSERT_TRUE(confirmed.ok()) << confirmed.status();
      EXPECT_THAT(confirmed->interaction().contact_ids(), ElementsAre(kBob));
    } else {
      v1::RemovePlanRequest request;
      request.set_id(id);
      EXPECT_TRUE(service_.RemovePlan(Call(), request).ok());
      EXPECT_THAT(Entries(Call()), IsEmpty());
    }
    EXPECT_THAT(Kept(), AllOf(Not(HasSubstr(kAnn)), Not(HasSubstr("Coffee")))) << took_place;
  }
}

TEST_F(ImportsMeanwhileTest, WhoWritesWhileTheirStateIsTakenOverIsToldToTryAgainAndThenThatItIsNotEmpty) {
  Take(Event(-3, kAnnComes));
  const std::string state = Kept(/*for_import=*/true);
  owner_ = "eve";
  troubled_.before_append = [this] { Take(Event(-2, kBobComes)); };
  for (const auto reason : {common::v1::ERROR_REASON_STORAGE_UNAVAILABLE, common::v1::ERROR_REASON_STATE_NOT_EMPTY}) {
    auto reader = rpc::OwnerLines<v1::ImportOwnerRequest>(state, /*dry_run=*/false);
    EXPECT_EQ(base::ReasonOf(service_.ImportOwner(Call(), reader).status()), reason);
  }
  EXPECT_THAT(Entries(Call()), SizeIs(1));
}

}  // namespace
}  // namespace council::ledger
