#ifndef COUNCIL_CLIENTS_CLI_TERMINAL_H_
#define COUNCIL_CLIENTS_CLI_TERMINAL_H_

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace council::cli {

// How a piece of text stands out on a terminal. None of them is used to judge a person.
enum class Style { kPlain, kBold, kDim, kGood, kNotice };

// Where the program reads and writes, and what may be done there.
struct Terminal {
  std::istream* in = nullptr;
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  // `out` with every line as it is, for what programs read.
  std::ostream* data = nullptr;
  // Columns to fill, at least 40.
  int width = 80;
  // Both ends are a person: questions may be asked.
  bool interactive = false;
  // Colours may be used on `out`: a terminal, and neither NO_COLOR nor TERM=dumb asks otherwise.
  bool colours = false;
  // Progress may be drawn on `err`.
  bool progress = false;

  // `text` in `style`, as escape codes where colours may be used.
  std::string Styled(Style style, const std::string& text) const;

  // Asks for one of `choices` by its number; nothing where Enter is pressed or the input ends. Only where interactive.
  std::optional<size_t> Pick(const std::string& question, const std::vector<std::string>& choices) const;
  // Asks a question to be answered with y or n; Enter is no. Only where interactive.
  bool Confirm(const std::string& question) const;
  // Asks for one key, without Enter; lower case, 0 for Enter or the end of the input. Only where interactive.
  char Key(const std::string& question) const;
  // One line of text; empty where Enter is pressed or the input ends. Only where interactive.
  std::string Ask(const std::string& question) const;
};

// The process's own terminal: standard input, output and error, sized by the terminal, COLUMNS or 80.
Terminal StandardTerminal();

// A bar on `terminal.err` that shows how far a work of known size has come; shows nothing where there is no terminal.
// The bar is wiped when it is destroyed.
class ProgressBar {
 public:
  ProgressBar(const Terminal& terminal, std::string label, int64_t total);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Advance(int64_t by);

 private:
  const Terminal& terminal_;
  const std::string label_;
  const int64_t total_;
  int64_t done_ = 0;
  int drawn_percent_ = -1;
};

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_TERMINAL_H_
