#ifndef COUNCIL_LIBS_CSV_LINES_H_
#define COUNCIL_LIBS_CSV_LINES_H_

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace council::csv {

// Gives each line of `text` to `take` until it returns false: the line without its end (CR, LF or CRLF), with its end,
// and its number, from 1.
void ForEachLine(absl::string_view text,
                 absl::FunctionRef<bool(absl::string_view line, absl::string_view with_end, int number)> take);

}  // namespace council::csv

#endif  // COUNCIL_LIBS_CSV_LINES_H_
