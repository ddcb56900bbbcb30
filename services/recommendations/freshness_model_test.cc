// The rule of freshness, in a hundred thousand random histories.
//
// Two copies of the service with their caches, and the relays of both other services, as they are; around them a Redis,
// connections and storages whose every step the test chooses: what is carried out, arrives, is lost, comes late,
// expires or is replaced by something older. Whatever happens, no answer is older than its token, and when nothing
// happens any more the caches have the newest state.

#include "gtest/gtest.h"
#include "services/recommendations/balance_cache_metrics.h"
#include "services/recommendations/freshness_history.h"

namespace council::recommendations::freshness_model {
namespace {

constexpr int kAllSchedules = 100'000;
#ifdef COUNCIL_THREAD_SANITIZER
// ThreadSanitizer keeps memory for every lock that ever was, and each schedule makes many: 20,000 filled 22 GB.
constexpr int kSchedules = 4'000;
#else
constexpr int kSchedules = kAllSchedules;
#endif

TEST(FreshnessModelTest, NoAnswerIsOlderThanItsTokenAndTheCachesEndInTheNewestState) {
  World world;
  for (int schedule = 0; schedule < kSchedules; ++schedule) {
    History history(world, schedule);
    ASSERT_TRUE(history.Run()) << "in schedule " << schedule;
  }
  // Whether the histories came by what they are about; fewer miss the rarest.
  if (kSchedules < kAllSchedules) return;
  const BalanceCacheMetrics counts(world.metrics);
  for (const telemetry::Counter* counter :
       {&counts.answers_near, &counts.answers_cache, &counts.answers_computed, &counts.answers_joined,
        &counts.near_stale, &counts.near_not_current, &counts.stale, &counts.not_current, &counts.unproven,
        &counts.unreachable, &counts.early_computations, &counts.dropped_revisions, &world.near_metrics.overtaken,
        &world.near_metrics.dropped, &world.near_metrics.emptied_flushed, &world.near_metrics.emptied_lost,
        &world.near_metrics.emptied_unproven}) {
    EXPECT_GT(counter->Value(), 0);
  }
}

}  // namespace
}  // namespace council::recommendations::freshness_model
