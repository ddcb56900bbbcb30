#ifndef COUNCIL_LIBS_BASE_JSON_LINES_H_
#define COUNCIL_LIBS_BASE_JSON_LINES_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

// Messages as lines of JSON, one each: the form of files that a person may read and a program takes back.
namespace council::base {

// `message` in protobuf's JSON on one line, without a line end. Equal messages give equal bytes: fields come in the
// order of their numbers, maps in the order of their keys. INTERNAL where JSON has no form for it (a time out of
// range).
absl::StatusOr<std::string> ToJsonLine(const google::protobuf::Message& message);

// The reverse, into an empty `message`. INVALID_ARGUMENT, saying what is wrong, for anything but one JSON object with
// fields that the message has.
absl::Status FromJsonLine(std::string_view line, google::protobuf::Message& message);

// Puts lines together from pieces that end anywhere.
class LineCutter {
 public:
  // What to do with a line, which comes without its line end; a failure ends the work.
  using TakeLine = absl::FunctionRef<absl::Status(std::string_view line)>;

  explicit LineCutter(std::size_t longest_line) : longest_line_(longest_line) {}

  // Gives `take` each line that ends in `piece`. INVALID_ARGUMENT where a line is longer than allowed.
  absl::Status Add(std::string_view piece, TakeLine take);

  // Nothing stands behind the last line end.
  bool AtEndOfLine() const { return begun_.empty(); }

 private:
  const std::size_t longest_line_;
  std::string begun_;
};

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_JSON_LINES_H_
