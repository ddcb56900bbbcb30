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

// The tree of all ledgers' heads (owner, sequence, hash), in the order of their owners' hashes. Fails as
// sql::Database::Read does.
absl::StatusOr<MerkleTree> TreeOfHeads(sql::Database& database);

// Writes a line with that root to the log when it is made and every hour: whoever keeps the log elsewhere can tell
// later whether somebody who held the storage and its keys wrote a ledger anew.
class HeadsLog {
 public:
  // `database` must outlive this.
  explicit HeadsLog(sql::Database& database) : database_(database), thread_([this] { Run(); }) {}
  ~HeadsLog();
  HeadsLog(const HeadsLog&) = delete;
  HeadsLog& operator=(const HeadsLog&) = delete;

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  sql::Database& database_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_HEADS_LOG_H_
