#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_FRESHNESS_HISTORY_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_FRESHNESS_HISTORY_H_

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations.pb.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/task_runner.h"
#include "libs/cache/circuit_breaker.h"
#include "libs/cache/near_cache_metrics.h"
#include "libs/seal/sealer.h"
#include "libs/seal/token.h"
#include "libs/telemetry/metrics.h"
#include "services/recommendations/balance_cache.h"
#include "services/recommendations/balance_source.h"
#include "services/recommendations/near_balance.h"
#include "services/recommendations/redis_balance_cache.h"
#include "services/recommendations/scripted_redis.h"

// What the model of freshness is made of: see freshness_model_test.cc.
namespace council::recommendations::freshness_model {

inline constexpr std::array<const char*, 2> kServices = {"contacts", "ledger"};

// What all histories share, since making it takes long.
struct World {
  seal::TokenCodec tokens{seal::DevelopmentSharedKey(), std::string(32, 't')};
  seal::Sealer sealer{std::string(32, 'o'), seal::DevelopmentSharedKey()};
  RedisScripts scripts;
  telemetry::Metrics metrics;
  cache::NearCacheMetrics near_metrics{metrics};
};

// Contacts' or the ledger's storage, of one owner.
struct Storage {
  std::string lineage;
  int64_t revision = 0;
  bool news = false;  // Whether the outbox has a row.
};

// A state of each service; nothing where the lineage is empty.
struct Known {
  std::string lineage;
  int64_t revision = 0;
  std::string token = {};
};
using KnownStates = std::array<Known, kServices.size()>;

class History;

// Runs tasks when the history says so.
class Tasks final : public base::TaskRunner {
 public:
  bool Submit(std::function<void()> task) override {
    if (full) return false;
    waiting.push_back(std::move(task));
    return true;
  }
  std::deque<std::function<void()>> waiting;
  bool full = false;
};

// Answers with nothing but the state that it read.
class Source final : public BalanceSource {
 public:
  explicit Source(History& history) : history_(history) {}
  absl::StatusOr<ComputedBalance> Compute(const rpc::CallContext& call, std::span<const std::string> tokens,
                                          std::optional<absl::Time> as_of) override;
  absl::StatusOr<ServiceStates> AskStates(const rpc::CallContext& call) override;
  const std::string& ModelDigest(const std::string&) const override { return digest_; }

 private:
  History& history_;
  const std::string digest_ = std::string(32, 'd');
};

// A copy of the service.
struct Copy {
  Copy(History& history, World& world, base::ManualClock& clock, base::Random& random, ScriptedRedis& redis,
       const std::string& name)
      : commands(redis),
        source(history),
        breaker(clock, world.metrics),
        near(clock, world.near_metrics),
        tracking(redis, commands, clock, name, near),
        backend(commands, breaker),
        cache({.computer = source,
               .backend = backend,
               .near = &near,
               .sealer = world.sealer,
               .tokens = world.tokens,
               .executor = tasks,
               .clock = clock,
               .random = random,
               .metrics = world.metrics},
              [](const rpc::CallContext&, const v1::CouncilBalance&) {}) {}

  ScriptedConnection commands;
  Tasks tasks;
  Source source;
  cache::CircuitBreaker breaker;
  NearBalances near;
  ScriptedTracking tracking;
  RedisBalanceCache backend;
  BalanceCache cache;

  // What Redis knew when it last told of a change here: then nothing older was near any more.
  KnownStates told;
};

// One random history of all of them. Promises that are broken fail the test that runs it.
class History {
 public:
  // `world` must outlive the history, which `seed` makes the same each time.
  History(World& world, uint64_t seed);

  // From caches that are empty or filled, through what may go wrong, to the state when nothing does any more. False
  // where a promise was broken.
  bool Run();

 private:
  friend class Source;
  class RelayConnection;
  class Outbox;

  size_t Pick(size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(engine_); }
  bool Chance(double probability) { return std::bernoulli_distribution(probability)(engine_); }
  bool Fails(double probability) { return !healthy_ && Chance(probability); }
  Copy& AnyCopy() { return *copies_[Pick(copies_.size())]; }

  // One of those below that end with Any, PassTime, or a trouble.
  void Step();
  // What others do while somebody is at work.
  void Meanwhile();

  // Changes of storages, and clients who are told of them.
  void WriteAny();
  void Write(size_t service);
  std::string MakeToken(size_t service) const;
  void Learn(KnownStates& client, size_t service, const std::string& token);

  // Clients who ask for the balance, with what they know or with no token, and what they may be answered.
  void AskAny();
  void Ask(Copy& copy, size_t client, bool with_tokens, std::function<void(const v1::CouncilBalance&)> answered);
  void CheckFailure(size_t client, const absl::Status& status);
  // `asked` is what the client knew, if it was shown, `told` what the copy was told of, both when it was asked.
  void CheckAnswer(size_t client, const KnownStates& asked, const KnownStates& told, const v1::CouncilBalance& balance);

  // What goes on.
  void CarryOutAny();
  void ReplyAny();
  void HearAny();
  void Hear(Copy& copy);
  void ProbeAny();
  void RunAnyTask();
  void ReconnectAny() { AnyCopy().commands.Reconnect(); }
  void MendTrackingAny() { Mend(AnyCopy().tracking); }
  static void Mend(ScriptedTracking& tracking);
  void RelayAny() { Relay(Pick(kServices.size())); }
  void Relay(size_t service);
  void PassTime();
  void Pass(absl::Duration time);

  // What goes wrong.
  void TroubleAny();
  void BreakCommands();
  void LoseTracking() { AnyCopy().tracking.Lose(); }
  void LoseData();
  void CarryOutLate();
  void BeFull() { redis_.SetFull(Chance(0.3)); }
  void BeBusy() { AnyCopy().tasks.full = Chance(0.2); }

  // Until nothing is wrong, and nothing under way, any more.
  void Heal();
  void Settle();
  // Every copy answers with the newest state one who shows no token: computed, from Redis, from its near cache.
  void CheckNewest();

  World& world_;
  std::mt19937_64 engine_;
  base::SeededRandom random_;
  base::ManualClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  ScriptedRedis redis_{clock_, world_.scripts};
  ScriptedRedis::Data kept_;
  std::array<Storage, kServices.size()> storages_ = {Storage{.lineage = "contacts-0"}, Storage{.lineage = "ledger-0"}};
  // The newest that each of them was told.
  std::array<KnownStates, 3> clients_;
  int lineages_ = 0;
  int depth_ = 0;
  int unanswered_ = 0;
  // Nothing goes wrong, and computations are done at once.
  bool healthy_ = true;
  // In other histories nothing breaks, so that the caches are in use when things happen.
  const bool rough_ = Chance(0.5);
  // Whether something of the past may be believed for a minute.
  bool went_back_ = false;
  std::array<std::unique_ptr<Copy>, 2> copies_;
};

}  // namespace council::recommendations::freshness_model

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_FRESHNESS_HISTORY_H_
