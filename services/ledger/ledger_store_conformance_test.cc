// What every ledger store must do, run against each of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_store_under_test.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

using LedgerStoreConformance = LedgerStoreTest;

TEST_P(LedgerStoreConformance, EachOwnerHasAGaplessSequenceOfTheirOwn) {
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(Append(Talk(kAnn, "a"))->entries[0].sequence(), i);
    EXPECT_EQ(Append(Talk(kAnn, "a"), kTom)->entries[0].sequence(), i);
  }
  EXPECT_EQ(ledger_->GetBySequence({"other", "rosa"}, {}, 1).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(LedgerStoreConformance, ConcurrentAppendsOfOneOwnerLeaveNoGapAndAChainThatVerifies) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 25; ++i) EXPECT_TRUE(Append(Talk(t % 2 == 0 ? kAnn : kBob, "n")).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto verification = ledger_->Verify(kRosa, {}, 1, 0, "", [] { return false; });
  ASSERT_TRUE(verification.ok());
  EXPECT_TRUE(verification->verified) << verification->problem;
  EXPECT_EQ(verification->entries, 200);
  EXPECT_EQ(verification->head_sequence, 200);
  EXPECT_EQ(TieOf(kAnn).entries(), 100);
  EXPECT_EQ(TieOf(kAnn).days(0).entries(), 100);
}

TEST_P(LedgerStoreConformance, WhatWasAcknowledgedIsThereAfterReopening) {
  const v1::Interaction entry = Append(Talk(kAnn, "note"))->entries[0];
  const std::string lineage = store_->lineage();
  Reopen();
  EXPECT_EQ(store_->lineage(), lineage);
  const auto again = ledger_->GetBySequence(kRosa, {}, 1);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), entry.SerializeAsString());
  EXPECT_EQ(ledger_->GetById(kRosa, {}, entry.id())->sequence(), 1);
  EXPECT_EQ(Append(Talk(kAnn, "next"))->entries[0].previous_hash(), entry.hash());
}

TEST_P(LedgerStoreConformance, AppendTwiceWithOneRequestIdYieldsOneEntry) {
  const auto first = Append(Talk(kAnn, "note", kNoon, "r"));
  clock_.Advance(absl::Hours(1));
  const auto second = Append(Talk(kAnn, "note", kNoon, "r"));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->entries[0].SerializeAsString(), first->entries[0].SerializeAsString());
  EXPECT_TRUE(second->repeated[0]);
  EXPECT_EQ(second->revision, first->revision);
  EXPECT_EQ(TieOf(kAnn).entries(), 1);
  // Another owner's id is another id.
  EXPECT_FALSE(Append(Talk(kBob, "other", kNoon, "r"), kTom)->repeated[0]);
}

TEST_P(LedgerStoreConformance, ARequestIdWithAnotherContentIsRefused) {
  ASSERT_TRUE(Append(Talk(kAnn, "note", kNoon, "r")).ok());
  for (NewEntry other : {Talk(kBob, "note", kNoon, "r"), Talk(kAnn, "another note", kNoon, "r"),
                         Talk(kAnn, "note", kNoon - absl::Seconds(1), "r")}) {
    const absl::Status status = Append(std::move(other)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_REQUEST_ID_REUSED);
  }
}

TEST_P(LedgerStoreConformance, ABatchIsAppendedWholeOrNotAtAll) {
  ASSERT_TRUE(Append(Talk(kAnn, "note", kNoon, "r")).ok());
  std::vector<NewEntry> batch;
  batch.push_back(Talk(kBob, "one"));
  batch.push_back(Talk(kBob, "clash", kNoon, "r"));
  EXPECT_FALSE(ledger_->AppendAndWait(kRosa, std::move(batch)).ok());
  EXPECT_EQ(TieOf(kBob).entries(), 0);
  EXPECT_EQ(*ledger_->Revision(kRosa, {}), 1);

  batch.clear();
  batch.push_back(Talk(kBob, "one", kNoon, "x"));
  batch.push_back(Talk(kBob, "one", kNoon, "x"));
  batch.push_back(Talk(kBob, "two"));
  const auto appended = ledger_->AppendAndWait(kRosa, std::move(batch));
  ASSERT_TRUE(appended.ok()) << appended.status();
  EXPECT_THAT(appended->repeated, ElementsAre(false, true, false));
  EXPECT_EQ(appended->entries[0].sequence(), appended->entries[1].sequence());
  EXPECT_EQ(appended->entries[2].sequence(), 3);
}

TEST_P(LedgerStoreConformance, ACorrectionReplacesAndMayBeCorrectedInTurn) {
  ASSERT_TRUE(Append(Talk(kAnn, "worng")).ok());
  const auto corrected = ledger_->Correct(kRosa, 1, Talk(kBob, "right").content, "", absl::InfiniteFuture());
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(corrected->entries[0].corrects(), 1);
  EXPECT_EQ(ledger_->GetBySequence(kRosa, {}, 1)->corrected_by(), 2);
  EXPECT_EQ(TieOf(kAnn).entries(), 0);
  EXPECT_EQ(TieOf(kBob).entries(), 1);
  EXPECT_THAT(TieOf(kAnn).days(), SizeIs(0));

  const absl::Status twice = ledger_->Correct(kRosa, 1, std::nullopt, "", absl::InfiniteFuture()).status();
  EXPECT_EQ(base::ReasonOf(twice), common::v1::ERROR_REASON_ALREADY_CORRECTED);
  ASSERT_TRUE(ledger_->Correct(kRosa, 2, std::nullopt, "q", absl::InfiniteFuture()).ok());
  EXPECT_TRUE(ledger_->Correct(kRosa, 2, std::nullopt, "q", absl::InfiniteFuture())->repeated[0]);
  EXPECT_EQ(TieOf(kBob).entries(), 0);
  const absl::Status retraction = ledger_->Correct(kRosa, 3, std::nullopt, "", absl::InfiniteFuture()).status();
  EXPECT_EQ(base::ReasonOf(retraction), common::v1::ERROR_REASON_ALREADY_CORRECTED);
  EXPECT_EQ(ledger_->Correct(kRosa, 9, std::nullopt, "", absl::InfiniteFuture()).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_TRUE(ledger_->Verify(kRosa, {}, 1, 0, "", [] { return false; })->verified);
}

TEST_P(LedgerStoreConformance, AnEntryThatLiesInTheFutureCountsWhenItIsDue) {
  ASSERT_TRUE(Append(Talk(kAnn, "past", kNoon - absl::Hours(1))).ok());
  ASSERT_TRUE(Append(Talk(kAnn, "soon", kNoon + absl::Hours(2))).ok());
  EXPECT_EQ(TieOf(kAnn).entries(), 1);
  clock_.Advance(absl::Hours(3));
  EXPECT_EQ(TieOf(kAnn).entries(), 2);  // Seen by a read at once …
  ASSERT_TRUE(Append(Talk(kBob, "other")).ok());
  EXPECT_EQ(TieOf(kAnn).entries(), 2);  // … and folded by the next append, once.
  EXPECT_EQ(TieOf(kAnn).days(0).entries() + (TieOf(kAnn).days_size() > 1 ? TieOf(kAnn).days(1).entries() : 0), 2);
  ASSERT_TRUE(Append(Talk(kBob, "other")).ok());
  EXPECT_EQ(TieOf(kAnn).entries(), 2);
}

TEST_P(LedgerStoreConformance, ARetractedEntryOfTheFutureNeverCounts) {
  ASSERT_TRUE(Append(Talk(kAnn, "soon", kNoon + absl::Hours(2))).ok());
  ASSERT_TRUE(ledger_->Correct(kRosa, 1, std::nullopt, "", absl::InfiniteFuture()).ok());
  clock_.Advance(absl::Hours(3));
  EXPECT_EQ(TieOf(kAnn).entries(), 0);
}

TEST_P(LedgerStoreConformance, EntriesAreListedNewestFirstPageByPage) {
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(Append(Talk(i % 2 == 0 ? kAnn : kBob, "n", kNoon - absl::Hours(7 * ((i * 3) % 10)))).ok());
  EntryQuery query;
  query.limit = 3;
  std::vector<std::int64_t> times;
  do {
    const auto page = ledger_->List(kRosa, {}, query);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Interaction& entry : page->entries) times.push_back(entry.occur_time().seconds());
    query.after = page->next;
  } while (query.after.has_value());
  EXPECT_THAT(times, SizeIs(10));
  EXPECT_TRUE(std::is_sorted(times.rbegin(), times.rend()));

  EntryQuery both;
  both.contact_ids = {kAnn, kBob};
  EXPECT_THAT(ledger_->List(kRosa, {}, both)->entries, SizeIs(10));
  EntryQuery period;
  period.contact_ids = {kAnn};
  period.start = kNoon - absl::Hours(7 * 6);
  period.end = kNoon;
  const auto listed = ledger_->List(kRosa, {}, period);
  for (const v1::Interaction& entry : listed->entries) {
    EXPECT_EQ(entry.contact_ids(0), kAnn);
    EXPECT_LT(base::FromProto(entry.occur_time()), kNoon);
    EXPECT_GE(base::FromProto(entry.occur_time()), period.start);
  }
}

TEST_P(LedgerStoreConformance, AnEntryThatNamesTwoMergedContactsCountsOnce) {
  NewEntry both = Talk(kAnn, "both");
  both.content.add_contact_ids(kBob);
  ASSERT_TRUE(Append(std::move(both)).ok());
  ASSERT_TRUE(Append(Talk(kBob, "one")).ok());
  TieQuery query;
  query.contacts.push_back({.contact_id = kAnn, .former_ids = {kBob}});
  const auto page = ledger_->Ties(kRosa, {}, query);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->ties[0].entries(), 2);
  EXPECT_EQ(page->ties[0].contact_id(), kAnn);
}

TEST_P(LedgerStoreConformance, ATieAsOfAPastDayKnowsWhatHadOccurredByThen) {
  ASSERT_TRUE(Append(Talk(kAnn, "old", kNoon - absl::Hours(240))).ok());
  ASSERT_TRUE(Append(Talk(kAnn, "new", kNoon - absl::Hours(24))).ok());
  TieQuery query;
  query.contacts.push_back({.contact_id = kAnn, .former_ids = {}});
  query.as_of = kNoon - absl::Hours(48);
  EXPECT_EQ(ledger_->Ties(kRosa, {}, query)->ties[0].entries(), 1);
}

TEST_P(LedgerStoreConformance, PromisesAreOpenUntilAnEntryClosesThem) {
  NewEntry making = Talk(kAnn, "lunch");
  v1::Promise& promise = *making.content.add_promises();
  promise.set_id("p");
  promise.set_text("send the book");
  promise.set_due_day("2026-01-02");
  ASSERT_TRUE(Append(making).ok());
  EXPECT_THAT(*ledger_->Promises(kRosa, {}, "", false), SizeIs(1));
  EXPECT_EQ(Append(making).status().code(), absl::StatusCode::kInvalidArgument);  // The id is taken.

  NewEntry closing = Talk(kAnn, "sent");
  closing.content.add_closes_promises("p");
  ASSERT_TRUE(Append(closing).ok());
  EXPECT_THAT(*ledger_->Promises(kRosa, {}, "", false), SizeIs(0));
  const auto all = ledger_->Promises(kRosa, {}, kAnn, true);
  ASSERT_THAT(*all, SizeIs(1));
  EXPECT_EQ((*all)[0].closed_by, 2);
  EXPECT_EQ(Append(closing).status().code(), absl::StatusCode::kInvalidArgument);  // It is closed already.

  // Taking the closing entry back opens it again; taking the making one back removes it.
  ASSERT_TRUE(ledger_->Correct(kRosa, 2, std::nullopt, "", absl::InfiniteFuture()).ok());
  EXPECT_THAT(*ledger_->Promises(kRosa, {}, "", false), SizeIs(1));
  ASSERT_TRUE(ledger_->Correct(kRosa, 1, std::nullopt, "", absl::InfiniteFuture()).ok());
  EXPECT_THAT(*ledger_->Promises(kRosa, {}, "", true), SizeIs(0));
}

TEST_P(LedgerStoreConformance, PlansAreReplacedEventByEventAndKeepTheirIds) {
  const auto plan = [](const std::string& recurrence, absl::Time start) {
    v1::Plan result;
    result.add_contact_ids(kAnn);
    result.set_recurrence_id(recurrence);
    result.set_event_uid("e");
    *result.mutable_start_time() = base::ToProto(start);
    return result;
  };
  const auto replace = [&](std::vector<v1::Plan> plans) {
    const LedgerStore::EventPlans events[] = {{.uid = "e", .plans = std::move(plans)}};
    return store_->ReplacePlans(kRosa, events, kNoon).value();
  };
  const auto listed = [&] { return ledger_->Plans(kRosa, {}, kNoon, absl::InfiniteFuture(), "").value(); };
  EXPECT_EQ(replace({plan("1", kNoon + absl::Hours(1)), plan("2", kNoon + absl::Hours(25))}), 1);
  const std::string id = listed()[0].id();
  EXPECT_EQ(replace({plan("1", kNoon + absl::Hours(1)), plan("2", kNoon + absl::Hours(25))}), 1);
  EXPECT_EQ(replace({plan("1", kNoon + absl::Hours(2))}), 2);
  ASSERT_THAT(listed(), SizeIs(1));
  EXPECT_EQ(listed()[0].id(), id);
  EXPECT_EQ(store_->RemovePlan(kRosa, id).value(), 3);
  EXPECT_EQ(store_->RemovePlan(kRosa, id).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(LedgerStoreConformance, ErasureLeavesNothingAndRefusesLaterWrites) {
  ASSERT_TRUE(Append(Talk(kAnn, "note", kNoon, "r")).ok());
  ASSERT_TRUE(Append(Talk(kAnn, "stays"), kTom).ok());
  ASSERT_TRUE(store_->EraseOwner(kRosa).ok());
  ASSERT_TRUE(store_->EraseOwner(kRosa).ok());
  EXPECT_EQ(ledger_->GetBySequence(kRosa, {}, 1).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(TieOf(kAnn).entries(), 0);
  EXPECT_EQ(*ledger_->Revision(kRosa, {}), 2);
  EXPECT_EQ(base::ReasonOf(Append(Talk(kAnn, "again")).status()), common::v1::ERROR_REASON_OWNER_ERASED);
  Reopen();
  EXPECT_EQ(base::ReasonOf(Append(Talk(kAnn, "again")).status()), common::v1::ERROR_REASON_OWNER_ERASED);
  EXPECT_TRUE(ledger_->GetBySequence(kTom, {}, 1).ok());
}

TEST_P(LedgerStoreConformance, AnEventImportedBySomebodyElseMeanwhileAborts) {
  const auto imported = [&](std::int64_t expected) {
    NewEntry entry = Talk(kAnn, "meeting");
    EventChange change;
    change.record.uid = "uid";
    change.expected_sequence = expected;
    entry.event = change;
    return entry;
  };
  ASSERT_TRUE(Append(imported(0)).ok());
  EXPECT_EQ(Append(imported(0)).status().code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(Append(imported(1)).ok());
}

TEST_P(LedgerStoreConformance, ARevisionThatWasNeverReachedIsNotAnswered) {
  ASSERT_TRUE(Append(Talk(kAnn, "note")).ok());
  EXPECT_TRUE(ledger_->Revision(kRosa, {.required_revision = 1}).ok());
  EXPECT_EQ(base::ReasonOf(ledger_->Revision(kRosa, {.required_revision = 2}).status()),
            common::v1::ERROR_REASON_TOKEN_FROM_FUTURE);
}

COUNCIL_FOR_ALL_LEDGER_STORES(LedgerStoreConformance);

}  // namespace
}  // namespace council::ledger
