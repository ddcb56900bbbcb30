#ifndef COUNCIL_TESTS_SESSIONS_SESSION_FIXTURE_H_
#define COUNCIL_TESTS_SESSIONS_SESSION_FIXTURE_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/cli/command_line.h"
#include "tests/sessions/terminal_pane.h"

namespace council::test {

// A person at a terminal. Each screen is kept as text under the build directory, screens/SESSION/NN-NAME.txt, and what
// holds of every screen is looked at: no line is longer than the terminal is wide, and nothing stands there that no
// person should see.
class SessionTest : public ::testing::Test {
 protected:
  // Whose terminal it is, how wide, and what their session is called.
  void Open(const CommandLine& person, const std::string& session, int width = 100);

  // Types a command, waits for the next prompt and keeps the screen. Returns it, lines whole as the program wrote them.
  std::string Run(const std::string& name, const std::string& command);
  // The same where questions are answered in between: pane().Begin(COMMAND), pane().Answer(…), and this.
  std::string Finish(const std::string& name);

  TerminalPane& pane() { return *pane_; }

  // Days of the tests, counted from the day on which they began, where the person is.
  static absl::TimeZone Zone();
  absl::CivilDay Today() const { return today_; }

 private:
  const absl::CivilDay today_ = absl::ToCivilDay(absl::Now(), Zone());
  std::filesystem::path directory_;
  int width_ = 0;
  int screens_ = 0;
  std::unique_ptr<TerminalPane> pane_;
};

// A calendar as programs export it.
class Calendar {
 public:
  explicit Calendar(std::string owner_email) : owner_(std::move(owner_email)) {}

  // A meeting of an hour with people whose addresses are as Address makes them; the owner takes part unless they
  // declined.
  void Add(absl::CivilDay day, int hour, const std::string& title, const std::vector<std::string>& attendees,
           bool declined = false);
  // As iCalendar. The meetings' UIDs are their places, so that the same one changed is known again.
  std::string Text() const;

 private:
  const std::string owner_;
  std::string events_;
  int count_ = 0;
};

// "tom.baker@example.com"
std::string Address(const std::string& name);

}  // namespace council::test

#endif  // COUNCIL_TESTS_SESSIONS_SESSION_FIXTURE_H_
