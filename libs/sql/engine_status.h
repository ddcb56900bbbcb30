#ifndef COUNCIL_LIBS_SQL_ENGINE_STATUS_H_
#define COUNCIL_LIBS_SQL_ENGINE_STATUS_H_

#include <exception>

#include "absl/status/status.h"

namespace council::sql {

// The status for what the library of an engine threw: UNAVAILABLE (STORAGE_UNAVAILABLE) where the storage cannot be
// reached or written (connection lost, locked, full, shutting down, read-only), DATA_LOSS (DATA_DAMAGED) where it is
// corrupt, ALREADY_EXISTS for a broken constraint, which a store that relies on one gives its own meaning,
// RESOURCE_EXHAUSTED for a value that is too big, else INTERNAL. The message has SQLite's extended result code, the
// SQLSTATE or the exception's type and nothing else, since the engines' own messages may quote what was stored.
absl::Status StatusOfException(const std::exception& error);

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_ENGINE_STATUS_H_
