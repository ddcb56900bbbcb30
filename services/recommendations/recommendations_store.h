#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_STORE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_STORE_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations.pb.h"
#include "libs/audit/access_store.h"
#include "libs/base/owner.h"
#include "services/recommendations/recommendations_storage.pb.h"

namespace council::recommendations {

using storage::v1::GivenRecommendation;

// What the recommendations service keeps for good: the balance of each day, and what was recommended and answered.
// Thread-safe.
//
// All functions fail with UNAVAILABLE (STORAGE_UNAVAILABLE) where storage can't be reached, with RESOURCE_EXHAUSTED
// (OVERLOADED) where too much waits for it, and with DATA_LOSS (DATA_DAMAGED) where what is stored can't be read back.
class RecommendationsStore : public audit::AccessStore {
 public:
  // What to do with a day that has a point already, or with an id that is known.
  enum class IfKept { kKeepOld, kReplace };

  // Points of the owner's from `first` up to and with `last`, in order of days. Waits until `deadline` at most.
  virtual absl::StatusOr<std::vector<v1::BalancePoint>> ListPoints(const base::Owner& owner, absl::CivilDay first,
                                                                   absl::CivilDay last, absl::Time deadline) = 0;

  // Makes points durable, all or none. Fails with FAILED_PRECONDITION (OWNER_ERASED) after EraseOwner.
  virtual absl::Status PutPoints(const base::Owner& owner, std::span<const v1::BalancePoint> points,
                                 IfKept if_kept) = 0;

  // Those of the recommendations with these ids that were given to the owner, in no set order. Waits until `deadline`
  // at most.
  virtual absl::StatusOr<std::vector<GivenRecommendation>> FindGiven(const base::Owner& owner,
                                                                     std::span<const std::string> ids,
                                                                     absl::Time deadline) = 0;

  // All recommendations first given to the owner from `first` up to and with `last` (UTC), in order of days, then of
  // the time and the id. Waits until `deadline` at most.
  virtual absl::StatusOr<std::vector<GivenRecommendation>> ListGiven(const base::Owner& owner, absl::CivilDay first,
                                                                     absl::CivilDay last, absl::Time deadline) = 0;

  // Makes recommendations durable, all or none, each under the id of its `recommendation`; `given_time` must be set and
  // the same whenever one is put again. Fails with FAILED_PRECONDITION (OWNER_ERASED) after EraseOwner.
  virtual absl::Status PutGiven(const base::Owner& owner, std::span<const GivenRecommendation> given,
                                IfKept if_kept) = 0;

  // Removes what was recommended about a contact, known by all of `contact_ids`. May be repeated.
  virtual absl::Status EraseContact(const base::Owner& owner, const std::vector<std::string>& contact_ids) = 0;

  // Writes the owner's tombstone: nothing is kept for them from here on.
  virtual absl::Status BeginErasure(const base::Owner& owner) = 0;
  // Removes all that is kept about the owner, behind BeginErasure. Both may be repeated; what is begun is finished when
  // the storage is opened again.
  virtual absl::Status FinishErasure(const base::Owner& owner) = 0;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_RECOMMENDATIONS_STORE_H_
