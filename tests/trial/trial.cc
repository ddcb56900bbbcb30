#include "tests/trial/trial.h"

#include <cmath>
#include <memory>

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

// Student's t for 97.5 %, by degrees of freedom; beyond the table the normal distribution's.
double StudentsT(std::size_t degrees) {
  constexpr double kTable[] = {0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                               2.201, 2.179,  2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086};
  return degrees < std::size(kTable) ? kTable[degrees] : 1.960;
}

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

SeedResult RunSeed(const Structure& structure, std::uint64_t seed, int people, int weeks) {
  const absl::Time begin = kStart - Participant::kWeeksBefore * kWeek;
  test::SuiteInProcess suite(begin);
  const std::shared_ptr<grpc::Channel> channel = suite.channel();
  const std::vector<Ego> egos = DrawEgos(structure, people, seed);
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
}

void WriteTable(const std::string& name, std::span<const SeedResult> seeds, std::ostream& out) {
  const auto values = [&seeds](const auto& value_of) {
    std::vector<double> all;
    for (const SeedResult& seed : seeds) all.push_back(value_of(seed));
    return MeanOf(all);
  };
  out << "\n" << name << ":\n\n| |";
  for (const Arm arm : kArms) out << " " << NameOf(arm) << " |";
  out << " Council less longest first |\n|---|";
  for (std::size_t i = 0; i <= std::size(kArms); ++i) out << "---|";
  out << "\n";
  for (std::size_t i = 0; i < kMeasures; ++i) {
    const Measure& measure = AllMeasures()[i];
    out << "| " << measure.name << " |";
    for (std::size_t arm = 0; arm < std::size(kArms); ++arm) {
      const MeanAndInterval of_arm = values([&](const SeedResult& seed) { return seed[arm][i]; });
      out << absl::StrFormat(" %.*f ± %.*f |", measure.decimals, of_arm.mean, measure.decimals, of_arm.interval);
    }
    const MeanAndInterval difference = values([&](const SeedResult& seed) {
      return seed[static_cast<std::size_t>(Arm::kCouncil)][i] - seed[static_cast<std::size_t>(Arm::kLongestFirst)][i];
    });
    const bool clear = measure.better != Better::kNeither && std::abs(difference.mean) > difference.interval;
    const bool better = (difference.mean > 0) == (measure.better == Better::kMore);
    out << absl::StrFormat(" %+.*f ± %.*f%s |\n", measure.decimals, difference.mean, measure.decimals,
                           difference.interval,
                           !clear   ? ""
                           : better ? ", better"
                                    : ", worse");
  }
}

}  // namespace council::trial
