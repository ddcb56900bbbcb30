// What every ledger store must do, run against each of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
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
  const auto start_of = [&](const base::Owner& owner) {
    std::optional<v1::Plan> found;
    EXPECT_TRUE(store_
                    ->Read(owner, absl::InfiniteFuture(),
                           [&](LedgerReader& reader) {
                             found = reader.PlanWithId(id).value();
                             return absl::OkStatus();
                           })
                    .ok());
    return found.has_value() ? base::FromProto(found->start_time()) : absl::InfinitePast();
  };
  EXPECT_EQ(start_of(kRosa), kNoon + absl::Hours(2));
  EXPECT_EQ(start_of(kTom), absl::InfinitePast());
}

TEST_P(LedgerStoreConformance, OfPlansThatAreNotAllThereAreOnlyTheWithdrawnGo) {
  const auto plan = [](const std::string& recurrence, absl::Time start) {
    v1::Plan result;
    result.set_recurrence_id(recurrence);
    result.set_event_uid("e");
    *result.mutable_start_time() = base::ToProto(start);
    return result;
  };
  const auto write = [&](LedgerStore::EventPlans plans) {
    plans.uid = "e";
    return store_->ReplacePlans(kRosa, {&plans, 1}, kNoon).value();
  };
  const auto listed = [&] {
    std::vector<std::string> recurrences;
    const auto plans = ledger_->Plans(kRosa, {}, kNoon, absl::InfiniteFuture(), "");
    for (const v1::Plan& planned : *plans) recurrences.push_back(planned.recurrence_id());
    return recurrences;
  };
  LedgerStore::EventPlans some;
  for (int i = 1; i <= 4; ++i) some.plans.push_back(plan(absl::StrCat(i), kNoon + absl::Hours(i)));
  EXPECT_EQ(write(some), 1);
  some = {.uid = "", .plans = {plan("4", kNoon), plan("5", kNoon + absl::Hours(5))}, .complete = false};
  EXPECT_EQ(write(some), 2);
  EXPECT_THAT(listed(), ElementsAre("4", "1", "2", "3", "5"));
  some.withdrawn = {"2", "unknown"};
  EXPECT_EQ(write(some), 3);
  EXPECT_THAT(listed(), ElementsAre("4", "1", "3", "5"));
  EXPECT_EQ(write(some), 3);
  some.complete = true;
  EXPECT_EQ(write(some), 4);
  EXPECT_THAT(listed(), ElementsAre("4", "5"));
}

TEST_P(LedgerStoreConformance, WhatImportsWroteIsKeptInPartsTheNewestFirst) {
  ASSERT_TRUE(Append(Talk(kAnn, "note")).ok());
  const std::string older = ledger_->NewId();
  const std::string newer = ledger_->NewId();
  EventRecord before;
  before.uid = "uid";
  before.imported.set_note("as it was");
  before.attendees["ann@example.com"] = kAnn;
  before.sequence = 7;
  ImportPart what;
  what.entries.push_back({.id = kBob, .uid = "uid", .recurrence_id = "r", .before = before});
  what.entries.push_back({.id = kAnn, .uid = "new", .recurrence_id = "", .before = std::nullopt});
  what.plan_ids = {kBob};
  ASSERT_TRUE(store_->KeepImport(kRosa, newer, kNoon + absl::Seconds(1), 0, ImportPart()).ok());
  ASSERT_TRUE(store_->KeepImport(kRosa, older, kNoon, 0, ImportPart()).ok());
  ASSERT_TRUE(store_->KeepImport(kRosa, older, kNoon, 1, what).ok());
  EXPECT_EQ(store_->KeepImport(kRosa, older, kNoon, 1, ImportPart()).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*ledger_->Revision(kRosa, {}), 1);
  Reopen();
  const auto imports = [&](const base::Owner& owner) {
    std::vector<KeptImport> read;
    EXPECT_TRUE(ledger_
                    ->Read(owner, {},
                           [&](LedgerReader& reader) {
                             read = reader.Imports().value();
                             return absl::OkStatus();
                           })
                    .ok());
    return read;
  };
  ASSERT_THAT(imports(kRosa), SizeIs(2));
  EXPECT_EQ(imports(kRosa)[0].id, newer);
  EXPECT_EQ(imports(kRosa)[1].id, older);
  EXPECT_EQ(imports(kRosa)[1].time, kNoon);
  EXPECT_EQ(imports(kRosa)[1].parts, 2);
  EXPECT_THAT(imports(kTom), SizeIs(0));
  const auto read = ledger_->Read(kRosa, {}, [&](LedgerReader& reader) {
    const auto part = reader.PartOfImport(older, 1).value();
    EXPECT_TRUE(part.has_value() && part->entries.size() == 2 && part->entries[0].before.has_value());
    EXPECT_EQ(part->entries[0].id, kBob);
    EXPECT_EQ(part->entries[0].recurrence_id, "r");
    EXPECT_EQ(part->entries[0].before->imported.note(), "as it was");
    EXPECT_EQ(part->entries[0].before->attendees, before.attendees);
    EXPECT_EQ(part->entries[0].before->sequence, 7);
    EXPECT_FALSE(part->entries[1].before.has_value());
    EXPECT_EQ(part->plan_ids, what.plan_ids);
    EXPECT_FALSE(reader.PartOfImport(older, 2)->has_value());
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  ASSERT_TRUE(store_->ForgetImports(kRosa, {&older, 1}).ok());
  ASSERT_THAT(imports(kRosa), SizeIs(1));
  EXPECT_EQ(imports(kRosa)[0].id, newer);
  ASSERT_TRUE(store_->EraseOwner(kRosa).ok());
  EXPECT_THAT(imports(kRosa), SizeIs(0));
  EXPECT_EQ(base::ReasonOf(store_->KeepImport(kRosa, newer, kNoon, 0, what)), common::v1::ERROR_REASON_OWNER_ERASED);
}

TEST_P(LedgerStoreConformance, PlansThatAreThereAreRemovedTogether) {
  std::vector<v1::Plan> plans(2);
  for (v1::Plan& plan : plans) {
    plan.set_id(ledger_->NewId());
    plan.set_recurrence_id(plan.id());
    *plan.mutable_start_time() = base::ToProto(kNoon);
  }
  const LedgerStore::EventPlans events[] = {{.uid = "e", .plans = plans}};
  ASSERT_EQ(store_->ReplacePlans(kRosa, events, kNoon).value(), 1);
  const std::vector<std::string> ids = {plans[0].id(), ledger_->NewId()};
  const auto removed = store_->RemovePlans(kRosa, ids);
  EXPECT_EQ(removed->plans, 1);
  EXPECT_EQ(removed->revision, 2);
  EXPECT_EQ(store_->RemovePlans(kRosa, ids)->plans, 0);
  EXPECT_EQ(*ledger_->Revision(kRosa, {}), 2);
  EXPECT_EQ(ledger_->Plans(kRosa, {}, kNoon, absl::InfiniteFuture(), "").value().at(0).id(), plans[1].id());
}

TEST_P(LedgerStoreConformance, APlanBecomesAnEntryOnceOrIsTakenBackWithIt) {
  std::vector<std::string> ids;
  std::vector<LedgerStore::EventPlans> events;
  for (const char* uid : {"happened", "missed"}) {
    v1::Plan plan;
    plan.set_id(ledger_->NewId());
    plan.set_event_uid(uid);
    plan.add_contact_ids(kAnn);
    *plan.mutable_start_time() = base::ToProto(kNoon);
    ids.push_back(plan.id());
    events.push_back({.uid = uid, .plans = {plan}});
  }
  ASSERT_TRUE(store_->ReplacePlans(kRosa, events, kNoon).ok());
  const absl::Time deadline = absl::InfiniteFuture();
  ASSERT_TRUE(ledger_->RemovePlan(kRosa, ids[1], deadline).ok());
  const auto confirmed = ledger_->ConfirmPlan(kRosa, ids[0], {}, "r", deadline);
  ASSERT_TRUE(confirmed.ok()) << confirmed.status();
  ASSERT_TRUE(ledger_->RemovePlan(kRosa, ids[0], deadline).ok());
  const auto again = ledger_->ConfirmPlan(kRosa, ids[0], {}, "r", deadline);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->entries[0].SerializeAsString(), confirmed->entries[0].SerializeAsString());
  EXPECT_EQ(TieOf(kAnn).entries(), 1);
  EntryQuery all;
  all.include_corrected = true;
  EXPECT_THAT(ledger_->List(kRosa, {}, all)->entries, SizeIs(3));
  EXPECT_TRUE(ledger_->Verify(kRosa, {}, 1, 0, "", [] { return false; })->verified);
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

TEST_P(LedgerStoreConformance, AnEventThatIsAnotherRecurrenceNowIsWithdrawnAsTheOneThatItWas) {
  const auto imported = [&](const std::string& recurrence_id) {
    NewEntry entry = Talk(kAnn, "meeting");
    EventChange& change = entry.event.emplace();
    change.record.uid = "uid";
    change.record.recurrence_id = recurrence_id;
    change.record.imported = entry.content;
    return entry;
  };
  const auto event = [&](const std::string& recurrence_id) {
    EventRecord found;
    const auto read = ledger_->Read(kRosa, {}, [&](LedgerReader& reader) {
      const auto events = reader.Events("uid").value();
      for (const EventRecord& known : events) {
        if (known.recurrence_id == recurrence_id) found = known;
      }
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read;
    return found;
  };
  ASSERT_TRUE(Append(imported("nine")).ok());
  const EventRecord nine = event("nine");
  NewEntry moved = imported("ten");
  moved.event->moved_from = nine;
  ASSERT_TRUE(Append(moved).ok());
  EXPECT_EQ(event("ten").sequence, 2);
  EXPECT_FALSE(event("ten").withdrawn);
  EXPECT_EQ(event("nine").sequence, 1);
  EXPECT_TRUE(event("nine").withdrawn);
  EXPECT_EQ(event("nine").imported.note(), "meeting");

  // And back.
  NewEntry back = imported("nine");
  back.event->expected_sequence = 1;
  back.event->moved_from = nine;
  back.event->moved_from->recurrence_id = "ten";
  EXPECT_EQ(Append(back).status().code(), absl::StatusCode::kAborted) << "it has another entry";
  EXPECT_TRUE(event("nine").withdrawn);
  back.event->moved_from = event("ten");
  ASSERT_TRUE(Append(back).ok());
  EXPECT_EQ(event("nine").sequence, 3);
  EXPECT_FALSE(event("nine").withdrawn);
  EXPECT_TRUE(event("ten").withdrawn);
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
