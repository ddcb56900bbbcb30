#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_OWNER_STATE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_OWNER_STATE_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/owner_state.pb.h"
#include "libs/base/owner.h"
#include "libs/base/status.h"
#include "services/recommendations/recommendations_store.h"

// All that is kept of an owner, as records that another storage takes over
// (proto/council/recommendations/v1/owner_state.proto).
namespace council::recommendations {

// The records of what is kept, without the start, in their order. Waits until `deadline` at most.
absl::StatusOr<std::vector<v1::OwnerStateRecord>> StateOf(const base::Owner& owner, RecommendationsStore& store,
                                                          absl::Time deadline);

// The start that stands before them.
v1::OwnerStateRecord StartOf(const std::vector<v1::OwnerStateRecord>& state);

// Records that come from elsewhere, checked one by one.
class ImportedState {
 public:
  // Takes the record `index`. INVALID_ARGUMENT (INVALID_FIELD) naming what is wrong with it as a violation of
  // records[index]…, RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where it is too much.
  absl::Status Add(std::int64_t index, v1::OwnerStateRecord record);

  // To be called after the last record: INVALID_ARGUMENT where some are missing.
  absl::Status Finish() const;

  // All but the start.
  const std::vector<v1::OwnerStateRecord>& records() const { return records_; }

 private:
  absl::Status CheckPlace(std::int64_t index, const v1::OwnerStateRecord& record) const;
  void Check(const v1::BalancePoint& point, const std::string& path, base::FieldViolations& violations) const;
  void Check(const v1::KeptRecommendation& kept, const std::string& path, base::FieldViolations& violations);

  std::int64_t announced_ = -1;  // Records behind the start; -1: no start yet.
  std::size_t bytes_ = 0;
  std::vector<v1::OwnerStateRecord> records_;
  std::set<std::string> ids_;  // Of recommendations.
};

// What became of an import.
struct StateImport {
  std::int64_t imported = 0;
  std::int64_t unchanged = 0;
};

// Writes the records that are not there yet, or with `dry_run` counts them. Interrupted, it is completed by the same
// again. FAILED_PRECONDITION (STATE_NOT_EMPTY) where the owner has records that the state has not, unless all of the
// state's are among the owner's.
absl::StatusOr<StateImport> WriteState(const ImportedState& state, const base::Owner& owner,
                                       RecommendationsStore& store, absl::Time deadline, bool dry_run);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_OWNER_STATE_H_
