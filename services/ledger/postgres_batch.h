#ifndef COUNCIL_SERVICES_LEDGER_POSTGRES_BATCH_H_
#define COUNCIL_SERVICES_LEDGER_POSTGRES_BATCH_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/seal/sealer.h"
#include "libs/sql/postgres.h"
#include "services/ledger/append_plan.h"
#include "services/ledger/append_rows.h"
#include "services/ledger/ledger_store.h"
#include "services/ledger/prepared_draft.h"

namespace council::ledger {

// A caller whose append has not been answered.
struct WaitingAppend {
  std::shared_ptr<const AppendJob> job;
  LedgerStore::AppendDone done;
  absl::Time queued;
};

// Appends of several callers, for several owners, written together in two round trips:
//
//   1. append_read: what the appends depend on, without locks. From that their rows are worked out here (AppendPlan).
//   2. append_write: one statement that locks the owners in their order, writes the rows of those whose ledger is still
//      as it was read, and commits.
//
// An owner who was changed in between, by another copy of the service, takes part in the next round. Nothing is locked
// while this program computes, so its being slow or frozen holds up nobody. Only owners whom others change again and
// again are locked first, after some rounds, and read then; the server ends that transaction if this program is frozen
// in it.
class PostgresBatch {
 public:
  // All must outlive the batch.
  PostgresBatch(sql::PostgresDatabase& database, const seal::Sealer& sealer) : database_(database), sealer_(sealer) {}

  // What became of each job, in their order: as LedgerStore::Append. Where the server refuses a write for a reason of
  // its own, each job is tried alone, so that nobody fails for a neighbour.
  std::vector<absl::StatusOr<Appended>> Run(std::span<const AppendJob* const> jobs);

  // Whether the server could not be reached, or did not answer in time.
  bool server_away() const { return absl::IsUnavailable(failure_); }

 private:
  // The jobs of one owner.
  struct OfOwner {
    std::vector<std::size_t> places;  // In the batch.
    std::vector<const AppendJob*> jobs;
    AppendReads reads;
    std::vector<absl::StatusOr<Appended>> answers;
    std::optional<AppendRows> rows;
  };

  // Runs until all are answered or `failure_` is set.
  void RunRounds(std::vector<OfOwner> owners);
  absl::Status Read(std::span<OfOwner> owners);
  // Writes the rows of all, and returns those for whom nothing was written since their ledger has changed.
  absl::StatusOr<std::vector<OfOwner>> Write(std::vector<OfOwner> owners);
  // Locks the owners, reads, and writes.
  absl::Status RunLocked(std::vector<OfOwner> owners);

  void ReadOn(sql::Connection& connection, std::span<OfOwner> owners) const;
  // Works out the owner's rows and answers. `load` reads what shows to be missing.
  using Load = absl::FunctionRef<absl::Status(const OwnerKey& key, const AppendNeeds& needs, AppendReads& reads)>;
  absl::Status Plan(OfOwner& owner, Load load) const;
  // Returns the places of those for whom nothing was written.
  std::vector<std::size_t> WriteOn(sql::Connection& connection, std::span<const OfOwner> owners) const;
  void Answer(OfOwner& owner);

  sql::PostgresDatabase& database_;
  const seal::Sealer& sealer_;
  std::vector<std::optional<absl::StatusOr<Appended>>> answers_;
  absl::Status failure_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_POSTGRES_BATCH_H_
