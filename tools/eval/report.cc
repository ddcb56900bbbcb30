#include "tools/eval/report.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/eval/network_fit.h"

namespace council::eval {
namespace {

constexpr double kEarlierCuts[] = {0.3, 0.4, 0.5, 0.6, 0.7, 0.8};

struct RuleMeasures {
  std::string name;
  Measures measures;
};

template <typename Score>
Measures MeasureBy(const Snapshot& snapshot, const Score& score) {
  std::vector<Scored> scored;
  scored.reserve(snapshot.ties.size());
  for (const EgoTie& tie : snapshot.ties) {
    scored.push_back({.ego = tie.ego, .score = score(tie), .alive = tie.alive});
  }
  return Measure(scored);
}

RuleMeasures BestSimpleRule(const Snapshot& snapshot) {
  RuleMeasures best;
  for (const SimpleRule& rule : SimpleRules()) {
    Measures measures = MeasureRule(snapshot, rule);
    if (best.name.empty() || measures.ego_auc > best.measures.ego_auc) best = {rule.name, std::move(measures)};
  }
  return best;
}

std::string Difference(const Measures& model, const Measures& rule) {
  const Interval interval = IntervalOfDifference(model, rule);
  return absl::StrFormat("%+.4f (%+.4f to %+.4f)", model.ego_auc - rule.ego_auc, interval.low, interval.high);
}

void WriteRow(const std::string& name, const Measures& measures, std::ostream& out) {
  out << absl::StrFormat("| %s | %.4f | %.4f | %.4f |\n", name, measures.pooled_auc, measures.ego_auc,
                         measures.precision_at_5);
}

void WriteNetwork(const Network& network, std::ostream& out) {
  const Snapshot snapshot = TiesOf(network.events, network.as_of, network.labels);
  const Measures ours = MeasureModel(snapshot, ties::ShippedStrengthModel());
  out << "\n## " << network.name << "\n\n| | pooled AUC | AUC per ego | precision@5 |\n|---|---|---|---|\n";
  WriteRow("**tie strength**", ours, out);
  for (const SimpleRule& rule : SimpleRules()) WriteRow(rule.name, MeasureRule(snapshot, rule), out);
  const RuleMeasures best = BestSimpleRule(snapshot);
  out << absl::StrFormat("\n%d ties, %d egos with both outcomes. AUC per ego less that of %s: %s.\n",
                         snapshot.ties.size(), ours.auc_of_ego.size(), best.name, Difference(ours, best.measures));
}

void WriteEarlierCuts(const Network& network, std::ostream& out) {
  out << "\n### " << network.name << " at earlier cuts, by share of its events\n\n"
      << "| cut | egos | tie strength | best simple rule there | its AUC | difference |\n|---|---|---|---|---|---|\n";
  for (const double share : kEarlierCuts) {
    const Snapshot snapshot = LookBackAt(network.events, ShareOf(network.events, share));
    const Measures ours = MeasureModel(snapshot, ties::ShippedStrengthModel());
    const RuleMeasures best = BestSimpleRule(snapshot);
    out << absl::StrFormat("| %.0f %% | %d | %.4f | %s | %.4f | %s |\n", 100 * share, ours.auc_of_ego.size(),
                           ours.ego_auc, best.name, best.measures.ego_auc, Difference(ours, best.measures));
  }
}

// Mean AUC per ego at the look-backs of a variant: the model's, and that of each simple rule in their order.
std::vector<double> MeansOf(const Network& network, const Variant& variant) {
  const std::vector<Event> events = Vary(network.events, variant);
  const std::vector<std::int64_t> times = LookBackTimes(events, variant);
  std::vector<double> means(SimpleRules().size() + 1);
  for (const std::int64_t as_of : times) {
    const Snapshot snapshot = LookBackAt(events, as_of);
    means[0] += MeasureModel(snapshot, ties::ShippedStrengthModel()).ego_auc;
    for (std::size_t i = 1; i < means.size(); ++i) means[i] += MeasureRule(snapshot, SimpleRules()[i - 1]).ego_auc;
  }
  for (double& mean : means) mean /= static_cast<double>(times.size());
  return means;
}

void WriteVariants(const Network& network, std::ostream& out) {
  out << "\n### " << network.name << " varied, mean AUC per ego over five look-backs\n\n"
      << "| variant | tie strength | best simple rule there | its AUC |\n|---|---|---|---|\n";
  std::vector<double> sums(SimpleRules().size() + 1);
  const auto write = [&](const std::string& name, const std::vector<double>& means) {
    const auto best = std::max_element(means.begin() + 1, means.end());
    out << absl::StrFormat("| %s | %.4f | %s | %.4f |\n", name, means[0],
                           SimpleRules()[static_cast<std::size_t>(best - means.begin() - 1)].name, *best);
  };
  for (const Variant& variant : Variants()) {
    const std::vector<double> means = MeansOf(network, variant);
    write(variant.Name(), means);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += means[i] / static_cast<double>(Variants().size());
  }
  write("mean of all, one rule throughout", sums);
}

void WriteCrossFits(std::span<const Network> networks, std::ostream& out) {
  out << "\n## Fitted on one, tested on the other\n\n| fitted on | model |";
  for (const Network& network : networks) out << " " << network.name << " |";
  out << "\n|---|---|";
  for (std::size_t i = 0; i < networks.size(); ++i) out << "---|";
  out << "\n";
  const auto write = [&](const std::string& name, const ties::StrengthModel& model) {
    out << "| " << name << " | " << Describe(model) << " |";
    for (const Network& network : networks) {
      const Snapshot snapshot = TiesOf(network.events, network.as_of, network.labels);
      out << absl::StrFormat(" %.4f |", MeasureModel(snapshot, model).ego_auc);
    }
    out << "\n";
  };
  for (const Network& network : networks) {
    write(network.name, FitNetworks(std::span<const std::vector<Event>>(&network.events, 1), ""));
  }
  write("all, shipped", ties::ShippedStrengthModel());
}

}  // namespace

double ScoreOf(const EgoTie& tie, const Snapshot& snapshot, const ties::StrengthModel& model) {
  return ties::TieStrength(tie.tie, snapshot.time(), model).value_or(0);
}

Measures MeasureModel(const Snapshot& snapshot, const ties::StrengthModel& model) {
  return MeasureBy(snapshot, [&](const EgoTie& tie) { return ScoreOf(tie, snapshot, model); });
}

Measures MeasureRule(const Snapshot& snapshot, const SimpleRule& rule) {
  return MeasureBy(snapshot,
                   [&](const EgoTie& tie) { return tie.times.empty() ? -1 : rule.score(tie, snapshot.as_of); });
}

std::string Describe(const ties::StrengthModel& model) {
  const auto& [occasions, attention, silence] = model.coefficients;
  return absl::StrFormat("occasions %.3f, attention %.3f, silence %.3f, intercept %.3f", occasions, attention, silence,
                         model.intercept);
}

void WriteReport(std::span<const Network> networks, std::ostream& out) {
  out << "# Tie strength, model " << ties::ShippedStrengthModel().version
      << "\n\nDifferences with the interval that holds 95 % of 10,000 draws of egos.\n";
  for (const Network& network : networks) WriteNetwork(network, out);
  for (const Network& network : networks) WriteEarlierCuts(network, out);
  for (const Network& network : networks) WriteVariants(network, out);
  WriteCrossFits(networks, out);
}

}  // namespace council::eval
