#include "libs/cache/open_redis.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "libs/cache/redis_url.h"

namespace council::cache {
namespace {

void LogConnection(const absl::Status& status) {
  if (status.ok()) {
    spdlog::info("connected to Redis");
  } else {
    spdlog::warn("no connection to Redis: {}", std::string(status.message()));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<RedisClient>> OpenRedis(const std::string& url) {
  auto address = ParseRedisUrl(url);
  if (!address.ok()) return std::move(address).status();
  RedisOptions options;
  options.address = *std::move(address);
  options.on_connection_change = LogConnection;
  return std::make_unique<RedisClient>(std::move(options));
}

}  // namespace council::cache
