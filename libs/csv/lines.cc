#include "libs/csv/lines.h"

#include <algorithm>

namespace council::csv {

void ForEachLine(absl::string_view text,
                 absl::FunctionRef<bool(absl::string_view line, absl::string_view with_end, int number)> take) {
  int number = 0;
  while (!text.empty()) {
    const size_t length = std::min(text.find_first_of("\r\n"), text.size());
    size_t end = std::min(length + 1, text.size());
    if (length < text.size() && text[length] == '\r' && end < text.size() && text[end] == '\n') ++end;
    if (!take(text.substr(0, length), text.substr(0, end), ++number)) return;
    text.remove_prefix(end);
  }
}

}  // namespace council::csv
