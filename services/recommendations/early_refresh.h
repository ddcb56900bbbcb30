#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_EARLY_REFRESH_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_EARLY_REFRESH_H_

#include "absl/time/time.h"
#include "libs/base/random.h"

namespace council::recommendations {

// Whether the caller who found a value should have it computed anew although it lives for `left` yet, when computing it
// took `cost`: true with probability exp(-left / cost). The nearer the end, the costlier the value and the more callers
// there are, the surer one of them goes ahead while all others are still served, so that the end itself finds nobody
// waiting.
//
// This is XFetch with beta = 1, which is optimal where the cost is exponentially distributed: A. Vattani, F.
// Chierichetti and K. Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", PVLDB 8 (8), 2015.
bool ShouldRefreshEarly(absl::Duration left, absl::Duration cost, base::Random& random);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_EARLY_REFRESH_H_
