#ifndef COUNCIL_TESTS_LOAD_PROPOSE_BENCH_H_
#define COUNCIL_TESTS_LOAD_PROPOSE_BENCH_H_

#include "tests/support/council.h"

namespace council::load {

// Measures ProposeCouncil over 2,000 contacts beside reading these with their ties over gRPC, alternately, `rounds`
// times each, and prints both and the ratio of their medians. Throws std::runtime_error where a call fails.
void BenchProposal(test::CouncilSuite& suite, int rounds);

}  // namespace council::load

#endif  // COUNCIL_TESTS_LOAD_PROPOSE_BENCH_H_
