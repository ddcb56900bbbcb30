#ifndef COUNCIL_SERVICES_LEDGER_STRENGTH_CALIBRATION_H_
#define COUNCIL_SERVICES_LEDGER_STRENGTH_CALIBRATION_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/base/random.h"
#include "libs/seal/sealer.h"
#include "libs/sql/database.h"
#include "libs/ties/calibration.h"

namespace council::ledger {

// How long what was found for a tenant stays before it is looked for again. Each result shows a little of those who are
// in it, and a company's rhythm changes slowly.
inline constexpr absl::Duration kBetweenCalibrations = ties::kStrengthOutlook;

// What was found for one tenant.
struct TenantCalibration {
  enum class Result {
    kStays,    // The last one is younger than kBetweenCalibrations.
    kTooFew,   // Fewer than ties::kLeastPeople people with enough of a past: what was found is removed, but for its
               // date.
    kShipped,  // The shipped coefficients are as good.
    kOwn,
  };
  std::string tenant;  // Its hash.
  Result result = Result::kStays;
  std::int64_t owners = 0;
  // Of them, those whose rows could not be opened, which are left out.
  std::int64_t unreadable = 0;
  // Of kShipped and kOwn.
  ties::Calibration calibration;
};

// Calibrates tie strength to each tenant's own past, as of `now`: from the days on which owners were in touch with
// their contacts, which never leave the process. `random` must be fit for keys. Calls `report` for each tenant when
// what was found for it is stored; where that fails for one, goes on with the others and returns the first failure.
// Coefficients of tenants without owners are removed. Of a tenant with more than 5,000 owners so many are looked at,
// chosen evenly.
absl::Status CalibrateTenants(sql::Database& database, const seal::Sealer& sealer, absl::Time now, base::Random& random,
                              const std::function<void(const TenantCalibration&)>& report);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_STRENGTH_CALIBRATION_H_
