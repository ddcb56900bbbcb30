#ifndef COUNCIL_TESTS_ISOLATION_PERSON_H_
#define COUNCIL_TESTS_ISOLATION_PERSON_H_

#include <map>
#include <string>

#include "tests/isolation/front.h"

namespace council::test {

// Values by the names under which requests name them.
using Values = std::map<std::string, std::string>;

// Somebody who uses all of Council.
struct Person {
  Header header;
  // Occurs in every text of theirs.
  std::string marker;
  // What is theirs and what others could try: ids, tokens, etags, hashes, states.
  Values values;
};

// Makes contacts, seats, acquaintances, settings, talks with notes and promises, plans, a balance with its history, and
// recommendations of which one is answered. Two people with equally many `talks` have the same but for the marker; who
// has more has also changed their settings more often, so that etags and numbers of entries tell them apart.
Person Settle(const Front& front, const Header& header, const std::string& marker, int talks);

// Values that look like these and were never given to anybody: other UUIDs and numbers of the same length, texts and
// tokens in which one character is another. Files are made anew with them.
Values Guess(const Values& values);

}  // namespace council::test

#endif  // COUNCIL_TESTS_ISOLATION_PERSON_H_
