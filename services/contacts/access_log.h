#ifndef COUNCIL_SERVICES_CONTACTS_ACCESS_LOG_H_
#define COUNCIL_SERVICES_CONTACTS_ACCESS_LOG_H_

#include <cstddef>
#include <map>
#include <string>
#include <thread>
#include <tuple>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/base/owner.h"
#include "services/contacts/contacts_store.h"

namespace council::contacts {

// Counts reads for the record of accesses, and writes the counts to the store every few seconds: a read must not wait
// for a disk. A process that dies loses the reads counted since. Records are kept for 90 days. (Writes are recorded in
// their own transactions.) Thread-safe.
class AccessLog {
 public:
  // `store` and `clock` must outlive the log.
  AccessLog(ContactsStore& store, const base::Clock& clock);
  // Writes what is counted.
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // Counts one read of the owner's data by `client` ("owner", or a service) with `method`.
  void CountRead(const base::Owner& owner, const std::string& method, const std::string& client)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Writes what is counted. Where that fails it stays counted.
  absl::Status Flush() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Owner, hour, method, client.
  using Key = std::tuple<base::Owner, absl::Time, std::string, std::string>;

  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  ContactsStore& store_;
  const base::Clock& clock_;
  absl::Mutex mutex_;
  std::map<Key, int> counts_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_ACCESS_LOG_H_
