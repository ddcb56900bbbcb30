// recommendationsd: how balanced an owner's council is, and why.

#include <grpcpp/impl/service_type.h>

#include <string>
#include <utility>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/cache/circuit_breaker.h"
#include "libs/cache/near_cache_metrics.h"
#include "libs/cache/open_redis.h"
#include "libs/rpc/program.h"
#include "libs/rpc/storage_jobs.h"
#include "libs/seal/open_keys.h"
#include "services/recommendations/migrations.h"
#include "services/recommendations/near_balance.h"
#include "services/recommendations/recommendations_app.h"
#include "services/recommendations/redis_balance_cache.h"

int main(int argc, char** argv) {
  using council::recommendations::RecommendationsApp;
  using council::recommendations::RecommendationsAppOptions;

  council::rpc::Program program("recommendationsd", "Says how balanced an owner's council is, and why.");
  RecommendationsAppOptions options;
  council::seal::KeyFlags key_flags;
  std::string cache;
  std::string contacts;
  std::string ledger;
  std::string ca;
  std::string models;
  program
      .AddFlag("--storage", options.storage,
               "where the history is kept: sqlite:PATH or postgresql://USER[:PASSWORD]@HOST[:PORT][,HOST…]/DATABASE")
      ->required();
  program
      .AddFlag("--cache", cache, "where balances are cached: redis://[:PASSWORD@]HOST:PORT[/DATABASE] or unix:/PATH")
      ->required();
  program.AddFlag("--contacts", contacts, "address of the contacts service: HOST:PORT")->required();
  program.AddFlag("--ledger", ledger, "address of the ledger service: HOST:PORT")->required();
  program.AddFlag(
      "--tls-ca", ca,
      "PEM file with the CAs by which these two are known: they are called over TLS then, and shown --tls-cert");
  program.AddFlag("--balance-models", models, "JSON file with weights and bands by tenant (docs/score.md)");
  program.AddFlag("--key-storage", key_flags.key_storage,
                  "where the wrapped keys of owners are kept, as --storage; by default beside the data");
  program.AddFlag("--erasures", key_flags.erasures,
                  "file outside the storage where erasures are noted, and found again after a restore from backup");
  council::rpc::AddStorageJobs(program, council::recommendations::StorageSchema());
  if (const auto exit_code = program.Parse(argc, argv)) return *exit_code;

  if (!models.empty()) {
    auto read = council::recommendations::BalanceModels::FromFile(models);
    if (!read.ok()) return council::rpc::Program::Fail(read.status());
    options.models = *std::move(read);
  }
  const council::base::SystemClock clock;
  const council::base::MonotonicClock monotonic;
  council::base::SystemRandom random;
  key_flags.keys = program.keys();
  const auto keys = council::seal::OpenedKeys::Open(key_flags, options.storage, "recommendations", clock, random);
  if (!keys.ok()) return council::rpc::Program::Fail(keys.status());
  options.keys = (*keys)->keys();
  council::cache::CircuitBreaker breaker(monotonic, program.metrics());
  const auto redis = council::cache::OpenRedis(cache);
  if (!redis.ok()) return council::rpc::Program::Fail(redis.status());
  council::recommendations::RedisBalanceCache balances(**redis, breaker);
  council::recommendations::NearBalances near(monotonic, council::cache::NearCacheMetrics(program.metrics()));
  const auto tracking = council::cache::OpenTracking(cache, **redis, monotonic, random, near);
  if (!tracking.ok()) return council::rpc::Program::Fail(tracking.status());
  options.near = &near;
  auto contacts_channel = program.ChannelTo("--contacts", contacts, ca);
  if (!contacts_channel.ok()) return council::rpc::Program::Fail(contacts_channel.status());
  options.contacts = *std::move(contacts_channel);
  auto ledger_channel = program.ChannelTo("--ledger", ledger, ca);
  if (!ledger_channel.ok()) return council::rpc::Program::Fail(ledger_channel.status());
  options.ledger = *std::move(ledger_channel);
  const auto app = RecommendationsApp::Create(options, balances, clock, random, program.metrics());
  if (!app.ok()) return council::rpc::Program::Fail(app.status());
  const auto endpoint = (*app)->MakeEndpoint(program.adaptor());
  return program.Serve({endpoint.get()});
}
