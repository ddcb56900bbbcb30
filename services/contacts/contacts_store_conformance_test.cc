// What every ContactsStore must do.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/contacts/contacts_store_under_test.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_P(ContactsStoreTest, AContactIsReadBackWithItsRevisionAsEtagAlsoAfterReopening) {
  const auto contact = NewContact("Rosa");
  EXPECT_EQ(Put(anna_, contact), 1);
  under_test_->Reopen();
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_EQ(snapshot.revision(), 1);
    EXPECT_EQ(snapshot.contact_count(), 1);
    auto read = snapshot.GetContact(contact.contact().id()).value();
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->contact().etag(), "1");
    read->mutable_contact()->clear_etag();
    read->clear_version();
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*read, contact));
    EXPECT_THAT(*snapshot.AllContacts(), SizeIs(1));
  });
}

TEST_P(ContactsStoreTest, OneOwnerNeverSeesAnothers) {
  const auto contact = NewContact("Rosa", "uid-1");
  Put(anna_, contact);
  const base::Owner lookalike{"acme/anna", ""};
  for (const base::Owner& other : {tom_, lookalike}) {
    Read(other, [&](ContactsSnapshot& snapshot) {
      EXPECT_EQ(snapshot.revision(), 0);
      EXPECT_EQ(snapshot.contact_count(), 0);
      EXPECT_FALSE(snapshot.GetContact(contact.contact().id())->has_value());
      EXPECT_FALSE(snapshot.FindByVcardUid("uid-1")->has_value());
      EXPECT_THAT(*snapshot.AllContacts(), IsEmpty());
    });
  }
}

TEST_P(ContactsStoreTest, EachTransactionThatChangesSomethingRaisesTheRevisionByOne) {
  EXPECT_EQ(Put(anna_, NewContact("A")), 1);
  EXPECT_EQ(Write(anna_,
                  [this](ContactsTransaction& transaction) -> absl::Status {
                    EXPECT_EQ(transaction.next_revision(), 2);
                    COUNCIL_RETURN_IF_ERROR(transaction.PutContact(NewContact("B")));
                    return transaction.PutContact(NewContact("C"));
                  }),
            2);
  EXPECT_EQ(Write(anna_, [](ContactsTransaction&) { return absl::OkStatus(); }), 2) << "nothing changed";
  EXPECT_EQ(Put(tom_, NewContact("D")), 1) << "owners count for themselves";
}

TEST_P(ContactsStoreTest, AFailedTransactionLeavesNothing) {
  const auto contact = NewContact("A", "uid");
  const auto failed = store().Write(anna_, [&](ContactsTransaction& transaction) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(transaction.PutContact(contact));
    return absl::AbortedError("no");
  });
  EXPECT_EQ(failed.status().code(), absl::StatusCode::kAborted);
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_EQ(snapshot.revision(), 0);
    EXPECT_FALSE(snapshot.GetContact(contact.contact().id())->has_value());
    EXPECT_FALSE(snapshot.FindByVcardUid("uid")->has_value());
  });
  EXPECT_THAT(*under_test_->outbox().Read(10), IsEmpty());
}

TEST_P(ContactsStoreTest, TheOutboxHoldsTheNewestRevisionOfEachOwner) {
  Put(anna_, NewContact("A"));
  Put(anna_, NewContact("B"));
  Put(tom_, NewContact("C"));
  std::vector<int64_t> revisions;
  const auto rows = under_test_->outbox().Read(10);
  for (const base::OutboxRow& row : *rows) revisions.push_back(row.revision);
  EXPECT_THAT(revisions, UnorderedElementsAre(2, 1));
}

TEST_P(ContactsStoreTest, AVcardUidBelongsToOneContact) {
  auto first = NewContact("A", "uid");
  Put(anna_, first);
  const auto second = NewContact("B", "uid");
  const auto clash =
      store().Write(anna_, [&](ContactsTransaction& transaction) { return transaction.PutContact(second); });
  EXPECT_EQ(base::ReasonOf(clash.status()), common::v1::ERROR_REASON_CONTACT_EXISTS);

  first.mutable_contact()->set_vcard_uid("other");
  first.add_merged_vcard_uids("merged");
  Put(anna_, first);
  Put(anna_, second);
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_EQ(snapshot.FindByVcardUid("uid").value(), second.contact().id());
    EXPECT_EQ(snapshot.FindByVcardUid("other").value(), first.contact().id());
    EXPECT_EQ(snapshot.FindByVcardUid("merged").value(), first.contact().id());
  });
}

TEST_P(ContactsStoreTest, FormerIdsLeadToTheContactThatHasThem) {
  auto contact = NewContact("A");
  const std::string former = NewContact("gone").contact().id();
  contact.mutable_contact()->add_former_ids(former);
  Put(anna_, contact);
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_EQ(*snapshot.ResolveId(former), contact.contact().id());
    EXPECT_EQ(*snapshot.ResolveId("not a UUID"), "not a UUID");
  });
}

TEST_P(ContactsStoreTest, DeletingAContactTakesSeatAndAcquaintancesAlong) {
  const auto a = NewContact("A", "uid");
  const auto b = NewContact("B");
  v1::Acquaintance acquaintance;
  acquaintance.set_contact_id(std::min(a.contact().id(), b.contact().id()));
  acquaintance.set_other_contact_id(std::max(a.contact().id(), b.contact().id()));
  storage::v1::StoredSeat seat;
  seat.set_contact_id(a.contact().id());
  Write(anna_, [&](ContactsTransaction& transaction) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(transaction.PutContact(a));
    COUNCIL_RETURN_IF_ERROR(transaction.PutContact(b));
    COUNCIL_RETURN_IF_ERROR(transaction.PutSeat(seat));
    return transaction.SetAcquaintance(acquaintance, true);
  });
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_EQ(snapshot.acquaintance_count(), 1);
    EXPECT_THAT(*snapshot.Acquaintances(b.contact().id()), SizeIs(1));
    EXPECT_THAT(*snapshot.AllSeats(), SizeIs(1));
  });
  Write(anna_, [&](ContactsTransaction& transaction) { return transaction.DeleteContact(a.contact().id()); });
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_EQ(snapshot.contact_count(), 1);
    EXPECT_EQ(snapshot.acquaintance_count(), 0);
    EXPECT_THAT(*snapshot.Acquaintances(std::nullopt), IsEmpty());
    EXPECT_THAT(*snapshot.AllSeats(), IsEmpty());
    EXPECT_FALSE(snapshot.FindByVcardUid("uid")->has_value());
  });
}

TEST_P(ContactsStoreTest, SayingTwiceThatTwoKnowEachOtherChangesNothing) {
  v1::Acquaintance acquaintance;
  acquaintance.set_contact_id(NewContact("A").contact().id());
  acquaintance.set_other_contact_id(NewContact("B").contact().id());
  const auto say = [&](bool acquainted) {
    return Write(
        anna_, [&](ContactsTransaction& transaction) { return transaction.SetAcquaintance(acquaintance, acquainted); });
  };
  EXPECT_EQ(say(true), 1);
  EXPECT_EQ(say(true), 1);
  EXPECT_EQ(say(false), 2);
  EXPECT_EQ(say(false), 2);
}

TEST_P(ContactsStoreTest, SettingsAndRequestsAreReadBack) {
  v1::Settings settings;
  settings.add_own_emails("me@example.com");
  storage::v1::StoredRequest request;
  request.set_digest("digest");
  Write(anna_, [&](ContactsTransaction& transaction) -> absl::Status {
    EXPECT_EQ(transaction.GetSettings()->etag(), "0");
    COUNCIL_RETURN_IF_ERROR(transaction.PutSettings(settings));
    return transaction.PutRequest("id-1", request);
  });
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_EQ(snapshot.GetSettings()->etag(), "1");
    EXPECT_THAT(snapshot.GetSettings()->own_emails(), ElementsAre("me@example.com"));
    EXPECT_EQ(snapshot.FindRequest("id-1")->value().digest(), "digest");
    EXPECT_FALSE(snapshot.FindRequest("id-2")->has_value());
    const auto all = snapshot.AllRequests();
    ASSERT_THAT(*all, SizeIs(1));
    EXPECT_EQ(all->front().digest(), "digest");
  });
  Read(tom_, [&](ContactsSnapshot& snapshot) { EXPECT_FALSE(snapshot.FindRequest("id-1")->has_value()); });
}

audit::storage::v1::StoredAccess Access(const std::string& method, absl::Time time, int calls) {
  audit::storage::v1::StoredAccess access;
  access.set_method(method);
  access.set_client("owner");
  access.set_calls(calls);
  *access.mutable_time() = base::ToProto(time);
  return access;
}

TEST_P(ContactsStoreTest, AccessesAreSummedByTheHourListedNewestFirstAndExpire) {
  const absl::Time noon = absl::FromUnixSeconds(1'700'000'000 / 3600 * 3600);
  const auto add = [&](const audit::storage::v1::StoredAccess& access) {
    EXPECT_TRUE(store().AddAccesses(anna_, {&access, 1}, noon - absl::Hours(24)).ok());
  };
  add(Access("Old", noon - absl::Hours(48), 1));
  add(Access("GetContact", noon, 2));
  add(Access("GetContact", noon, 3));
  add(Access("ListContacts", noon - absl::Hours(1), 1));
  Write(anna_, [&](ContactsTransaction& transaction) {
    return transaction.PutAccess(Access("CreateContact", noon + absl::Minutes(5), 1));
  });
  Read(anna_,
       [&](ContactsSnapshot& snapshot) { EXPECT_EQ(snapshot.revision(), 0) << "a record of accesses is no change"; });
  std::vector<std::string> seen;
  std::string position;
  do {
    const auto page = store().ListAccesses(anna_, 2, position, absl::InfiniteFuture());
    ASSERT_TRUE(page.ok());
    for (const auto& access : *page) seen.push_back(absl::StrCat(access.method(), " ", access.calls()));
  } while (!position.empty());
  EXPECT_THAT(seen, ElementsAre("CreateContact 1", "GetContact 5", "ListContacts 1"));
  EXPECT_THAT(*store().ListAccesses(tom_, 10, position, absl::InfiniteFuture()), IsEmpty());
}

TEST_P(ContactsStoreTest, NothingIsWrittenForAnErasedOwner) {
  const auto contact = NewContact("A", "uid");
  Put(anna_, contact);
  Put(tom_, NewContact("B"));
  EXPECT_EQ(store().EraseOwner(anna_).value(), 2);
  EXPECT_EQ(store().EraseOwner(anna_).value(), 2) << "again changes nothing";
  const auto refused =
      store().Write(anna_, [&](ContactsTransaction& transaction) { return transaction.PutContact(contact); });
  EXPECT_EQ(base::ReasonOf(refused.status()), common::v1::ERROR_REASON_OWNER_ERASED);
  const auto counted = Access("GetContact", absl::FromUnixSeconds(0), 1);
  EXPECT_TRUE(store().AddAccesses(anna_, {&counted, 1}, absl::InfinitePast()).ok());
  under_test_->Reopen();
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_TRUE(snapshot.erased());
    EXPECT_EQ(snapshot.contact_count(), 0);
    EXPECT_THAT(*snapshot.AllContacts(), IsEmpty());
    EXPECT_FALSE(snapshot.FindByVcardUid("uid")->has_value());
  });
  std::string position;
  EXPECT_THAT(*store().ListAccesses(anna_, 10, position, absl::InfiniteFuture()), IsEmpty());
  Read(tom_, [](ContactsSnapshot& snapshot) { EXPECT_EQ(snapshot.contact_count(), 1); });
}

TEST_P(ContactsStoreTest, AnErasedContactLeavesAMarkAndWhatWasAskedAboutThemIsForgotten) {
  const auto erased = NewContact("A", "uid");
  const auto kept = NewContact("B");
  const std::string& id = erased.contact().id();
  Write(anna_, [&](ContactsTransaction& transaction) -> absl::Status {
    for (const auto* contact : {&erased, &kept}) {
      COUNCIL_RETURN_IF_ERROR(transaction.PutContact(*contact));
      storage::v1::StoredRequest request;
      request.set_request_id("about " + contact->contact().display_name());
      request.set_contact_id(contact->contact().id());
      request.set_digest(std::string(32, 'd'));
      COUNCIL_RETURN_IF_ERROR(transaction.PutRequest(request.request_id(), request));
    }
    return absl::OkStatus();
  });
  Write(anna_, [&](ContactsTransaction& transaction) { return transaction.EraseContact({id}); });
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_FALSE(snapshot.GetContact(id)->has_value());
    EXPECT_TRUE(snapshot.GetContact(kept.contact().id())->has_value());
    EXPECT_FALSE(snapshot.FindByVcardUid("uid")->has_value());
    EXPECT_THAT(*snapshot.ErasedIds(), ElementsAre(id));
    EXPECT_EQ((*snapshot.FindRequest("about A"))->digest(), "") << "it could be guessed open";
    EXPECT_EQ((*snapshot.FindRequest("about B"))->digest(), std::string(32, 'd'));
  });
}

TEST_P(ContactsStoreTest, WhatImportsDidIsKeptInPartsAndForgottenWithWhomItIsAbout) {
  const absl::Time time = absl::FromUnixMicros(1'700'000'000'000'001);
  const std::string older = base::NewUuid(time, random_);
  const std::string newer = base::NewUuid(time, random_);
  const auto a = NewContact("A");
  const auto b = NewContact("B");
  storage::v1::StoredImport what;
  for (const auto* contact : {&a, &b}) {
    storage::v1::ImportedContact& imported = *what.add_contacts();
    imported.set_contact_id(contact->contact().id());
    *imported.mutable_before() = *contact;
  }
  Put(anna_, a);
  EXPECT_EQ(Write(anna_,
                  [&](ContactsTransaction& transaction) -> absl::Status {
                    // In place of an empty one.
                    COUNCIL_RETURN_IF_ERROR(transaction.PutImportPart(newer, time + absl::Seconds(1), 0, {}));
                    COUNCIL_RETURN_IF_ERROR(transaction.PutImportPart(newer, time + absl::Seconds(1), 0, what));
                    for (int64_t part = 0; part < 45; ++part) {
                      COUNCIL_RETURN_IF_ERROR(transaction.PutImportPart(older, time, part, what));
                    }
                    return absl::OkStatus();
                  }),
            1)
      << "no change of the owner's data";
  under_test_->Reopen();
  // The names in all parts of an import.
  const auto names = [&](const std::string& import) {
    std::vector<std::string> all;
    Read(anna_, [&](ContactsSnapshot& snapshot) {
      for (int64_t part = 0; part < 45; ++part) {
        const auto read = snapshot.ImportPart(import, part).value();
        for (int i = 0; read.has_value() && i < read->contacts_size(); ++i) {
          all.push_back(read->contacts(i).before().contact().display_name());
        }
      }
    });
    return all;
  };
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    const auto imports = snapshot.Imports().value();
    ASSERT_THAT(imports, SizeIs(2));
    EXPECT_EQ(imports[0].id, newer);
    EXPECT_EQ(imports[0].parts, 1);
    EXPECT_EQ(imports[1].id, older);
    EXPECT_EQ(imports[1].time, time);
    EXPECT_EQ(imports[1].parts, 45);
    EXPECT_FALSE(snapshot.ImportPart(older, 45)->has_value());
  });
  EXPECT_THAT(names(newer), ElementsAre("A", "B"));
  Read(tom_, [&](ContactsSnapshot& snapshot) {
    EXPECT_THAT(*snapshot.Imports(), IsEmpty());
    EXPECT_FALSE(snapshot.ImportPart(older, 0)->has_value());
  });

  Write(anna_, [&](ContactsTransaction& transaction) { return transaction.EraseContact({a.contact().id()}); });
  EXPECT_THAT(names(newer), ElementsAre("B"));
  EXPECT_EQ(names(older), std::vector<std::string>(45, "B"));
  Write(anna_, [&](ContactsTransaction& transaction) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(transaction.DeleteImport(newer));
    return transaction.ForgetInImports({b.contact().id()});
  });
  EXPECT_THAT(names(older), IsEmpty());
  Read(anna_, [](ContactsSnapshot& snapshot) { EXPECT_THAT(*snapshot.Imports(), SizeIs(1)); });
  ASSERT_TRUE(store().EraseOwner(anna_).ok());
  Read(anna_, [](ContactsSnapshot& snapshot) { EXPECT_THAT(*snapshot.Imports(), IsEmpty()); });
}

TEST_P(ContactsStoreTest, WhatARestoreBroughtBackIsErasedAgainWhenTheStoreOpens) {
  const auto contact = NewContact("A");
  Put(anna_, contact);
  Put(anna_, NewContact("B"));
  Put(tom_, NewContact("C"));
  // Noted in the list, as if the storage were older.
  const seal::Sealer& sealer = under_test_->sealer();
  seal::ErasureList* list = under_test_->keys().keys().erasures;
  ASSERT_TRUE(list->Add({.owner_hash = sealer.OwnerHash(anna_), .contact_ids = {contact.contact().id()}}).ok());
  ASSERT_TRUE(list->Add({.owner_hash = sealer.OwnerHash(tom_), .contact_ids = {}}).ok());
  for (int i = 0; i < 2; ++i) {
    under_test_->ReopenWithKeys();
    Read(anna_, [&](ContactsSnapshot& snapshot) {
      EXPECT_EQ(snapshot.contact_count(), 1);
      EXPECT_THAT(*snapshot.ErasedIds(), ElementsAre(contact.contact().id()));
      EXPECT_EQ(snapshot.revision(), 3) << "erased once";
    });
    Read(tom_, [](ContactsSnapshot& snapshot) {
      EXPECT_TRUE(snapshot.erased());
      EXPECT_THAT(*snapshot.AllContacts(), IsEmpty());
    });
  }
}

TEST_P(ContactsStoreTest, ErasedIdsLeadNowhere) {
  const auto contact = NewContact("A");
  const std::string& id = contact.contact().id();
  Put(anna_, contact);
  Write(anna_, [&](ContactsTransaction& transaction) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(transaction.DeleteContact(id));
    return transaction.MarkErased(id);
  });
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_EQ(*snapshot.ResolveId(id), id);
    EXPECT_FALSE(snapshot.GetContact(id)->has_value());
    EXPECT_THAT(*snapshot.ErasedIds(), ElementsAre(id));
  });
  Read(tom_, [](ContactsSnapshot& snapshot) { EXPECT_THAT(*snapshot.ErasedIds(), IsEmpty()); });
}

TEST_P(ContactsStoreTest, ChangesComeInOrderOfRevisionsEachContactOnceAsItIsAndGoneOnesToo) {
  const auto a = NewContact("A");
  const auto b = NewContact("B");
  const auto c = NewContact("C");
  const auto text_of = [&](const ContactChange& change) {
    const std::string name = change.id == a.contact().id() ? "A" : change.id == b.contact().id() ? "B" : "C";
    EXPECT_TRUE(!change.contact.has_value() || change.contact->etag() == absl::StrCat(change.revision));
    return absl::StrCat(change.contact.has_value() ? "" : "-", name, change.revision);
  };
  // All behind `place`, by pages of `limit`.
  const auto changes = [&](ChangePlace place, size_t limit) {
    std::vector<std::string> seen;
    Read(anna_, [&](ContactsSnapshot& snapshot) {
      for (bool more = true; more;) {
        const auto page = snapshot.ChangesAfter(place, limit).value();
        more = page.size() == limit;
        for (const ContactChange& change : page) {
          place = {.revision = change.revision, .contact_id = change.id};
          seen.push_back(text_of(change));
        }
      }
    });
    return seen;
  };
  Write(anna_, [&](ContactsTransaction& transaction) -> absl::Status {  // 1
    COUNCIL_RETURN_IF_ERROR(transaction.PutContact(a));
    COUNCIL_RETURN_IF_ERROR(transaction.PutContact(b));
    return transaction.PutContact(c);
  });
  const std::vector<std::string> at_first = changes({}, 10);
  EXPECT_THAT(at_first, UnorderedElementsAre("A1", "B1", "C1"));
  EXPECT_EQ(changes({}, 1), at_first);
  EXPECT_THAT(changes({.revision = 1, .contact_id = ""}, 10), IsEmpty());
  Put(anna_, b);                                                                                                // 2
  Write(anna_, [&](ContactsTransaction& transaction) { return transaction.DeleteContact(a.contact().id()); });  // 3
  Put(tom_, NewContact("D"));
  EXPECT_THAT(changes({}, 10), ElementsAre("C1", "B2", "-A3"));
  EXPECT_THAT(changes({.revision = 1, .contact_id = ""}, 1), ElementsAre("B2", "-A3"));
  Put(anna_, a);  // 4: the same id again, as an import of a state may bring it
  EXPECT_THAT(changes({}, 2), ElementsAre("C1", "B2", "A4"));
  ASSERT_TRUE(store().EraseOwner(anna_).ok());
  EXPECT_THAT(changes({}, 10), IsEmpty());
}

TEST_P(ContactsStoreTest, RevisionsOfManyOwnersComeTogether) {
  std::vector<base::Owner> owners;
  for (int i = 0; i < 200; ++i) owners.push_back({"acme", absl::StrCat("owner ", i)});
  Put(owners[3], NewContact("A"));
  Put(owners[3], NewContact("B"));
  Put(owners[199], NewContact("C"));
  std::vector<int64_t> expected(owners.size());
  expected[3] = 2;
  expected[199] = 1;
  EXPECT_EQ(store().Revisions(owners, absl::Now() + absl::Seconds(10)).value(), expected);
  EXPECT_THAT(store().Revisions({}, absl::Now() + absl::Seconds(10)).value(), IsEmpty());
}

COUNCIL_FOR_ALL_CONTACTS_STORES(ContactsStoreTest);

}  // namespace
}  // namespace council::contacts
