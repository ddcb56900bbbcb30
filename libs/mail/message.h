#ifndef COUNCIL_LIBS_MAIL_MESSAGE_H_
#define COUNCIL_LIBS_MAIL_MESSAGE_H_

#include <set>
#include <string>

#include "absl/time/time.h"

namespace council::mail {

// What the header of a message says of who wrote to whom, and no more: neither subject nor names nor text.
struct Message {
  std::string sender;                      // An address in lower case; empty where there is none that can be taken.
  std::set<std::string> receivers;         // To, Cc and Bcc, likewise; the first 100 of them.
  absl::Time time = absl::InfinitePast();  // When it was sent; InfinitePast() where that is not said.
  // Of a mailing list, or written by a program: List-Id, Auto-Submitted, a Precedence of bulk, list or junk, or a
  // sender such as no-reply@.
  bool automatic = false;
};

// Reads a header as ReadHeaderText (mbox.h) gives it, with GMime. Addresses that hold anything but what is usual in one
// are passed over.
Message ReadMessage(const std::string& header);

// The message as one of an mbox, from which ReadMessage reads the same again: From, To and Date. An automatic one names
// nobody.
std::string WriteMessage(const Message& message);

}  // namespace council::mail

#endif  // COUNCIL_LIBS_MAIL_MESSAGE_H_
