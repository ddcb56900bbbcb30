#include "services/ledger/strength_models.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/time/clock.h"
#include "libs/base/status.h"

namespace council::ledger {
namespace {

constexpr absl::Duration kReadAgain = absl::Minutes(5);
// After a failure, which is not to hold up every read meanwhile.
constexpr absl::Duration kTryAgain = absl::Seconds(30);
constexpr absl::Duration kMostWait = absl::Milliseconds(500);

// Of another version of this program the number may be another one.
bool IsUsable(const storage::v1::StoredStrengthModel& model) {
  return model.own() && model.coefficients_size() == ties::kStrengthFeatures && std::isfinite(model.intercept()) &&
         std::all_of(model.coefficients().begin(), model.coefficients().end(),
                     [](double one) { return std::isfinite(one) && one >= 0; });
}

ties::StrengthModel ModelOf(const std::optional<TenantStrength>& stored) {
  if (!stored.has_value() || !IsUsable(stored->model)) return ties::ShippedStrengthModel();
  ties::StrengthModel model;
  model.version = stored->model.version();
  std::copy(stored->model.coefficients().begin(), stored->model.coefficients().end(), model.coefficients.begin());
  model.intercept = stored->model.intercept();
  return model;
}

}  // namespace

absl::StatusOr<std::optional<TenantStrength>> ReadTenantStrength(sql::Database& database, const std::string& tenant,
                                                                 absl::Time deadline) {
  std::optional<TenantStrength> strength;
  const auto read = [&](sql::Connection& connection) -> absl::Status {
    sql::Statement select = connection.Prepare("SELECT fit_time, model FROM strength_models WHERE tenant = ?");
    if (!select.Bind(sql::Blob{tenant}).Step()) return absl::OkStatus();
    strength.emplace().fit_time = absl::FromUnixMicros(select.GetInt(0));
    const std::string bytes(select.GetBlob(1));
    if (strength->model.ParseFromString(bytes)) return absl::OkStatus();
    return base::Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED,
                       "a tenant's coefficients of tie strength can't be read back");
  };
  COUNCIL_RETURN_IF_ERROR(database.Read(sql::Owners::None(), deadline, read));
  return strength;
}

absl::Status WriteTenantStrength(sql::Database& database, const std::string& tenant, const TenantStrength& strength) {
  const std::string bytes = strength.model.SerializeAsString();
  return database.Write(sql::Owners::None(), [&](sql::Connection& connection) {
    connection
        .Prepare(
            "INSERT INTO strength_models (tenant, fit_time, model) VALUES (?, ?, ?) "
            "ON CONFLICT (tenant) DO UPDATE SET fit_time = excluded.fit_time, model = excluded.model")
        .Bind(sql::Blob{tenant}, absl::ToUnixMicros(strength.fit_time), sql::Blob{bytes})
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<std::string>> TenantsWithStrength(sql::Database& database, absl::Time deadline) {
  std::vector<std::string> tenants;
  const auto read = [&](sql::Connection& connection) {
    tenants.clear();
    sql::Statement select = connection.Prepare("SELECT tenant FROM strength_models");
    while (select.Step()) tenants.emplace_back(select.GetBlob(0));
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database.Read(sql::Owners::None(), deadline, read));
  return tenants;
}

absl::Status RemoveTenantStrength(sql::Database& database, const std::string& tenant) {
  return database.Write(sql::Owners::None(), [&](sql::Connection& connection) {
    connection.Prepare("DELETE FROM strength_models WHERE tenant = ?").Bind(sql::Blob{tenant}).Run();
    return absl::OkStatus();
  });
}

ties::StrengthModel StrengthModels::For(const std::string& tenant, absl::Time deadline) {
  const absl::Time now = clock_.Now();
  std::optional<Known> known;
  {
    absl::MutexLock lock(&mutex_);
    if (const auto found = known_.find(tenant); found != known_.end()) known = found->second;
  }
  if (known.has_value() && now < known->read + kReadAgain) return known->model;
  const auto stored =
      ReadTenantStrength(database_, sealer_.TenantHash(tenant), std::min(deadline, absl::Now() + kMostWait));
  ties::StrengthModel model;
  if (stored.ok()) {
    model = ModelOf(*stored);
  } else {
    spdlog::warn("coefficients of tie strength were not read: {}", absl::StatusCodeToString(stored.status().code()));
    model = known.has_value() ? known->model : ties::ShippedStrengthModel();
  }
  absl::MutexLock lock(&mutex_);
  known_[tenant] = {.read = stored.ok() ? now : now - kReadAgain + kTryAgain, .model = model};
  return model;
}

}  // namespace council::ledger
