// Made-up people on the structure of real networks: who is tied to whom and how closely is real, what they are like is
// drawn. Nobody in the trial sees this truth; the services see what somebody writes down of it.
#ifndef COUNCIL_TESTS_TRIAL_WORLD_H_
#define COUNCIL_TESTS_TRIAL_WORLD_H_

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "council/common/v1/council.pb.h"

namespace council::trial {

// The same numbers on every machine, unlike what the standard's distributions make of them.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // In [0, 1).
  double Uniform() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }
  double Uniform(double low, double high) { return low + (high - low) * Uniform(); }
  bool Chance(double probability) { return Uniform() < probability; }
  std::size_t Index(std::size_t size) { return static_cast<std::size_t>(engine_() % size); }
  double Normal(double mean, double deviation);

 private:
  std::mt19937_64 engine_;
};

// ENERGIZER, INFORMANT, SUPPORTER, BRAINSTORMER, MENTOR: the needs that a council serves.
inline constexpr int kNeeds = 5;
common::v1::CouncilRole RoleOf(int need);

// Somebody whom an ego knows, as they truly are to that ego.
struct Alter {
  std::string name;
  // Which of the needs they can serve, and which of their own somebody else could.
  std::array<bool, kNeeds> serves = {};
  std::array<bool, kNeeds> lacks = {};
  // How one feels after a talk with them, in the mean: −2 to 2.
  double energy = 0;
  // How readily they give something of use, and take it: 0 to 1.
  double gives = 0;
  double takes = 0;
  // How close the two are when the trial begins, 0 to 1.
  double closeness = 0;
  common::v1::LifeDomain domain = common::v1::LIFE_DOMAIN_CAREER;
  // Facets by name: function, seniority, location.
  std::vector<std::pair<std::string, std::string>> facets;
};

// Whose council it is.
struct Ego {
  double hours_a_week = 1;
  // How readily they give something of their own accord: 0 to 1.
  double gives = 0;
  // The closest first, 12 at least.
  std::vector<Alter> alters;
  // Who of them know each other.
  std::vector<std::vector<bool>> acquainted;
};

// What is real of a network.
struct Structure {
  std::string name;
  struct Node {
    std::string function;
    std::string seniority;
    std::string location;
  };
  std::vector<Node> nodes;
  // By node: how strongly tied to which other ones, above 0, either way alike.
  std::vector<std::vector<std::pair<int, double>>> ties;
  // By node and other one, in the order of `ties`: which needs the data say that they serve; all false where they don't
  // say.
  std::vector<std::vector<std::array<bool, kNeeds>>> serves;
};

// The law firm of a folder like shared/data/networks, and a mail network of a folder like those of shared/data/ties.
absl::StatusOr<Structure> ReadLawFirmStructure(const std::string& directory);
absl::StatusOr<Structure> ReadMailStructure(const std::string& directory);

// `count` people of the structure with twelve ties or more, chosen and drawn by `seed`.
std::vector<Ego> DrawEgos(const Structure& structure, int count, std::uint64_t seed);

}  // namespace council::trial

#endif  // COUNCIL_TESTS_TRIAL_WORLD_H_
