#include "tools/eval/simple_rules.h"

#include <cmath>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

namespace council::eval {
namespace {

constexpr double kDay = 86'400;

double Decay(std::int64_t seconds, double half_life_days) {
  return std::exp2(-static_cast<double>(seconds) / kDay / half_life_days);
}

std::vector<SimpleRule> MakeRules() {
  std::vector<SimpleRule> rules = {
      {"recency", [](const EgoTie& tie, std::int64_t) { return static_cast<double>(tie.times.back()); }},
      {"frequency", [](const EgoTie& tie, std::int64_t) { return static_cast<double>(tie.times.size()); }},
      {"active days", [](const EgoTie& tie, std::int64_t) { return static_cast<double>(tie.tie.days_size()); }},
      {"frequency × 2^(−gap/30 d)",
       [](const EgoTie& tie, std::int64_t as_of) {
         return static_cast<double>(tie.times.size()) * Decay(as_of - tie.times.back(), 30);
       }},
  };
  for (const int days : {7, 30, 90, 180}) {
    rules.push_back({absl::StrCat("decayed sum, ", days, " d"), [days](const EgoTie& tie, std::int64_t as_of) {
                       double sum = 0;
                       for (const std::int64_t time : tie.times) sum += Decay(as_of - time, days);
                       return sum;
                     }});
  }
  for (const auto& [name, power] :
       {std::pair("Σ (1 + age)^−½ of active days", 0.5), {"Σ (1 + age)^−1 of active days", 1.0}}) {
    rules.push_back({name, [power = power](const EgoTie& tie, std::int64_t as_of) {
                       double sum = 0;
                       for (const ledger::v1::TieDay& day : tie.tie.days()) {
                         sum += std::pow(1 + std::floor(static_cast<double>(as_of) / kDay) - day.day(), -power);
                       }
                       return sum;
                     }});
  }
  return rules;
}

}  // namespace

const std::vector<SimpleRule>& SimpleRules() {
  static const auto* const kRules = new std::vector<SimpleRule>(MakeRules());
  return *kRules;
}

}  // namespace council::eval
