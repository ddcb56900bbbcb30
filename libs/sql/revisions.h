#ifndef COUNCIL_LIBS_SQL_REVISIONS_H_
#define COUNCIL_LIBS_SQL_REVISIONS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/sql/database.h"

namespace council::sql {

// The revisions of owners as `table` has them (columns `owner` and `revision`, a row an owner), in the order of their
// hashes; 0 for one who has none. Fails as Database::Read does.
absl::StatusOr<std::vector<std::int64_t>> RevisionsOf(Database& database, const std::string& table,
                                                      std::span<const std::string> hashes, absl::Time deadline);

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_REVISIONS_H_
