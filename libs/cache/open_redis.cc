#include "libs/cache/open_redis.h"

#include <spdlog/spdlog.h>

#include <span>
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

// Revisions in a Redis that nobody else here uses.
class OwnRedisRevisions final : public RevisionSink {
 public:
  explicit OwnRedisRevisions(std::unique_ptr<RedisClient> redis) : redis_(std::move(redis)), revisions_(*redis_) {}

  absl::Status Raise(const std::string& service, const std::string& lineage, std::span<const base::OutboxRow> rows,
                     absl::Time deadline) override {
    return revisions_.Raise(service, lineage, rows, deadline);
  }

 private:
  const std::unique_ptr<RedisClient> redis_;
  RedisRevisions revisions_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RedisClient>> OpenRedis(const std::string& url) {
  auto address = ParseRedisUrl(url);
  if (!address.ok()) return std::move(address).status();
  RedisOptions options;
  options.address = *std::move(address);
  options.on_connection_change = LogConnection;
  return std::make_unique<RedisClient>(std::move(options));
}

absl::StatusOr<std::unique_ptr<RedisTracking>> OpenTracking(const std::string& url, RedisCommands& commands,
                                                            const base::Clock& clock, base::Random& random,
                                                            InvalidationSink& sink) {
  auto address = ParseRedisUrl(url);
  if (!address.ok()) return std::move(address).status();
  RedisTrackingOptions options;
  options.address = *std::move(address);
  options.on_change = [](const absl::Status& status) {
    if (status.ok()) {
      spdlog::info("Redis tells what changes");
    } else {
      spdlog::warn("Redis does not tell what changes: {}", std::string(status.message()));
    }
  };
  return std::make_unique<RedisTracking>(std::move(options), commands, clock, random, sink);
}

absl::StatusOr<std::unique_ptr<RevisionSink>> OpenRevisions(const std::string& url) {
  if (url.empty()) return nullptr;
  auto redis = OpenRedis(url);
  if (!redis.ok()) return std::move(redis).status();
  return std::make_unique<OwnRedisRevisions>(*std::move(redis));
}

}  // namespace council::cache
