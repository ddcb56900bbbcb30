#include "services/ledger/ledger_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/audit/access_log.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/sqlite_ledger_store.h"
#include "tests/support/temp_dir.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const base::Owner kRosa{"acme", "rosa"};
const base::Owner kTom{"acme", "tom"};
const char kAnn[] = "0190a000-0000-7000-8000-000000000001";

using Source = rpc::ChangeSource<v1::WatchLedgerResponse>;

// A ledger that can be watched, without a server.
struct Watched {
  Watched()
      : store([this] {
          sql::SqliteOptions options;
          options.path = (directory / "ledger.db").string();
          return SqliteLedgerStore::Open(options, seal::DevelopmentSharedKey(), random).value();
        }()),
        changes(
            {.poll_interval = absl::Hours(1)},
            [this](std::span<const base::Owner> owners) { return store->Revisions(owners, absl::InfiniteFuture()); }),
        ledger(*store, clock, random),
        service(ledger, changes, accesses,
                seal::TokenCodec(seal::DevelopmentSharedKey(), store->identity().token_key)) {
    store->SetListener([this](const base::Owner& owner, std::int64_t revision) { changes.Changed(owner, revision); });
  }
  ~Watched() { store->Flush(); }

  void Append(int entries = 1, const base::Owner& owner = kRosa) {
    std::vector<NewEntry> added(static_cast<std::size_t>(entries));
    for (NewEntry& entry : added) entry.content.add_contact_ids(kAnn);
    EXPECT_TRUE(ledger.AppendAndWait(owner, std::move(added)).ok());
  }
  // A change without an entry.
  void ChangePlans() {
    v1::Plan plan;
    plan.set_recurrence_id(absl::StrCat(++plans));
    const LedgerStore::EventPlans events[] = {{.uid = "e", .plans = {plan}}};
    EXPECT_TRUE(store->ReplacePlans(kRosa, events, absl::InfinitePast()).ok());
  }

  absl::StatusOr<std::unique_ptr<Source>> Watch(const std::string& token, const base::Owner& owner = kRosa) {
    v1::WatchLedgerRequest request;
    request.set_watch_token(token);
    return service.WatchLedger(rpc::CallContext::ForOwner(owner, "WatchLedger"), request, [this] { ++woken; });
  }

  test::TempDir directory;
  base::SeededRandom random{7};
  base::ManualClock clock{absl::FromUnixSeconds(1'750'000'000)};
  std::unique_ptr<SqliteLedgerStore> store;
  base::OwnerChanges changes;
  audit::AccessLog accesses{*store, clock};
  Ledger ledger;
  LedgerService service;
  std::atomic<int> woken = 0;
  int plans = 0;
};

// Sequence numbers of all that `source` has to say; 0: a change without an entry. Keeps the last token.
std::vector<std::int64_t> Told(Source& source, std::string& token) {
  std::vector<std::int64_t> told;
  while (true) {
    const auto page = source.Next();
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok() || page->empty()) return told;
    for (const v1::WatchLedgerResponse& response : *page) {
      told.push_back(response.has_interaction() ? response.interaction().sequence() : 0);
      token = response.watch_token();
    }
  }
}

TEST(LedgerWatch, BeginsWithItsPlaceAndTellsWhatComesAfterIt) {
  Watched watched;
  watched.Append(3);
  std::string token;
  const auto source = watched.Watch("").value();
  EXPECT_THAT(Told(*source, token), ElementsAre(0));
  watched.Append(2);
  watched.ChangePlans();
  watched.Append();
  watched.Append(1, kTom);
  EXPECT_EQ(watched.woken, 3);
  EXPECT_THAT(Told(*source, token), ElementsAre(4, 5, 0, 6));
  EXPECT_THAT(Told(*source, token), IsEmpty());
}

TEST(LedgerWatch, AnErasureIsAChangeWithoutAnEntry) {
  Watched watched;
  watched.Append(2);
  std::string token;
  const auto source = watched.Watch("").value();
  EXPECT_THAT(Told(*source, token), ElementsAre(0));
  watched.Append();
  ASSERT_TRUE(watched.store->EraseOwner(kRosa).ok());
  // The entry is gone before it was told: two changes are left.
  EXPECT_THAT(Told(*source, token), ElementsAre(0, 0));
}

TEST(LedgerWatch, TokensOfOthersOfOtherStoragesAndOfNobodyAreRefused) {
  Watched watched;
  watched.Append();
  std::string token;
  Told(*watched.Watch("").value(), token);
  EXPECT_EQ(base::ReasonOf(watched.Watch(token, kTom).status()), common::v1::ERROR_REASON_INVALID_TOKEN);
  EXPECT_EQ(base::ReasonOf(watched.Watch("garbage").status()), common::v1::ERROR_REASON_INVALID_TOKEN);
  const seal::TokenCodec codec(seal::DevelopmentSharedKey(), watched.store->identity().token_key);
  const absl::Status replaced = watched.Watch(WatchToken(codec, kRosa, "another storage", {})).status();
  EXPECT_EQ(replaced.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(base::ReasonOf(replaced), common::v1::ERROR_REASON_LINEAGE_CHANGED);
  const auto ahead = watched.Watch(WatchToken(codec, kRosa, watched.store->lineage(), {.revision = 9, .sequence = 9}));
  EXPECT_EQ(base::ReasonOf((*ahead)->Next().status()), common::v1::ERROR_REASON_TOKEN_FROM_FUTURE);
}

// However changes come and wherever watches break off, each change is told once, in order.
RC_GTEST_PROP(LedgerWatch, ReconnectingFromAnyTokenMissesNothingAndTellsNothingTwice, ()) {
  Watched watched;
  std::string token;
  Told(*watched.Watch("").value(), token);
  std::vector<std::int64_t> expected;
  std::vector<std::int64_t> told;
  std::int64_t head = 0;
  const int steps = *rc::gen::inRange(1, 12);
  for (int step = 0; step < steps; ++step) {
    if (*rc::gen::inRange(0, 3) == 0) {
      watched.ChangePlans();
      expected.push_back(0);
    } else {
      const int entries = *rc::gen::inRange(1, 150);
      watched.Append(entries);
      for (int i = 0; i < entries; ++i) expected.push_back(++head);
    }
    if (*rc::gen::inRange(0, 2) == 0) continue;
    // A watch that breaks off somewhere in a page.
    const auto source = watched.Watch(token).value();
    const std::vector<v1::WatchLedgerResponse> page = source->Next().value();
    const auto taken = *rc::gen::inRange<std::size_t>(0, page.size() + 1);
    for (std::size_t i = 0; i < taken; ++i) {
      told.push_back(page[i].has_interaction() ? page[i].interaction().sequence() : 0);
      token = page[i].watch_token();
    }
  }
  const std::vector<std::int64_t> rest = Told(*watched.Watch(token).value(), token);
  told.insert(told.end(), rest.begin(), rest.end());
  RC_ASSERT(told == expected);
}

}  // namespace
}  // namespace council::ledger
