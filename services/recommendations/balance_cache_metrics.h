#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_CACHE_METRICS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_CACHE_METRICS_H_

#include "libs/telemetry/metrics.h"

namespace council::recommendations {

// What a BalanceCache counts.
struct BalanceCacheMetrics {
  explicit BalanceCacheMetrics(telemetry::Metrics& metrics);

  // council_balance_answers_total: calls answered, by where from.
  telemetry::Counter& answers_near;
  telemetry::Counter& answers_cache;
  // By a computation of the caller's own, and by somebody else's.
  telemetry::Counter& answers_computed;
  telemetry::Counter& answers_joined;

  // council_balance_near_looks_total: looks into the near cache.
  telemetry::Counter& near_hit;
  telemetry::Counter& near_absent;
  // Older than the caller's tokens, or than the revisions known.
  telemetry::Counter& near_stale;
  // Of another model or storage, or too old.
  telemetry::Counter& near_not_current;

  // council_balance_looks_total: looks into the cache behind it.
  telemetry::Counter& hit;
  telemetry::Counter& absent;
  telemetry::Counter& stale;
  telemetry::Counter& not_current;
  // Fit, but a revision was not known: the services were asked first.
  telemetry::Counter& unproven;
  telemetry::Counter& unreadable;
  telemetry::Counter& unreachable;

  // council_balance_computations_total, by cause: a caller waits, or a balance is refreshed before it is too old.
  telemetry::Counter& computations;
  telemetry::Counter& early_computations;
  // Revisions that the cache knew and their service had not reached.
  telemetry::Counter& dropped_revisions;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_CACHE_METRICS_H_
