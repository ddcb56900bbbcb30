#ifndef COUNCIL_LIBS_CACHE_REVISIONS_H_
#define COUNCIL_LIBS_CACHE_REVISIONS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/base/outbox.h"
#include "libs/cache/redis_commands.h"

namespace council::cache {

// How long Redis believes a revision. After that it is asked of its service again, so that a Redis which failed over to
// an older copy is wrong for no longer.
inline constexpr absl::Duration kRevisionLifetime = absl::Minutes(1);

// `council:{TAG}:`, which every key of an owner begins with; the braces keep an owner's keys on one node of a Redis
// Cluster. `cache_tag` is encoded as base64url.
std::string KeyPrefix(std::string_view cache_tag);

// The part of a key that KeyPrefix made, a view into `key`; empty where it is no owner's key.
std::string_view OwnerPrefix(std::string_view key);

// `council:{TAG}:revision:SERVICE:LINEAGE`: the newest revision of the owner's data that `service` ("contacts",
// "ledger") is known to have reached in the storage of that lineage, as a decimal number.
std::string RevisionKey(std::string_view cache_tag, std::string_view service, std::string_view lineage);

// Takes the news of new revisions. Thread-safe.
class RevisionSink {
 public:
  virtual ~RevisionSink() = default;

  // Raises what is known of the owners' revisions; one that is known to be greater stays. Waits until `deadline` at
  // most. After a failure some may have been raised; trying again does no harm.
  virtual absl::Status Raise(const std::string& service, const std::string& lineage,
                             std::span<const base::OutboxRow> rows, absl::Time deadline) = 0;
};

// Keeps revisions in Redis.
class RedisRevisions final : public RevisionSink {
 public:
  // `redis` must outlive this.
  explicit RedisRevisions(RedisCommands& redis) : redis_(redis) {}

  absl::Status Raise(const std::string& service, const std::string& lineage, std::span<const base::OutboxRow> rows,
                     absl::Time deadline) override;

  // Raises one key and does not wait; a failure is forgotten, since a missing revision is asked of its service.
  void RaiseInBackground(const std::string& key, int64_t revision);

 private:
  RedisCommands& redis_;
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_REVISIONS_H_
