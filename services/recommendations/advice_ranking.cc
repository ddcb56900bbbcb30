#include "services/recommendations/advice_ranking.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <list>
#include <string_view>
#include <tuple>
#include <utility>

namespace council::recommendations {
namespace {

constexpr size_t kInARow = 5;
constexpr int kMostOfAKind = 2;
// Gains that differ by less are equal: what rounding leaves must not decide.
constexpr double kGainStep = 1e-6;

auto Key(const Step& step, const AnswersByKind& answers) {
  // What costs points is not brought forward by being dismissed.
  const double weight = WeightOf(answers, step.kind);
  const double gain = step.gain > 0 ? step.gain * weight : step.gain / weight;
  const double per_minute = std::round(gain / step.effort_minutes / kGainStep);
  return std::tuple(-per_minute, static_cast<int>(step.kind), std::string_view(step.id));
}

// How many of `kind` are among the last of `ranked`, those that would stand in a row with the next one.
int LatelyOf(v1::RecommendationKind kind, const std::vector<Step>& ranked) {
  const size_t row = std::min(ranked.size(), kInARow - 1);
  return static_cast<int>(std::count_if(ranked.end() - static_cast<std::ptrdiff_t>(row), ranked.end(),
                                        [kind](const Step& step) { return step.kind == kind; }));
}

// The best of each contact's, and one introduction: another one would keep two more people from what else there is.
std::list<Step> OneAContact(std::vector<Step> sorted, std::set<std::string> taken) {
  std::list<Step> chosen;
  bool introduces = false;
  for (Step& step : sorted) {
    if (step.kind == v1::RECOMMENDATION_KIND_INTRODUCE && introduces) continue;
    if (std::any_of(step.contact_ids.begin(), step.contact_ids.end(),
                    [&taken](const std::string& id) { return taken.contains(id); })) {
      continue;
    }
    introduces |= step.kind == v1::RECOMMENDATION_KIND_INTRODUCE;
    taken.insert(step.contact_ids.begin(), step.contact_ids.end());
    chosen.push_back(std::move(step));
  }
  return chosen;
}

}  // namespace

std::vector<Step> Rank(std::vector<Step> steps, std::set<std::string> taken, const AnswersByKind& answers) {
  std::sort(steps.begin(), steps.end(),
            [&answers](const Step& a, const Step& b) { return Key(a, answers) < Key(b, answers); });
  std::list<Step> left = OneAContact(std::move(steps), std::move(taken));
  std::vector<Step> ranked;
  ranked.reserve(left.size());
  while (!left.empty()) {
    auto next = std::find_if(left.begin(), left.end(),
                             [&ranked](const Step& step) { return LatelyOf(step.kind, ranked) < kMostOfAKind; });
    if (next == left.end()) next = left.begin();
    ranked.push_back(std::move(*next));
    left.erase(next);
  }
  return ranked;
}

}  // namespace council::recommendations
