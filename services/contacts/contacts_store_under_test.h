// The contacts stores that tests are run against, each engine's.
#ifndef COUNCIL_SERVICES_CONTACTS_CONTACTS_STORE_UNDER_TEST_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACTS_STORE_UNDER_TEST_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "libs/base/random.h"
#include "libs/base/uuid.h"
#include "libs/seal/open_keys.h"
#include "libs/seal/sealer.h"
#include "libs/sql/outbox.h"
#include "services/contacts/contacts_store.h"
#include "services/contacts/migrations.h"
#include "services/contacts/sql_contacts_store.h"
#include "tests/support/test_keys.h"
#include "tests/support/test_storage.h"

namespace council::contacts {

// A store in a storage of its own, that can be closed and opened again.
class StoreUnderTest {
 public:
  explicit StoreUnderTest(const test::TestEngine& engine)
      : StoreUnderTest(engine.make(StorageSchema()), std::make_shared<test::TestKeys>(engine.sealed)) {}

  // Another copy of the service, on the same storage.
  std::unique_ptr<StoreUnderTest> Copy() const {
    return std::unique_ptr<StoreUnderTest>(new StoreUnderTest(storage_, keys_));
  }

  ContactsStore& store() { return *store_; }
  base::Outbox& outbox() { return *outbox_; }
  sql::Database& database() { return *database_; }
  test::TestKeys& keys() { return *keys_; }
  const seal::Sealer& sealer() const { return *sealer_; }
  const test::TestStorage& storage() const { return *storage_; }

  // As a service that starts: with the list of erasures as it is now.
  void ReopenWithKeys() {
    store_.reset();
    sealer_.reset();
    keys_->Reopen();
    Reopen();
  }

  void Reopen() {
    store_.reset();
    outbox_.reset();
    database_.reset();
    auto database = sql::OpenDatabase(storage_->url(), StorageSchema());
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    const auto secrets = seal::OpenSecrets(*database_, keys_->keys(), random_);
    ASSERT_TRUE(secrets.ok()) << secrets.status();
    sealer_ = std::make_unique<seal::Sealer>(secrets->identity.owner_key, keys_->keys(), secrets->clear_rows);
    store_ = std::make_unique<SqlContactsStore>(*database_, *sealer_, secrets->identity.lineage);
    EXPECT_TRUE(store_->FinishErasures().ok());
    outbox_ = std::make_unique<sql::StorageOutbox>(*database_);
  }

 private:
  StoreUnderTest(std::shared_ptr<test::TestStorage> storage, std::shared_ptr<test::TestKeys> keys)
      : storage_(std::move(storage)), keys_(std::move(keys)) {
    Reopen();
  }

  const std::shared_ptr<test::TestStorage> storage_;
  const std::shared_ptr<test::TestKeys> keys_;
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

// Runs the tests of `Suite` on all engines.
#define COUNCIL_FOR_ALL_CONTACTS_STORES(Suite)                                                                      \
  INSTANTIATE_TEST_SUITE_P(Engines, Suite,                                                                          \
                           ::testing::Values(test::kSqliteEngine, test::kPostgresEngine, test::kSealedSqliteEngine, \
                                             test::kSealedPostgresEngine),                                          \
                           [](const auto& engine) { return engine.param.name; })

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACTS_STORE_UNDER_TEST_H_
