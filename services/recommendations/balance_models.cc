#include "services/recommendations/balance_models.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::recommendations {
namespace {

using Json = nlohmann::json;

absl::Status Wrong(const std::string& path, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("balance models: ", path, " ", what));
}

absl::Status ReadNumber(const std::string& path, const Json& json, double& out) {
  if (!json.is_number()) return Wrong(path, "must be a number");
  out = json.get<double>();
  return absl::OkStatus();
}

absl::Status ReadCount(const std::string& path, const Json& json, int& out) {
  if (!json.is_number_unsigned() || json.get<uint64_t>() > 1000)
    return Wrong(path, "must be a whole number up to 1000");
  out = json.get<int>();
  return absl::OkStatus();
}

absl::Status ReadWeights(const std::string& path, const Json& json, BalanceModel& model) {
  if (!json.is_object()) return Wrong(path, "must be an object");
  for (const auto& [name, value] : json.items()) {
    size_t component = 0;
    while (component < kComponents && ComponentName(static_cast<Component>(component)) != name) ++component;
    if (component == kComponents) return Wrong(absl::StrCat(path, ".", name), "is no component");
    COUNCIL_RETURN_IF_ERROR(ReadNumber(absl::StrCat(path, ".", name), value, model.weights[component]));
  }
  return absl::OkStatus();
}

// Lays what `json` sets over `model`.
absl::Status ReadModel(const std::string& path, const Json& json, BalanceModel& model) {
  if (!json.is_object()) return Wrong(path, "must be an object");
  for (const auto& [name, value] : json.items()) {
    const std::string at = absl::StrCat(path, ".", name);
    absl::Status status = Wrong(at, "is not known");
    if (name == "weights") status = ReadWeights(at, value, model);
    if (name == "sizeLow") status = ReadCount(at, value, model.size_low);
    if (name == "sizeHigh") status = ReadCount(at, value, model.size_high);
    if (name == "careerLow") status = ReadNumber(at, value, model.career_low);
    if (name == "careerHigh") status = ReadNumber(at, value, model.career_high);
    if (!status.ok()) return status;
  }
  const auto wrong = base::BadRequestOf(Validate(model));
  if (wrong.field_violations().empty()) return absl::OkStatus();
  const auto& first = wrong.field_violations(0);
  return Wrong(absl::StrCat(path, ".", first.field()), first.description());
}

}  // namespace

absl::StatusOr<BalanceModels> BalanceModels::FromJson(absl::string_view json) {
  const Json root = Json::parse(json.begin(), json.end(), nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) return absl::InvalidArgumentError("balance models: must be a JSON object");
  BalanceModel standard;
  if (root.contains("default")) COUNCIL_RETURN_IF_ERROR(ReadModel("default", root["default"], standard));
  std::map<std::string, BalanceModel> tenants;
  for (const auto& [name, value] : root.items()) {
    if (name == "default") continue;
    if (name != "tenants") return Wrong(name, "is not known");
    if (!value.is_object()) return Wrong(name, "must be an object");
    for (const auto& [tenant, settings] : value.items()) {
      BalanceModel& model = tenants.emplace(tenant, standard).first->second;
      COUNCIL_RETURN_IF_ERROR(ReadModel(absl::StrCat("tenants.", tenant), settings, model));
    }
  }
  return BalanceModels(standard, tenants);
}

absl::StatusOr<BalanceModels> BalanceModels::FromFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream json;
  json << file.rdbuf();
  if (!file || !json) return absl::NotFoundError(absl::StrCat("balance models: ", path, " can't be read"));
  return FromJson(json.str());
}

BalanceModels::BalanceModels(const BalanceModel& standard, const std::map<std::string, BalanceModel>& tenants)
    : default_{standard, Digest(standard)} {
  for (const auto& [tenant, model] : tenants) tenants_.emplace(tenant, Digested{model, Digest(model)});
}

const BalanceModels::Digested& BalanceModels::Find(const std::string& tenant) const {
  const auto found = tenants_.find(tenant);
  return found == tenants_.end() ? default_ : found->second;
}

}  // namespace council::recommendations
