#include "tools/eval/report.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/eval/network_fit.h"
#include "tools/eval/own_model.h"

namespace council::eval {
namespace {

constexpr double kEarlierCuts[] = {0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
constexpr double kOwnCuts[] = {0.5, 0.6, 0.7};

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

// Shipped, own and best simple rule at one moment, alive being what `snapshot` says.
struct Compared {
  double shipped = 0;
  double own = 0;
  double best_rule = 0;
  ties::Calibration calibration;
};

Compared Compare(std::span<const Event> events, const Snapshot& snapshot) {
  Compared compared;
  compared.calibration = CalibrateTo(events, snapshot.as_of);
  compared.shipped = MeasureModel(snapshot, ties::ShippedStrengthModel()).ego_auc;
  compared.own = MeasureModel(snapshot, compared.calibration.model).ego_auc;
  compared.best_rule = BestSimpleRule(snapshot).measures.ego_auc;
  return compared;
}

// The coefficients of its own are made from what lies before each cut, those that are shipped from both networks.
void WriteCalibration(const Network& network, std::ostream& out) {
  out << "\n### " << network.name << ", coefficients of its own\n\n"
      << "| network | shipped | own | difference | less the best simple rule there |\n|---|---|---|---|---|\n";
  const auto write = [&out](const std::string& name, double shipped, double own, double best_rule) {
    out << absl::StrFormat("| %s | %.4f | %.4f | %+.4f | %+.4f |\n", name, shipped, own, own - shipped,
                           own - best_rule);
  };
  const Compared cut = Compare(network.events, TiesOf(network.events, network.as_of, network.labels));
  write("as it is, at the cut", cut.shipped, cut.own, cut.best_rule);
  for (const Variant& variant : Variants()) {
    const std::vector<Event> events = Vary(network.events, variant);
    Compared mean;
    for (const double share : kOwnCuts) {
      const Compared at =
          Compare(events, LookBackAt(events, ShareOf(events, variant.reorganised ? (1 + share) / 2 : share)));
      mean.shipped += at.shipped / std::size(kOwnCuts);
      mean.own += at.own / std::size(kOwnCuts);
      mean.best_rule += at.best_rule / std::size(kOwnCuts);
    }
    write(variant.Name(), mean.shipped, mean.own, mean.best_rule);
  }
  out << "\nAt the cut: " << Describe(cut.calibration) << ".\n";
}

// Of ties whose 90 days after are on record: of those given a strength in each tenth, the share that lived on.
void WriteReliability(const std::string& name, std::span<const Event> events, std::ostream& out) {
  const auto outlook = absl::ToInt64Seconds(ties::kStrengthOutlook);
  const std::int64_t as_of = events.back().seconds - outlook;
  const Snapshot snapshot = LookBackAt(events, as_of, as_of + outlook);
  const ties::LookBack look_back = ForFit(snapshot, 1);
  const ties::StrengthModel& shipped = ties::ShippedStrengthModel();
  const ties::Calibration calibration = CalibrateTo(events, as_of);
  struct Tenth {
    int ties = 0;
    double strength = 0;
    double lived_on = 0;
  };
  const auto tenths_of = [&](const ties::StrengthModel& model) {
    std::array<Tenth, 10> tenths;
    for (const ties::Person& person : look_back.people) {
      for (const ties::PastTie& tie : person) {
        const double strength = ties::StrengthOf(tie.features, model);
        Tenth& tenth = tenths[static_cast<std::size_t>(10 * strength)];
        ++tenth.ties;
        tenth.strength += strength;
        tenth.lived_on += ties::Outcome(tie);
      }
    }
    return tenths;
  };
  const std::array<Tenth, 10> before = tenths_of(shipped);
  const std::array<Tenth, 10> after = tenths_of(calibration.model);
  out << "\n### " << name << ", 90 days before its end\n\n"
      << "| strength | ties, shipped | their mean | lived on | ties, own | their mean | lived on |\n"
      << "|---|---|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < before.size(); ++i) {
    out << absl::StrFormat("| 0.%d–%.1f |", i, static_cast<double>(i + 1) / 10);
    for (const Tenth& tenth : {before[i], after[i]}) {
      if (tenth.ties == 0) {
        out << " 0 | | |";
      } else {
        out << absl::StrFormat(" %d | %.2f | %.2f |", tenth.ties, tenth.strength / tenth.ties,
                               tenth.lived_on / tenth.ties);
      }
    }
    out << "\n";
  }
  out << absl::StrFormat("\nBrier score %.4f shipped, %.4f own. Its own there: %s.\n",
                         ties::AccuracyOf(look_back, shipped).brier,
                         ties::AccuracyOf(look_back, calibration.model).brier, Describe(calibration));
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
  const auto& [occasions, attention, silence, lately] = model.coefficients;
  return absl::StrFormat("occasions %.3f, attention %.3f, silence %.3f, lately %.3f, intercept %.3f", occasions,
                         attention, silence, lately, model.intercept);
}

std::string Describe(const ties::Calibration& calibration) {
  if (calibration.fitted.people == 0) {
    return absl::StrCat("the shipped coefficients: there is too little past for others (", ties::kLeastPeople,
                        " people with ties that lived on and ties that faded are needed)");
  }
  return absl::StrFormat(
      "%s coefficients (%s): on the last look back AUC per ego %.4f with the shipped ones, %.4f with those of its own",
      calibration.own ? "its own" : "the shipped", Describe(calibration.model), calibration.prior.auc,
      calibration.fitted.auc);
}

void WriteReport(std::span<const Network> networks, std::ostream& out) {
  out << "# Tie strength, model " << ties::ShippedStrengthModel().version
      << "\n\nDifferences with the interval that holds 95 % of 10,000 draws of egos.\n";
  for (const Network& network : networks) WriteNetwork(network, out);
  for (const Network& network : networks) WriteEarlierCuts(network, out);
  for (const Network& network : networks) WriteVariants(network, out);
  WriteCrossFits(networks, out);
  out << "\n## Coefficients of a network's own\n";
  for (const Network& network : networks) WriteCalibration(network, out);
  out << "\n## Strength as a probability\n";
  for (const Network& network : networks) {
    WriteReliability(network.name, network.events, out);
    const Variant slow = {.pace = 3};
    WriteReliability(absl::StrCat(network.name, ", ", slow.Name()), Vary(network.events, slow), out);
  }
}

}  // namespace council::eval
