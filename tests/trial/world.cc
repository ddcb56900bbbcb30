#include "tests/trial/world.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "tools/eval/law_firm.h"
#include "tools/eval/network.h"

namespace council::trial {
namespace {

constexpr std::size_t kFewestAlters = 12;
constexpr std::size_t kMostAlters = 30;
constexpr int kRounds = 5;
constexpr int kFunctions = 4;

constexpr int kEnergizer = 0;
constexpr int kInformant = 1;
constexpr int kSupporter = 2;
constexpr int kBrainstormer = 3;
constexpr int kMentor = 4;

std::string Numbered(const char* what, int number) {
  return absl::StrCat(what, " ", number);
}

// Groups by what most of one's ties, by strength, belong to: label propagation, in the order of the nodes.
std::vector<int> GroupsOf(const std::vector<std::vector<std::pair<int, double>>>& ties) {
  std::vector<int> groups(ties.size());
  std::iota(groups.begin(), groups.end(), 0);
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t node = 0; node < ties.size(); ++node) {
      std::map<int, double> votes;
      for (const auto& [other, strength] : ties[node]) votes[groups[static_cast<std::size_t>(other)]] += strength;
      const auto most = std::max_element(votes.begin(), votes.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
      if (most != votes.end()) groups[node] = most->first;
    }
  }
  return groups;
}

Alter DrawAlter(const Structure& structure, int node, const std::array<bool, kNeeds>& serves, double closeness,
                Random& random) {
  const Structure::Node& about = structure.nodes[static_cast<std::size_t>(node)];
  Alter alter;
  alter.name = Numbered("Person", node);
  alter.closeness = closeness;
  alter.energy = std::clamp(random.Normal(0.45, 0.8), -2.0, 2.0);
  alter.gives = random.Uniform(0.2, 0.9);
  alter.takes = random.Uniform(0.2, 0.9);
  const bool known = std::any_of(serves.begin(), serves.end(), [](bool one) { return one; });
  for (int need = 0; need < kNeeds; ++need) {
    const bool drawn = random.Chance(0.3);
    const auto i = static_cast<std::size_t>(need);
    alter.serves[i] = known && need != kBrainstormer ? serves[i] : drawn;
    alter.lacks[i] = random.Chance(0.4);
  }
  alter.serves[kEnergizer] = alter.energy >= 0.8;
  if (random.Chance(0.4)) {
    constexpr common::v1::LifeDomain kOthers[] = {common::v1::LIFE_DOMAIN_PHYSICAL, common::v1::LIFE_DOMAIN_MENTAL,
                                                  common::v1::LIFE_DOMAIN_EMOTIONAL, common::v1::LIFE_DOMAIN_SOCIAL};
    alter.domain = kOthers[random.Index(std::size(kOthers))];
  }
  alter.facets = {{"function", about.function}, {"seniority", about.seniority}, {"location", about.location}};
  return alter;
}

}  // namespace

double Random::Normal(double mean, double deviation) {
  const double radius = std::sqrt(-2 * std::log(1 - Uniform()));
  return mean + deviation * radius * std::cos(2 * std::numbers::pi * Uniform());
}

common::v1::CouncilRole RoleOf(int need) {
  constexpr common::v1::CouncilRole kRoles[] = {common::v1::COUNCIL_ROLE_ENERGIZER, common::v1::COUNCIL_ROLE_INFORMANT,
                                                common::v1::COUNCIL_ROLE_SUPPORTER,
                                                common::v1::COUNCIL_ROLE_BRAINSTORMER, common::v1::COUNCIL_ROLE_MENTOR};
  return kRoles[need];
}

absl::StatusOr<Structure> ReadLawFirmStructure(const std::string& directory) {
  COUNCIL_ASSIGN_OR_RETURN(const eval::LawFirm firm, eval::ReadLawFirm(directory));
  Structure structure;
  structure.name = "law firm";
  const auto lawyers = static_cast<int>(firm.lawyers.size());
  for (const eval::Lawyer& lawyer : firm.lawyers) {
    structure.nodes.push_back({eval::PracticeName(lawyer), eval::StatusName(lawyer), eval::OfficeName(lawyer)});
  }
  structure.ties.resize(firm.lawyers.size());
  structure.serves.resize(firm.lawyers.size());
  for (int ego = 0; ego < lawyers; ++ego) {
    for (int alter = 0; alter < lawyers; ++alter) {
      double strength = 0;
      for (const eval::Naming* naming : {&firm.advice, &firm.cowork, &firm.friends}) {
        strength += (naming->contains({ego, alter}) ? 1 : 0) + (naming->contains({alter, ego}) ? 1 : 0);
      }
      if (ego == alter || strength == 0) continue;
      std::array<bool, kNeeds> serves = {};
      serves[kMentor] = firm.advice.contains({ego, alter});
      serves[kInformant] = firm.cowork.contains({ego, alter});
      serves[kSupporter] = firm.friends.contains({ego, alter});
      structure.ties[static_cast<std::size_t>(ego)].emplace_back(alter, strength);
      structure.serves[static_cast<std::size_t>(ego)].push_back(serves);
    }
  }
  return structure;
}

absl::StatusOr<Structure> ReadMailStructure(const std::string& directory) {
  COUNCIL_ASSIGN_OR_RETURN(const eval::Network network, eval::ReadNetwork(directory));
  Structure structure;
  structure.name = network.name;
  int people = 0;
  std::map<std::pair<int, int>, double> messages;
  for (const eval::Event& event : network.events) {
    people = std::max({people, event.from + 1, event.to + 1});
    ++messages[{event.from, event.to}];
    ++messages[{event.to, event.from}];
  }
  structure.ties.resize(static_cast<std::size_t>(people));
  structure.serves.resize(static_cast<std::size_t>(people));
  for (const auto& [pair, count] : messages) {
    const auto ego = static_cast<std::size_t>(pair.first);
    structure.ties[ego].emplace_back(pair.second, count);
    structure.serves[ego].emplace_back();
  }
  const std::vector<int> groups = GroupsOf(structure.ties);
  for (int node = 0; node < people; ++node) {
    structure.nodes.push_back({Numbered("function", node % kFunctions),
                               structure.ties[static_cast<std::size_t>(node)].size() > kMostAlters ? "lead" : "staff",
                               Numbered("group", groups[static_cast<std::size_t>(node)])});
  }
  return structure;
}

std::vector<Ego> DrawEgos(const Structure& structure, int count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::size_t> candidates;
  for (std::size_t node = 0; node < structure.ties.size(); ++node) {
    if (structure.ties[node].size() >= kFewestAlters) candidates.push_back(node);
  }
  std::vector<Ego> egos;
  while (static_cast<int>(egos.size()) < count && !candidates.empty()) {
    const std::size_t at = random.Index(candidates.size());
    const std::size_t node = candidates[at];
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(at));

    std::vector<std::size_t> order(structure.ties[node].size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return structure.ties[node][a].second > structure.ties[node][b].second;
    });
    order.resize(std::min(order.size(), kMostAlters));

    Ego& ego = egos.emplace_back();
    ego.hours_a_week = std::clamp(std::exp(random.Normal(std::log(1.5), 0.4)), 0.5, 4.0);
    ego.gives = random.Uniform(0.2, 0.6);
    std::vector<int> nodes;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      const auto& [other, strength] = structure.ties[node][order[rank]];
      const double closeness = 0.8 - 0.6 * static_cast<double>(rank) / static_cast<double>(order.size());
      nodes.push_back(other);
      ego.alters.push_back(DrawAlter(structure, other, structure.serves[node][order[rank]],
                                     std::clamp(closeness + random.Normal(0, 0.1), 0.05, 0.95), random));
    }
    ego.acquainted.assign(nodes.size(), std::vector<bool>(nodes.size()));
    for (std::size_t a = 0; a < nodes.size(); ++a) {
      std::set<int> known;
      for (const auto& [other, strength] : structure.ties[static_cast<std::size_t>(nodes[a])]) known.insert(other);
      for (std::size_t b = 0; b < nodes.size(); ++b) ego.acquainted[a][b] = a != b && known.contains(nodes[b]);
    }
  }
  return egos;
}

}  // namespace council::trial
