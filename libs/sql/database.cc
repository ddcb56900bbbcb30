#include "libs/sql/database.h"

#include <algorithm>
#include <bit>

namespace council::sql {

void GroupCommitStats::CountBatch(std::size_t size) {
  ++batches;
  writes += size;
  // 1 → 0, 2 → 1, 3–4 → 2, 5–8 → 3 …
  const auto slot = static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(size, 1) - 1));
  ++batches_by_size[std::min(slot, batches_by_size.size() - 1)];
}

}  // namespace council::sql
