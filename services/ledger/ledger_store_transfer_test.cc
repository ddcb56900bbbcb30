// What every ledger store gives and takes when an owner's state goes from one storage to another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "services/ledger/chain.h"
#include "services/ledger/ledger_store_under_test.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

using LedgerStoreTransfer = LedgerStoreTest;

TEST_P(LedgerStoreTransfer, AnEntryIsReadWithTheRequestThatAppendedIt) {
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

TEST_P(LedgerStoreTransfer, EventsAreReadInTheOrderOfTheirEntries) {
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

TEST_P(LedgerStoreTransfer, AChainIsContinuedWithTheSameHashesAndWhereItEndsAlone) {
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

TEST_P(LedgerStoreTransfer, APlanKeepsTheIdThatItComesWith) {
  v1::Plan plan;
  plan.set_id(kBob);
  plan.set_event_uid("e");
  *plan.mutable_start_time() = base::ToProto(kNoon);
  const LedgerStore::EventPlans events[] = {{.uid = "e", .plans = {plan}}};
  ASSERT_TRUE(store_->ReplacePlans(kRosa, events, absl::InfinitePast()).ok());
  EXPECT_EQ(ledger_->Plans(kRosa, {}, kNoon, absl::InfiniteFuture(), "").value().at(0).id(), kBob);
}

COUNCIL_FOR_ALL_LEDGER_STORES(LedgerStoreTransfer);

}  // namespace
}  // namespace council::ledger
