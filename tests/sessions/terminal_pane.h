#ifndef COUNCIL_TESTS_SESSIONS_TERMINAL_PANE_H_
#define COUNCIL_TESTS_SESSIONS_TERMINAL_PANE_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace council::test {

struct TerminalPaneOptions {
  std::filesystem::path directory;       // where the shell stands
  std::vector<std::string> environment;  // NAME=VALUE, over the environment of the test
  int width = 100;
  int height = 45;
};

// A terminal with a shell in it, as a person has one, whose prompt is "$ ". tmux keeps it, behind a socket of its own
// and with no configuration.
//
// Nothing waits for time: keys are typed when the screen shows what they answer. Throws std::runtime_error where tmux
// fails or the screen does not come to show what is waited for; the message holds the screen.
class TerminalPane {
 public:
  explicit TerminalPane(const TerminalPaneOptions& options);

  // Empties the screen, types `command` behind the prompt and presses Enter.
  void Begin(const std::string& command);
  // Waits until a match of `question` (ECMAScript) stands on the screen, behind what was there when the last key was
  // pressed. Then types `keys`, and presses Enter where `enter` is.
  void Answer(const std::string& question, const std::string& keys, bool enter = false);
  // The same with a key by the name that tmux has for it: "Enter", "C-c".
  void Press(const std::string& question, const std::string& key);
  // Waits until the shell prompts again.
  void End();

  // All since the screen was last emptied, without blanks at the ends of lines and without the last prompt: as it lies
  // on the screen, or with what the terminal wrapped in one line again.
  std::string Screen() const;
  std::string Unwrapped() const;

 private:
  // Runs a command of tmux's; what it prints.
  absl::StatusOr<std::string> Tmux(std::vector<std::string> arguments) const;
  std::string MustTmux(std::vector<std::string> arguments) const;
  std::string Capture(const char* how) const;
  void Type(const std::string& text) const;
  // Waits until `shown` holds of the screen and returns that.
  template <typename Shown>
  std::string WaitUntil(const std::string& what, const Shown& shown) const;

  std::vector<std::string> environment_;
  const TempDir socket_directory_;
  std::unique_ptr<Process> server_;
  // What the screen held when a key was last pressed.
  size_t answered_ = 0;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_SESSIONS_TERMINAL_PANE_H_
