#ifndef COUNCIL_LIBS_MAIL_MBOX_H_
#define COUNCIL_LIBS_MAIL_MBOX_H_

#include <cstddef>
#include <istream>
#include <optional>
#include <string>

namespace council::mail {

// Of a longer header the rest is passed over: no mail to few people has one.
inline constexpr std::size_t kMostHeaderBytes = 64 << 10;

// Reads the header of the message that begins where `in` stands: lines ended by "\n", up to the empty one, which is
// passed over, as is what is beyond 64 KiB.
std::string ReadHeaderText(std::istream& in);

// The headers of an mbox, one message after the other. Bodies are passed over line by line and kept nowhere; what is
// read of a file of any size is one header at a time.
class MboxReader {
 public:
  // `in` must outlive the reader.
  explicit MboxReader(std::istream& in) : in_(in) {}

  // The next message's header, as ReadHeaderText gives it; nothing at the end. A message begins with a line as mail
  // programs write it, "From ", a word and a time with hours, minutes and a year, at the beginning or after an empty
  // line: so a sentence in a body that begins with "From" begins no message.
  std::optional<std::string> Next();

 private:
  std::istream& in_;
  bool after_empty_line_ = true;
};

// Whether a file begins as an mbox does. `start`: its first kilobytes.
bool LooksLikeMbox(const std::string& start);

}  // namespace council::mail

#endif  // COUNCIL_LIBS_MAIL_MBOX_H_
