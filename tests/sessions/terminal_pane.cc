#include "tests/sessions/terminal_pane.h"

#include <regex>
#include <stdexcept>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace council::test {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(20);
constexpr char kPrompt[] = "$";

// The lines with blanks cut off behind each, and no empty ones at the end.
std::string Trimmed(const std::string& text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  for (std::string& line : lines) absl::StripTrailingAsciiWhitespace(&line);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return absl::StrJoin(lines, "\n");
}

bool Prompts(const std::string& screen) {
  return absl::EndsWith(screen, absl::StrCat("\n", kPrompt));
}

std::string WithoutPrompt(std::string screen) {
  if (Prompts(screen)) screen.resize(screen.size() - 2);
  return absl::StrCat(screen, "\n");
}

}  // namespace

TerminalPane::TerminalPane(const TerminalPaneOptions& options) : environment_(options.environment) {
  for (const char* variable : {"PS1=$ ", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "HISTFILE=", "NO_COLOR=", "TMUX="}) {
    environment_.emplace_back(variable);
  }
  ProcessOptions server{.command = {"tmux", "-D", "-S", (socket_directory_ / "tmux").string(), "-f", "/dev/null"},
                        .environment = environment_};
  auto process = Process::Start(std::move(server));
  if (!process.ok()) throw std::runtime_error(process.status().ToString());
  server_ = *std::move(process);
  const absl::Time end = absl::Now() + kPatience;
  while (!Tmux({"show-options", "-g"}).ok()) {
    if (absl::Now() > end) throw std::runtime_error(absl::StrCat("tmux does not start: ", server_->output()));
    absl::SleepFor(kBetweenLooks);
  }
  MustTmux({"set-option", "-g", "history-limit", "10000"});
  MustTmux({"set-option", "-g", "default-terminal", "xterm-256color"});
  MustTmux({"new-session", "-d", "-x", absl::StrCat(options.width), "-y", absl::StrCat(options.height), "-c",
            options.directory.string(), "bash", "--norc", "--noprofile"});
  WaitUntil("a prompt", [](const std::string& screen) { return screen == kPrompt; });
}

void TerminalPane::Begin(const std::string& command) {
  MustTmux({"send-keys", "C-l"});
  // What scrolled off is gone too, however often the screen has moved meanwhile.
  WaitUntil("an empty screen", [this](const std::string&) {
    MustTmux({"clear-history"});
    return Trimmed(MustTmux({"capture-pane", "-p", "-J", "-S", "-"})) == kPrompt;
  });
  Type(command);
  answered_ = WaitUntil("the command", [&](const std::string& screen) {
                return screen == absl::StrCat(kPrompt, " ", command);
              }).size();
  MustTmux({"send-keys", "Enter"});
}

void TerminalPane::Answer(const std::string& question, const std::string& keys, bool enter) {
  const std::regex wanted(question);
  answered_ = WaitUntil(question, [&](const std::string& screen) {
                return screen.size() > answered_ && std::regex_search(screen.substr(answered_), wanted);
              }).size();
  Type(keys);
  if (enter) MustTmux({"send-keys", "Enter"});
}

void TerminalPane::Press(const std::string& question, const std::string& key) {
  Answer(question, "");
  MustTmux({"send-keys", key});
}

void TerminalPane::End() {
  WaitUntil("the prompt", [this](const std::string& screen) { return screen.size() > answered_ && Prompts(screen); });
}

std::string TerminalPane::Screen() const {
  return WithoutPrompt(Capture("-p"));
}

std::string TerminalPane::Unwrapped() const {
  return WithoutPrompt(Capture("-pJ"));
}

absl::StatusOr<std::string> TerminalPane::Tmux(std::vector<std::string> arguments) const {
  // A shell takes its PATH from the client that asks for it, and not from the server.
  ProcessOptions options{.command = {"tmux", "-N", "-S", (socket_directory_ / "tmux").string()},
                         .environment = environment_};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  int code = 0;
  absl::StatusOr<std::string> output = RunToEnd(std::move(options), code);
  if (output.ok() && code != 0) return absl::InternalError(absl::StrCat("tmux: ", *output));
  return output;
}

std::string TerminalPane::MustTmux(std::vector<std::string> arguments) const {
  absl::StatusOr<std::string> output = Tmux(std::move(arguments));
  if (!output.ok()) throw std::runtime_error(output.status().ToString());
  return *std::move(output);
}

std::string TerminalPane::Capture(const char* how) const {
  return Trimmed(MustTmux({"capture-pane", how, "-S", "-"}));
}

void TerminalPane::Type(const std::string& text) const {
  if (!text.empty()) MustTmux({"send-keys", "-l", "--", text});
}

template <typename Shown>
std::string TerminalPane::WaitUntil(const std::string& what, const Shown& shown) const {
  const absl::Time end = absl::Now() + kPatience;
  for (;;) {
    std::string screen = Capture("-pJ");
    if (shown(screen)) return screen;
    if (absl::Now() > end) throw std::runtime_error(absl::StrCat("the screen does not show ", what, ":\n", screen));
    absl::SleepFor(kBetweenLooks);
  }
}

}  // namespace council::test
