// A database that many threads read and write at once, whichever engine it is.
#ifndef COUNCIL_LIBS_SQL_DATABASE_H_
#define COUNCIL_LIBS_SQL_DATABASE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "libs/sql/connection.h"
#include "libs/sql/migrations.h"

namespace council::sql {

// The owners whose rows a work may see and write, by the hashes that rows name them with. PostgreSQL lets it see no
// others (row-level security); on SQLite nothing hangs on it.
class Owners {
 public:
  // What belongs to no owner: the storage's identity.
  static Owners None() { return Owners(std::span<const std::string>()); }

  Owners(const std::string& hash) : hashes_(&hash, 1) {}            // NOLINT(google-explicit-constructor)
  Owners(std::span<const std::string> hashes) : hashes_(hashes) {}  // NOLINT(google-explicit-constructor)

  std::span<const std::string> hashes() const { return hashes_; }

 private:
  std::span<const std::string> hashes_;
};

// How the writes that share transactions have fared since the storage was opened.
struct GroupCommitStats {
  // Batches by how many writes shared them: 1, 2, 3–4, 5–8, … and above 1024 in the last.
  std::array<std::uint64_t, 12> batches_by_size{};
  std::uint64_t batches = 0;
  std::uint64_t writes = 0;    // Run, whether they succeeded or not.
  std::uint64_t rejected = 0;  // Turned away since too many waited.
  std::uint64_t failed = 0;    // Times that what was written could not be made durable, or the server was away.
  absl::Duration total_wait;   // From being queued to the begin of the batch, summed over writes.
  absl::Duration longest_wait;
  absl::Duration total_work;  // In the writes themselves.
  // In making them durable: on SQLite COMMIT, where the disk is waited for; on PostgreSQL all round trips of a batch.
  absl::Duration total_commit;

  // Counts a batch of so many writes.
  void CountBatch(std::size_t size);
};

// How a pool of connections has fared since the storage was opened.
struct PoolStats {
  std::uint64_t taken = 0;      // Connections given to works.
  std::uint64_t made = 0;       // Connections opened.
  std::uint64_t lost = 0;       // Connections given up after a failure.
  std::uint64_t timed_out = 0;  // Works that waited for one in vain.
  absl::Duration total_wait;    // Of works for a connection.
  int in_use = 0;               // Connections that works have now.
  int most = 0;                 // That there may be.
};

struct DatabaseStats {
  std::optional<GroupCommitStats> group_commits;  // Where writes share transactions.
  PoolStats pool;
};

// Thread-safe.
class Database {
 public:
  // A unit of reading or writing. Uses the connection on the calling thread until it returns, does not begin or end
  // transactions, and may let the exceptions of Statement escape: that ends the work with the engine's status for them.
  using Work = absl::FunctionRef<absl::Status(Connection&)>;

  virtual ~Database() = default;

  // Runs `work` in a transaction and returns when that is durable. What it wrote is kept if, and only if, OK is
  // returned here. The work may be run more than once, where the engine asks for it (deadlocks).
  //
  // Returns what the work returned; UNAVAILABLE where the storage can't be reached, or the transaction could not begin
  // or commit (where the connection was lost in the commit, it may have taken effect all the same); RESOURCE_EXHAUSTED
  // (OVERLOADED, with RetryInfo) where too many writes wait. Never called from within a work.
  virtual absl::Status Write(Owners owners, Work work) = 0;

  // Runs `work` in one snapshot: all that it reads is as of the same commit, however many statements it takes. Writing
  // fails. Waits for a free connection until `deadline`, then fails with RESOURCE_EXHAUSTED.
  virtual absl::Status Read(Owners owners, absl::Time deadline, Work work) = 0;

  // Makes that what was erased does not linger where it needn't: SQLite's write-ahead log is emptied. UNAVAILABLE where
  // that can't be done now.
  virtual absl::Status ClearLog() = 0;

  virtual DatabaseStats Stats() const = 0;
};

// Opens the storage that --storage names: sqlite:PATH, made and migrated where needed, or postgresql://…, whose schema
// must be the newest (see CheckMigrations). INVALID_ARGUMENT for another storage; else fails as SqliteDatabase::Open
// and PostgresDatabase::Open do.
absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(absl::string_view storage, const Schema& schema);

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_DATABASE_H_
