#ifndef COUNCIL_LIBS_CACHE_REDIS_URL_H_
#define COUNCIL_LIBS_CACHE_REDIS_URL_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace council::cache {

// Where a Redis server listens and how to enter it.
struct RedisAddress {
  std::string host = "127.0.0.1";  // a name, an IPv4 address, or an IPv6 address without brackets
  int port = 6379;                 // 1 to 65535
  std::string password = {};       // empty: no AUTH is sent
  int database = 0;                // 0 to 65535, for SELECT
  std::string socket = {};         // path of a Unix socket, instead of host and port

  friend bool operator==(const RedisAddress&, const RedisAddress&) = default;
};

// Reads `redis://[:PASSWORD@]HOST:PORT[/DATABASE]`, or `unix:PATH` with an absolute path. The password may hold
// percent-encoded bytes; an IPv6 host stands in brackets. A host that is not loopback needs a password. Fails with
// INVALID_ARGUMENT on anything else, also `rediss://`: hiredis has no TLS here. The message never repeats the URL,
// which may hold a password.
//
//   ParseRedisUrl("redis://:s%40crit@[::1]:6379/2")  →  {"::1", 6379, "s@crit", 2}
//   ParseRedisUrl("unix:/run/redis/redis.sock")  →  the server behind that socket
absl::StatusOr<RedisAddress> ParseRedisUrl(std::string_view url);

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_REDIS_URL_H_
