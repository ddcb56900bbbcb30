#include "services/ledger/heads_log.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/base/status.h"
#include "libs/seal/hash.h"
#include "services/ledger/canonical.h"
#include "services/ledger/ledger_store.h"
#include "services/ledger/row_codec.h"

namespace council::ledger {
namespace {

constexpr absl::Duration kEvery = absl::Hours(1);
constexpr absl::Duration kAgain = absl::Minutes(1);
constexpr absl::Duration kReadWait = absl::Seconds(5);
constexpr int kPage = 10'000;

// RFC 6962: what a leaf hashes to is no inner node's.
constexpr std::string_view kLeaf("\0", 1);
constexpr std::string_view kNode("\1", 1);

std::string NodeOf(const std::string& left, const std::string& right) {
  return seal::Sha256({kNode, left, right});
}

}  // namespace

void MerkleTree::Add(std::string_view leaf) {
  ++leaves_;
  Subtree added{.leaves = 1, .hash = seal::Sha256({kLeaf, leaf})};
  while (!subtrees_.empty() && subtrees_.back().leaves == added.leaves) {
    added = {.leaves = 2 * added.leaves, .hash = NodeOf(subtrees_.back().hash, added.hash)};
    subtrees_.pop_back();
  }
  subtrees_.push_back(std::move(added));
}

std::string MerkleTree::Root() const {
  if (subtrees_.empty()) return seal::Sha256({});
  std::string root = subtrees_.back().hash;
  for (auto subtree = subtrees_.rbegin() + 1; subtree != subtrees_.rend(); ++subtree) {
    root = NodeOf(subtree->hash, root);
  }
  return root;
}

absl::StatusOr<LedgerHeads> ReadHeads(sql::Database& database) {
  LedgerHeads heads;
  std::string after;
  for (int rows = kPage; rows == kPage;) {
    const auto read = [&](sql::Connection& connection) {
      sql::Statement select = connection.Prepare(
          connection.engine() == sql::Engine::kPostgres
              ? "SELECT owner, head_sequence, head_hash FROM ledger_heads(?, ?)"
              : "SELECT owner, head_sequence, head_hash FROM ledgers WHERE owner > ? AND head_sequence > 0 "
                "ORDER BY owner LIMIT ?");
      const std::string begin = after;
      select.Bind(sql::Blob{begin}, kPage);
      for (rows = 0; select.Step(); ++rows) {
        after = select.GetBlob(0);
        LedgerState state;
        SetHead(select.GetBlob(2), state);
        heads.tree.Add(
            std::move(CanonicalWriter("head").Text(after).Int(select.GetInt(1)).Text(state.head_hash)).Take());
        heads.entries += select.GetInt(1);
      }
      return absl::OkStatus();
    };
    COUNCIL_RETURN_IF_ERROR(database.Read(sql::Owners::None(), absl::Now() + kReadWait, read));
  }
  return heads;
}

HeadsLog::HeadsLog(sql::Database& database, telemetry::Metrics& metrics)
    : database_(database),
      ledgers_(metrics.AddGauge("council_ledger_ledgers", "Ledgers with an entry, when their heads were read last.")),
      entries_(metrics.AddGauge("council_ledger_entries", "Entries of all ledgers, when their heads were read last.")),
      read_(metrics.AddGauge("council_ledger_heads_read_timestamp_seconds",
                             "When the heads of all ledgers were read last, in seconds since the Unix epoch; at first "
                             "when the program began.")),
      thread_([this] { Run(); }) {
  read_.Set(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
}

HeadsLog::~HeadsLog() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void HeadsLog::Run() {
  const auto stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_; };
  while (true) {
    absl::Duration pause = kEvery;
    if (const auto heads = ReadHeads(database_); heads.ok()) {
      spdlog::info("the heads of {} ledgers have the Merkle root {}", heads->tree.leaves(),
                   absl::BytesToHexString(heads->tree.Root()));
      ledgers_.Set(static_cast<double>(heads->tree.leaves()));
      entries_.Set(static_cast<double>(heads->entries));
      read_.Set(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
    } else {
      spdlog::warn("the heads of ledgers could not be read: {}", absl::StatusCodeToString(heads.status().code()));
      pause = kAgain;
    }
    absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopping), pause)) return;
  }
}

}  // namespace council::ledger
