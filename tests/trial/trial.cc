#include "tests/trial/trial.h"

#include <cmath>
#include <memory>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/support/suite_in_process.h"

namespace council::trial {
namespace {

const absl::Time kStart = absl::FromCivil(absl::CivilHour(2024, 1, 1, 12), absl::UTCTimeZone());
constexpr absl::Duration kWeek = absl::Hours(7 * 24);

struct MeanAndInterval {
  double mean = 0;
  double interval = 0;  // Half of it.
};

MeanAndInterval MeanOf(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  double squares = 0;
  for (const double value : values) sum += value;
  for (const double value : values) squares += std::pow(value - sum / count, 2);
  return {.mean = sum / count, .interval = StudentsT(values.size() - 1) * std::sqrt(squares / (count - 1) / count)};
}

Measures MeasuresOf(const Outcome& outcome, double score) {
  return {100 * outcome.all_served,
          outcome.mutual_ties,
          100 * outcome.burnt_out,
          outcome.introductions,
          score,
          outcome.hours};
}

}  // namespace

double StudentsT(std::size_t degrees) {
  constexpr double z = 1.959964;
  const auto v = static_cast<double>(degrees);
  return z + (std::pow(z, 3) + z) / (4 * v) + (5 * std::pow(z, 5) + 16 * std::pow(z, 3) + 3 * z) / (96 * v * v) +
         (3 * std::pow(z, 7) + 19 * std::pow(z, 5) + 17 * std::pow(z, 3) - 15 * z) / (384 * v * v * v);
}

const std::array<Measure, kMeasures>& AllMeasures() {
  static const auto* const kAll =
      new std::array<Measure, kMeasures>{{{"weeks with all five needs served, %", 1, Better::kMore},
                                          {"mutual ties", 2, Better::kMore},
                                          {"weeks burnt out, %", 1, Better::kLess},
                                          {"introductions that led somewhere, a year", 2, Better::kMore},
                                          {"score at the end", 1, Better::kMore},
                                          {"hours a week", 2, Better::kNeither}}};
  return *kAll;
}

absl::StatusOr<SeedResult> RunSeed(const Structure& structure, std::uint64_t seed, int people, int weeks) try {
  const absl::Time begin = kStart - Participant::kWeeksBefore * kWeek;
  test::SuiteInProcess suite(begin);
  const std::shared_ptr<grpc::Channel> channel = suite.channel();
  const std::vector<Ego> egos = DrawEgos(structure, people, seed);
  if (static_cast<int>(egos.size()) < people) {
    return absl::FailedPreconditionError(absl::StrCat(structure.name, ": only ", egos.size(),
                                                      " people have twelve ties or more, and ", people, " are needed"));
  }
  std::array<std::vector<std::unique_ptr<Participant>>, std::size(kArms)> participants;
  for (std::size_t arm = 0; arm < participants.size(); ++arm) {
    for (std::size_t i = 0; i < egos.size(); ++i) {
      // Until the arms part, the same life.
      participants[arm].push_back(std::make_unique<Participant>(
          kArms[arm], egos[i], channel, absl::StrCat("person-", i, "-", arm), 1'000'003 * seed + 10 * i));
      participants[arm].back()->Begin(begin);
    }
  }
  for (int week = -Participant::kWeeksBefore; week < weeks; ++week) {
    suite.clock().Set(kStart + week * kWeek);
    for (auto& arm : participants) {
      for (auto& participant : arm) participant->LiveWeek(week, suite.clock().Now());
    }
  }
  SeedResult result = {};
  for (std::size_t arm = 0; arm < participants.size(); ++arm) {
    for (auto& participant : participants[arm]) {
      const Measures measures = MeasuresOf(participant->outcome(), participant->Score());
      for (std::size_t i = 0; i < measures.size(); ++i) {
        result[arm][i] += measures[i] / static_cast<double>(egos.size());
      }
    }
  }
  return result;
} catch (const std::system_error& error) {
  return absl::UnavailableError(absl::StrCat("no place for the suite's storage (TMPDIR): ", error.what()));
}

void WriteTable(const std::string& name, std::span<const SeedResult> seeds, std::ostream& out) {
  const auto values = [&seeds](const auto& value_of) {
    std::vector<double> all;
    for (const SeedResult& seed : seeds) all.push_back(value_of(seed));
    return MeanOf(all);
  };
  out << "\n" << name << ":\n\n| |";
  for (const Arm arm : kArms) out << " " << NameOf(arm) << " |";
  out << " Council less longest first | Council less no advice |\n|---|";
  for (std::size_t i = 0; i < std::size(kArms) + 2; ++i) out << "---|";
  out << "\n";
  for (std::size_t i = 0; i < kMeasures; ++i) {
    const Measure& measure = AllMeasures()[i];
    out << "| " << measure.name << " |";
    for (std::size_t arm = 0; arm < std::size(kArms); ++arm) {
      const MeanAndInterval of_arm = values([&](const SeedResult& seed) { return seed[arm][i]; });
      out << absl::StrFormat(" %.*f ± %.*f |", measure.decimals, of_arm.mean, measure.decimals, of_arm.interval);
    }
    for (const Arm other : {Arm::kLongestFirst, Arm::kNoAdvice}) {
      const MeanAndInterval difference = values([&](const SeedResult& seed) {
        return seed[static_cast<std::size_t>(Arm::kCouncil)][i] - seed[static_cast<std::size_t>(other)][i];
      });
      const bool clear = measure.better != Better::kNeither && std::abs(difference.mean) > difference.interval;
      const bool better = (difference.mean > 0) == (measure.better == Better::kMore);
      out << absl::StrFormat(" %+.*f ± %.*f%s |", measure.decimals, difference.mean, measure.decimals,
                             difference.interval,
                             !clear   ? ""
                             : better ? ", better"
                                      : ", worse");
    }
    out << "\n";
  }
}

}  // namespace council::trial
