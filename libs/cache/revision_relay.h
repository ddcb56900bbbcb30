#ifndef COUNCIL_LIBS_CACHE_REVISION_RELAY_H_
#define COUNCIL_LIBS_CACHE_REVISION_RELAY_H_

#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/outbox.h"
#include "libs/cache/revisions.h"
#include "libs/telemetry/metrics.h"

namespace council::cache {

// Carries all the news of an outbox to `sink`, once; `service` and `lineage` say whose they are. Fails as either does:
// what did not arrive is in the outbox still, and perhaps some that did.
absl::Status RelayOutbox(const std::string& service, const std::string& lineage, base::Outbox& outbox,
                         RevisionSink& sink);

// Carries an outbox's news to the cache, on a thread of its own: at least once, never lowering a revision, and, since
// what did not arrive stays in the outbox, however often either side dies. While the cache can't be reached it tries
// again with growing pauses.
class RevisionRelay {
 public:
  // `service` ("contacts", "ledger") and `lineage` say whose revisions they are. `outbox`, `sink` and `metrics`
  // (council_outbox_lag_seconds) must outlive the relay.
  RevisionRelay(std::string service, std::string lineage, base::Outbox& outbox, RevisionSink& sink,
                telemetry::Metrics& metrics);

  // Ends after what is under way.
  ~RevisionRelay();

  RevisionRelay(const RevisionRelay&) = delete;
  RevisionRelay& operator=(const RevisionRelay&) = delete;

  // Says that there may be news: looks at once instead of within a second. Cheap, thread-safe.
  void Nudge() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run();

  const std::string service_;
  const std::string lineage_;
  base::Outbox& outbox_;
  RevisionSink& sink_;
  telemetry::Gauge& lag_;
  absl::Mutex mutex_;
  bool nudged_ ABSL_GUARDED_BY(mutex_) = true;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_REVISION_RELAY_H_
