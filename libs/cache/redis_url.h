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

  friend bool operator==(const RedisAddress&, const RedisAddress&) = default;
};

// Reads `redis://[:PASSWORD@]HOST:PORT[/DATABASE]`. The password may hold percent-encoded bytes; an IPv6 host stands
// in brackets. Fails with INVALID_ARGUMENT on anything else; the message never repeats the URL, which may hold a
// password.
//
//   ParseRedisUrl("redis://:s%40crit@[::1]:6379/2")  →  {"::1", 6379, "s@crit", 2}
absl::StatusOr<RedisAddress> ParseRedisUrl(std::string_view url);

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_REDIS_URL_H_
