// What every ledger store must do, run against each of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/clock.h"
#include "libs/base/proto_time.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "libs/seal/token.h"
#include "services/ledger/chain.h"
#include "services/ledger/ledger.h"
#include "services/ledger/migrations.h"
#include "services/ledger/postgres_ledger_store.h"
#include "services/ledger/sqlite_ledger_store.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temp_dir.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

const base::Owner kRosa{"acme", "rosa"};
const base::Owner kTom{"acme", "tom"};
const char kAnn[] = "0190a000-0000-7000-8000-000000000001";
const char kBob[] = "0190a000-0000-7000-8000-000000000002";
const absl::Time kNoon = absl::FromUnixSeconds(1'750'000'000);

// A store that a test can close and open again.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual std::unique_ptr<LedgerStore> Open(base::Random& random) = 0;
};

class SqliteUnderTest final : public StoreUnderTest {
 public:
  std::unique_ptr<LedgerStore> Open(base::Random& random) override {
    sql::SqliteOptions options;
    options.path = (directory_ / "ledger.db").string();
    auto store = SqliteLedgerStore::Open(options, seal::DevelopmentSharedKey(), random);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

 private:
  test::TempDir directory_;
};

// Each test has a database of its own on one server.
class PostgresUnderTest final : public StoreUnderTest {
 public:
  PostgresUnderTest() : database_(Server().CreateDatabase()) {
    EXPECT_TRUE(sql::MigratePostgres(Server().AdminUrl(database_), StorageSchema(), "council_service").ok());
  }
  std::unique_ptr<LedgerStore> Open(base::Random& random) override {
    sql::PostgresOptions options;
    options.connection.url = Server().ServiceUrl(database_);
    auto store = PostgresLedgerStore::Open(options, seal::DevelopmentSharedKey(), random);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

 private:
  static test::PostgresServer& Server() {
    static test::PostgresServer server;
    return server;
  }
  const std::string database_;
};

using MakeStore = std::function<std::unique_ptr<StoreUnderTest>()>;

class LedgerStoreConformance : public ::testing::TestWithParam<MakeStore> {
 protected:
  LedgerStoreConformance()
      : under_test_(GetParam()()),
        store_(under_test_->Open(random_)),
        ledger_(std::make_unique<Ledger>(*store_, clock_, random_)) {}

  void Reopen() {
    ledger_.reset();
    store_.reset();
    store_ = under_test_->Open(random_);
    ledger_ = std::make_unique<Ledger>(*store_, clock_, random_);
  }

  static NewEntry Talk(const std::string& contact_id, const std::string& note, absl::Time time = kNoon,
                       const std::string& request_id = "") {
    NewEntry entry;
    entry.content.add_contact_ids(contact_id);
    entry.content.set_note(note);
    *entry.content.mutable_occur_time() = base::ToProto(time);
    entry.request_id = request_id;
    return entry;
  }

  absl::StatusOr<Appended> Append(NewEntry entry, const base::Owner& owner = kRosa) {
    std::vector<NewEntry> entries;
    entries.push_back(std::move(entry));
    return ledger_->AppendAndWait(owner, std::move(entries));
  }

  v1::Tie TieOf(const std::string& contact_id) {
    TieQuery query;
    query.contacts.push_back({.contact_id = contact_id, .former_ids = {}});
    query.include_days = true;
    auto page = ledger_->Ties(kRosa, {}, query);
    EXPECT_TRUE(page.ok()) << page.status();
    return page->ties.at(0);
  }

  base::SeededRandom random_{7};
  base::ManualClock clock_{kNoon};
  std::unique_ptr<StoreUnderTest> under_test_;
  std::unique_ptr<LedgerStore> store_;
  std::unique_ptr<Ledger> ledger_;
};

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

TEST_P(LedgerStoreConformance, AnEntryIsReadWithTheRequestThatAppendedIt) {
  ASSERT_TRUE(Append(Talk(kAnn, "note", kNoon, "r")).ok());
  ASSERT_TRUE(Append(Talk(kAnn, "note")).ok());
  ASSERT_TRUE(ledger_
                  ->Read(kRosa, {},
                         [](LedgerReader& reader) -> absl::Status {
                           const auto with = reader.EntryAt(1);
                           EXPECT_EQ(with->value().request_id, "r");
                           EXPECT_EQ(with->value().request.content,
                                     DigestRequest("append", 0, Talk(kAnn, "note").content).content);
                           EXPECT_EQ(with->value().request.text,
                                     DigestRequest("append", 0, Talk(kAnn, "note").content).text);
                           EXPECT_EQ(reader.EntryAt(2)->value().request_id, "");
                           return absl::OkStatus();
                         })
                  .ok());
}

TEST_P(LedgerStoreConformance, EventsAreReadInTheOrderOfTheirEntries) {
  for (const char* uid : {"c", "a", "b"}) {
    NewEntry entry = Talk(kAnn, uid);
    entry.event.emplace().record.uid = uid;
    entry.event->record.attendees["ann@example.com"] = kAnn;
    ASSERT_TRUE(Append(std::move(entry)).ok());
  }
  std::vector<std::string> uids;
  ASSERT_TRUE(ledger_
                  ->Read(kRosa, {},
                         [&](LedgerReader& reader) {
                           return reader.ForEachEvent([&](EventRecord event) {
                             EXPECT_EQ(event.attendees.at("ann@example.com"), kAnn);
                             EXPECT_EQ(event.sequence, static_cast<std::int64_t>(uids.size() + 1));
                             uids.push_back(event.uid);
                             return uids.size() < 2;
                           });
                         })
                  .ok());
  EXPECT_THAT(uids, ElementsAre("c", "a"));
}

TEST_P(LedgerStoreConformance, AChainIsContinuedWithTheSameHashesAndWhereItEndsAlone) {
  NewEntry promising = Talk(kAnn, "promised", kNoon, "r");
  promising.content.add_promises()->set_text("send the book");
  ASSERT_TRUE(Append(std::move(promising)).ok());
  ASSERT_TRUE(Append(Talk(kBob, "wrong")).ok());
  ASSERT_TRUE(ledger_->Correct(kRosa, 2, Talk(kAnn, "right").content, "", absl::InfiniteFuture()).ok());

  ChainPlace place{.chain_id = "", .head_sequence = 0, .head_hash = ZeroHash()};
  std::vector<Draft> drafts;
  std::vector<std::string> hashes;
  const auto read = ledger_->Read(kRosa, {}, [&](LedgerReader& reader) {
    place.chain_id = reader.state().chain_id;
    return reader.ForEachEntry(1, [&](std::int64_t, const absl::StatusOr<EntryRow>& row) {
      Draft draft;
      draft.content = row->entry;
      draft.commitments = Recommit(row->entry, row->salts);
      draft.salts = row->salts;
      draft.request_id = row->request_id;
      draft.request = row->request;
      draft.content.clear_sequence();
      draft.content.clear_previous_hash();
      draft.content.clear_hash();
      draft.content.clear_corrected_by();
      drafts.push_back(std::move(draft));
      hashes.push_back(row->entry.hash());
      return true;
    });
  });
  ASSERT_TRUE(read.ok()) << read;
  const auto go_on = [&](std::vector<Draft> these) {
    std::promise<absl::StatusOr<Appended>> result;
    store_->Continue(kTom, place, std::move(these), kNoon,
                     [&](absl::StatusOr<Appended> appended) { result.set_value(std::move(appended)); });
    return result.get_future().get();
  };
  ASSERT_TRUE(go_on({drafts[0]}).ok());
  EXPECT_EQ(go_on({drafts[0]}).status().code(), absl::StatusCode::kAborted);
  place.head_sequence = 1;
  place.head_hash = hashes[1];
  EXPECT_EQ(go_on({drafts[1]}).status().code(), absl::StatusCode::kAborted);
  place.head_hash = hashes[0];
  const auto rest = go_on({drafts[1], drafts[2]});
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_EQ(rest->entries[1].hash(), hashes[2]);

  const auto verification = ledger_->Verify(kTom, {}, 1, 3, hashes[2], [] { return false; });
  EXPECT_TRUE(verification->verified) << verification->problem;
  EXPECT_EQ(ledger_->GetBySequence(kTom, {}, 2)->corrected_by(), 3);
  EXPECT_THAT(*ledger_->Promises(kTom, {}, kAnn, false), SizeIs(1));
  // What was asked for once is not done again here either.
  NewEntry repeated = Talk(kAnn, "promised", kNoon, "r");
  repeated.content.add_promises()->set_text("send the book");
  EXPECT_TRUE(Append(std::move(repeated), kTom)->repeated[0]);
}

TEST_P(LedgerStoreConformance, APlanKeepsTheIdThatItComesWith) {
  v1::Plan plan;
  plan.set_id(kBob);
  plan.set_event_uid("e");
  *plan.mutable_start_time() = base::ToProto(kNoon);
  const LedgerStore::EventPlans events[] = {{.uid = "e", .plans = {plan}}};
  ASSERT_TRUE(store_->ReplacePlans(kRosa, events, absl::InfinitePast()).ok());
  EXPECT_EQ(ledger_->Plans(kRosa, {}, kNoon, absl::InfiniteFuture(), "").value().at(0).id(), kBob);
}

TEST_P(LedgerStoreConformance, ARevisionThatWasNeverReachedIsNotAnswered) {
  ASSERT_TRUE(Append(Talk(kAnn, "note")).ok());
  EXPECT_TRUE(ledger_->Revision(kRosa, {.required_revision = 1}).ok());
  EXPECT_EQ(base::ReasonOf(ledger_->Revision(kRosa, {.required_revision = 2}).status()),
            common::v1::ERROR_REASON_TOKEN_FROM_FUTURE);
}

INSTANTIATE_TEST_SUITE_P(Postgres, LedgerStoreConformance,
                         ::testing::Values([] { return std::make_unique<PostgresUnderTest>(); }));
INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerStoreConformance,
                         ::testing::Values([] { return std::make_unique<SqliteUnderTest>(); }));

}  // namespace
}  // namespace council::ledger
