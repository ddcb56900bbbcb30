#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_NEAR_BALANCE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_NEAR_BALANCE_H_

#include "libs/cache/near_cache.h"
#include "libs/rpc/call.h"
#include "services/recommendations/cached_balance.h"

namespace council::recommendations {

// What a near cache has of an owner: a balance, and the revisions that Redis knew when it was read there.
struct NearBalance {
  Lineages lineages;
  Revisions known;
  BalanceStamp stamp;
  // A serialized GetCouncilBalanceResponse, marked as coming from the near cache.
  rpc::Serialized answer;
};

using NearBalances = cache::NearCache<NearBalance>;

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_NEAR_BALANCE_H_
