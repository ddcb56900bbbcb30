#ifndef COUNCIL_LIBS_SEAL_RESEALER_H_
#define COUNCIL_LIBS_SEAL_RESEALER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/seal/sealer.h"
#include "libs/sql/database.h"

namespace council::seal {

// A table whose rows have a column `sealed`, as a resealer walks it.
struct SealedTable {
  // A column behind `owner` that together with the others tells an owner's rows apart.
  struct Column {
    std::string name;
    enum class Type { kBytes, kInteger } type = Type::kBytes;
  };
  using Value = std::variant<std::string, std::int64_t>;

  std::string name;
  std::vector<Column> key;
  // What Seal was told as the row's id, from the values of the key's columns.
  std::function<std::string(const std::vector<Value>& key)> row_id;
};

// Seals rows anew that are stale: written in clear before there were keys, or with a key that their owner has not any
// more as the newest. An owner's rows are walked, in the background, when one of them was opened and found so: what
// nobody uses stays as it is. A row that changes meanwhile is left as it has become.
class Resealer {
 public:
  // An owner is walked no more often than this.
  static constexpr absl::Duration kPause = absl::Minutes(10);

  // `owners` is the table with a row an owner, which writers lock. All references must outlive this, and whoever calls
  // Note must end first.
  Resealer(sql::Database& database, const Sealer& sealer, std::string owners, std::vector<SealedTable> tables,
           const base::Clock& clock);
  ~Resealer();
  Resealer(const Resealer&) = delete;
  Resealer& operator=(const Resealer&) = delete;

  // Takes note of an owner with a stale row, as Sealer::SetStaleListener tells of it. Does not block.
  void Note(const std::string& owner_hash) ABSL_LOCKS_EXCLUDED(mutex_);

  // Walks all rows of an owner. Fails as the database and the sealer do; what was sealed anew by then stays so.
  absl::Status Reseal(const std::string& owner_hash);

 private:
  struct Row {
    std::vector<SealedTable::Value> key;
    std::string sealed;
    std::string resealed;
  };

  absl::Status ResealTable(const std::string& owner_hash, const SealedTable& table, bool& changed);
  absl::Status ResealRows(const std::string& owner_hash, const SealedTable& table, std::vector<Row>& rows);
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  sql::Database& database_;
  const Sealer& sealer_;
  const std::string owners_;
  const std::vector<SealedTable> tables_;
  const base::Clock& clock_;
  absl::Mutex mutex_;
  std::deque<std::string> waiting_ ABSL_GUARDED_BY(mutex_);
  // Until when a note of an owner is passed over.
  std::unordered_map<std::string, absl::Time> noted_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_RESEALER_H_
