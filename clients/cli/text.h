#ifndef COUNCIL_CLIENTS_CLI_TEXT_H_
#define COUNCIL_CLIENTS_CLI_TEXT_H_

#include <string>
#include <vector>

namespace council::cli {

// UTF-8 text as it is compared and as it lies on a terminal. Broken UTF-8 is taken as U+FFFD.

// `text` as names are compared: lower case, without accents, Latin letters as ASCII ("Zieliński" → "zielinski",
// "Søren" → "soren"), white space trimmed and single.
std::string Fold(const std::string& text);

// The columns that `text` takes: 2 for wide East Asian characters and emoji, 0 for combining ones, 1 for others.
int DisplayWidth(const std::string& text);

// `text` cut to at most `columns` (1 or more), the last of them "…" where something was cut.
std::string Truncate(const std::string& text, int columns);

// `text` with spaces behind it (or before it, where `right`) up to `columns`; longer text is left as it is.
std::string Pad(const std::string& text, int columns, bool right = false);

// `text` broken at spaces into lines of at most `columns`; a longer word is broken anywhere. At least one line.
std::vector<std::string> Wrap(const std::string& text, int columns);

// `text` with control characters replaced by spaces: what others wrote must not steer the terminal.
std::string OneLine(const std::string& text);

// `text` as one word for a shell: as it is where that is safe, else in single quotes.
std::string ShellWord(const std::string& text);

// "1 contact", "2 contacts"; `plural` where it is not just `singular` + "s".
std::string Count(long long n, const std::string& singular, const std::string& plural = "");

// "a", "a and b", "a, b and c".
std::string JoinWords(const std::vector<std::string>& words);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_TEXT_H_
