#ifndef COUNCIL_LIBS_SEAL_OWNER_ERASURES_H_
#define COUNCIL_LIBS_SEAL_OWNER_ERASURES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "libs/seal/sealer.h"
#include "libs/sql/connection.h"
#include "libs/sql/database.h"

namespace council::seal {

// Erases owners from a storage. The storage's own part comes first, in a transaction that holds the lock which every
// write for the owner takes: the tombstone, after which nothing is written for them, and Begin. All else follows
// (Finish), each step such that it may be repeated: the erasure is noted in the list outside the database, the owner's
// keys are destroyed, the rows are removed. What a crash interrupts is finished by a repetition, or when the service
// starts (FinishAll).
//
// The storage has a table of the owners for whom this is under way,
//
//   CREATE TABLE erasures (owner BLOB PRIMARY KEY)
//
// and on PostgreSQL, where the service's role sees no owners but those it names, a function that does:
// unfinished_erasures() RETURNS TABLE (owner bytea).
class OwnerErasures {
 public:
  // What a storage has of owners.
  struct Tables {
    // Each table with owners' rows, and the columns that tell an owner's rows apart ("contact, day"; empty where there
    // is one): rows go some at a time, and other writers wait no longer than for these.
    std::vector<std::pair<std::string, std::string>> rows;
    // Run with the owner when all is gone; empty: nothing.
    std::string finished;
  };

  // `database` must outlive this.
  OwnerErasures(sql::Database& database, Tables tables, Keys keys)
      : database_(database), tables_(std::move(tables)), keys_(std::move(keys)) {}

  // Within the transaction that writes the owner's tombstone.
  static void Begin(sql::Connection& connection, const std::string& owner_hash);

  // Does what follows the tombstone. Fails with UNAVAILABLE where a part can't be reached.
  absl::Status Finish(const std::string& owner_hash);

  // Finishes what was begun and not finished.
  absl::Status FinishAll();

  // Destroys the keys of an owner whose tombstone stands already: a restored store of keys may have brought them back.
  absl::Status DestroyKeys(const std::string& owner_hash);

 private:
  sql::Database& database_;
  const Tables tables_;
  const Keys keys_;
};

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_OWNER_ERASURES_H_
