#ifndef COUNCIL_SERVICES_LEDGER_STRENGTH_MODELS_H_
#define COUNCIL_SERVICES_LEDGER_STRENGTH_MODELS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/seal/sealer.h"
#include "libs/sql/database.h"
#include "libs/ties/tie_strength.h"
#include "services/ledger/ledger_storage.pb.h"

namespace council::ledger {

// What the last calibration found for a tenant.
struct TenantStrength {
  absl::Time fit_time;
  storage::v1::StoredStrengthModel model;
};

// By the tenant's hash (Sealer::TenantHash). Nothing where there is none. Functions fail as sql::Database does, and
// with DATA_LOSS where what is stored can't be read back.
absl::StatusOr<std::optional<TenantStrength>> ReadTenantStrength(sql::Database& database, const std::string& tenant,
                                                                 absl::Time deadline);
absl::Status WriteTenantStrength(sql::Database& database, const std::string& tenant, const TenantStrength& strength);
absl::StatusOr<std::vector<std::string>> TenantsWithStrength(sql::Database& database, absl::Time deadline);
absl::Status RemoveTenantStrength(sql::Database& database, const std::string& tenant);

// The coefficients that a tenant's strengths come from. Thread-safe.
class StrengthModels {
 public:
  // All must outlive this.
  StrengthModels(sql::Database& database, const seal::Sealer& sealer, const base::Clock& clock)
      : database_(database), sealer_(sealer), clock_(clock) {}

  // The tenant's own, else the shipped ones. Reads them again after five minutes; as long as the storage can't be read,
  // or within half a second, those known last serve, since a strength from older coefficients is better than none.
  ties::StrengthModel For(const std::string& tenant, absl::Time deadline) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Known {
    absl::Time read;
    ties::StrengthModel model;
  };

  sql::Database& database_;
  const seal::Sealer& sealer_;
  const base::Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Known> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_STRENGTH_MODELS_H_
