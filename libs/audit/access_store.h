#ifndef COUNCIL_LIBS_AUDIT_ACCESS_STORE_H_
#define COUNCIL_LIBS_AUDIT_ACCESS_STORE_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/audit/access_storage.pb.h"
#include "libs/base/owner.h"

namespace council::audit {

// Where records of accesses are kept.
class AccessStore {
 public:
  virtual ~AccessStore() = default;

  // Adds counts to an owner's records of their hours, and removes what is from before `expired`. Nothing is written for
  // an owner who was erased.
  virtual absl::Status AddAccesses(const base::Owner& owner, std::span<const storage::v1::StoredAccess> counted,
                                   absl::Time expired) = 0;

  // At most `limit` of an owner's records behind `position`, newest first; an empty position begins. Moves `position`
  // to the end of what is returned, and empties it where that is all.
  virtual absl::StatusOr<std::vector<storage::v1::StoredAccess>> ListAccesses(const base::Owner& owner,
                                                                              std::size_t limit, std::string& position,
                                                                              absl::Time deadline) = 0;
};

}  // namespace council::audit

#endif  // COUNCIL_LIBS_AUDIT_ACCESS_STORE_H_
