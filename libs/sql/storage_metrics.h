#ifndef COUNCIL_LIBS_SQL_STORAGE_METRICS_H_
#define COUNCIL_LIBS_SQL_STORAGE_METRICS_H_

#include <functional>
#include <memory>
#include <string>

#include "libs/sql/database.h"
#include "libs/telemetry/metrics.h"

namespace council::sql {

// Figures of the storage that `stats` asks, with the label storage="NAME" ("ledger"): council_group_commit_… where
// writes share transactions, and council_pool_… of its connections.
[[nodiscard]] std::unique_ptr<telemetry::Metrics::Reading> AddStorageMetrics(telemetry::Metrics& metrics,
                                                                             const std::string& name,
                                                                             std::function<DatabaseStats()> stats);

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_STORAGE_METRICS_H_
