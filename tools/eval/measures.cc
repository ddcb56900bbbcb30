#include "tools/eval/measures.h"

#include <algorithm>
#include <cstddef>
#include <random>

namespace council::eval {
namespace {

constexpr int kDraws = 10'000;
constexpr std::size_t kTop = 5;
constexpr std::size_t kLeastTies = 10;

}  // namespace

std::optional<double> Auc(std::span<const Scored> scored) {
  std::vector<Scored> sorted(scored.begin(), scored.end());
  std::sort(sorted.begin(), sorted.end(), [](const Scored& a, const Scored& b) { return a.score < b.score; });
  // Mann and Whitney's statistic, equal scores sharing their ranks.
  double rank_sum = 0;
  double alive = 0;
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin;
    double alive_here = 0;
    for (; end < sorted.size() && sorted[end].score == sorted[begin].score; ++end)
      alive_here += sorted[end].alive ? 1 : 0;
    rank_sum += alive_here * static_cast<double>(begin + end + 1) / 2;
    alive += alive_here;
    begin = end;
  }
  const double gone = static_cast<double>(sorted.size()) - alive;
  if (alive == 0 || gone == 0) return std::nullopt;
  return (rank_sum - alive * (alive + 1) / 2) / (alive * gone);
}

Measures Measure(std::span<const Scored> scored) {
  std::map<int, std::vector<Scored>> by_ego;
  for (const Scored& tie : scored) by_ego[tie.ego].push_back(tie);
  Measures measures;
  measures.pooled_auc = Auc(scored).value_or(0);
  double auc_sum = 0;
  double precision_sum = 0;
  int tops = 0;
  for (auto& [ego, ties] : by_ego) {
    if (const std::optional<double> auc = Auc(ties); auc.has_value()) {
      measures.auc_of_ego[ego] = *auc;
      auc_sum += *auc;
    }
    if (ties.size() < kLeastTies) continue;
    std::stable_sort(ties.begin(), ties.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
    const auto hits = std::count_if(ties.begin(), ties.begin() + kTop, [](const Scored& tie) { return tie.alive; });
    precision_sum += static_cast<double>(hits) / kTop;
    ++tops;
  }
  if (!measures.auc_of_ego.empty()) measures.ego_auc = auc_sum / static_cast<double>(measures.auc_of_ego.size());
  if (tops > 0) measures.precision_at_5 = precision_sum / tops;
  return measures;
}

Interval IntervalOfDifference(const Measures& a, const Measures& b) {
  std::vector<double> differences;
  for (const auto& [ego, auc] : a.auc_of_ego) differences.push_back(auc - b.auc_of_ego.at(ego));
  std::mt19937_64 random(1);
  std::vector<double> means;
  means.reserve(kDraws);
  for (int draw = 0; draw < kDraws; ++draw) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) sum += differences[random() % differences.size()];
    means.push_back(sum / static_cast<double>(differences.size()));
  }
  std::sort(means.begin(), means.end());
  return {.low = means[kDraws * 25 / 1000], .high = means[kDraws * 975 / 1000]};
}

}  // namespace council::eval
