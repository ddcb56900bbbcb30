#ifndef COUNCIL_LIBS_BASE_CHECK_H_
#define COUNCIL_LIBS_BASE_CHECK_H_

namespace council::base {

// Prints the broken invariant and ends the process.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

}  // namespace council::base

// Ends the process where an invariant is broken, in release builds too. Never for what a caller may get wrong.
#define COUNCIL_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::council::base::CheckFailed(#condition, __FILE__, __LINE__))

#endif  // COUNCIL_LIBS_BASE_CHECK_H_
