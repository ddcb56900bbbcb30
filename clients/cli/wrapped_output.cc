#include "clients/cli/wrapped_output.h"

#include <unistd.h>

#include <istream>

#include "absl/strings/ascii.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

// The columns of a word with escape codes: ESC, "[", up to a letter.
int WidthWithoutCodes(const std::string& word) {
  std::string text;
  for (size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '\033') {
      text += word[i];
      continue;
    }
    while (i < word.size() && !absl::ascii_isalpha(static_cast<unsigned char>(word[i]))) ++i;
  }
  return DisplayWidth(text);
}

}  // namespace

WrappedOutput::int_type WrappedOutput::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char character = traits_type::to_char_type(c);
  if (character == ' ') {
    EndWord();
    ++spaces_;
  } else if (character == '\n' || character == '\r') {
    EndWord();
    to_.sputc(character);
    column_ = indent_ = spaces_ = 0;
  } else {
    word_ += character;
  }
  return c;
}

int WrappedOutput::sync() {
  Settle();
  return to_.pubsync();
}

void WrappedOutput::EndWord() {
  if (word_.empty()) return;
  const int width = WidthWithoutCodes(word_);
  if (column_ == 0) indent_ = spaces_;
  const bool fits = column_ + spaces_ + width <= width_;
  if (!fits && column_ > indent_ && spaces_ > 0) {
    to_.sputc('\n');
    column_ = 0;
    spaces_ = indent_;
  }
  to_.sputn(std::string(static_cast<size_t>(spaces_), ' ').data(), spaces_);
  to_.sputn(word_.data(), static_cast<std::streamsize>(word_.size()));
  column_ += spaces_ + width;
  // The terminal itself breaks a word that is longer than a line.
  if (column_ > width_) column_ = (column_ - 1) % width_ + 1;
  spaces_ = 0;
  word_.clear();
}

void WrappedOutput::Settle() {
  EndWord();
  to_.sputn(std::string(static_cast<size_t>(spaces_), ' ').data(), spaces_);
  column_ += spaces_;
  spaces_ = 0;
}

WrappedTerminal::WrappedTerminal(const Terminal& terminal)
    : terminal_(terminal),
      out_buffer_(*terminal.out->rdbuf(), terminal.width),
      err_buffer_(*terminal.err->rdbuf(), terminal.width),
      out_(&out_buffer_),
      err_(&err_buffer_) {
  terminal_.data = terminal.out;
  if (isatty(STDOUT_FILENO) != 0) {
    terminal_.out = &out_;
    terminal_.in->tie(&out_);
  }
  if (isatty(STDERR_FILENO) != 0) {
    terminal_.err = &err_;
    err_.tie(terminal_.out);
  }
}

}  // namespace council::cli
