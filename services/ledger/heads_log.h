#ifndef COUNCIL_SERVICES_LEDGER_HEADS_LOG_H_
#define COUNCIL_SERVICES_LEDGER_HEADS_LOG_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "libs/sql/database.h"
#include "libs/telemetry/metrics.h"

namespace council::ledger {

// The root of a Merkle tree over leaves that come one by one (RFC 6962, 2.1). One leaf and its way up prove that it was
// in the tree, and show nothing of the others.
class MerkleTree {
 public:
  void Add(std::string_view leaf);
  // 32 bytes; of no leaves, the hash of nothing.
  std::string Root() const;
  std::int64_t leaves() const { return leaves_; }

 private:
  struct Subtree {
    std::int64_t leaves = 0;
    std::string hash;
  };
  std::vector<Subtree> subtrees_;  // Full ones, the largest first.
  std::int64_t leaves_ = 0;
};

// All ledgers' heads (owner, sequence, hash), in the order of their owners' hashes.
struct LedgerHeads {
  MerkleTree tree;
  std::int64_t entries = 0;  // Of all ledgers together.
};

// Fails as sql::Database::Read does.
absl::StatusOr<LedgerHeads> ReadHeads(sql::Database& database);

// Writes a line with that root to the log when it is made and every hour: whoever keeps the log elsewhere can tell
// later whether somebody who held the storage and its keys wrote a ledger anew. What it saw is in the metrics
// council_ledger_ledgers, council_ledger_entries and council_ledger_heads_read_timestamp_seconds too.
class HeadsLog {
 public:
  // Both must outlive this.
  HeadsLog(sql::Database& database, telemetry::Metrics& metrics);
  ~HeadsLog();
  HeadsLog(const HeadsLog&) = delete;
  HeadsLog& operator=(const HeadsLog&) = delete;

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  sql::Database& database_;
  telemetry::Gauge& ledgers_;
  telemetry::Gauge& entries_;
  telemetry::Gauge& read_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_HEADS_LOG_H_
