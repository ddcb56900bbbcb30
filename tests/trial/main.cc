// council-sim: whether the advice helps, tried on made-up people on the structure of real networks. Prints the tables
// of docs/trial.md.

#include <spdlog/spdlog.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/status.h"
#include "tests/trial/trial.h"

namespace council::trial {
namespace {

struct Options {
  std::string law_firm;
  std::vector<std::string> mail;
  int seeds = 20;
  int people = 5;
  int weeks = 104;
  int jobs = 1;
};

// Each seed by itself, as many at a time as there are jobs.
absl::StatusOr<std::vector<SeedResult>> RunSeeds(const Structure& structure, const Options& options) {
  std::vector<SeedResult> results(static_cast<std::size_t>(options.seeds));
  absl::Status status;
  std::atomic<int> next = 0;
  absl::Mutex mutex;
  std::vector<std::thread> threads;
  for (int job = 0; job < options.jobs; ++job) {
    threads.emplace_back([&] {
      for (int i = next++; i < options.seeds; i = next++) {
        const auto result = RunSeed(structure, static_cast<std::uint64_t>(i) + 1, options.people, options.weeks);
        absl::MutexLock lock(&mutex);
        status.Update(result.status());
        if (!result.ok()) {
          next = options.seeds;
          continue;
        }
        results[static_cast<std::size_t>(i)] = *result;
        std::cerr << structure.name << ": seed " << i + 1 << " of " << options.seeds << "\n";
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (!status.ok()) return status;
  return results;
}

absl::Status RunTrial(const Options& options) {
  std::vector<Structure> structures;
  if (!options.law_firm.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(Structure structure, ReadLawFirmStructure(options.law_firm));
    structures.push_back(std::move(structure));
  }
  for (const std::string& directory : options.mail) {
    COUNCIL_ASSIGN_OR_RETURN(Structure structure, ReadMailStructure(directory));
    structures.push_back(std::move(structure));
  }
  if (structures.empty()) return absl::InvalidArgumentError("name a network: --law-firm or --mail");
  std::vector<SeedResult> all(static_cast<std::size_t>(options.seeds));
  for (const Structure& structure : structures) {
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<SeedResult> seeds, RunSeeds(structure, options));
    WriteTable(absl::StrCat("`", structure.name, "`"), seeds, std::cout);
    for (std::size_t seed = 0; seed < seeds.size(); ++seed) {
      for (std::size_t arm = 0; arm < seeds[seed].size(); ++arm) {
        for (std::size_t i = 0; i < kMeasures; ++i) {
          all[seed][arm][i] += seeds[seed][arm][i] / static_cast<double>(structures.size());
        }
      }
    }
  }
  if (structures.size() > 1) WriteTable("All networks, each of the same weight", all, std::cout);
  return absl::OkStatus();
}

int Run(int argc, char** argv) {
  CLI::App app("Tries on made-up people on the structure of real networks whether the advice helps.", "council-sim");
  app.footer(
      "Example:\n  council-sim --law-firm data/networks --mail data/ties/one --mail data/ties/two\n\n"
      "Exit codes: 0 done, 1 failed, 2 wrong usage.");
  Options options;
  app.add_option("--law-firm", options.law_firm, "folder with law_nodes.csv and the three law_*_edges.csv");
  app.add_option("--mail", options.mail,
                 "folder with events.csv, labels.csv and as_of.txt; may be given several times");
  app.add_option("--seeds", options.seeds, "how often everybody is drawn anew")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  app.add_option("--people", options.people, "whose lives are told, of each network and seed")
      ->check(CLI::Range(1, 50))
      ->capture_default_str();
  app.add_option("--weeks", options.weeks, "how long")->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--jobs", options.jobs, "seeds at a time")->check(CLI::Range(1, 64))->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  spdlog::set_level(spdlog::level::warn);
  const absl::Status status = RunTrial(options);
  if (status.ok()) return 0;
  std::cerr << "council-sim: " << status.message() << "\n";
  return absl::IsInvalidArgument(status) ? 2 : 1;
}

}  // namespace
}  // namespace council::trial

int main(int argc, char** argv) {
  return council::trial::Run(argc, argv);
}
