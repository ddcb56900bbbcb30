#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_CACHE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_CACHE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "council/recommendations/v1/recommendations.pb.h"
#include "libs/base/clock.h"
#include "libs/base/owner.h"
#include "libs/base/random.h"
#include "libs/base/task_runner.h"
#include "libs/rpc/call.h"
#include "libs/seal/sealer.h"
#include "libs/seal/token.h"
#include "libs/telemetry/metrics.h"
#include "services/recommendations/balance_cache_metrics.h"
#include "services/recommendations/balance_source.h"
#include "services/recommendations/cached_balance.h"
#include "services/recommendations/near_balance.h"

namespace council::recommendations {

// Balances as of now: from the cache where one serves, else from one computation an owner, however many callers wait.
//
// One rule says what serves. A caller needs, for contacts and ledger each, the greater of the revision in the caller's
// tokens and the one that the cache knows; a cached balance, and the result of a computation that somebody else began,
// serves if it is at least that. Whom the running computation does not serve begins the next one. A revision that the
// cache does not know is asked of its service before a cached balance is believed. Without a cache everything is
// computed.
//
// A near cache holds what was read from the cache, with the revisions that the cache knew then, for as long as it would
// know them; the cache tells it of changes. So the same rule holds for what is found there.
//
// A balance that is soon too old is computed anew by one caller who found it, after being served
// (ShouldRefreshEarly).
//
// Thread-safe.
class BalanceCache {
 public:
  // What it works with. All must outlive the cache.
  struct Parts {
    BalanceSource& computer;
    BalanceCacheBackend& backend;
    // In front of `backend`; may be null.
    NearBalances* near = nullptr;
    const seal::Sealer& sealer;
    const seal::TokenCodec& tokens;
    base::TaskRunner& executor;
    const base::Clock& clock;
    base::Random& random;
    telemetry::Metrics& metrics;
  };

  // Told of each balance that was computed, after the callers were answered, on a thread that may block.
  using Observer = std::function<void(const rpc::CallContext&, const v1::CouncilBalance&)>;

  BalanceCache(const Parts& parts, Observer computed);

  // Waits for what is under way. No call of Get may be running.
  ~BalanceCache();

  BalanceCache(const BalanceCache&) = delete;
  BalanceCache& operator=(const BalanceCache&) = delete;

  // Answers with the caller's balance as of now, from states no older than `tokens`, as a serialized
  // GetCouncilBalanceResponse: a cached one goes out as it came in. Does not block: what the near
  // cache has is answered within this call, what the cache has when that answers, on its thread. Fails with
  //   INVALID_ARGUMENT     (INVALID_TOKEN) a token is not the caller's
  //   FAILED_PRECONDITION  (LINEAGE_CHANGED, TOKEN_FROM_FUTURE) a token is of a storage or a state that is no more
  //   UNAVAILABLE          contacts or ledger can't be reached
  //   RESOURCE_EXHAUSTED   too much is queued
  void Get(std::shared_ptr<const rpc::CallContext> call, std::vector<std::string> tokens,
           rpc::Done<rpc::Serialized> done);

  // Removes the caller's balance from the near cache and the cache, where the cache can be reached. Blocks while
  // services are asked which storages they have. Fails with UNAVAILABLE where they can't say.
  absl::Status Forget(const rpc::CallContext& call);

 private:
  // A caller on the way to an answer.
  struct Waiter {
    std::shared_ptr<const rpc::CallContext> call;
    std::vector<std::string> tokens;
    rpc::Done<rpc::Serialized> done;
    std::string cache_tag;
    // The lineages that `required` and `need` speak of, and whether the services were asked for them since the call
    // came.
    Lineages lineages;
    bool lineages_asked = false;
    // From the caller's tokens; and the greater of that and what the cache knows.
    Revisions required;
    Revisions need;
    // From before the look into the cache; unset where what is found is not kept near.
    std::optional<NearBalances::Ticket> ticket;
    // Nobody waits: the balance is computed before it is too old.
    bool early = false;
    // The cache knows nothing of a revision, so only the services can say what is needed: a computation that began
    // before the call came does not serve.
    bool must_ask = false;
    // A cached balance that serves, unless a revision that only its service knows says otherwise.
    std::string unproven;
    // Keeps the cache from ending while anything is under way.
    std::shared_ptr<void> under_way;
  };
  using WaiterPtr = std::shared_ptr<Waiter>;

  // What a flight brings back.
  struct Answer {
    rpc::Serialized bytes;
    ServiceStates states;
    // Unset where a cached balance was found to serve after all.
    std::optional<v1::CouncilBalance> computed;
  };
  using Landed = absl::StatusOr<Answer>;

  static constexpr char kContacts[] = "contacts";
  static constexpr char kLedger[] = "ledger";
  // Names sealed balances where rows have their table's name.
  static constexpr char kSealedAs[] = "balance_cache";

  static absl::Status TooManyComputations();
  static BalanceCacheBackend::Keys KeysOf(const std::string& cache_tag, const Lineages& lineages);
  static rpc::Serialized Serialize(const v1::CouncilBalance& balance, v1::AnsweredFrom answered_from);
  // Where sealed rows have their id: the whole key, which names the lineages, with model and revisions.
  static std::string SealedRow(const std::string& key, std::string_view stamp_text);

  std::optional<Lineages> KnownLineages() ABSL_LOCKS_EXCLUDED(mutex_);
  void LearnLineages(const Lineages& lineages) ABSL_LOCKS_EXCLUDED(mutex_);
  // Begins again when the services have said which storages they have now.
  void AskLineages(WaiterPtr waiter);

  // From tokens and lineages to a look into the near cache and the cache, and on from there.
  void Begin(WaiterPtr waiter);
  // Answers from the near cache; false where nothing there serves.
  bool ServeNear(const Waiter& waiter);
  // Keeps near what was found.
  void KeepNear(const Waiter& waiter, const BalanceCacheBackend::Found& found, const BalanceStamp& stamp,
                const std::string& answer);
  void OnFound(WaiterPtr waiter, const absl::StatusOr<BalanceCacheBackend::Found>& found);
  // Whether a balance of the owner's is young and of the model in force for them.
  bool IsCurrent(const base::Owner& owner, const BalanceStamp& stamp) const;
  // The cached answer; null where it can't be opened.
  rpc::Serialized Open(const Waiter& waiter, const StampedBalance& value);

  // Has the owner's balance computed in the background if it is soon too old and nobody is at it.
  void RefreshIfSoonTooOld(const Waiter& served, const BalanceStamp& stamp) ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits for the owner's next computation, which begins at once where none is running.
  void Join(WaiterPtr waiter) ABSL_LOCKS_EXCLUDED(mutex_);
  // Computes for `leader` and for whoever joins, until nobody waits.
  void Fly(WaiterPtr leader) ABSL_LOCKS_EXCLUDED(mutex_);
  // Those who have come to wait since it was last asked; where there are none and `end_if_none`, the flight is over.
  std::vector<WaiterPtr> TakeWaiting(const base::Owner& owner, bool end_if_none) ABSL_LOCKS_EXCLUDED(mutex_);
  // Begins a flight that is in `flights_` already.
  void Launch(const WaiterPtr& leader) ABSL_LOCKS_EXCLUDED(mutex_);
  Landed Lead(const Waiter& leader);
  // The leader's unproven balance, if the services have nothing newer.
  std::optional<Answer> ProveCached(const Waiter& leader);
  absl::StatusOr<ComputedBalance> Compute(const Waiter& leader);
  void Keep(const Waiter& leader, const ComputedBalance& computed, absl::Duration cost);
  // Answers the leader with what came back.
  void DeliverToLeader(const Waiter& leader, const Landed& landed);
  // Answers `waiter` if what came back is for them too; false where they need another flight. `came_before` says that
  // they were waiting when the flight began.
  bool Deliver(const Waiter& waiter, const Landed& landed, bool came_before);

  const Parts parts_;
  const Observer computed_;
  const BalanceCacheMetrics metrics_;

  // Held by every waiter; its end tells `nothing_under_way_`.
  std::shared_ptr<void> under_way_;
  absl::Notification nothing_under_way_;

  absl::Mutex mutex_;
  std::optional<Lineages> lineages_ ABSL_GUARDED_BY(mutex_);
  // Owners for whom a computation is running, with those who came since it began.
  absl::flat_hash_map<base::Owner, std::vector<WaiterPtr>> flights_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_BALANCE_CACHE_H_
