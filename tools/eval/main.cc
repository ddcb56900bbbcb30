// council-eval: measures what Council foretells against what came.

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "libs/base/status.h"
#include "libs/ties/tie_strength.h"
#include "tools/eval/event_file.h"
#include "tools/eval/law_firm.h"
#include "tools/eval/law_firm_report.h"
#include "tools/eval/network.h"
#include "tools/eval/network_fit.h"
#include "tools/eval/own_model.h"
#include "tools/eval/report.h"
#include "tools/eval/snapshot.h"

namespace council::eval {
namespace {

// Values of --calibrate.
constexpr char kOwn[] = "own";
constexpr char kNone[] = "none";

constexpr char kFooter[] =
    "Examples:\n"
    "  council-eval ties --events events.csv --as-of 1278576742 --pairs pairs.csv > scores.csv\n"
    "  council-eval fit --network data/one --network data/two\n"
    "  council-eval report --network data/one --network data/two\n"
    "  council-eval law-firm --networks data/networks\n"
    "\n"
    "A network is a folder with events.csv (from,to,unix_seconds), labels.csv (ego,alter,alive) and as_of.txt (the\n"
    "second of the cut). Exit codes: 0 done, 1 failed, 2 wrong usage.";

// So that it reads back as the same number.
std::string Exactly(double value) {
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof(text), value);
  return {text, end.ptr};
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

// The network's own coefficients where they are better, and said so, or the shipped ones.
ties::StrengthModel ModelFor(std::span<const Event> events, std::int64_t as_of, const std::string& calibrate) {
  if (calibrate == kNone || events.empty()) return ties::ShippedStrengthModel();
  const ties::Calibration calibration = CalibrateTo(events, as_of);
  std::cerr << "council-eval: " << Describe(calibration) << "\n";
  return calibration.model;
}

absl::Status PrintTies(const std::string& events_path, std::int64_t as_of, const std::string& pairs_path,
                       const std::string& calibrate) {
  Names names;
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Event> events, ReadEvents(events_path, as_of, names));
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Pair> pairs, ReadPairs(pairs_path, names));
  const Snapshot snapshot = TiesOf(events, as_of, pairs);
  const ties::StrengthModel model = ModelFor(events, as_of, calibrate);
  std::string out = "ego,alter,score\n";
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    absl::StrAppend(&out, CsvField(pairs[i].ego), ",", CsvField(pairs[i].alter), ",",
                    Exactly(ScoreOf(snapshot.ties[i], snapshot, model)), "\n");
  }
  std::cout << out << std::flush;
  return std::cout ? absl::OkStatus() : absl::UnavailableError("the output could not be written");
}

absl::StatusOr<std::vector<Network>> ReadNetworks(const std::vector<std::string>& directories) {
  std::vector<Network> networks;
  for (const std::string& directory : directories) {
    COUNCIL_ASSIGN_OR_RETURN(Network network, ReadNetwork(directory));
    networks.push_back(std::move(network));
  }
  return networks;
}

absl::Status PrintFit(const std::vector<std::string>& directories) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Network> networks, ReadNetworks(directories));
  std::vector<std::vector<Event>> events;
  for (const Network& network : networks) events.push_back(network.events);
  std::cout << "fitted:  " << Describe(FitNetworks(events, "fitted")) << "\n"
            << "shipped: " << Describe(ties::ShippedStrengthModel()) << "\n";
  return absl::OkStatus();
}

absl::Status PrintReport(const std::vector<std::string>& directories) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Network> networks, ReadNetworks(directories));
  WriteReport(networks, std::cout);
  return absl::OkStatus();
}

absl::Status PrintLawFirm(const std::string& directory) {
  COUNCIL_ASSIGN_OR_RETURN(const LawFirm firm, ReadLawFirm(directory));
  WriteLawFirmReport(firm, CouncilsOf(firm), std::cout);
  return absl::OkStatus();
}

int Run(int argc, char** argv) {
  CLI::App app("Measures what Council foretells against what came.", "council-eval");
  app.footer(kFooter);
  app.require_subcommand(1);
  std::string events;
  std::string pairs;
  std::int64_t as_of = 0;
  std::vector<std::string> directories;

  CLI::App* ties = app.add_subcommand("ties", "print the strength of each pair's tie as ego,alter,score");
  ties->add_option("--events", events, "CSV of from,to,unix_seconds; what comes after --as-of is not looked at")
      ->required();
  ties->add_option("--as-of", as_of, "the moment, in seconds since 1970-01-01 UTC")->required();
  ties->add_option("--pairs", pairs, "CSV of ego,alter; a pair that had not been in touch scores 0")->required();
  std::string calibrate = kOwn;
  ties->add_option("--calibrate", calibrate,
                   "own: coefficients fitted to what became of ties before --as-of, where they were better than the\n"
                   "shipped ones on the last look back; none: the shipped ones. Default: own")
      ->check(CLI::IsMember({kOwn, kNone}));
  CLI::App* fit = app.add_subcommand("fit", "fit the coefficients to networks, each weighing the same");
  CLI::App* report = app.add_subcommand("report", "print the figures of docs/tie-strength.md");
  for (CLI::App* command : {fit, report}) {
    command->add_option("--network", directories, "folder of a network; may be given several times")->required();
  }
  CLI::App* law_firm = app.add_subcommand("law-firm", "print the figures of docs/law-firm.md");
  std::string networks;
  law_firm->add_option("--networks", networks, "folder with law_nodes.csv and the three law_*_edges.csv")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  absl::Status status;
  if (ties->parsed()) status = PrintTies(events, as_of, pairs, calibrate);
  if (fit->parsed()) status = PrintFit(directories);
  if (report->parsed()) status = PrintReport(directories);
  if (law_firm->parsed()) status = PrintLawFirm(networks);
  if (status.ok()) return 0;
  std::cerr << "council-eval: " << status.message() << "\n";
  return 1;
}

}  // namespace
}  // namespace council::eval

int main(int argc, char** argv) {
  return council::eval::Run(argc, argv);
}
