#include "services/ledger/import/calendar_text.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/base/status.h"
#include "libs/csv/lines.h"

namespace council::ledger {
namespace {

constexpr std::size_t kLongestLine = 32 << 10;
constexpr std::size_t kLongestName = 40;
constexpr std::size_t kMostLines = 500'000;
constexpr std::size_t kMostZoneRules = 500;
constexpr int kMostParameters = 100;
constexpr std::size_t kDeepest = 10;

bool IsRead(absl::string_view component) {
  static const absl::flat_hash_set<absl::string_view> kComponents = {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD",
                                                                     "DAYLIGHT",  "VTODO",  "VJOURNAL",  "VFREEBUSY"};
  return kComponents.contains(component);
}

// How many values of a property a component may have; of most the first counts alone. 0: it is not looked at.
std::size_t MostOf(absl::string_view property) {
  static const absl::flat_hash_map<absl::string_view, std::size_t> kMost = {
      {"METHOD", 1},    {"UID", 1},           {"SEQUENCE", 1},  {"DTSTART", 1},      {"DTEND", 1},
      {"DURATION", 1},  {"STATUS", 1},        {"SUMMARY", 1},   {"LOCATION", 1},     {"DESCRIPTION", 1},
      {"ORGANIZER", 1}, {"RECURRENCE-ID", 1}, {"TZID", 1},      {"TZOFFSETTO", 1},   {"TZNAME", 1},
      {"RRULE", 10},    {"RDATE", 1000},      {"EXDATE", 1000}, {"TZOFFSETFROM", 1}, {"ATTENDEE", 1000}};
  const auto most = kMost.find(property);
  return most == kMost.end() ? 0 : most->second;
}

// A list of dates becomes as many properties.
std::size_t ValuesIn(absl::string_view property, absl::string_view line) {
  if (property != "RDATE" && property != "EXDATE") return 1;
  return static_cast<std::size_t>(std::count(line.begin(), line.end(), ',')) + 1;
}

// Semicolons before the first colon outside of quotes.
int Parameters(absl::string_view line) {
  int parameters = 0;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == ':' && !quoted) break;
    if (c == ';') ++parameters;
  }
  return parameters;
}

// Takes the content lines of a file, unfolded, one after the other.
class Trimmer {
 public:
  void Take(absl::string_view line, bool too_long) {
    const std::string name =
        absl::AsciiStrToUpper(line.substr(0, std::min({line.find_first_of(":;"), line.size(), kLongestName})));
    if (name == "BEGIN" || name == "END") {
      TakeComponent(line, name == "BEGIN");
    } else if (passed_over_ == 0 && !open_.empty()) {
      TakeProperty(name, line, too_long);
    }
  }

  absl::StatusOr<CalendarText> Finish() && {
    if (too_deep_) return base::InvalidField("chunk", absl::StrCat("has components more than ", kDeepest, " deep"));
    if (lines_ > kMostLines) return MoreThan(kMostLines, "lines");
    if (zone_rules_ > kMostZoneRules) return MoreThan(kMostZoneRules, "rules of time zones");
    while (!open_.empty()) Close();
    return std::move(result_);
  }

  // Nothing that follows can make the file one that is read.
  bool failed() const { return too_deep_ || lines_ > kMostLines || zone_rules_ > kMostZoneRules; }

 private:
  struct Component {
    std::string name;
    std::size_t begin = 0;                                      // Where it stands in the text.
    absl::flat_hash_map<std::string, std::size_t> values = {};  // By property.
    bool too_large = false;
  };

  static absl::Status MoreThan(std::size_t most, absl::string_view what) {
    return base::OverLimit(absl::StrCat("the file has more than ", most, " ", what));
  }

  void TakeComponent(absl::string_view line, bool begins) {
    std::string name(line.substr(std::min(line.find(':'), line.size() - 1) + 1));
    absl::StripAsciiWhitespace(&name);
    absl::AsciiStrToUpper(&name);
    // The end of the event ends what was not ended within it.
    const bool ends_open = !begins && !open_.empty() && name == open_.back().name;
    if (!ends_open && (passed_over_ > 0 || !begins || !IsRead(name))) {
      passed_over_ = std::max(passed_over_ + (begins ? 1 : -1), 0);
      return;
    }
    passed_over_ = 0;
    if (begins) open_.push_back({.name = name, .begin = result_.text.size()});
    Keep(line, 1);
    if (ends_open) Close();
    too_deep_ = open_.size() > kDeepest;
  }

  void TakeProperty(const std::string& name, absl::string_view line, bool too_long) {
    Component& component = open_.back();
    const std::size_t most = MostOf(name);
    if (most == 0) return;
    // Of a description is only looked whether it names a service for calls.
    if ((too_long && name != "DESCRIPTION") || Parameters(line) > kMostParameters) {
      ++result_.lines_left_out;
      return;
    }
    const std::size_t values = ValuesIn(name, line);
    std::size_t& known = component.values[name];
    known += values;
    if (known > most) {
      component.too_large = component.too_large || most > 1;
      return;
    }
    if (name == "RRULE" && component.name != "VEVENT") ++zone_rules_;
    Keep(line, values);
  }

  // Ends the innermost component, and takes it back where it is too large.
  void Close() {
    if (open_.back().too_large) {
      result_.text.resize(open_.back().begin);
      ++result_.events_left_out;
    }
    open_.pop_back();
  }

  void Keep(absl::string_view line, std::size_t counts) {
    lines_ += counts;
    absl::StrAppend(&result_.text, line, "\r\n");
  }

  CalendarText result_;
  std::size_t lines_ = 0;
  std::size_t zone_rules_ = 0;
  std::vector<Component> open_;  // Those that are read.
  bool too_deep_ = false;
  int passed_over_ = 0;  // Components open since one that is not read.
};

}  // namespace

absl::StatusOr<CalendarText> TrimCalendar(std::string_view file) {
  Trimmer trimmer;
  std::string line;
  bool too_long = false;
  const auto append = [&](absl::string_view more) {
    too_long = too_long || line.size() + more.size() > kLongestLine;
    absl::StrAppend(&line, more.substr(0, kLongestLine - std::min(line.size(), kLongestLine)));
  };
  csv::ForEachLine({file.data(), file.size()}, [&](absl::string_view physical, absl::string_view, int) {
    if (!physical.empty() && (physical.front() == ' ' || physical.front() == '\t')) {
      append(physical.substr(1));
      return true;
    }
    if (!line.empty()) trimmer.Take(line, too_long);
    line.clear();
    too_long = false;
    append(physical);
    return !trimmer.failed();
  });
  if (!line.empty()) trimmer.Take(line, too_long);
  return std::move(trimmer).Finish();
}

}  // namespace council::ledger
