#include "tests/sessions/session_fixture.h"

#include <cstdlib>
#include <regex>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "clients/cli/text.h"

namespace council::test {
namespace {

// What is meant for programs, is broken, or counts one as many.
constexpr char kNeverShown[] =
    "[Uu]sage error|\\bnan\\b|\\binf\\b|\\(removed\\)|\\(null\\)|[{}]|"
    " ,| \\.( |$)|\\.\\.( |$)|"
    "(^|[^$A-Z_])[A-Z]+_[A-Z_]+|[0-9a-f]{8}-[0-9a-f]{4}-|"
    "(^|[^0-9.,/–-])1 (talks|seats|meetings|days|weeks|months|years|people|contacts|entries|others|times|points)\\b";

std::string ScreensDirectory() {
  const char* programs = std::getenv("COUNCIL_BIN_DIR");
  if (programs == nullptr) throw std::runtime_error("COUNCIL_BIN_DIR is not set: run the test through ctest");
  return absl::StrCat(programs, "/../tests/screens");
}

}  // namespace

absl::TimeZone SessionTest::Zone() {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone("Europe/Berlin", &zone)) throw std::runtime_error("no time zone Europe/Berlin");
  return zone;
}

void SessionTest::Open(const CommandLine& person, const std::string& session, int width) {
  directory_ = std::filesystem::path(ScreensDirectory()) / session;
  std::filesystem::remove_all(directory_);
  width_ = width;
  TerminalPaneOptions options{
      .directory = person.directory().path(), .environment = person.environment(), .width = width};
  options.environment.push_back(absl::StrCat("PATH=", std::getenv("COUNCIL_BIN_DIR"), ":", std::getenv("PATH")));
  pane_ = std::make_unique<TerminalPane>(options);
}

std::string SessionTest::Run(const std::string& name, const std::string& command) {
  pane_->Begin(command);
  return Finish(name);
}

std::string SessionTest::Finish(const std::string& name) {
  pane_->End();
  const std::string file = absl::StrFormat("%02d-%s.txt", ++screens_, name);
  WriteFile(directory_ / file, pane_->Screen());
  const std::string screen = pane_->Unwrapped();
  for (const absl::string_view line : absl::StrSplit(screen, '\n')) {
    if (absl::StartsWith(line, "$ ")) continue;
    // What is one word, as a hash to copy, has no place to break at.
    if (absl::StrContains(line, ' ')) {
      EXPECT_LE(cli::DisplayWidth(std::string(line)), width_) << file << ": " << line;
    }
    std::smatch found;
    const std::string text(line);
    EXPECT_FALSE(std::regex_search(text, found, std::regex(kNeverShown)))
        << file << " shows \"" << found.str() << "\": " << line;
  }
  return screen;
}

void Calendar::Add(absl::CivilDay day, int hour, const std::string& title, const std::vector<std::string>& attendees,
                   bool declined) {
  const std::string date = absl::FormatCivilTime(day);
  const std::string digits = absl::StrReplaceAll(date, {{"-", ""}});
  absl::StrAppendFormat(&events_,
                        "BEGIN:VEVENT\r\nUID:%d@calendar.example\r\nDTSTAMP:20200101T080000Z\r\n"
                        "DTSTART;TZID=Europe/Berlin:%sT%02d0000\r\nDTEND;TZID=Europe/Berlin:%sT%02d0000\r\n"
                        "SUMMARY:%s\r\nATTENDEE;CN=Me;PARTSTAT=%s:mailto:%s\r\n",
                        ++count_, digits, hour, digits, hour + 1, title, declined ? "DECLINED" : "ACCEPTED", owner_);
  for (const std::string& name : attendees) {
    absl::StrAppendFormat(&events_, "ATTENDEE;CN=%s;PARTSTAT=ACCEPTED:mailto:%s\r\n", name, Address(name));
  }
  absl::StrAppend(&events_, "END:VEVENT\r\n");
}

std::string Calendar::Text() const {
  return absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\n", events_,
                      "END:VCALENDAR\r\n");
}

std::string Address(const std::string& name) {
  return absl::StrCat(absl::StrReplaceAll(absl::AsciiStrToLower(name), {{" ", "."}}), "@example.com");
}

}  // namespace council::test
