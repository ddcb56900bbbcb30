#ifndef COUNCIL_LIBS_CACHE_OPEN_REDIS_H_
#define COUNCIL_LIBS_CACHE_OPEN_REDIS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/cache/invalidations.h"
#include "libs/cache/redis.h"
#include "libs/cache/redis_commands.h"
#include "libs/cache/redis_tracking.h"
#include "libs/cache/revisions.h"

namespace council::cache {

// A client for the Redis of a program's --cache (see ParseRedisUrl), which logs when its connection comes and goes.
// Does not wait for it. INVALID_ARGUMENT for what is no such address.
absl::StatusOr<std::unique_ptr<RedisClient>> OpenRedis(const std::string& url);

// Tells `sink` which keys of that Redis change, and logs when it begins and ends to be told; see RedisTracking for what
// the others are. INVALID_ARGUMENT for what is no such address.
absl::StatusOr<std::unique_ptr<RedisTracking>> OpenTracking(const std::string& url, RedisCommands& commands,
                                                            const base::Clock& clock, base::Random& random,
                                                            InvalidationSink& sink);

// Where a program tells of new revisions: that Redis, with a client of its own, or nothing where `url` is empty. Fails
// as OpenRedis does.
absl::StatusOr<std::unique_ptr<RevisionSink>> OpenRevisions(const std::string& url);

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_OPEN_REDIS_H_
