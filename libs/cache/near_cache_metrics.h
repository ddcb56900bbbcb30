#ifndef COUNCIL_LIBS_CACHE_NEAR_CACHE_METRICS_H_
#define COUNCIL_LIBS_CACHE_NEAR_CACHE_METRICS_H_

#include "libs/telemetry/metrics.h"

namespace council::cache {

// What a near cache counts.
struct NearCacheMetrics {
  explicit NearCacheMetrics(telemetry::Metrics& metrics);

  telemetry::Counter& kept;
  // Values that were not kept: something changed while they were read.
  telemetry::Counter& overtaken;
  // Keys of owners that changed, as Redis told.
  telemetry::Counter& invalidations;
  // Values that went because one of their owner's keys changed; and because there was no room.
  telemetry::Counter& dropped;
  telemetry::Counter& evicted;
  // Times that everything went: Redis was flushed, the connection was lost, or no probe came back in time.
  telemetry::Counter& emptied_flushed;
  telemetry::Counter& emptied_lost;
  telemetry::Counter& emptied_unproven;
  telemetry::Gauge& entries;
  // 1 while values may be believed.
  telemetry::Gauge& usable;
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_NEAR_CACHE_METRICS_H_
