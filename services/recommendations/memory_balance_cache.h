#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_MEMORY_BALANCE_CACHE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_MEMORY_BALANCE_CACHE_H_

#include <cstddef>
#include <list>
#include <span>
#include <string>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/clock.h"
#include "libs/cache/revisions.h"
#include "services/recommendations/cached_balance.h"

namespace council::recommendations {

// Balances in the memory of the one process that also holds contacts and ledger, which raise their revisions here.
//
// Thread-safe. Holds `most_entries` keys, and gives up those not used for longest.
class MemoryBalanceCache final : public BalanceCacheBackend, public cache::RevisionSink {
 public:
  // `clock` must outlive this. An owner takes three keys, and a balance has a few kilobytes.
  explicit MemoryBalanceCache(const base::Clock& clock, size_t most_entries = 30'000)
      : clock_(clock), most_entries_(most_entries) {}

  void Find(const Keys& keys, FoundCallback found) override;
  void Keep(const std::string& key, const BalanceStamp& stamp, std::string_view sealed) override;
  void RaiseRevision(const std::string& key, int64_t revision) override;
  void Drop(const std::string& key) override;
  v1::AnsweredFrom answered_from() const override { return v1::ANSWERED_FROM_NEAR_CACHE; }

  absl::Status Raise(const std::string& service, const std::string& lineage, std::span<const base::OutboxRow> rows,
                     absl::Time deadline) override;

 private:
  // A revision as decimal text, or a stamped balance.
  struct Entry {
    std::string key;
    std::string value;
    absl::Time expires;
  };

  // The live value of a key, now the last used; null where there is none.
  const std::string* Get(const std::string& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Put(const std::string& key, std::string value, absl::Duration lifetime) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Erase(const std::string& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const base::Clock& clock_;
  const size_t most_entries_;
  absl::Mutex mutex_;
  // The last used first.
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::list<Entry>::iterator> index_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_MEMORY_BALANCE_CACHE_H_
