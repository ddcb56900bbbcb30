#ifndef COUNCIL_TESTS_ISOLATION_OUTCOME_H_
#define COUNCIL_TESTS_ISOLATION_OUTCOME_H_

#include <string>

#include "tests/isolation/front.h"
#include "tests/isolation/person.h"

namespace council::test {

// What an answer says, as text, without what two people in the same position get differently by chance: `sent` values
// are called by their names; ids, times, tokens and hashes are one like another; of figures that fade with time
// it is told whether there is one; lists have no order. Of a status its code, its message and the bytes of its details.
std::string OutcomeOf(const Front::Answer& answer, const Values& sent);

}  // namespace council::test

#endif  // COUNCIL_TESTS_ISOLATION_OUTCOME_H_
