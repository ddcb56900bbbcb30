#ifndef COUNCIL_TESTS_TRIAL_TRIAL_H_
#define COUNCIL_TESTS_TRIAL_TRIAL_H_

#include <array>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/trial/arms.h"
#include "tests/trial/world.h"

namespace council::trial {

// What is compared, in the mean over a seed's people.
inline constexpr int kMeasures = 6;
using Measures = std::array<double, kMeasures>;
enum class Better { kMore, kLess, kNeither };
struct Measure {
  std::string name;
  int decimals;
  Better better;
};
// All needs served, mutual ties, burnt out, introductions, score, hours.
const std::array<Measure, kMeasures>& AllMeasures();

// By arm.
using SeedResult = std::array<Measures, std::size(kArms)>;

// Draws `people` by `seed` and lets them live `weeks` under each arm, with a suite of their own on a clock that is
// moved. The same arguments give the same result. FAILED_PRECONDITION where the structure has too few people with
// twelve ties; UNAVAILABLE where there is no place for the suite's storage.
absl::StatusOr<SeedResult> RunSeed(const Structure& structure, std::uint64_t seed, int people, int weeks);

// Student's t for 97.5 % with so many degrees of freedom, by Cornish and Fisher's expansion: within 0.4 % from 3 on.
double StudentsT(std::size_t degrees);

// Means over seeds with intervals that hold 95 %, and the differences between Council and "longest first", and between
// Council and no advice, seed by seed. Two seeds at least.
void WriteTable(const std::string& name, std::span<const SeedResult> seeds, std::ostream& out);

}  // namespace council::trial

#endif  // COUNCIL_TESTS_TRIAL_TRIAL_H_
