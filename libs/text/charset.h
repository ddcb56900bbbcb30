#ifndef COUNCIL_LIBS_TEXT_CHARSET_H_
#define COUNCIL_LIBS_TEXT_CHARSET_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

// Text of files that do not say, or do not say rightly, how they are encoded.
namespace council::text {

// Whether `text` is well-formed UTF-8 without NUL.
bool IsUtf8(absl::string_view text);

// Bytes of a file as UTF-8: as they are where they are UTF-8, else from `charset` (an IANA name) where it is known and
// they are text in it, else from Windows-1252, which is also Latin-1's superset.
std::string ToUtf8(absl::string_view bytes, absl::string_view charset = {});

// A whole file without its byte-order mark; UTF-16 with a mark becomes UTF-8. Other bytes stay as they are.
std::string WithoutByteOrderMark(absl::string_view file);

// A whole file of text, in whatever encoding, as UTF-8 without a byte-order mark.
std::string TextOfFile(absl::string_view file);

// The beginning of UTF-8 text, at most `most` characters (code points).
absl::string_view FirstCharacters(absl::string_view text, size_t most);

}  // namespace council::text

#endif  // COUNCIL_LIBS_TEXT_CHARSET_H_
