#include "services/ledger/strength_calibration.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status.h"
#include "services/ledger/row_codec.h"
#include "services/ledger/sql_ledger_reader.h"
#include "services/ledger/strength_models.h"

namespace council::ledger {
namespace {

constexpr int kPage = 1000;
constexpr int kContactsAtOnce = 500;
constexpr std::size_t kMostOwners = 5000;
constexpr absl::Duration kReadWait = absl::Minutes(1);

// The hashes of the owners who have entries, by their tenant's.
absl::StatusOr<std::map<std::string, std::vector<std::string>>> OwnersByTenant(sql::Database& database) {
  std::map<std::string, std::vector<std::string>> owners;
  std::string after;
  for (int rows = kPage; rows == kPage;) {
    const auto read = [&](sql::Connection& connection) {
      sql::Statement select = connection.Prepare(
          connection.engine() == sql::Engine::kPostgres
              ? "SELECT owner, tenant FROM ledger_owners(?, ?)"
              : "SELECT owner, tenant FROM ledgers WHERE owner > ? AND head_sequence > 0 AND erased = 0 "
                "ORDER BY owner LIMIT ?");
      const std::string begin = after;
      select.Bind(sql::Blob{begin}, kPage);
      for (rows = 0; select.Step(); ++rows) {
        after = select.GetBlob(0);
        owners[std::string(select.GetBlob(1))].push_back(after);
      }
      return absl::OkStatus();
    };
    COUNCIL_RETURN_IF_ERROR(database.Read(sql::Owners::None(), absl::Now() + kReadWait, read));
  }
  return owners;
}

// An owner's ties, of which nothing but the days is filled in.
absl::StatusOr<std::vector<v1::Tie>> DaysOfTies(sql::Database& database, const seal::Sealer& sealer,
                                                const std::string& owner_hash) {
  const OwnerKey key(owner_hash);
  const RowCodec codec(sealer, key);
  std::vector<v1::Tie> ties;
  const auto read = [&](sql::Connection& connection) -> absl::Status {
    SqlLedgerReader reader(connection, codec, key);
    std::string after;
    while (true) {
      COUNCIL_ASSIGN_OR_RETURN(const std::vector<std::string> contacts, reader.ContactsAfter(after, kContactsAtOnce));
      if (contacts.empty()) return absl::OkStatus();
      after = contacts.back();
      COUNCIL_ASSIGN_OR_RETURN(const auto days, reader.Days(contacts));
      for (const auto& [contact, of_contact] : days) {
        ties.emplace_back().mutable_days()->Assign(of_contact.begin(), of_contact.end());
      }
    }
  };
  COUNCIL_RETURN_IF_ERROR(database.Read(owner_hash, absl::Now() + kReadWait, read));
  return ties;
}

// In steps of the outlook back from `now`, the newest first. Counts owners whose rows could not be opened.
absl::StatusOr<std::vector<ties::LookBack>> LookBacksOf(sql::Database& database, const seal::Sealer& sealer,
                                                        const std::vector<std::string>& owners, absl::Time now,
                                                        std::int64_t& unreadable) {
  std::vector<ties::LookBack> look_backs(ties::kMostLookBacks);
  const std::size_t taken = std::min(owners.size(), kMostOwners);
  for (std::size_t i = 0; i < taken; ++i) {
    const auto of_owner = DaysOfTies(database, sealer, owners[i * owners.size() / taken]);
    // Erased meanwhile.
    if (absl::IsFailedPrecondition(of_owner.status())) continue;
    if (absl::IsDataLoss(of_owner.status())) {
      ++unreadable;
      continue;
    }
    if (!of_owner.ok()) return of_owner.status();
    for (std::size_t k = 0; k < look_backs.size(); ++k) {
      const absl::Time moment = now - static_cast<double>(k + 1) * ties::kStrengthOutlook;
      ties::Person person = ties::Bounded(ties::PersonAt(*of_owner, moment));
      if (!person.empty()) look_backs[k].people.push_back(std::move(person));
    }
  }
  while (!look_backs.empty() && look_backs.back().people.empty()) look_backs.pop_back();
  return look_backs;
}

double Uniform(base::Random& random) {
  const std::string bytes = random.Bytes(sizeof(std::uint64_t));
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof(number));
  return static_cast<double>(number >> 11U) * 0x1p-53;
}

storage::v1::StoredStrengthModel StoredOf(const ties::Calibration& calibration) {
  storage::v1::StoredStrengthModel stored;
  stored.set_own(calibration.own);
  stored.set_shipped_auc(calibration.shown_prior.auc);
  stored.set_fitted_auc(calibration.shown_fitted.auc);
  stored.set_shipped_brier(calibration.shown_prior.brier);
  stored.set_fitted_brier(calibration.shown_fitted.brier);
  if (!calibration.own) return stored;
  stored.set_version(calibration.model.version);
  for (const double coefficient : calibration.model.coefficients) stored.add_coefficients(coefficient);
  stored.set_intercept(calibration.model.intercept);
  return stored;
}

// Removes what was found for a tenant of whom too few are left. Its date stays as long as it would have stood: people
// who come and go must not bring fresh noise each night.
absl::Status Forget(sql::Database& database, const std::string& tenant, const std::optional<TenantStrength>& last,
                    absl::Time now) {
  if (!last.has_value() || now >= last->fit_time + kBetweenCalibrations) return RemoveTenantStrength(database, tenant);
  return WriteTenantStrength(database, tenant, {.fit_time = last->fit_time, .model = {}});
}

absl::Status CalibrateTenant(sql::Database& database, const seal::Sealer& sealer,
                             const std::vector<std::string>& owners, absl::Time now, base::Random& random,
                             TenantCalibration& found) {
  using Result = TenantCalibration::Result;
  auto last = ReadTenantStrength(database, found.tenant, absl::Now() + kReadWait);
  // What can't be read back is found anew.
  if (absl::IsDataLoss(last.status())) last = std::optional<TenantStrength>();
  if (!last.ok()) return last.status();
  const bool too_few = owners.size() < static_cast<std::size_t>(ties::kLeastPeople);
  if (last->has_value() && !too_few && now < (*last)->fit_time + kBetweenCalibrations) return absl::OkStatus();
  if (!too_few) {
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<ties::LookBack> look_backs,
                             LookBacksOf(database, sealer, owners, now, found.unreadable));
    const std::string version = absl::StrCat("own-", absl::FormatTime("%Y-%m-%d", now, absl::UTCTimeZone()));
    found.calibration = ties::Calibrate(look_backs, look_backs, ties::ShippedStrengthModel(), version,
                                        ties::DrawNoise([&random] { return Uniform(random); }));
  }
  if (found.calibration.fitted.people == 0) {
    found.result = Result::kTooFew;
    // Damage is no reason to forget.
    return found.unreadable == 0 ? Forget(database, found.tenant, *last, now) : absl::OkStatus();
  }
  found.result = found.calibration.own ? Result::kOwn : Result::kShipped;
  return WriteTenantStrength(database, found.tenant, {.fit_time = now, .model = StoredOf(found.calibration)});
}

}  // namespace

absl::Status CalibrateTenants(sql::Database& database, const seal::Sealer& sealer, absl::Time now, base::Random& random,
                              const std::function<void(const TenantCalibration&)>& report) {
  COUNCIL_ASSIGN_OR_RETURN(const auto tenants, OwnersByTenant(database));
  absl::Status result;
  for (const auto& [tenant, owners] : tenants) {
    TenantCalibration found;
    found.tenant = tenant;
    found.owners = static_cast<std::int64_t>(owners.size());
    const absl::Status status = CalibrateTenant(database, sealer, owners, now, random, found);
    result.Update(status);
    if (status.ok()) report(found);
  }
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<std::string> stored,
                           TenantsWithStrength(database, absl::Now() + kReadWait));
  for (const std::string& tenant : stored) {
    if (tenants.contains(tenant)) continue;
    const auto last = ReadTenantStrength(database, tenant, absl::Now() + kReadWait);
    result.Update(Forget(database, tenant, last.ok() ? *last : std::nullopt, now));
  }
  return result;
}

}  // namespace council::ledger
