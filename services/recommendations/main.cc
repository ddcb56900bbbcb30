#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "absl/strings/strip.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/cache/redis.h"
#include "libs/cache/redis_url.h"
#include "libs/rpc/client.h"
#include "libs/rpc/program.h"
#include "libs/seal/token.h"
#include "services/recommendations/memory_balance_cache.h"
#include "services/recommendations/recommendations_wiring.h"
#include "services/recommendations/redis_balance_cache.h"

namespace council::recommendations {
namespace {

void LogConnection(const absl::Status& status) {
  if (status.ok()) {
    spdlog::info("connected to Redis");
  } else {
    spdlog::warn("no connection to Redis, balances are computed: {}", std::string(status.message()));
  }
}

int Main(int argc, char** argv) {
  rpc::Program program("recommendationsd", "Says how balanced an owner's council is, and why.");
  std::string storage;
  std::string cache = "memory";
  std::string contacts;
  std::string ledger;
  program.AddFlag("--storage", storage, "where the history is kept: sqlite:PATH")->required();
  program.AddFlag("--cache", cache, "where balances are cached: redis://HOST:PORT or memory");
  program.AddFlag("--contacts", contacts, "address of the contacts service: HOST:PORT")->required();
  program.AddFlag("--ledger", ledger, "address of the ledger service: HOST:PORT")->required();
  if (const auto exit_code = program.Parse(argc, argv)) return *exit_code;

  absl::string_view path = storage;
  if (!absl::ConsumePrefix(&path, "sqlite:") || path.empty()) {
    return rpc::Program::Fail(absl::InvalidArgumentError("--storage must be sqlite:PATH"));
  }
  const base::SystemClock clock;
  base::SystemRandom random;
  std::unique_ptr<cache::RedisClient> redis;
  std::unique_ptr<BalanceCacheBackend> backend;
  if (cache == "memory") {
    backend = std::make_unique<MemoryBalanceCache>(clock);
  } else {
    const auto address = cache::ParseRedisUrl(cache);
    if (!address.ok()) return rpc::Program::Fail(address.status());
    cache::RedisOptions options;
    options.address = *address;
    options.on_connection_change = LogConnection;
    redis = std::make_unique<cache::RedisClient>(std::move(options));
    backend = std::make_unique<RedisBalanceCache>(*redis);
  }
  RecommendationsWiring::Options options;
  options.database_path = std::string(path);
  options.shared_key = seal::DevelopmentSharedKey();
  options.contacts = rpc::MakeChannel(contacts);
  options.ledger = rpc::MakeChannel(ledger);
  const auto wiring = RecommendationsWiring::Make(options, *backend, clock, random, program.adaptor());
  if (!wiring.ok()) return rpc::Program::Fail(wiring.status());
  return program.Serve({(*wiring)->endpoint()});
}

}  // namespace
}  // namespace council::recommendations

int main(int argc, char** argv) {
  return council::recommendations::Main(argc, argv);
}
