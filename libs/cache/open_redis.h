#ifndef COUNCIL_LIBS_CACHE_OPEN_REDIS_H_
#define COUNCIL_LIBS_CACHE_OPEN_REDIS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/cache/redis.h"
#include "libs/cache/revisions.h"

namespace council::cache {

// A client for the Redis of a program's --cache=redis://[:PASSWORD@]HOST:PORT[/DATABASE], which logs when its
// connection comes and goes. Does not wait for it. INVALID_ARGUMENT for what is no such address.
absl::StatusOr<std::unique_ptr<RedisClient>> OpenRedis(const std::string& url);

// Where a program tells of new revisions: that Redis, with a client of its own, or nothing where `url` is empty. Fails
// as OpenRedis does.
absl::StatusOr<std::unique_ptr<RevisionSink>> OpenRevisions(const std::string& url);

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_OPEN_REDIS_H_
