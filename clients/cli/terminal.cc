#include "clients/cli/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "clients/cli/bars.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

constexpr int kMinWidth = 40;
constexpr int kDefaultWidth = 80;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

int WidthOfTerminal() {
  winsize size = {};
  if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  int columns = 0;
  if (absl::SimpleAtoi(Environment("COLUMNS"), &columns) && columns > 0) return columns;
  return kDefaultWidth;
}

}  // namespace

std::string Terminal::Styled(Style style, const std::string& text) const {
  if (!colours || style == Style::kPlain || text.empty()) return text;
  const char* code = "";
  switch (style) {
    case Style::kBold:
      code = "1";
      break;
    case Style::kDim:
      code = "2";
      break;
    case Style::kGood:
      code = "32";
      break;
    case Style::kNotice:
      code = "33";
      break;
    case Style::kPlain:
      break;
  }
  return std::string("\033[") + code + "m" + text + "\033[0m";
}

std::optional<size_t> Terminal::Pick(const std::string& question, const std::vector<std::string>& choices) const {
  *err << question << '\n';
  for (size_t i = 0; i < choices.size(); ++i) *err << "  " << i + 1 << "  " << choices[i] << '\n';
  for (;;) {
    const std::string line = Ask("number (Enter: none): ");
    if (line.empty()) return std::nullopt;
    int number = 0;
    if (absl::SimpleAtoi(line, &number) && number >= 1 && number <= static_cast<int>(choices.size())) {
      return static_cast<size_t>(number - 1);
    }
  }
}

bool Terminal::Confirm(const std::string& question) const {
  const std::string line = absl::AsciiStrToLower(Ask(question + " [y/N] "));
  return line == "y" || line == "yes";
}

char Terminal::Key(const std::string& question) const {
  *err << question << std::flush;
  termios before = {};
  const bool is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
  if (is_terminal) {
    termios keys = before;
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON);
    tcsetattr(STDIN_FILENO, TCSANOW, &keys);
  }
  char key = 0;
  // Unbuffered: what is typed later belongs to the next question.
  if (read(STDIN_FILENO, &key, 1) != 1) key = 0;
  if (is_terminal) tcsetattr(STDIN_FILENO, TCSANOW, &before);
  const bool skipped = key == '\n' || key == '\r';
  // The terminal has gone to the next line by itself.
  *err << (skipped ? '\r' : '\n') << std::flush;
  if (skipped) return 0;
  return absl::ascii_tolower(static_cast<unsigned char>(key));
}

std::string Terminal::Ask(const std::string& question) const {
  *err << question << std::flush;
  std::string line;
  // The terminal goes to the next line by itself.
  *err << (std::getline(*in, line) ? '\r' : '\n') << std::flush;
  return std::string(absl::StripAsciiWhitespace(line));
}

Terminal StandardTerminal() {
  const bool dumb = Environment("TERM") == "dumb";
  Terminal terminal;
  terminal.in = &std::cin;
  terminal.out = &std::cout;
  terminal.err = &std::cerr;
  terminal.data = &std::cout;
  terminal.width = std::max(kMinWidth, WidthOfTerminal());
  terminal.interactive = isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  terminal.colours = isatty(STDOUT_FILENO) != 0 && Environment("NO_COLOR").empty() && !dumb;
  terminal.progress = isatty(STDERR_FILENO) != 0 && !dumb;
  return terminal;
}

ProgressBar::ProgressBar(const Terminal& terminal, std::string label, int64_t total)
    : terminal_(terminal), label_(std::move(label)), total_(std::max<int64_t>(total, 1)) {
  Advance(0);
}

ProgressBar::~ProgressBar() {
  if (terminal_.progress) *terminal_.err << "\r\033[K" << std::flush;
}

void ProgressBar::Advance(int64_t by) {
  if (!terminal_.progress) return;
  done_ = std::min(total_, done_ + by);
  const int percent = static_cast<int>(100 * done_ / total_);
  if (percent == drawn_percent_) return;
  drawn_percent_ = percent;
  const std::string label = Truncate(label_, terminal_.width / 2);
  const int columns = std::max(10, terminal_.width - DisplayWidth(label) - 10);
  *terminal_.err << '\r' << label << ' ' << Bar(percent / 100.0, std::min(columns, 40)) << ' ' << percent << " %"
                 << std::flush;
}

}  // namespace council::cli
