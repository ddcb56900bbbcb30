// What every ContactsStore must do. A new engine joins by its name in INSTANTIATE_TEST_SUITE_P.

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"
#include "libs/seal/sealer.h"
#include "libs/sql/outbox.h"
#include "libs/sql/storage_identity.h"
#include "services/contacts/contacts_store.h"
#include "services/contacts/migrations.h"
#include "services/contacts/sql_contacts_store.h"
#include "tests/support/test_storage.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A store in a storage of its own, that can be closed and opened again.
class StoreUnderTest {
 public:
  explicit StoreUnderTest(const test::TestEngine& engine) : StoreUnderTest(engine.make(StorageSchema())) {}

  // Another copy of the service, on the same storage.
  std::unique_ptr<StoreUnderTest> Copy() const { return std::unique_ptr<StoreUnderTest>(new StoreUnderTest(storage_)); }

  ContactsStore& store() { return *store_; }
  base::Outbox& outbox() { return *outbox_; }
  sql::Database& database() { return *database_; }

  void Reopen() {
    store_.reset();
    outbox_.reset();
    database_.reset();
    auto database = sql::OpenDatabase(storage_->url(), StorageSchema());
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    const auto identity = sql::StorageIdentity::LoadOrCreate(*database_, random_);
    ASSERT_TRUE(identity.ok()) << identity.status();
    sealer_ = std::make_unique<seal::Sealer>(identity->owner_key, std::string(32, 's'));
    store_ = std::make_unique<SqlContactsStore>(*database_, *sealer_, identity->lineage);
    outbox_ = std::make_unique<sql::StorageOutbox>(*database_);
  }

 private:
  explicit StoreUnderTest(std::shared_ptr<test::TestStorage> storage) : storage_(std::move(storage)) { Reopen(); }

  const std::shared_ptr<test::TestStorage> storage_;
  base::SeededRandom random_{1};
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<seal::Sealer> sealer_;
  std::unique_ptr<SqlContactsStore> store_;
  std::unique_ptr<sql::StorageOutbox> outbox_;
};

class ContactsStoreTest : public ::testing::TestWithParam<test::TestEngine> {
 protected:
  ContactsStore& store() { return under_test_->store(); }

  storage::v1::StoredContact NewContact(const std::string& name, const std::string& uid = "") {
    storage::v1::StoredContact stored;
    stored.mutable_contact()->set_id(base::NewUuid(absl::FromUnixSeconds(1'700'000'000), random_));
    stored.mutable_contact()->set_display_name(name);
    stored.mutable_contact()->set_vcard_uid(uid);
    return stored;
  }

  int64_t Write(const base::Owner& owner, const std::function<absl::Status(ContactsTransaction&)>& work) {
    const auto revision = store().Write(owner, work);
    EXPECT_TRUE(revision.ok()) << revision.status();
    return revision.value_or(-1);
  }

  void Read(const base::Owner& owner, const std::function<void(ContactsSnapshot&)>& work) {
    const absl::Status status =
        store().Read(owner, absl::Now() + absl::Seconds(10), [&work](ContactsSnapshot& snapshot) {
          work(snapshot);
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
  }

  int64_t Put(const base::Owner& owner, const storage::v1::StoredContact& contact) {
    return Write(owner, [&contact](ContactsTransaction& transaction) { return transaction.PutContact(contact); });
  }

  const base::Owner anna_{"acme", "anna"};
  const base::Owner tom_{"acme", "tom"};
  base::SeededRandom random_{7};
  const std::unique_ptr<StoreUnderTest> under_test_ = std::make_unique<StoreUnderTest>(GetParam());
};

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
  EXPECT_THAT(revisions, ::testing::UnorderedElementsAre(2, 1));
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

storage::v1::StoredAccess Access(const std::string& method, absl::Time time, int calls) {
  storage::v1::StoredAccess access;
  access.set_method(method);
  access.set_client("owner");
  access.set_calls(calls);
  *access.mutable_time() = base::ToProto(time);
  return access;
}

TEST_P(ContactsStoreTest, AccessesAreSummedByTheHourListedNewestFirstAndExpire) {
  const absl::Time noon = absl::FromUnixSeconds(1'700'000'000 / 3600 * 3600);
  const auto add = [&](const storage::v1::StoredAccess& access) {
    const ReadCount read{anna_, access};
    EXPECT_TRUE(store().AddReads({&read, 1}, noon - absl::Hours(24)).ok());
  };
  add(Access("Old", noon - absl::Hours(48), 1));
  add(Access("GetContact", noon, 2));
  add(Access("GetContact", noon, 3));
  add(Access("ListContacts", noon - absl::Hours(1), 1));
  Write(anna_, [&](ContactsTransaction& transaction) {
    return transaction.PutAccess(Access("CreateContact", noon + absl::Minutes(5), 1));
  });
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_EQ(snapshot.revision(), 0) << "a record of accesses is no change";
    std::vector<std::string> seen;
    std::string position;
    do {
      const auto page = snapshot.Accesses(2, position);
      ASSERT_TRUE(page.ok());
      for (const auto& access : *page) seen.push_back(absl::StrCat(access.method(), " ", access.calls()));
    } while (!position.empty());
    EXPECT_THAT(seen, ElementsAre("CreateContact 1", "GetContact 5", "ListContacts 1"));
  });
  Read(tom_, [&](ContactsSnapshot& snapshot) {
    std::string position;
    EXPECT_THAT(*snapshot.Accesses(10, position), IsEmpty());
  });
}

TEST_P(ContactsStoreTest, NothingIsWrittenForAnErasedOwner) {
  const auto contact = NewContact("A", "uid");
  Put(anna_, contact);
  Put(tom_, NewContact("B"));
  EXPECT_EQ(Write(anna_, [](ContactsTransaction& transaction) { return transaction.EraseOwner(); }), 2);
  const auto refused =
      store().Write(anna_, [&](ContactsTransaction& transaction) { return transaction.PutContact(contact); });
  EXPECT_EQ(base::ReasonOf(refused.status()), common::v1::ERROR_REASON_OWNER_ERASED);
  const ReadCount read{anna_, Access("GetContact", absl::FromUnixSeconds(0), 1)};
  EXPECT_TRUE(store().AddReads({&read, 1}, absl::InfinitePast()).ok());
  under_test_->Reopen();
  Read(anna_, [&](ContactsSnapshot& snapshot) {
    EXPECT_TRUE(snapshot.erased());
    EXPECT_EQ(snapshot.contact_count(), 0);
    EXPECT_THAT(*snapshot.AllContacts(), IsEmpty());
    EXPECT_FALSE(snapshot.FindByVcardUid("uid")->has_value());
    std::string position;
    EXPECT_THAT(*snapshot.Accesses(10, position), IsEmpty());
  });
  Read(tom_, [](ContactsSnapshot& snapshot) { EXPECT_EQ(snapshot.contact_count(), 1); });
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

// What a storage shows to whoever holds the machine.
TEST_P(ContactsStoreTest, NothingPersonalStandsInClear) {
  const std::set<std::string> in_clear = {
      "owner",    "tenant",       "revision",  "contacts",         "acquaintances", "erased",  // counts
      "id",       "contact_id",   "former_id", "other_contact_id",                             // random
      "uid_hash", "request_hash", "time",      "cache_tag",  // HMACs, times of writing
      "lineage",  "owner_key",    "token_key",               // of the storage itself
      "number",   "name",         "checksum"};               // of the schema
  const absl::Status read = under_test_->database().Read(
      sql::Owners::None(), absl::Now() + absl::Seconds(10), [&](sql::Connection& connection) {
        sql::Statement columns = connection.Prepare(
            connection.engine() == sql::Engine::kPostgres
                ? "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'contacts'"
                : "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'");
        int count = 0;
        for (; columns.Step(); ++count) {
          const std::string column(columns.GetText(1));
          EXPECT_TRUE(column == "sealed" || in_clear.contains(column)) << columns.GetText(0) << "." << column;
        }
        EXPECT_GT(count, 30);
        return absl::OkStatus();
      });
  EXPECT_TRUE(read.ok()) << read;
}

TEST_P(ContactsStoreTest, WritersOfOneOwnerInTwoCopiesLoseNoRevision) {
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

TEST(ContactsRowLevelSecurityTest, AnotherOwnersRowsAreNeitherSeenNorWritten) {
  StoreUnderTest under_test(test::kPostgresEngine);
  base::SeededRandom random(3);
  storage::v1::StoredContact contact;
  contact.mutable_contact()->set_id(base::NewUuid(absl::FromUnixSeconds(1'700'000'000), random));
  const base::Owner anna{"acme", "anna"};
  ASSERT_TRUE(under_test.store()
                  .Write(anna, [&](ContactsTransaction& transaction) { return transaction.PutContact(contact); })
                  .ok());
  const std::string other(16, 'x');
  const absl::Status written = under_test.database().Write(other, [&](sql::Connection& connection) {
    for (const char* table : {"owners", "contacts", "outbox"}) {
      sql::Statement count = connection.Prepare(std::string("SELECT count(*) FROM ") + table);
      count.Step();
      EXPECT_EQ(count.GetInt(0), 0) << table;
      EXPECT_EQ(connection.Prepare(std::string("DELETE FROM ") + table).Run(), 0) << table;
    }
    connection.Prepare("INSERT INTO seats (owner, contact_id, sealed) VALUES (?, ?, ?)")
        .Bind(sql::Blob{"anna"}, sql::Blob{"c"}, sql::Blob{"s"})
        .Run();
    return absl::OkStatus();
  });
  EXPECT_FALSE(written.ok());
}

INSTANTIATE_TEST_SUITE_P(Engines, ContactsStoreTest, ::testing::Values(test::kSqliteEngine, test::kPostgresEngine),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace council::contacts
