#ifndef COUNCIL_LIBS_AUDIT_ACCESS_LOG_H_
#define COUNCIL_LIBS_AUDIT_ACCESS_LOG_H_

#include <cstddef>
#include <map>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/audit/access_store.h"
#include "libs/base/clock.h"
#include "libs/base/owner.h"
#include "libs/rpc/call_recorder.h"

namespace council::audit {

// Counts calls for the record of accesses, and writes the counts to the store every minute: a call must not wait for a
// disk. A process that dies loses the calls counted since. Records are kept for 90 days. Thread-safe.
class AccessLog final : public rpc::CallRecorder {
 public:
  // `store` and `clock` must outlive the log.
  AccessLog(AccessStore& store, const base::Clock& clock);
  // Writes what is counted.
  ~AccessLog() override;
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  void Record(const base::Owner& owner, const std::string& method, const std::string& client) override
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Writes what is counted. Where the storage can't take it now (UNAVAILABLE, RESOURCE_EXHAUSTED) it stays counted.
  absl::Status Flush() ABSL_LOCKS_EXCLUDED(mutex_);

  // A page of an owner's records, with what is counted for them by now: AccessStore::ListAccesses.
  absl::StatusOr<std::vector<storage::v1::StoredAccess>> List(const base::Owner& owner, std::size_t limit,
                                                              std::string& position, absl::Time deadline);

 private:
  // Hour, method, client; and how many calls.
  using Use = std::tuple<absl::Time, std::string, std::string>;
  using Counts = std::map<Use, int>;

  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  // What is too much is not counted.
  void Add(const base::Owner& owner, const Counts& counts) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Writes what is counted for one owner. Where the storage can't take it now it stays counted.
  absl::Status Write(const base::Owner& owner) ABSL_LOCKS_EXCLUDED(mutex_);

  AccessStore& store_;
  const base::Clock& clock_;
  absl::Mutex mutex_;
  std::map<base::Owner, Counts> counts_ ABSL_GUARDED_BY(mutex_);
  std::size_t size_ ABSL_GUARDED_BY(mutex_) = 0;  // of all counts together
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace council::audit

#endif  // COUNCIL_LIBS_AUDIT_ACCESS_LOG_H_
