// What every ledger store must do when somebody is erased, run against each of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_store_under_test.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kCid[] = "0190a000-0000-7000-8000-000000000003";

class LedgerStoreErasure : public LedgerStoreTest {
 protected:
  LedgerStore::ContactErasure Erase(std::vector<std::string> contact, const base::Owner& owner = kRosa) {
    const auto erased = store_->EraseContact(owner, contact, clock_.Now());
    EXPECT_TRUE(erased.ok()) << erased.status();
    return erased.value_or(LedgerStore::ContactErasure());
  }

  Verification Verify() {
    return ledger_->Verify(kRosa, {}, 1, 0, "", [] { return false; }).value();
  }

  v1::Interaction EntryAt(std::int64_t sequence) { return ledger_->GetBySequence(kRosa, {}, sequence).value(); }

  std::vector<v1::Interaction> Listed(const std::string& contact) {
    EntryQuery query;
    query.contact_ids = {contact};
    query.include_corrected = true;
    return ledger_->List(kRosa, {}, query).value().entries;
  }

  // Puts what `statement` says in the place of the ledger's own, as somebody with the database could.
  void Tamper(const std::string& statement) {
    const std::string owner = store_->sealer().OwnerHash(kRosa);
    ASSERT_TRUE(store_->database()
                    .Write(owner,
                           [&](sql::Connection& connection) {
                             connection.Prepare(statement).Bind(sql::Blob{owner}).Run();
                             return absl::OkStatus();
                           })
                    .ok());
  }
};

TEST_P(LedgerStoreErasure, AContactGoesFromEveryEntryAndTheChainStillVerifies) {
  NewEntry both = Talk(kAnn, "with Ann and Bob", kNoon, "request");
  both.content.add_contact_ids(kBob);
  ASSERT_TRUE(Append(both).ok());
  ASSERT_TRUE(Append(Talk(kBob, "with Bob")).ok());
  NewEntry introduced = Talk(kBob, "met Ann there");
  v1::Benefit& benefit = *introduced.content.add_benefits();
  benefit.set_direction(v1::BENEFIT_DIRECTION_RECEIVED);
  benefit.set_kind(v1::BENEFIT_KIND_INTRODUCTION);
  benefit.set_introduced_contact_id(kAnn);
  ASSERT_TRUE(Append(introduced).ok());
  ASSERT_TRUE(ledger_->Correct(kRosa, 1, Talk(kAnn, "with Ann alone").content, "", absl::InfiniteFuture()).ok());
  const v1::Tie bob = TieOf(kBob);
  const std::int64_t revision = *ledger_->Revision(kRosa, {});

  const auto erased = Erase({kAnn});
  EXPECT_EQ(erased.entries, 3);
  EXPECT_EQ(erased.revision, revision + 1);
  const Verification verification = Verify();
  EXPECT_TRUE(verification.verified) << verification.problem;
  EXPECT_EQ(verification.head_sequence, 5);
  EXPECT_EQ(EntryAt(5).kind(), v1::INTERACTION_KIND_ERASURE);
  EXPECT_THAT(EntryAt(5).erases(), ElementsAre(1, 3, 4));
  EXPECT_THAT(EntryAt(1).contact_ids(), ElementsAre("", kBob));
  EXPECT_EQ(EntryAt(1).note() + EntryAt(3).note() + EntryAt(4).note(), "");
  EXPECT_EQ(EntryAt(2).note(), "with Bob");
  EXPECT_THAT(Listed(kAnn), IsEmpty());
  EXPECT_THAT(Listed(kBob), SizeIs(3));
  EXPECT_EQ(TieOf(kAnn).entries(), 0);
  EXPECT_EQ(TieOf(kBob).SerializeAsString(), bob.SerializeAsString());
  // The request took effect, whatever it said.
  EXPECT_TRUE(Append(both)->repeated[0]);
}

TEST_P(LedgerStoreErasure, ASecondTimeChangesNothing) {
  ASSERT_TRUE(Append(Talk(kAnn, "note")).ok());
  const auto first = Erase({kAnn});
  const auto second = Erase({kAnn});
  EXPECT_EQ(second.entries, 0);
  EXPECT_EQ(second.revision, first.revision);
  EXPECT_EQ(Verify().head_sequence, 2);
}

TEST_P(LedgerStoreErasure, AllIdsOfAContactGoTogether) {
  ASSERT_TRUE(Append(Talk(kAnn, "note")).ok());
  ASSERT_TRUE(Append(Talk(kBob, "note")).ok());
  ASSERT_TRUE(Append(Talk(kCid, "note")).ok());
  EXPECT_EQ(Erase({kAnn, kBob}).entries, 2);
  EXPECT_EQ(EntryAt(3).note(), "note");
}

TEST_P(LedgerStoreErasure, AnotherOwnersEntriesStay) {
  ASSERT_TRUE(Append(Talk(kAnn, "stays"), kTom).ok());
  EXPECT_EQ(Erase({kAnn}).entries, 0);
  EXPECT_EQ(ledger_->GetBySequence(kTom, {}, 1)->note(), "stays");
}

TEST_P(LedgerStoreErasure, ManyEntriesGoInStepsEachOfWhichSaysSo) {
  std::vector<NewEntry> entries;
  for (int i = 0; i < 450; ++i) entries.push_back(Talk(i % 9 == 0 ? kBob : kAnn, "note", kNoon - absl::Hours(i)));
  ASSERT_TRUE(ledger_->AppendAndWait(kRosa, std::move(entries)).ok());
  EXPECT_EQ(Erase({kAnn}).entries, 400);
  const Verification verification = Verify();
  EXPECT_TRUE(verification.verified) << verification.problem;
  EXPECT_EQ(verification.head_sequence, 452);
  EXPECT_THAT(Listed(kAnn), IsEmpty());
  Reopen();
  EXPECT_TRUE(Verify().verified);
}

TEST_P(LedgerStoreErasure, WhatIsAppendedMeanwhileIsErasedOrWhole) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Append(Talk(kAnn, "note")).ok());
  std::thread writer([this] {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(Append(Talk(i % 2 == 0 ? kAnn : kBob, "later")).ok());
  });
  Erase({kAnn});
  writer.join();
  const Verification verification = Verify();
  EXPECT_TRUE(verification.verified) << verification.problem;
  Erase({kAnn});
  EXPECT_TRUE(Verify().verified);
  EXPECT_THAT(Listed(kAnn), IsEmpty());
  EXPECT_EQ(TieOf(kBob).entries(), 50);
}

TEST_P(LedgerStoreErasure, WhatIsMadeOfAnEventBringsNobodyBack) {
  EXPECT_EQ(Erase({kAnn}).revision, 1) << "an append that is under way must see it";
  const auto of_event = [](const std::string& contact) {
    NewEntry entry = Talk(contact, "note");
    entry.event.emplace().record.uid = "uid";
    return entry;
  };
  std::vector<NewEntry> entries(5, of_event(kBob));
  entries[0].content.add_contact_ids(kAnn);
  entries[1].event->record.attendees["ann@example.com"] = kAnn;
  entries[2].event->record.imported.add_contact_ids(kAnn);
  entries[3].event->moved_from.emplace().imported.add_contact_ids(kAnn);
  entries[4].event->former_contacts.insert(kAnn);
  for (const NewEntry& entry : entries) EXPECT_EQ(Append(entry).status().code(), absl::StatusCode::kAborted);
  EXPECT_TRUE(Append(of_event(kBob)).ok());
  EXPECT_TRUE(Append(Talk(kAnn, "the caller's own word")).ok());
}

TEST_P(LedgerStoreErasure, WhatIsMadeOfEventsMeanwhileIsErasedOrRefused) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Append(Talk(kAnn, "note")).ok());
  std::thread writer([this] {
    for (int i = 0; i < 100; ++i) {
      NewEntry entry = Talk(kAnn, "later");
      entry.event.emplace().record.uid = absl::StrCat("event ", i);
      const absl::Status status = Append(entry).status();
      EXPECT_TRUE(status.ok() || absl::IsAborted(status)) << status;
    }
  });
  Erase({kAnn});
  writer.join();
  EXPECT_TRUE(Verify().verified);
  EXPECT_THAT(Listed(kAnn), IsEmpty());
}

TEST_P(LedgerStoreErasure, AnEntryThatIsYetToComeLosesWhoWasErased) {
  NewEntry soon = Talk(kAnn, "soon", kNoon + absl::Hours(2));
  soon.content.add_contact_ids(kBob);
  ASSERT_TRUE(Append(soon).ok());
  Erase({kAnn});
  clock_.Advance(absl::Hours(3));
  EXPECT_EQ(TieOf(kBob).entries(), 1);
  ASSERT_TRUE(Append(Talk(kCid, "other")).ok());
  EXPECT_EQ(TieOf(kBob).entries(), 1);
  EXPECT_EQ(TieOf(kAnn).entries(), 0);
}

TEST_P(LedgerStoreErasure, APromiseOfAnErasedTalkIsKeptNoMoreAndCanStillBeClosed) {
  NewEntry making = Talk(kAnn, "lunch");
  v1::Promise& promise = *making.content.add_promises();
  promise.set_id("p");
  promise.set_text("send the book");
  ASSERT_TRUE(Append(making).ok());
  Erase({kAnn});
  EXPECT_THAT(*ledger_->Promises(kRosa, {}, "", true), IsEmpty());
  NewEntry closing = Talk(kBob, "sent");
  closing.content.add_closes_promises("p");
  EXPECT_TRUE(Append(closing).ok());
}

TEST_P(LedgerStoreErasure, PlansLoseWhoWasErasedOrGo) {
  const auto plan = [](std::vector<std::string> contacts, const std::string& recurrence) {
    v1::Plan result;
    for (const std::string& id : contacts) result.add_contact_ids(id);
    result.set_event_uid("e");
    result.set_recurrence_id(recurrence);
    result.set_title("with Ann");
    *result.mutable_start_time() = base::ToProto(kNoon + absl::Hours(1));
    return result;
  };
  const LedgerStore::EventPlans events[] = {{.uid = "e", .plans = {plan({kAnn}, "1"), plan({kAnn, kBob}, "2")}}};
  const std::int64_t revision = store_->ReplacePlans(kRosa, events, kNoon).value();
  EXPECT_EQ(Erase({kAnn}).revision, revision + 1);
  const auto plans = ledger_->Plans(kRosa, {}, kNoon, absl::InfiniteFuture(), "").value();
  ASSERT_THAT(plans, SizeIs(1));
  EXPECT_THAT(plans[0].contact_ids(), ElementsAre(kBob));
  EXPECT_EQ(plans[0].title(), "");
}

TEST_P(LedgerStoreErasure, WhatImportsKeepOfEventsLosesWhoWasErased) {
  EventRecord before;
  before.imported.add_contact_ids(kAnn);
  before.imported.add_contact_ids(kBob);
  before.imported.set_note("with Ann");
  before.attendees = {{"ann@example.com", kAnn}, {"bob@example.com", kBob}};
  EventRecord other;
  other.imported.add_contact_ids(kBob);
  other.imported.set_note("with Bob");
  ImportPart what;
  what.entries.push_back({.id = kCid, .uid = "e", .recurrence_id = "1", .before = before});
  what.entries.push_back({.id = kCid, .uid = "e", .recurrence_id = "2", .before = other});
  const std::string id = ledger_->NewId();
  for (std::int64_t part = 0; part < 45; ++part) ASSERT_TRUE(store_->KeepImport(kRosa, id, kNoon, part, what).ok());
  Erase({kAnn});
  const auto read = ledger_->Read(kRosa, {}, [&](LedgerReader& reader) {
    for (std::int64_t part = 0; part < 45; ++part) {
      const auto kept = reader.PartOfImport(id, part).value();
      EXPECT_THAT(kept->entries[0].before->imported.contact_ids(), ElementsAre(kBob));
      EXPECT_THAT(kept->entries[0].before->attendees, SizeIs(1));
      EXPECT_EQ(kept->entries[0].before->imported.note(), "");
      EXPECT_TRUE(kept->entries[0].before->text_erased);
      EXPECT_EQ(kept->entries[1].before->imported.note(), "with Bob");
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
}

TEST_P(LedgerStoreErasure, AnImportThatKeepsLateWhatStoodBeforeKeepsNothingOfWhomWasErased) {
  EventRecord before;
  before.imported.add_contact_ids(kAnn);
  before.imported.add_contact_ids(kBob);
  before.imported.set_note("with Ann");
  before.attendees = {{"ann@example.com", kAnn}, {"bob@example.com", kBob}};
  ImportPart what;
  what.entries.push_back({.id = kCid, .uid = "e", .recurrence_id = "1", .before = before});
  Erase({kAnn});
  const std::string id = ledger_->NewId();
  ASSERT_TRUE(store_->KeepImport(kRosa, id, kNoon, 0, what).ok());
  const auto read = ledger_->Read(kRosa, {}, [&](LedgerReader& reader) {
    const auto kept = reader.PartOfImport(id, 0).value();
    EXPECT_THAT(kept->entries[0].before->imported.contact_ids(), ElementsAre(kBob));
    EXPECT_THAT(kept->entries[0].before->attendees, SizeIs(1));
    EXPECT_EQ(kept->entries[0].before->imported.note(), "");
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
}

TEST_P(LedgerStoreErasure, AnErasedOwnersContactsCannotBeErased) {
  ASSERT_TRUE(Append(Talk(kAnn, "note")).ok());
  ASSERT_TRUE(store_->EraseOwner(kRosa).ok());
  const std::string contact = kAnn;
  EXPECT_EQ(base::ReasonOf(store_->EraseContact(kRosa, {&contact, 1}, kNoon).status()),
            common::v1::ERROR_REASON_OWNER_ERASED);
}

TEST_P(LedgerStoreErasure, WhatARestoreBroughtBackIsErasedAgainWhenTheStoreOpens) {
  // Noted in the list, as if the storage were older: an erasure of another storage's life.
  ASSERT_TRUE(Append(Talk(kAnn, "note")).ok());
  ASSERT_TRUE(Append(Talk(kBob, "note")).ok());
  ASSERT_TRUE(Append(Talk(kAnn, "note"), kTom).ok());
  const std::string rosa = store_->sealer().OwnerHash(kRosa);
  const std::string tom = store_->sealer().OwnerHash(kTom);
  seal::ErasureList* list = keys_.keys().erasures;
  ASSERT_TRUE(list->Add({.owner_hash = rosa, .contact_ids = {kAnn}}).ok());
  ASSERT_TRUE(list->Add({.owner_hash = tom, .contact_ids = {}}).ok());
  ASSERT_TRUE(list->Add({.owner_hash = std::string(16, 'x'), .contact_ids = {}}).ok());
  for (int i = 0; i < 2; ++i) {
    Reopen();
    EXPECT_TRUE(Verify().verified);
    EXPECT_EQ(Verify().head_sequence, 3) << "erased once";
    EXPECT_THAT(Listed(kAnn), IsEmpty());
    EXPECT_EQ(EntryAt(2).note(), "note");
    EXPECT_EQ(ledger_->GetBySequence(kTom, {}, 1).status().code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(base::ReasonOf(Append(Talk(kAnn, "again"), kTom).status()), common::v1::ERROR_REASON_OWNER_ERASED);
  }
}

TEST_P(LedgerStoreErasure, AHeadThatSomebodyElseWroteIsFoundAndNotGoneOnWith) {
  ASSERT_TRUE(Append(Talk(kAnn, "one")).ok());
  ASSERT_TRUE(Append(Talk(kAnn, "two")).ok());
  // The chain without its last entry holds, for whoever has the database and no key.
  Tamper("DELETE FROM entries WHERE owner = ? AND sequence = 2");
  Tamper(
      "UPDATE ledgers SET head_sequence = 1, head_hash = (SELECT e.hash FROM entries e WHERE e.owner = ledgers.owner) "
      "WHERE owner = ?");
  if (!GetParam().sealed) {
    EXPECT_TRUE(Verify().verified) << "without keys only a head that was kept elsewhere shows it";
    return;
  }
  const Verification verification = Verify();
  EXPECT_FALSE(verification.verified);
  EXPECT_THAT(verification.problem, HasSubstr("head"));
  EXPECT_EQ(Append(Talk(kAnn, "three")).status().code(), absl::StatusCode::kDataLoss);
}

COUNCIL_FOR_ALL_LEDGER_STORES(LedgerStoreErasure);

}  // namespace
}  // namespace council::ledger
