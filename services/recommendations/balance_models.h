#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_MODELS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_MODELS_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/recommendations/balance_model.h"

namespace council::recommendations {

// The settings of the balance model for each tenant. Immutable.
class BalanceModels {
 public:
  // The defaults of docs/score.md for every tenant.
  BalanceModels() : BalanceModels(BalanceModel(), {}) {}

  // Reads them from JSON. "default" holds for tenants that are not named, and what a tenant does not set is as there:
  //
  //   {
  //     "default": {"careerHigh": 0.7},
  //     "tenants": {
  //       "acme": {"sizeLow": 10, "weights": {"size": 20, "roles": 5}}
  //     }
  //   }
  //
  // INVALID_ARGUMENT where it is no such JSON, has a name that is not known, or a model does not hold (see Validate).
  static absl::StatusOr<BalanceModels> FromJson(absl::string_view json);

  // The same from a file; NOT_FOUND where it can't be read.
  static absl::StatusOr<BalanceModels> FromFile(const std::string& path);

  const BalanceModel& For(const std::string& tenant) const { return Find(tenant).model; }

  // Digest(For(tenant)).
  const std::string& DigestFor(const std::string& tenant) const { return Find(tenant).digest; }

 private:
  struct Digested {
    BalanceModel model;
    std::string digest;
  };

  BalanceModels(const BalanceModel& standard, const std::map<std::string, BalanceModel>& tenants);
  const Digested& Find(const std::string& tenant) const;

  Digested default_;
  std::map<std::string, Digested> tenants_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_MODELS_H_
