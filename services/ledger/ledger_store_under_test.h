// The ledger stores that tests are run against, each engine's.
#ifndef COUNCIL_SERVICES_LEDGER_LEDGER_STORE_UNDER_TEST_H_
#define COUNCIL_SERVICES_LEDGER_LEDGER_STORE_UNDER_TEST_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/proto_time.h"
#include "libs/base/random.h"
#include "libs/seal/token.h"
#include "services/ledger/ledger.h"
#include "services/ledger/migrations.h"
#include "services/ledger/sql_ledger_store.h"
#include "tests/support/test_keys.h"
#include "tests/support/test_storage.h"

namespace council::ledger {

inline const base::Owner kRosa{"acme", "rosa"};
inline const base::Owner kTom{"acme", "tom"};
inline constexpr char kAnn[] = "0190a000-0000-7000-8000-000000000001";
inline constexpr char kBob[] = "0190a000-0000-7000-8000-000000000002";
inline const absl::Time kNoon = absl::FromUnixSeconds(1'750'000'000);

// Opens the ledger in `storage`, as often as one likes.
inline std::unique_ptr<SqlLedgerStore> OpenStore(const test::TestStorage& storage, base::Random& random,
                                                 const seal::Keys& keys = seal::DevelopmentSharedKey()) {
  auto store = SqlLedgerStore::Open(storage.url(), keys, random);
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

// A test that is run against each store.
class LedgerStoreTest : public ::testing::TestWithParam<test::TestEngine> {
 protected:
  LedgerStoreTest()
      : storage_(GetParam().make(StorageSchema())),
        store_(OpenStore(*storage_, random_, keys_.keys())),
        ledger_(std::make_unique<Ledger>(*store_, clock_, random_)) {}

  void Reopen() {
    ledger_.reset();
    store_.reset();
    keys_.Reopen();
    store_ = OpenStore(*storage_, random_, keys_.keys());
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
  std::unique_ptr<test::TestStorage> storage_;
  test::TestKeys keys_{GetParam().sealed};
  std::unique_ptr<SqlLedgerStore> store_;
  std::unique_ptr<Ledger> ledger_;
};

// Runs the tests of `Suite` on all engines.
#define COUNCIL_FOR_ALL_LEDGER_STORES(Suite)                                                                        \
  INSTANTIATE_TEST_SUITE_P(Engines, Suite,                                                                          \
                           ::testing::Values(test::kSqliteEngine, test::kPostgresEngine, test::kSealedSqliteEngine, \
                                             test::kSealedPostgresEngine),                                          \
                           [](const auto& engine) { return engine.param.name; })

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_LEDGER_STORE_UNDER_TEST_H_
