#ifndef COUNCIL_CLIENTS_CLI_WRAPPED_OUTPUT_H_
#define COUNCIL_CLIENTS_CLI_WRAPPED_OUTPUT_H_

#include <ostream>
#include <streambuf>
#include <string>

#include "clients/cli/terminal.h"

namespace council::cli {

// Passes text on to a terminal of `width` columns and breaks longer lines at spaces, so that no word is cut. A line
// goes on as far in as it began. Escape codes take no room. A word is held back until something follows it, or a flush.
class WrappedOutput final : public std::streambuf {
 public:
  WrappedOutput(std::streambuf& to, int width) : to_(to), width_(width) {}
  ~WrappedOutput() override { Settle(); }
  WrappedOutput(const WrappedOutput&) = delete;
  WrappedOutput& operator=(const WrappedOutput&) = delete;

 protected:
  int_type overflow(int_type c) override;
  int sync() override;

 private:
  void EndWord();
  // Passes on what is held back, spaces too.
  void Settle();

  std::streambuf& to_;
  const int width_;
  // Columns taken on this line, and those before its first word.
  int column_ = 0;
  int indent_ = 0;
  // Held back: spaces, then the beginning of a word.
  int spaces_ = 0;
  std::string word_;
};

// The process's own terminal with lines broken so, as far as its ends are one; it lives as long as what it gave is
// used.
class WrappedTerminal {
 public:
  explicit WrappedTerminal(const Terminal& terminal);

  const Terminal& terminal() const { return terminal_; }

 private:
  Terminal terminal_;
  WrappedOutput out_buffer_;
  WrappedOutput err_buffer_;
  std::ostream out_;
  std::ostream err_;
};

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_WRAPPED_OUTPUT_H_
