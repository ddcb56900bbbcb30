#include "services/recommendations/balance_cache_metrics.h"

namespace council::recommendations {
namespace {

using telemetry::Counter;
using telemetry::Metrics;

Counter& Answers(Metrics& metrics, const char* from) {
  return metrics.AddCounter("council_balance_answers_total", "Balances as of now that were answered.",
                            {{"from", from}});
}

Counter& NearLooks(Metrics& metrics, const char* outcome) {
  return metrics.AddCounter("council_balance_near_looks_total", "Looks into the near cache.", {{"outcome", outcome}});
}

Counter& Looks(Metrics& metrics, const char* outcome) {
  return metrics.AddCounter("council_balance_looks_total", "Looks into the cache behind the near cache.",
                            {{"outcome", outcome}});
}

Counter& Computations(Metrics& metrics, const char* cause) {
  return metrics.AddCounter("council_balance_computations_total", "Balances computed to be cached.",
                            {{"cause", cause}});
}

}  // namespace

BalanceCacheMetrics::BalanceCacheMetrics(Metrics& metrics)
    : answers_near(Answers(metrics, "near_cache")),
      answers_cache(Answers(metrics, "cache")),
      answers_computed(Answers(metrics, "computation")),
      answers_joined(Answers(metrics, "joined")),
      near_hit(NearLooks(metrics, "hit")),
      near_absent(NearLooks(metrics, "absent")),
      near_stale(NearLooks(metrics, "stale")),
      near_not_current(NearLooks(metrics, "not_current")),
      hit(Looks(metrics, "hit")),
      absent(Looks(metrics, "absent")),
      stale(Looks(metrics, "stale")),
      not_current(Looks(metrics, "not_current")),
      unproven(Looks(metrics, "unproven")),
      unreadable(Looks(metrics, "unreadable")),
      unreachable(Looks(metrics, "unreachable")),
      computations(Computations(metrics, "asked")),
      early_computations(Computations(metrics, "early")),
      dropped_revisions(metrics.AddCounter("council_balance_dropped_revisions_total",
                                           "Cached revisions that their service had never reached.")) {}

}  // namespace council::recommendations
