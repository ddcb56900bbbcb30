// What every ledger store must do when many write at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_store_under_test.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

std::string ContactId(int number) {
  return absl::StrFormat("0190a000-0000-7000-8000-%012d", number);
}

class LedgerStoreBatches : public LedgerStoreTest {
 protected:
  using Answer = std::future<absl::StatusOr<Appended>>;

  // Begins an append: those begun together are written together.
  Answer Begin(NewEntry entry, const base::Owner& owner = kRosa) {
    auto promise = std::make_shared<std::promise<absl::StatusOr<Appended>>>();
    std::vector<NewEntry> entries;
    entries.push_back(std::move(entry));
    ledger_->Append(owner, std::move(entries),
                    [promise](absl::StatusOr<Appended> appended) { promise->set_value(std::move(appended)); });
    return promise->get_future();
  }

  static NewEntry Closing(const std::string& promise_id) {
    NewEntry entry = Talk(kAnn, "closing");
    entry.content.add_closes_promises(promise_id);
    return entry;
  }

  static NewEntry Opening(const std::string& promise_id) {
    NewEntry entry = Talk(kAnn, "opening");
    v1::Promise& promise = *entry.content.add_promises();
    promise.set_id(promise_id);
    promise.set_text("text");
    return entry;
  }

  void ExpectChain(std::int64_t entries, const base::Owner& owner = kRosa) {
    const auto verification = ledger_->Verify(owner, {}, 1, 0, "", [] { return false; });
    ASSERT_TRUE(verification.ok()) << verification.status();
    EXPECT_TRUE(verification->verified) << verification->problem;
    EXPECT_EQ(verification->entries, entries);
    EXPECT_EQ(verification->head_sequence, entries);
  }
};

TEST_P(LedgerStoreBatches, NobodyFailsForANeighbour) {
  ASSERT_TRUE(Append(Talk(kAnn, "first", kNoon, "taken")).ok());
  std::vector<Answer> good;
  std::vector<Answer> bad;
  for (int i = 0; i < 60; ++i) {
    const base::Owner& owner = i % 3 == 0 ? kTom : kRosa;
    good.push_back(Begin(Talk(ContactId(i % 7), "good"), owner));
    bad.push_back(Begin(Talk(kAnn, "another content", kNoon, "taken")));
    bad.push_back(Begin(Closing("unknown"), owner));
    NewEntry nothing;
    nothing.content.set_kind(v1::INTERACTION_KIND_RETRACTION);
    nothing.content.set_corrects(100'000);
    *nothing.content.mutable_occur_time() = base::ToProto(kNoon);
    bad.push_back(Begin(std::move(nothing), owner));
  }
  for (Answer& answer : good) EXPECT_TRUE(answer.get().ok());
  for (Answer& answer : bad) EXPECT_FALSE(answer.get().ok());
  ExpectChain(41);
  ExpectChain(20, kTom);
  EXPECT_EQ(*ledger_->Revision(kRosa, {}), 41);
}

TEST_P(LedgerStoreBatches, AppendsSeeWhatThoseBeforeThemDidHoweverTheyAreWrittenTogether) {
  std::vector<Answer> answers;
  answers.push_back(Begin(Opening("p")));
  answers.push_back(Begin(Opening("p")));  // Taken.
  answers.push_back(Begin(Closing("p")));
  answers.push_back(Begin(Closing("p")));  // Closed.
  answers.push_back(Begin(Talk(kBob, "note", kNoon, "r")));
  answers.push_back(Begin(Talk(kBob, "note", kNoon, "r")));   // The same entry.
  answers.push_back(Begin(Talk(kBob, "other", kNoon, "r")));  // Reused.
  v1::Interaction second;
  second.set_sequence(2);
  second.add_contact_ids(kAnn);
  *second.mutable_occur_time() = base::ToProto(kNoon);
  answers.push_back(Begin(Ledger::CorrectionOf(second, std::nullopt, "")));  // Opens the promise again.
  answers.push_back(Begin(Ledger::CorrectionOf(second, std::nullopt, "")));  // Corrected.
  answers.push_back(Begin(Talk(kBob, "soon", kNoon + absl::Hours(1))));
  std::vector<std::int64_t> sequences;
  for (Answer& answer : answers) {
    const absl::StatusOr<Appended> appended = answer.get();
    sequences.push_back(appended.ok() ? appended->entries[0].sequence() : 0);
  }
  EXPECT_THAT(sequences, ElementsAre(1, 0, 2, 0, 3, 3, 0, 4, 0, 5));
  ExpectChain(5);
  EXPECT_THAT(*ledger_->Promises(kRosa, {}, "", false), SizeIs(1));
  EXPECT_EQ(TieOf(kAnn).entries(), 1);
  EXPECT_EQ(TieOf(kBob).entries(), 1);
  clock_.Advance(absl::Hours(2));
  EXPECT_EQ(TieOf(kBob).entries(), 2);
  EXPECT_EQ(ledger_->GetBySequence(kRosa, {}, 2)->corrected_by(), 4);
}

TEST_P(LedgerStoreBatches, ManyOwnersAtOnceEachHaveTheirOwnChain) {
  std::map<int, std::vector<Answer>> answers;
  for (int i = 0; i < 400; ++i) {
    answers[i % 40].push_back(Begin(Talk(kAnn, "n"), {"acme", absl::StrCat("owner ", i % 40)}));
  }
  for (auto& [owner, of_owner] : answers) {
    for (std::size_t i = 0; i < of_owner.size(); ++i) {
      EXPECT_EQ(of_owner[i].get()->entries[0].sequence(), static_cast<std::int64_t>(i + 1));
    }
    ExpectChain(10, {"acme", absl::StrCat("owner ", owner)});
  }
}

TEST_P(LedgerStoreBatches, TwoCopiesOfTheServiceThatWriteForOneOwnerLeaveNoGap) {
  base::SeededRandom other_random{8};
  const auto other_store = OpenStore(*storage_, other_random, keys_.keys());
  Ledger other(*other_store, clock_, other_random);
  EXPECT_EQ(other_store->lineage(), store_->lineage());
  constexpr int kThreads = 4;
  constexpr int kAppends = 40;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      Ledger& ledger = t % 2 == 0 ? *ledger_ : other;
      for (int i = 0; i < kAppends; ++i) {
        std::vector<NewEntry> entries;
        // Both copies are asked for the same requests: each takes effect once.
        entries.push_back(Talk(kAnn, "n", kNoon, absl::StrCat(t / 2, " ", i)));
        const auto appended = ledger.AppendAndWait(kRosa, std::move(entries));
        EXPECT_TRUE(appended.ok()) << appended.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ExpectChain(kThreads / 2 * kAppends);
  EXPECT_EQ(TieOf(kAnn).entries(), kThreads / 2 * kAppends);
  EXPECT_EQ(store_->Revisions(std::vector{kTom, kRosa}, absl::InfiniteFuture()).value(),
            (std::vector<std::int64_t>{0, kThreads / 2 * kAppends}));
}

// More than the pages that stores read in.
TEST_P(LedgerStoreBatches, LongWalksMissNothingAndTellNothingTwice) {
  constexpr int kEntries = 1'203;
  constexpr int kContacts = 150;
  std::vector<NewEntry> entries;
  for (int i = 0; i < kEntries; ++i) {
    entries.push_back(Talk(ContactId(i % kContacts), "n", kNoon - absl::Hours(i % 17 * 24)));
    if (i % 2 == 0) entries.back().content.add_contact_ids(ContactId((i + 1) % kContacts));
  }
  ASSERT_TRUE(ledger_->AppendAndWait(kRosa, std::move(entries)).ok());
  ExpectChain(kEntries);

  TieQuery query;
  query.limit = kContacts;
  for (int i = 0; i < kContacts; ++i) query.contacts.push_back({.contact_id = ContactId(i), .former_ids = {}});
  query.include_days = true;
  const TiePage by_summary = ledger_->Ties(kRosa, {}, query).value();
  query.as_of = kNoon - absl::Seconds(1);
  const TiePage before = ledger_->Ties(kRosa, {}, query).value();
  for (int i = 0; i < kContacts; ++i) {
    int of_contact = 0;
    for (int j = 0; j < kEntries; ++j) {
      if (j % kContacts == i || (j % 2 == 0 && (j + 1) % kContacts == i)) ++of_contact;
    }
    EXPECT_EQ(by_summary.ties[i].entries(), of_contact) << i;
  }
  EXPECT_LT(before.ties[0].entries(), by_summary.ties[0].entries());

  for (const bool of_contacts : {false, true}) {
    EntryQuery list;
    list.limit = 137;
    for (int i = 0; of_contacts && i < 100; ++i) list.contact_ids.push_back(ContactId(i));
    std::vector<std::int64_t> sequences;
    do {
      const EntryPage page = ledger_->List(kRosa, {}, list).value();
      for (const v1::Interaction& entry : page.entries) sequences.push_back(entry.sequence());
      list.after = page.next;
    } while (list.after.has_value());
    std::sort(sequences.begin(), sequences.end());
    EXPECT_EQ(std::adjacent_find(sequences.begin(), sequences.end()), sequences.end());
    const auto named = [](int i) { return i % kContacts < 100 || (i % 2 == 0 && (i + 1) % kContacts < 100); };
    int expected = 0;
    for (int i = 0; i < kEntries; ++i) expected += !of_contacts || named(i) ? 1 : 0;
    EXPECT_THAT(sequences, SizeIs(expected));
  }
  TieQuery whole;
  whole.limit = 64;
  std::vector<std::string> contacts;
  bool more = true;
  while (more) {
    const TiePage page = ledger_->Ties(kRosa, {}, whole).value();
    for (const v1::Tie& tie : page.ties) contacts.push_back(tie.contact_id());
    whole.after = contacts.back();
    more = page.more;
  }
  EXPECT_THAT(contacts, SizeIs(kContacts));
}

COUNCIL_FOR_ALL_LEDGER_STORES(LedgerStoreBatches);

}  // namespace
}  // namespace council::ledger
