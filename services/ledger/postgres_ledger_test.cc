// What PostgreSQL alone has: row-level security, several copies of the service, a server that goes away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "council/common/v1/errors.pb.h"
#include "libs/audit/access_log.h"
#include "libs/base/owner_changes.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/ledger_store_under_test.h"
#include "services/ledger/postgres_ledger_store.h"

namespace council::ledger {
namespace {

using ::testing::SizeIs;

// A copy of the service on a storage.
struct Copy {
  Copy(const test::TestStorage& storage, std::uint64_t seed)
      : random(seed),
        store(OpenStore(storage, random)),
        changes({.poll_interval = absl::Milliseconds(5)},
                [this](std::span<const base::Owner> owners) {
                  return store->Revisions(owners, absl::Now() + absl::Seconds(5));
                }),
        ledger(*store, clock, random),
        service(ledger, changes, accesses,
                seal::TokenCodec(seal::DevelopmentSharedKey(), store->identity().token_key)) {}

  std::future<absl::StatusOr<Appended>> Begin(const base::Owner& owner, int entries = 1) {
    auto promise = std::make_shared<std::promise<absl::StatusOr<Appended>>>();
    std::vector<NewEntry> added(static_cast<std::size_t>(entries));
    for (NewEntry& entry : added) {
      entry.content.add_contact_ids(kAnn);
      entry.request_id = absl::StrCat("r", ++requests);
      entry.content.add_promises()->set_text("text");
    }
    ledger.Append(owner, std::move(added),
                  [promise](absl::StatusOr<Appended> appended) { promise->set_value(std::move(appended)); });
    return promise->get_future();
  }

  base::SeededRandom random;
  base::ManualClock clock{kNoon};
  std::unique_ptr<SqlLedgerStore> store;
  base::OwnerChanges changes;
  audit::AccessLog accesses{*store, clock};
  Ledger ledger;
  LedgerService service;
  int requests = 0;
};

TEST(PostgresLedger, TheServicesRoleSeesAndWritesRowsOfTheOwnersOfItsTransactionAlone) {
  const auto storage = test::NewPostgresStorage(StorageSchema());
  Copy copy(*storage, 1);
  NewEntry soon;
  soon.content.add_contact_ids(kAnn);
  *soon.content.mutable_occur_time() = base::ToProto(kNoon + absl::Hours(1));
  soon.event.emplace();
  soon.event->record.uid = "event";
  ASSERT_TRUE(copy.ledger.AppendAndWait(kRosa, {soon}).ok());
  ASSERT_TRUE(copy.Begin(kRosa).get().ok());
  const LedgerStore::EventPlans events[] = {{.uid = "event", .plans = {v1::Plan()}}};
  ASSERT_TRUE(copy.store->ReplacePlans(kRosa, events, absl::InfinitePast()).ok());
  const std::string import_id = "0190a000-0000-7000-8000-00000000000e";
  ASSERT_TRUE(copy.store->KeepImport(kRosa, import_id, kNoon, 0, ImportPart()).ok());
  const std::string nobody = "0190a000-0000-7000-8000-00000000000f";
  ASSERT_TRUE(copy.store->EraseContact(kRosa, {&nobody, 1}, kNoon).ok());
  copy.accesses.Record(kRosa, "GetTie", "owner");
  ASSERT_TRUE(copy.accesses.Flush().ok());

  const std::string name = storage->url().substr(storage->url().rfind('/') + 1);
  const std::vector<std::string> tables =
      absl::StrSplit(test::SharedPostgres().Sql(name,
                                                "SELECT table_name FROM information_schema.columns "
                                                "WHERE table_schema = 'ledger' AND column_name = 'owner' ORDER BY 1"),
                     '\n', absl::SkipEmpty());
  ASSERT_THAT(tables, SizeIs(15));

  sql::PostgresOptions options;
  options.connection.url = storage->url();
  options.connection.schema = "ledger";
  const auto database = sql::PostgresDatabase::Open(options, StorageSchema().postgres).value();
  const seal::Sealer sealer(copy.store->identity().owner_key, seal::DevelopmentSharedKey());
  const std::string rosa = sealer.OwnerHash(kRosa);
  const std::string tom = sealer.OwnerHash(kTom);
  for (const std::string& table : tables) {
    const auto count = [&](sql::Owners owners) {
      std::int64_t rows = -1;
      EXPECT_TRUE(database
                      ->Read(owners, absl::Now() + absl::Seconds(10),
                             [&](sql::Connection& connection) {
                               sql::Statement select = connection.Prepare("SELECT count(*) FROM " + table);
                               if (select.Step()) rows = select.GetInt(0);
                               return absl::OkStatus();
                             })
                      .ok());
      return rows;
    };
    EXPECT_EQ(count(rosa) > 0, table != "erasures") << table;
    EXPECT_EQ(count(tom), 0) << table;
    EXPECT_EQ(count(sql::Owners::None()), 0) << table;
    const auto write = [&](const std::string& sql) {
      return database->Write(tom, [&](sql::Connection& connection) {
        return connection.Prepare(sql).Run() == 0 ? absl::OkStatus() : absl::InternalError("rows were written");
      });
    };
    EXPECT_TRUE(write("DELETE FROM " + table).ok()) << table;
    EXPECT_TRUE(write(absl::StrCat("UPDATE ", table, " SET owner = owner")).ok()) << table;
  }
  // A row for an owner who is not the transaction's.
  const absl::Status smuggled = database->Write(tom, [&](sql::Connection& connection) {
    connection.Prepare("INSERT INTO upcoming (owner, sequence) VALUES (?, 7)").Bind(sql::Blob{rosa}).Run();
    return absl::OkStatus();
  });
  EXPECT_FALSE(smuggled.ok());
  EXPECT_TRUE(copy.ledger.Verify(kRosa, {}, 1, 0, "", [] { return false; })->verified);
}

TEST(PostgresLedger, AWatchTellsWhatAnotherCopyOfTheServiceAppends) {
  const auto storage = test::NewPostgresStorage(StorageSchema());
  Copy watched(*storage, 1);
  Copy other(*storage, 2);
  absl::Mutex mutex;
  int woken = 0;
  const auto source = watched.service
                          .WatchLedger(rpc::CallContext::ForOwner(kRosa, "WatchLedger"), {},
                                       [&] {
                                         absl::MutexLock lock(&mutex);
                                         ++woken;
                                       })
                          .value();
  EXPECT_THAT(*source->Next(), SizeIs(1));  // The place.
  ASSERT_TRUE(other.Begin(kRosa, 2).get().ok());
  std::vector<v1::WatchLedgerResponse> told;
  while (told.empty()) {
    {
      absl::MutexLock lock(&mutex);
      const auto one = [&] { return woken > 0; };
      mutex.Await(absl::Condition(&one));
      woken = 0;
    }
    told = *source->Next();
  }
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told[1].interaction().sequence(), 2);
}

TEST(PostgresLedger, WhileTheServerIsAwayAllWhoWaitAreToldSoAndThenAllIsWell) {
  test::PostgresServer server;
  const std::string database = server.CreateDatabase();
  ASSERT_TRUE(sql::MigratePostgres(server.AdminUrl(database), StorageSchema(), "council_service").ok());
  base::SeededRandom random(3);
  base::ManualClock clock(kNoon);
  sql::PostgresOptions options;
  options.connection.url = server.ServiceUrl(database);
  const auto store = PostgresLedgerStore::Open(options, seal::DevelopmentSharedKey(), random).value();
  Ledger ledger(*store, clock, random);
  const auto begin = [&](int number) {
    auto promise = std::make_shared<std::promise<absl::StatusOr<Appended>>>();
    NewEntry entry;
    entry.content.add_contact_ids(kAnn);
    entry.request_id = absl::StrCat(number);
    ledger.Append(kRosa, {entry},
                  [promise](absl::StatusOr<Appended> appended) { promise->set_value(std::move(appended)); });
    return promise->get_future();
  };
  ASSERT_TRUE(begin(0).get().ok());
  server.Kill();
  std::vector<std::future<absl::StatusOr<Appended>>> answers;
  for (int i = 1; i <= 1'500; ++i) answers.push_back(begin(i));
  for (auto& answer : answers) EXPECT_EQ(answer.get().status().code(), absl::StatusCode::kUnavailable);
  server.Restart();
  for (int i = 0; i <= 50; ++i) EXPECT_TRUE(begin(i).get().ok());
  const auto verification = ledger.Verify(kRosa, {}, 1, 0, "", [] { return false; });
  EXPECT_TRUE(verification->verified);
  EXPECT_EQ(verification->entries, 51);
}

}  // namespace
}  // namespace council::ledger
