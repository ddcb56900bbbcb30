#include "tools/eval/law_firm_report.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace council::eval {
namespace {

using recommendations::v1::BalanceComponent;
using recommendations::v1::CouncilBalance;
using Figure = std::function<double(const LawyerCouncil&)>;
using Councils = std::span<const LawyerCouncil>;

constexpr size_t kShown = 3;

const BalanceComponent& ComponentOf(const CouncilBalance& balance, absl::string_view name) {
  return *std::find_if(balance.components().begin(), balance.components().end(),
                       [name](const BalanceComponent& component) { return component.name() == name; });
}

double StructureOf(const LawyerCouncil& council) {
  return council.balance().structure();
}

double NamedBy(const LawyerCouncil& council) {
  return council.named;
}

double AcquaintedOf(const LawyerCouncil& council) {
  return council.acquainted;
}

Figure ValueOf(absl::string_view component) {
  return [component](const LawyerCouncil& council) { return ComponentOf(council.balance(), component).value(); };
}

std::vector<double> Sorted(Councils councils, const Figure& figure) {
  std::vector<double> values;
  for (const LawyerCouncil& council : councils) values.push_back(figure(council));
  std::sort(values.begin(), values.end());
  return values;
}

double Mean(Councils councils, const Figure& figure) {
  double sum = 0;
  for (const LawyerCouncil& council : councils) sum += figure(council);
  return councils.empty() ? 0 : sum / static_cast<double>(councils.size());
}

// From 1; equal ones share the mean of their ranks.
std::vector<double> Ranks(Councils councils, const Figure& figure) {
  const std::vector<double> sorted = Sorted(councils, figure);
  std::vector<double> ranks;
  for (const LawyerCouncil& council : councils) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), figure(council));
    ranks.push_back((static_cast<double>(first - sorted.begin()) + static_cast<double>(last - sorted.begin()) + 1) / 2);
  }
  return ranks;
}

// Spearman's rank correlation.
double Correlation(Councils councils, const Figure& a, const Figure& b) {
  const std::vector<double> x = Ranks(councils, a);
  const std::vector<double> y = Ranks(councils, b);
  const double middle = (static_cast<double>(councils.size()) + 1) / 2;
  double xy = 0;
  double xx = 0;
  double yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += (x[i] - middle) * (x[i] - middle);
    yy += (y[i] - middle) * (y[i] - middle);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

void WriteSpread(Councils councils, std::ostream& out) {
  out << "## Spread\n\n| figure | lowest | quarter | median | three quarters | highest |\n|---|--:|--:|--:|--:|--:|\n";
  const auto row = [&](absl::string_view name, const Figure& figure, int places) {
    const std::vector<double> values = Sorted(councils, figure);
    out << "| " << name;
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
      const auto at = static_cast<size_t>(std::lround(share * static_cast<double>(values.size() - 1)));
      out << absl::StrFormat(" | %.*f", places, values[at]);
    }
    out << " |\n";
  };
  row("people named", NamedBy, 0);
  row("structure", StructureOf, 1);
  for (const char* component : {"size", "roles", "diversity"}) row(component, ValueOf(component), 2);
  row("pairs who know each other", AcquaintedOf, 2);
  row(
      "score", [](const LawyerCouncil& c) { return c.balance().score(); }, 1);
  row(
      "practice", [](const LawyerCouncil& c) { return c.balance().practice(); }, 1);
  row(
      "confidence", [](const LawyerCouncil& c) { return c.balance().confidence(); }, 2);
}

void WriteExtremes(const LawFirm& firm, Councils councils, std::ostream& out) {
  std::vector<const LawyerCouncil*> ranked;
  for (const LawyerCouncil& council : councils) ranked.push_back(&council);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const LawyerCouncil* a, const LawyerCouncil* b) { return StructureOf(*a) > StructureOf(*b); });
  const auto write = [&](const LawyerCouncil& council) {
    const Lawyer& lawyer = firm.lawyers[static_cast<size_t>(council.lawyer)];
    out << absl::StrFormat("- **lawyer %d**, %s, %s, %s, %d years: structure %.1f.", council.lawyer, StatusName(lawyer),
                           OfficeName(lawyer), PracticeName(lawyer), lawyer.seniority, StructureOf(council));
    for (const char* name : {"size", "roles", "diversity"}) {
      const BalanceComponent& component = ComponentOf(council.balance(), name);
      out << absl::StrFormat("\n  %s %.2f: %s", name, component.value(), component.explanation());
    }
    out << "\n";
  };
  const size_t shown = std::min(kShown, ranked.size());
  out << "\n## Highest\n\n";
  for (size_t i = 0; i < shown; ++i) write(*ranked[i]);
  out << "\n## Lowest\n\n";
  for (size_t i = 0; i < shown; ++i) write(*ranked[ranked.size() - 1 - i]);
}

void WriteGroups(const LawFirm& firm, Councils councils, std::ostream& out) {
  out << "\n## By group, means\n\n| group | lawyers | named | structure | size | roles | diversity | pairs acquainted "
         "|\n|---|--:|--:|--:|--:|--:|--:|--:|\n";
  // In order of the numbers, then of the names.
  using Group = std::pair<int, std::string>;
  const auto write = [&](const std::function<Group(const LawyerCouncil&, const Lawyer&)>& group_of) {
    std::map<Group, std::vector<LawyerCouncil>> groups;
    for (const LawyerCouncil& council : councils) {
      groups[group_of(council, firm.lawyers[static_cast<size_t>(council.lawyer)])].push_back(council);
    }
    for (const auto& [name, group] : groups) {
      out << absl::StrFormat("| %s | %d | %.1f | %.1f | %.2f | %.2f | %.2f | %.2f |\n", name.second, group.size(),
                             Mean(group, NamedBy), Mean(group, StructureOf), Mean(group, ValueOf("size")),
                             Mean(group, ValueOf("roles")), Mean(group, ValueOf("diversity")),
                             Mean(group, AcquaintedOf));
    }
  };
  write([](const LawyerCouncil& council, const Lawyer&) -> Group {
    if (council.named < 12) return {0, "names fewer than 12"};
    if (council.named <= 18) return {1, "names 12 to 18"};
    return council.named <= 27 ? Group(2, "names 19 to 27") : Group(3, "names more than 27");
  });
  write([](const LawyerCouncil&, const Lawyer& lawyer) { return Group(lawyer.status, StatusName(lawyer)); });
  write([](const LawyerCouncil&, const Lawyer& lawyer) { return Group(lawyer.office, OfficeName(lawyer)); });
  write([](const LawyerCouncil&, const Lawyer& lawyer) { return Group(lawyer.practice, PracticeName(lawyer)); });
}

void WriteCorrelations(const LawFirm& firm, Councils councils, std::ostream& out) {
  std::vector<LawyerCouncil> of_full_size;
  std::copy_if(councils.begin(), councils.end(), std::back_inserter(of_full_size),
               [](const LawyerCouncil& c) { return c.named >= 12 && c.named <= 18; });
  out << "\n## Rank correlations of the structure with\n\n| | all | who name 12 to 18 |\n|---|--:|--:|\n";
  const auto row = [&](absl::string_view name, const Figure& figure) {
    out << absl::StrFormat("| %s | %+.2f | %+.2f |\n", name, Correlation(councils, StructureOf, figure),
                           Correlation(of_full_size, StructureOf, figure));
  };
  row("people named", NamedBy);
  row("how far that is from 12 to 18", [](const LawyerCouncil& c) {
    return std::max({0, 12 - c.named, c.named - 18});
  });
  row("size", ValueOf("size"));
  row("roles", ValueOf("roles"));
  row("diversity", ValueOf("diversity"));
  row("pairs who know each other", AcquaintedOf);
  row("years with the firm",
      [&](const LawyerCouncil& c) { return firm.lawyers[static_cast<size_t>(c.lawyer)].seniority; });
}

double Kept(const LawyerCouncil& council) {
  return static_cast<double>(std::count_if(council.proposal.seats().begin(), council.proposal.seats().end(),
                                           [](const auto& seat) { return seat.seated(); }));
}

void WriteProposals(Councils councils, std::ostream& out) {
  const auto structure_after = [](const LawyerCouncil& c) { return c.proposal.balance().structure(); };
  const auto score_after = [](const LawyerCouncil& c) { return c.proposal.balance().score(); };
  const auto seats_after = [](const LawyerCouncil& c) { return c.proposal.seats_size(); };
  out << "\n## Proposals, means\n\n";
  out << absl::StrFormat(
      "structure %.1f to %.1f (lowest %.1f), score %.1f to %.1f; seats %.1f to %.1f, of whom %.1f "
      "had been named; known to be the best: %d of %d\n",
      Mean(councils, StructureOf), Mean(councils, structure_after), Sorted(councils, structure_after).front(),
      Mean(councils, [](const LawyerCouncil& c) { return c.balance().score(); }), Mean(councils, score_after),
      Mean(councils, NamedBy), Mean(councils, seats_after), Mean(councils, Kept),
      std::count_if(councils.begin(), councils.end(), [](const LawyerCouncil& c) { return c.proposal.exact(); }),
      councils.size());
  std::map<int, int> sizes;
  for (const LawyerCouncil& council : councils) ++sizes[council.proposal.seats_size()];
  out << "\n| seats proposed | lawyers |\n|--:|--:|\n";
  for (const auto& [seats, lawyers] : sizes) out << "| " << seats << " | " << lawyers << " |\n";
  out << "\n| component | before | after |\n|---|--:|--:|\n";
  for (const BalanceComponent& component : councils.front().balance().components()) {
    const std::string& name = component.name();
    out << absl::StrFormat(
        "| %s | %.2f | %.2f |\n", name, Mean(councils, ValueOf(name)),
        Mean(councils, [&](const LawyerCouncil& c) { return ComponentOf(c.proposal.balance(), name).value(); }));
  }
}

void WriteLawyers(const LawFirm& firm, Councils councils, std::ostream& out) {
  out << "\n## Each lawyer\n\n| lawyer | | office | practice | years | named | tied | acquainted | size | roles | "
         "diversity | structure | score | proposed | kept | structure | score |\n"
         "|--:|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const LawyerCouncil& council : councils) {
    const Lawyer& lawyer = firm.lawyers[static_cast<size_t>(council.lawyer)];
    out << absl::StrFormat(
        "| %d | %s | %s | %s | %d | %d | %d | %.2f | %.2f | %.2f | %.2f | %.1f | %.1f | %d | %.0f | "
        "%.1f | %.1f |\n",
        council.lawyer, StatusName(lawyer), OfficeName(lawyer), PracticeName(lawyer), lawyer.seniority, council.named,
        council.tied, council.acquainted, ValueOf("size")(council), ValueOf("roles")(council),
        ValueOf("diversity")(council), StructureOf(council), council.balance().score(), council.proposal.seats_size(),
        Kept(council), council.proposal.balance().structure(), council.proposal.balance().score());
  }
}

}  // namespace

void WriteLawFirmReport(const LawFirm& firm, std::span<const LawyerCouncil> councils, std::ostream& out) {
  if (councils.empty()) return;
  WriteSpread(councils, out);
  WriteExtremes(firm, councils, out);
  WriteGroups(firm, councils, out);
  WriteCorrelations(firm, councils, out);
  WriteProposals(councils, out);
  WriteLawyers(firm, councils, out);
}

}  // namespace council::eval
