#ifndef COUNCIL_LIBS_BASE_OUTBOX_H_
#define COUNCIL_LIBS_BASE_OUTBOX_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace council::base {

// News for the cache: an owner's revision has become `revision`.
struct OutboxRow {
  // The owner as the storage names them.
  std::string owner;
  // The owner as the services together name them in the cache (seal::Sealer::CacheTag).
  std::string cache_tag;
  int64_t revision = 0;
};

// News that a storage has written in the transactions they are about, and that are not known to have arrived yet: at
// most one row an owner, the newest. Thread-safe.
class Outbox {
 public:
  virtual ~Outbox() = default;

  // Up to `limit` rows, in any order. Fails with UNAVAILABLE where storage can't be read.
  virtual absl::StatusOr<std::vector<OutboxRow>> Read(size_t limit) = 0;

  // Removes those of `rows` that have not become newer since they were read.
  virtual absl::Status Remove(std::span<const OutboxRow> rows) = 0;
};

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_OUTBOX_H_
