#include "libs/cache/near_cache_metrics.h"

namespace council::cache {
namespace {

telemetry::Counter& Emptied(telemetry::Metrics& metrics, const char* reason) {
  return metrics.AddCounter("council_near_cache_emptied_total", "Times that the near cache was emptied.",
                            {{"reason", reason}});
}

telemetry::Counter& Removed(telemetry::Metrics& metrics, const char* reason) {
  return metrics.AddCounter("council_near_cache_removed_total", "Values that left the near cache one by one.",
                            {{"reason", reason}});
}

}  // namespace

NearCacheMetrics::NearCacheMetrics(telemetry::Metrics& metrics)
    : kept(metrics.AddCounter("council_near_cache_kept_total", "Values put into the near cache.")),
      overtaken(metrics.AddCounter("council_near_cache_overtaken_total",
                                   "Values not put into the near cache: their owner's keys changed while they were "
                                   "read, or Redis stopped telling of changes.")),
      invalidations(
          metrics.AddCounter("council_near_cache_invalidations_total", "Keys of owners of whose change Redis told.")),
      dropped(Removed(metrics, "invalidated")),
      evicted(Removed(metrics, "no_room")),
      emptied_flushed(Emptied(metrics, "flushed")),
      emptied_lost(Emptied(metrics, "connection_lost")),
      emptied_unproven(Emptied(metrics, "probe_missing")),
      entries(metrics.AddGauge("council_near_cache_entries", "Values in the near cache.")),
      usable(metrics.AddGauge("council_near_cache_usable", "1 while the near cache is believed.")) {}

}  // namespace council::cache
