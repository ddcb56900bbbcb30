// What stands in clear in the storages, and no more: HMACs of owners and tenants, random ids, sequences, revisions,
// times of writing, the day that an entry is about, hashes of the chain, the outbox, and equality indexes as HMACs. All
// else is in columns named `sealed`. A column that is new here is a decision about what the holder of a machine gets to
// see.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/contacts/migrations.h"
#include "services/ledger/migrations.h"
#include "services/recommendations/migrations.h"
#include "tests/support/test_storage.h"

namespace council::test {
namespace {

using ::testing::ElementsAreArray;

// Without `owner`, an HMAC, with which each table begins.
std::vector<std::string> Columns(const TestEngine& engine, const sql::Schema& schema) {
  std::vector<std::string> columns = ColumnsInClear(*engine.make(schema), schema);
  std::erase_if(columns, [](const std::string& column) { return column.ends_with(".owner"); });
  return columns;
}

class ColumnsInClearTest : public ::testing::TestWithParam<TestEngine> {};

TEST_P(ColumnsInClearTest, OfContacts) {
  const std::vector<std::string> expected = {
      "accesses.id",                     // HMAC of method, client and revision
      "accesses.time",                   //
      "acquaintances.contact_id",        // random, as all ids of contacts
      "acquaintances.other_contact_id",  //
      "contacts.id",                     //
      "contacts.revision",               //
      "former_ids.contact_id",           //
      "former_ids.former_id",            //
      "gone_contacts.id",                //
      "gone_contacts.revision",          //
      "imports.import_id",               // random
      "imports.part",                    // number
      "imports.time",                    // of its beginning
      "outbox.cache_tag",                // HMAC
      "outbox.revision",                 //
      "owners.acquaintances",            // how many
      "owners.contacts",                 // how many
      "owners.erased",                   //
      "owners.revision",                 //
      "owners.tenant",                   // HMAC
      "requests.request_hash",           // HMAC
      "seats.contact_id",                //
      "settings.revision",               //
      "vcard_uids.contact_id",           //
      "vcard_uids.uid_hash",             // HMAC
  };
  EXPECT_THAT(Columns(GetParam(), contacts::StorageSchema()), ElementsAreArray(expected));
}

TEST_P(ColumnsInClearTest, OfTheLedger) {
  const std::vector<std::string> expected = {
      "accesses.id",               // HMAC
      "accesses.time",             // the hour
      "entries.corrected_by",      // sequence
      "entries.day",               // that the entry is about
      "entries.hash",              // of the chain
      "entries.id",                // random
      "entries.record_time",       //
      "entries.revision",          //
      "entries.sequence",          //
      "entry_contacts.contact",    // random
      "entry_contacts.day",        //
      "entry_contacts.sequence",   //
      "erased_contacts.contact",   // random
      "events.event",              // HMAC
      "events.event_uid",          // HMAC
      "events.sequence",           //
      "imports.import_id",         // random
      "imports.part",              // number
      "imports.time",              // of its beginning
      "ledgers.chain_id",          // random
      "ledgers.erased",            //
      "ledgers.head_hash",         // and what proves who wrote it
      "ledgers.head_sequence",     //
      "ledgers.revision",          //
      "ledgers.tenant",            // HMAC
      "outbox.cache_tag",          // HMAC
      "outbox.revision",           //
      "plans.day",                 // of the meeting
      "plans.event_uid",           // HMAC
      "plans.id",                  // random
      "promises.closed_by",        // sequence
      "promises.opened_by",        // sequence
      "promises.promise",          // HMAC
      "requests.request",          // HMAC
      "requests.sequence",         //
      "strength_models.fit_time",  //
      "strength_models.model",     // coefficients of 20 people or more, of no one
      "strength_models.tenant",    // HMAC
      "tie_days.contact",          //
      "tie_days.day",              //
      "ties.contact",              //
      "upcoming.sequence",         //
  };
  EXPECT_THAT(Columns(GetParam(), ledger::StorageSchema()), ElementsAreArray(expected));
}

TEST_P(ColumnsInClearTest, OfRecommendations) {
  const std::vector<std::string> expected = {
      "accesses.id",                // HMAC
      "accesses.time",              // the hour
      "balance_points.day",         // that the point is about
      "erased_contacts.contact",    // random
      "given_recommendations.day",  // of giving
      "given_recommendations.id",   // HMAC
      "owners.erased",              //
  };
  EXPECT_THAT(Columns(GetParam(), recommendations::StorageSchema()), ElementsAreArray(expected));
}

INSTANTIATE_TEST_SUITE_P(Engines, ColumnsInClearTest, ::testing::Values(kSqliteEngine, kPostgresEngine),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace council::test
