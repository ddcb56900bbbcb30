// What becomes of planned meetings, as callers of the service see it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/service_for_test.h"
#include "services/ledger/troubled_store_for_test.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PlansTest : public ServiceTest {
 protected:
  PlansTest() : ServiceTest([](LedgerStore& store) { return std::make_unique<TroubledStore>(store); }) {}

  static rpc::CallContext Call(const std::string& subject = "rosa") {
    return rpc::CallContext::ForOwner({"acme", subject}, "Test");
  }

  // An event with Ann, and Bob who is no contact, as its file has it.
  static std::string Event(const std::string& uid, const std::string& start, const std::string& more = "") {
    return absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:", uid, "\r\nDTSTART:", start,
                        "\r\nDURATION:PT1H\r\nSUMMARY:Coffee\r\nLOCATION:Café\r\nATTENDEE:mailto:ann@x.org\r\n",
                        "ATTENDEE:mailto:bob@x.org\r\n", more, "END:VEVENT\r\nEND:VCALENDAR\r\n");
  }

  v1::ImportInteractionsResponse Import(const std::string& text) {
    v1::ImportInteractionsOptions options;
    options.set_format(v1::INTERACTION_FORMAT_ICALENDAR);
    AddPerson("ann@x.org", kAnn, options);
    return ImportFile(Call(), options, text);
  }

  // Of the last 14 days and of those to come.
  std::vector<v1::Plan> Plans() {
    v1::ListPlansRequest request;
    *request.mutable_start_time() = base::ToProto(clock_.Now() - 14 * kDay);
    const auto response = service_.ListPlans(Call(), request);
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->plans().begin(), response->plans().end()};
  }

  std::vector<v1::Interaction> Talks(bool include_corrected = false) { return Entries(Call(), include_corrected); }

  absl::StatusOr<v1::Interaction> Confirm(const std::string& id, const v1::Interaction& said = {},
                                          const std::string& subject = "rosa", const std::string& request_id = "") {
    v1::ConfirmPlanRequest request;
    request.set_id(id);
    request.set_request_id(request_id);
    *request.mutable_interaction() = said;
    COUNCIL_ASSIGN_OR_RETURN(v1::ConfirmPlanResponse response, service_.ConfirmPlan(Call(subject), request));
    EXPECT_FALSE(response.token().empty());
    return std::move(*response.mutable_interaction());
  }

  absl::Status Remove(const std::string& id) {
    v1::RemovePlanRequest request;
    request.set_id(id);
    return service_.RemovePlan(Call(), request).status();
  }

  // The plan of a meeting on Tuesday at nine, on that day at noon.
  std::string PassedPlan() {
    Import(Event("coffee", "20260616T090000Z"));
    clock_.Set(kNow + kDay);
    const std::vector<v1::Plan> plans = Plans();
    EXPECT_THAT(plans, SizeIs(1));
    return plans.at(0).id();
  }

  TroubledStore& troubled_ = static_cast<TroubledStore&>(*wrapped_);
};

TEST_F(PlansTest, AConfirmedPlanIsTheEntryThatItsCalendarFindsAgain) {
  const std::string id = PassedPlan();
  const auto entry = Confirm(id);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_THAT(entry->contact_ids(), ElementsAre(kAnn));
  EXPECT_EQ(base::FromProto(entry->occur_time()), kNow + absl::Hours(21));
  EXPECT_EQ(base::FromProto(entry->duration()), absl::Hours(1));
  EXPECT_EQ(entry->channel(), v1::CHANNEL_IN_PERSON);
  EXPECT_EQ(entry->note(), "Coffee");
  EXPECT_EQ(entry->source(), "calendar");
  EXPECT_THAT(Plans(), IsEmpty());

  const auto again = Import(Event("coffee", "20260616T090000Z"));
  EXPECT_EQ(again.created(), 0);
  EXPECT_EQ(again.corrected(), 0);
  EXPECT_EQ(again.unchanged(), 1);
  EXPECT_THAT(Talks(/*include_corrected=*/true), SizeIs(1));
}

TEST_F(PlansTest, WhatWasSaidOfAMeetingStaysWhenItsEventMoves) {
  v1::Interaction said;
  said.set_depth(v1::INTERACTION_DEPTH_COUNSEL);
  said.set_energy(2);
  said.add_contact_ids(kAnn);
  said.add_contact_ids(kBob);
  ASSERT_TRUE(Confirm(PassedPlan(), said).ok());
  EXPECT_EQ(Import(Event("coffee", "20260616T103000Z")).corrected(), 1);
  const std::vector<v1::Interaction> talks = Talks();
  ASSERT_THAT(talks, SizeIs(1));
  EXPECT_EQ(base::FromProto(talks[0].occur_time()), kNow + absl::Minutes(22 * 60 + 30));
  EXPECT_EQ(talks[0].depth(), v1::INTERACTION_DEPTH_COUNSEL);
  EXPECT_EQ(talks[0].energy(), 2);
  EXPECT_THAT(talks[0].contact_ids(), ElementsAre(kAnn, kBob));
}

TEST_F(PlansTest, AMeetingIsNotConfirmedWithSomebodyWhoWasErased) {
  const std::string id = PassedPlan();
  v1::EraseContactRequest erase;
  erase.set_contact_id(kBob);
  ASSERT_TRUE(service_.EraseContact(Call(), erase).ok());
  v1::Interaction said;
  said.add_contact_ids(kAnn);
  said.add_contact_ids(kBob);
  const absl::Status refused = Confirm(id, said).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(base::ReasonOf(refused), common::v1::ERROR_REASON_CONTACT_NOT_FOUND) << refused;
  EXPECT_TRUE(Confirm(id).ok());
}

// Neither while it is to come, as a whole or as one of a series, nor once a plan has grown into one.
TEST_F(PlansTest, AnAllHandsIsNotPlannedAndIsAnExchangeOnceItsCalendarIsImported) {
  std::string many;
  for (int i = 0; i < 7; ++i) absl::StrAppend(&many, "ATTENDEE:mailto:a", i, "@x.org\r\n");
  for (const std::string& one : {std::string(), std::string("RECURRENCE-ID:20260617T090000Z\r\n")}) {
    const std::string uid = absl::StrCat("event ", one.size());
    EXPECT_EQ(Import(Event(uid, "20260617T090000Z", one)).plans(), 1);
    EXPECT_THAT(Plans(), SizeIs(1));
    EXPECT_EQ(Import(Event(uid, "20260617T090000Z", one + many)).plans(), 0);
    EXPECT_THAT(Plans(), IsEmpty()) << one;
    EXPECT_EQ(Import(Event(uid, "20260617T090000Z", one)).plans(), 1) << "they are few again";
    EXPECT_EQ(Import(Event(uid, "20260617T090000Z", one + many)).plans(), 0);
  }
  clock_.Advance(3 * kDay);
  EXPECT_EQ(Import(Event("event 0", "20260617T090000Z", many)).created(), 1);
  ASSERT_THAT(Talks(), SizeIs(1));
  EXPECT_EQ(Talks()[0].depth(), v1::INTERACTION_DEPTH_EXCHANGE);
}

TEST_F(PlansTest, AMeetingThatDidNotTakePlaceIsNotBroughtByItsCalendar) {
  const std::string id = PassedPlan();
  ASSERT_TRUE(Remove(id).ok());
  EXPECT_THAT(Plans(), IsEmpty());
  const auto again = Import(Event("coffee", "20260616T090000Z"));
  EXPECT_EQ(again.created(), 0);
  EXPECT_EQ(again.unchanged(), 1);
  EXPECT_THAT(Talks(), IsEmpty());
  EXPECT_THAT(Talks(/*include_corrected=*/true), SizeIs(2));
  EXPECT_EQ(base::ReasonOf(Remove(id)), common::v1::ERROR_REASON_PLAN_NOT_FOUND);
}

// Whether the owner is asked first or the calendar comes first.
TEST_F(PlansTest, AMeetingThatIsPutOffCanTakePlaceAfterAll) {
  for (const bool asked : {true, false}) {
    const std::string uid = asked ? "asked" : "imported";
    const auto at = [&](int days) {
      return absl::FormatTime("%Y%m%dT%H%M%SZ", clock_.Now() + days * kDay, absl::UTCTimeZone());
    };
    Import(Event(uid, at(1)));
    clock_.Advance(2 * kDay);
    ASSERT_TRUE(Remove(Plans().at(0).id()).ok());
    const std::string later = at(3);
    EXPECT_EQ(Import(Event(uid, later)).plans(), 1);
    EXPECT_THAT(Plans(), SizeIs(1));
    clock_.Advance(4 * kDay);
    const std::size_t before = Talks().size();
    if (asked) {
      ASSERT_TRUE(Confirm(Plans().at(0).id()).ok());
    }
    EXPECT_EQ(Import(Event(uid, later)).created(), asked ? 0 : 1);
    EXPECT_EQ(Import(Event(uid, later)).unchanged(), 1);
    EXPECT_THAT(Talks(), SizeIs(before + 1));
    EXPECT_THAT(Plans(), IsEmpty());
  }
}

TEST_F(PlansTest, WhatAnImportTookBackAndPlannedAnewCanBeConfirmed) {
  Import(Event("coffee", "20260614T090000Z"));
  EXPECT_EQ(Import(Event("coffee", "20260616T090000Z")).retracted(), 1);
  clock_.Advance(kDay);
  ASSERT_TRUE(Confirm(Plans().at(0).id()).ok());
  EXPECT_THAT(Plans(), IsEmpty());
  EXPECT_EQ(Import(Event("coffee", "20260616T090000Z")).unchanged(), 1);
  EXPECT_THAT(Talks(), SizeIs(1));
}

TEST_F(PlansTest, APlanIsConfirmedOnceAndAnsweredAsItsEntryStands) {
  const std::string id = PassedPlan();
  const std::int64_t sequence = Confirm(id)->sequence();
  EXPECT_EQ(Confirm(id)->sequence(), sequence);
  v1::CorrectInteractionRequest correct;
  correct.set_sequence(sequence);
  correct.mutable_interaction()->add_contact_ids(kAnn);
  ASSERT_TRUE(service_.CorrectInteraction(Call(), correct).ok());
  EXPECT_EQ(Confirm(id)->corrects(), sequence);
  EXPECT_THAT(Talks(), SizeIs(1));
  // It is an entry: what goes is the plan alone.
  EXPECT_TRUE(Remove(id).ok());
  EXPECT_THAT(Talks(), SizeIs(1));
}

TEST_F(PlansTest, AnImportThatComesFirstIsWhatIsAnswered) {
  const std::string id = PassedPlan();
  troubled_.before_append = [this] { EXPECT_EQ(Import(Event("coffee", "20260616T090000Z")).created(), 1); };
  const auto entry = Confirm(id);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_THAT(Talks(/*include_corrected=*/true), SizeIs(1));
  EXPECT_EQ(entry->sequence(), 1);
}

TEST_F(PlansTest, ARemovalThatIsInterruptedAnywhereIsCompletedByTheNext) {
  for (int writes = 0; writes < 2; ++writes) {
    const std::string uid = absl::StrCat("event-", writes);
    const std::string start = absl::FormatTime("%Y%m%dT%H%M%SZ", clock_.Now() + absl::Hours(1), absl::UTCTimeZone());
    ASSERT_EQ(Import(Event(uid, start)).plans(), 1);
    clock_.Advance(absl::Hours(2));
    const std::string id = Plans().back().id();
    troubled_.writes_left = writes;
    EXPECT_EQ(Remove(id).code(), absl::StatusCode::kUnavailable) << writes;
    troubled_.writes_left = 1000;
    EXPECT_THAT(Plans(), SizeIs(writes == 0 ? 1 : 0)) << "asked for until it is answered";
    EXPECT_TRUE(Remove(id).ok()) << writes;
    EXPECT_EQ(Import(Event(uid, start)).created(), 0);
    EXPECT_THAT(Talks(), IsEmpty()) << writes;
  }
  EXPECT_THAT(Talks(/*include_corrected=*/true), SizeIs(4));
}

// Whether the import comes after the removal was interrupted or within it.
TEST_F(PlansTest, AnImportThatTakesThePlanAwayLeavesTheAnswer) {
  for (const bool interrupted : {true, false}) {
    const std::string uid = interrupted ? "interrupted" : "whole";
    const std::string start = absl::FormatTime("%Y%m%dT%H%M%SZ", clock_.Now() + absl::Hours(1), absl::UTCTimeZone());
    ASSERT_EQ(Import(Event(uid, start)).plans(), 1);
    clock_.Advance(absl::Hours(2));
    const std::string id = Plans().back().id();
    const auto import = [&] { EXPECT_EQ(Import(Event(uid, start)).created(), 0); };
    if (interrupted) {
      troubled_.writes_left = 1;
      EXPECT_EQ(Remove(id).code(), absl::StatusCode::kUnavailable);
      troubled_.writes_left = 1000;
      import();
    } else {
      troubled_.before_removal = import;
      EXPECT_TRUE(Remove(id).ok());
    }
    EXPECT_EQ(base::ReasonOf(Remove(id)), common::v1::ERROR_REASON_PLAN_NOT_FOUND);
    EXPECT_THAT(Talks(), IsEmpty()) << interrupted;
  }
}

TEST_F(PlansTest, AMeetingIsAnsweredForThoughSomethingElseIsWrittenMeanwhile) {
  const std::string id = PassedPlan();
  troubled_.before_append = [this] {
    NewEntry talk;
    talk.content.add_contact_ids(kBob);
    EXPECT_TRUE(ledger_.AppendAndWait(Call().owner(), {talk}).ok());
  };
  ASSERT_TRUE(Remove(id).ok());
  ASSERT_THAT(Talks(), SizeIs(1));
  EXPECT_THAT(Talks()[0].contact_ids(), ElementsAre(kBob));
}

TEST_F(PlansTest, WhoeverOthersNeverLetWriteIsToldToTryAgain) {
  const std::string id = PassedPlan();
  std::function<void()> write = [&] {
    NewEntry talk;
    talk.content.add_contact_ids(kBob);
    EXPECT_TRUE(ledger_.AppendAndWait(Call().owner(), {talk}).ok());
    troubled_.before_append = write;
  };
  troubled_.before_append = write;
  const absl::Status refused = Remove(id);
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(base::ReasonOf(refused), common::v1::ERROR_REASON_STORAGE_UNAVAILABLE);
  troubled_.before_append = nullptr;
  EXPECT_TRUE(Remove(id).ok());
}

TEST_F(PlansTest, AConfirmationThatIsRepeatedFindsItsEntryThoughThePlanIsGone) {
  const std::string id = PassedPlan();
  const auto entry = Confirm(id, {}, "rosa", "r");
  ASSERT_TRUE(entry.ok()) << entry.status();
  Import(Event("coffee", "20260616T090000Z"));
  EXPECT_EQ(base::ReasonOf(Confirm(id).status()), common::v1::ERROR_REASON_PLAN_NOT_FOUND);
  EXPECT_EQ(Confirm(id, {}, "rosa", "r")->sequence(), entry->sequence());
  v1::Interaction said;
  said.set_energy(2);
  EXPECT_EQ(base::ReasonOf(Confirm(id, said, "rosa", "r").status()), common::v1::ERROR_REASON_REQUEST_ID_REUSED);
  EXPECT_EQ(base::ReasonOf(Confirm(kAnn, {}, "rosa", "r").status()), common::v1::ERROR_REASON_REQUEST_ID_REUSED);
  EXPECT_THAT(Talks(/*include_corrected=*/true), SizeIs(1));
}

TEST_F(PlansTest, APlanToComeIsRemovedWithoutATrace) {
  Import(Event("coffee", "20260616T090000Z"));
  ASSERT_TRUE(Remove(Plans().at(0).id()).ok());
  EXPECT_THAT(Plans(), IsEmpty());
  EXPECT_THAT(Talks(/*include_corrected=*/true), IsEmpty());
}

TEST_F(PlansTest, WhatCannotBeConfirmedSaysWhy) {
  Import(Event("coffee", "20260616T090000Z"));
  const std::string id = Plans().at(0).id();
  const absl::Status early = Confirm(id).status();
  EXPECT_EQ(early.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(base::ReasonOf(early), common::v1::ERROR_REASON_PLAN_NOT_BEGUN);
  clock_.Advance(kDay);
  for (const std::string& unknown : {std::string(kAnn), std::string("1"), std::string()}) {
    EXPECT_EQ(base::ReasonOf(Confirm(unknown).status()), common::v1::ERROR_REASON_PLAN_NOT_FOUND);
  }
  EXPECT_EQ(base::ReasonOf(Confirm(id, {}, "tom").status()), common::v1::ERROR_REASON_PLAN_NOT_FOUND);
  v1::Interaction said;
  said.set_energy(3);
  said.set_sequence(7);
  const auto wrong = base::BadRequestOf(Confirm(id, said).status());
  ASSERT_EQ(wrong.field_violations_size(), 2);
  EXPECT_EQ(wrong.field_violations(0).field(), "interaction.sequence");
  EXPECT_EQ(wrong.field_violations(1).field(), "interaction.energy");
  EXPECT_THAT(Talks(/*include_corrected=*/true), IsEmpty());
  EXPECT_THAT(Plans(), SizeIs(1));
}

}  // namespace
}  // namespace council::ledger
