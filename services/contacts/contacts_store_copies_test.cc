// What several copies of the service on one storage must not do to each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/contacts/contacts_store_under_test.h"

namespace council::contacts {
namespace {

using ContactsCopiesTest = ContactsStoreTest;

TEST_P(ContactsCopiesTest, WritersOfOneOwnerInTwoCopiesLoseNoRevision) {
  constexpr int kWrites = 25;
  const auto first = NewContact("first");
  const auto copy = under_test_->Copy();
  std::vector<std::set<int64_t>> seen(4);
  std::vector<std::thread> writers;
  for (size_t i = 0; i < seen.size(); ++i) {
    writers.emplace_back([&, i] {
      base::SeededRandom random(i);
      for (int n = 0; n < kWrites; ++n) {
        storage::v1::StoredContact contact = first;
        contact.mutable_contact()->set_id(base::NewUuid(absl::FromUnixSeconds(1'700'000'000), random));
        ContactsStore& chosen = i % 2 == 0 ? store() : copy->store();
        const auto revision =
            chosen.Write(anna_, [&](ContactsTransaction& transaction) { return transaction.PutContact(contact); });
        ASSERT_TRUE(revision.ok()) << revision.status();
        seen[i].insert(*revision);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  std::set<int64_t> all;
  for (const auto& revisions : seen) all.insert(revisions.begin(), revisions.end());
  EXPECT_EQ(all.size(), seen.size() * kWrites);
  EXPECT_EQ(*all.rbegin(), static_cast<int64_t>(seen.size()) * kWrites);
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_EQ(snapshot.contact_count(), static_cast<int64_t>(seen.size()) * kWrites);
    EXPECT_EQ(snapshot.AllContacts()->size(), seen.size() * kWrites);
  });
}

TEST_P(ContactsCopiesTest, WhoFollowsTheChangesMissesNoneWhileTwoCopiesWrite) {
  constexpr size_t kContacts = 60;
  const auto copy = under_test_->Copy();
  std::vector<std::thread> writers;
  for (size_t i = 0; i < 2; ++i) {
    writers.emplace_back([&, i] {
      base::SeededRandom random(i);
      for (size_t n = 0; n < kContacts / 2; ++n) {
        storage::v1::StoredContact contact;
        contact.mutable_contact()->set_id(base::NewUuid(absl::FromUnixSeconds(1'700'000'000), random));
        ContactsStore& chosen = i == 0 ? store() : copy->store();
        const auto revision =
            chosen.Write(anna_, [&](ContactsTransaction& transaction) { return transaction.PutContact(contact); });
        ASSERT_TRUE(revision.ok()) << revision.status();
      }
    });
  }
  std::set<std::string> seen;
  ChangePlace place;
  while (seen.size() < kContacts && !HasFailure()) {
    Read(anna_, [&](ContactsSnapshot& snapshot) {
      const auto page = snapshot.ChangesAfter(place, 7).value();
      for (const ContactChange& change : page) {
        EXPECT_EQ(change.revision, place.revision + 1);
        EXPECT_TRUE(seen.insert(change.id).second);
        place = {.revision = change.revision, .contact_id = change.id};
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
}

TEST_P(ContactsCopiesTest, NothingIsWrittenBehindAnErasureByAnotherCopy) {
  const auto copy = under_test_->Copy();
  std::thread writer([&] {
    base::SeededRandom random(5);
    for (bool erased = false; !erased;) {
      storage::v1::StoredContact contact;
      contact.mutable_contact()->set_id(base::NewUuid(absl::FromUnixSeconds(1'700'000'000), random));
      const auto revision =
          copy->store().Write(anna_, [&](ContactsTransaction& transaction) { return transaction.PutContact(contact); });
      erased = !revision.ok();
      EXPECT_TRUE(revision.ok() || base::ReasonOf(revision.status()) == common::v1::ERROR_REASON_OWNER_ERASED)
          << revision.status();
    }
  });
  while (store().Revisions({&anna_, 1}, absl::InfiniteFuture()).value()[0] < 5) std::this_thread::yield();
  EXPECT_TRUE(store().EraseOwner(anna_).ok());
  writer.join();
  Read(anna_, [](ContactsSnapshot& snapshot) {
    EXPECT_TRUE(snapshot.erased());
    EXPECT_TRUE(snapshot.AllContacts()->empty());
  });
}

TEST_P(ContactsCopiesTest, CopiesThatCountReadsOfTheSameOwnersSumThem) {
  constexpr int kRounds = 10;
  const auto copy = under_test_->Copy();
  std::vector<base::Owner> owners;
  for (int i = 0; i < 20; ++i) owners.push_back({"acme", "owner " + std::to_string(i)});
  audit::storage::v1::StoredAccess read;
  read.set_method("GetContact");
  read.set_calls(1);
  *read.mutable_time() = base::ToProto(absl::FromUnixSeconds(1'700'000'000));
  const auto count = [&](ContactsStore& store) {
    for (int i = 0; i < kRounds; ++i) {
      for (const base::Owner& owner : owners) {
        EXPECT_TRUE(store.AddAccesses(owner, {&read, 1}, absl::InfinitePast()).ok());
      }
    }
  };
  std::thread other([&] { count(copy->store()); });
  count(store());
  other.join();
  for (const base::Owner& owner : owners) {
    std::string position;
    const auto accesses = store().ListAccesses(owner, 10, position, absl::InfiniteFuture()).value();
    ASSERT_EQ(accesses.size(), 1u);
    EXPECT_EQ(accesses[0].calls(), 2 * kRounds);
  }
}

COUNCIL_FOR_ALL_CONTACTS_STORES(ContactsCopiesTest);

}  // namespace
}  // namespace council::contacts
