// council settings: what one sets for oneself.

#include <CLI/App.hpp>
#include <memory>
#include <optional>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/flags.h"
#include "clients/cli/json_output.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

using contacts::v1::Settings;
using contacts::v1::TagCadence;

constexpr int kDefaultCheckIns = 3;
constexpr char kDiscreet[] = "discreet";
constexpr int kMostCheckIns = 50;

struct SettingsFlags {
  std::vector<std::string> emails;
  std::optional<double> hours;
  std::optional<int> check_ins;
  std::optional<std::string> screen;
  std::optional<std::string> time_zone;
  std::vector<std::string> cadences;
};

// "mentors=30d" or "mentors=30d:45d" into the settings, over what the tag had; "mentors=" takes it away.
absl::Status ApplyCadence(const std::string& text, Settings& settings) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return base::InvalidField(
        "cadence", absl::StrCat("\"", text, "\" is not TAG=EVERY or TAG=EVERY:AT-MOST, as in mentors=30d:45d"));
  }
  const std::string tag = text.substr(0, equals);
  std::string every = text.substr(equals + 1);
  google::protobuf::RepeatedPtrField<TagCadence> kept;
  for (TagCadence& cadence : *settings.mutable_tag_cadences()) {
    if (cadence.tag() != tag) *kept.Add() = std::move(cadence);
  }
  settings.mutable_tag_cadences()->Swap(&kept);
  if (every.empty()) return absl::OkStatus();
  TagCadence& cadence = *settings.add_tag_cadences();
  cadence.set_tag(tag);
  if (const size_t colon = every.find(':'); colon != std::string::npos) {
    const absl::StatusOr<absl::Duration> gap = ParseCadence(every.substr(colon + 1));
    if (!gap.ok()) return base::InvalidField("cadence", std::string(gap.status().message()));
    *cadence.mutable_longest_gap() = base::ToProto(*gap);
    every.resize(colon);
  }
  const absl::StatusOr<absl::Duration> ideal = ParseCadence(every);
  if (!ideal.ok()) return base::InvalidField("cadence", std::string(ideal.status().message()));
  *cadence.mutable_cadence() = base::ToProto(*ideal);
  return absl::OkStatus();
}

void PrintSettings(const Settings& settings, const Session& session) {
  std::ostream& out = session.out();
  const std::string emails = absl::StrJoin(settings.own_emails(), ", ");
  out << "my addresses    " << (emails.empty() ? "not said" : OneLine(emails)) << '\n'
      << "hours a week    "
      << (settings.has_hours_per_week() ? absl::StrFormat("%g", settings.hours_per_week()) : std::string("not said"))
      << '\n'
      << "check-ins       " << (settings.check_ins_per_week() == 0 ? kDefaultCheckIns : settings.check_ins_per_week())
      << " a week at most\n"
      << "screen          " << (settings.discreet() ? "discreet: notes, energy and scores are hidden" : "open") << '\n'
      << "time zone       " << (settings.time_zone().empty() ? "UTC" : settings.time_zone()) << '\n';
  for (const TagCadence& cadence : settings.tag_cadences()) {
    out << Pad(OneLine(cadence.tag()), 15) << " every " << FormatCadence(base::FromProto(cadence.cadence()));
    if (cadence.has_longest_gap()) out << ", at most " << FormatCadence(base::FromProto(cadence.longest_gap()));
    out << '\n';
  }
}

absl::StatusOr<int> ShowOrChange(const SettingsFlags& flags, Session& session) {
  contacts::v1::UpdateSettingsRequest request;
  Settings& settings = *request.mutable_settings();
  COUNCIL_ASSIGN_OR_RETURN(settings, session.Settings());
  google::protobuf::FieldMask& mask = *request.mutable_update_mask();
  if (!flags.emails.empty()) {
    settings.mutable_own_emails()->Assign(flags.emails.begin(), flags.emails.end());
    mask.add_paths("own_emails");
  }
  if (flags.hours) {
    settings.set_hours_per_week(*flags.hours);
    mask.add_paths("hours_per_week");
  }
  if (flags.check_ins) {
    settings.set_check_ins_per_week(*flags.check_ins);
    mask.add_paths("check_ins_per_week");
  }
  if (flags.screen) {
    settings.set_discreet(*flags.screen == kDiscreet);
    mask.add_paths("discreet");
  }
  if (flags.time_zone) {
    settings.set_time_zone(*flags.time_zone);
    mask.add_paths("time_zone");
  }
  for (const std::string& cadence : flags.cadences) COUNCIL_RETURN_IF_ERROR(ApplyCadence(cadence, settings));
  if (!flags.cadences.empty()) mask.add_paths("tag_cadences");
  if (!mask.paths().empty()) {
    COUNCIL_ASSIGN_OR_RETURN(settings, session.Update(request));
  }
  if (session.json()) {
    session.Print({{"settings", ToJson(settings)}});
  } else {
    PrintSettings(settings, session);
  }
  return kExitOk;
}

}  // namespace

void AddSettingsCommand(CLI::App& app, Command& chosen) {
  const auto flags = std::make_shared<SettingsFlags>();
  CLI::App* settings = app.add_subcommand("settings", "My addresses, hours, check-ins, time zone and cadences by tag");
  AddList(*settings, "--my-email", flags->emails, "My own e-mail addresses, all of them; may be repeated");
  settings->add_option("--hours", flags->hours, "Hours a week set aside for the council");
  settings->add_option("--check-ins", flags->check_ins, "How many check-ins a week are proposed at most")
      ->check(CLI::Range(1, kMostCheckIns));
  settings
      ->add_option("--screen", flags->screen,
                   "discreet: others may see it, notes, energy and scores are hidden; or open")
      ->check(CLI::IsMember({kDiscreet, "open"}));
  settings->add_option("--time-zone", flags->time_zone, "For example Europe/Berlin");
  AddList(*settings, "--cadence", flags->cadences, "Rhythm for a tag: TAG=EVERY[:AT-MOST]; TAG= removes it");
  settings->footer("Example:\n  council settings --my-email me@example.com --hours 3 --cadence mentors=30d:45d");
  settings->callback(
      [&chosen, flags] { chosen = [flags](Session& session) { return ShowOrChange(*flags, session); }; });
}

}  // namespace council::cli
