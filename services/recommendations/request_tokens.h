#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_REQUEST_TOKENS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_REQUEST_TOKENS_H_

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::recommendations {

inline constexpr int kMostTokens = 100;

// Adds what is wrong with the tokens, `at_least_as_fresh`, of a request.
template <typename Request>
void CheckTokens(const Request& request, base::FieldViolations& violations) {
  if (request.at_least_as_fresh_size() > kMostTokens) {
    violations.Add("at_least_as_fresh", absl::StrCat("must be at most ", kMostTokens, " tokens"));
  }
}

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_REQUEST_TOKENS_H_
