// The computations of a BalanceCache: one an owner at a time, for all who wait.

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/telemetry/trace.h"
#include "services/recommendations/balance_cache.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/early_refresh.h"

namespace council::recommendations {
namespace {

// What a refresh may take for which nobody waits.
constexpr absl::Duration kRefreshTime = absl::Seconds(30);

// Whether a computation's failure is everyone's who waits for it. Another's cancellation, time limit, identity or token
// is nobody else's concern.
bool ConcernsAll(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return base::ReasonOf(status) != common::v1::ERROR_REASON_NOT_FRESH_ENOUGH;
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return false;
  }
}

absl::Status NotFreshEnough() {
  return base::WithRetry(base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_NOT_FRESH_ENOUGH,
                                     "the services answered from older states than were asked for"),
                         absl::Seconds(1));
}

}  // namespace

void BalanceCache::Join(WaiterPtr waiter) {
  {
    absl::MutexLock lock(&mutex_);
    const auto [flight, first] = flights_.try_emplace(waiter->call->owner());
    if (!first) {
      flight->second.push_back(std::move(waiter));
      return;
    }
  }
  Launch(waiter);
}

void BalanceCache::RefreshIfSoonTooOld(const Waiter& served, const BalanceStamp& stamp) {
  const absl::Duration left = stamp.compute_time + kCachedBalanceLifetime - parts_.clock.Now();
  if (!ShouldRefreshEarly(left, stamp.cost, parts_.random)) return;
  auto refresher = std::make_shared<Waiter>();
  // The caller was served and is gone, and with them their time and whether they cancel.
  refresher->call =
      std::make_shared<rpc::CallContext>(served.call->method(), served.call->principal(), absl::Now() + kRefreshTime);
  refresher->done = [](const absl::StatusOr<rpc::Serialized>&) {};
  refresher->cache_tag = served.cache_tag;
  refresher->lineages = served.lineages;
  refresher->lineages_asked = true;
  refresher->need = refresher->required = stamp.revisions;
  refresher->early = true;
  refresher->under_way = served.under_way;
  {
    absl::MutexLock lock(&mutex_);
    if (!flights_.try_emplace(refresher->call->owner()).second) return;
  }
  Launch(refresher);
}

void BalanceCache::Launch(const WaiterPtr& leader) {
  if (parts_.executor.Submit([this, leader] { Fly(leader); })) return;
  std::vector<WaiterPtr> turned_away = {leader};
  {
    absl::MutexLock lock(&mutex_);
    const auto flight = flights_.find(leader->call->owner());
    std::move(flight->second.begin(), flight->second.end(), std::back_inserter(turned_away));
    flights_.erase(flight);
  }
  for (const WaiterPtr& one : turned_away) one->done(TooManyComputations());
}

void BalanceCache::Fly(WaiterPtr leader) {
  const base::Owner owner = leader->call->owner();
  std::optional<std::pair<WaiterPtr, v1::CouncilBalance>> news;
  std::vector<WaiterPtr> waiting;
  while (leader != nullptr) {
    const std::shared_ptr<const rpc::CallContext> call = leader->call;
    const telemetry::TraceScope scope(call->trace());
    const Landed landed = Lead(*leader);
    DeliverToLeader(*leader, landed);
    std::vector<WaiterPtr> unserved;
    for (bool came_before = true;; came_before = false) {
      for (WaiterPtr& waiter : waiting) {
        if (!Deliver(*waiter, landed, came_before)) unserved.push_back(std::move(waiter));
      }
      waiting = TakeWaiting(owner, unserved.empty());
      if (waiting.empty()) break;
    }
    if (landed.ok() && landed->computed.has_value()) news.emplace(leader, *landed->computed);
    leader = nullptr;
    waiting = std::move(unserved);
    if (waiting.empty()) break;
    // The one with the most time leads, so that the others need not see a flight end for want of it.
    const auto next = std::max_element(waiting.begin(), waiting.end(), [](const WaiterPtr& a, const WaiterPtr& b) {
      return a->call->deadline() < b->call->deadline();
    });
    std::swap(*next, waiting.back());
    leader = std::move(waiting.back());
    waiting.pop_back();
  }
  if (news.has_value()) computed_(*news->first->call, news->second);
}

std::vector<BalanceCache::WaiterPtr> BalanceCache::TakeWaiting(const base::Owner& owner, bool end_if_none) {
  absl::MutexLock lock(&mutex_);
  const auto flight = flights_.find(owner);
  std::vector<WaiterPtr> waiting = std::exchange(flight->second, {});
  if (waiting.empty() && end_if_none) flights_.erase(flight);
  return waiting;
}

BalanceCache::Landed BalanceCache::Lead(const Waiter& leader) {
  if (auto cached = ProveCached(leader); cached.has_value()) return *std::move(cached);
  (leader.early ? metrics_.early_computations : metrics_.computations).Increment();
  const absl::Time begin = parts_.clock.Now();
  COUNCIL_ASSIGN_OR_RETURN(ComputedBalance computed, Compute(leader));
  LearnLineages(computed.states.lineages);
  Keep(leader, computed, std::max(parts_.clock.Now() - begin, absl::ZeroDuration()));
  return Answer{.bytes = Serialize(computed.balance, v1::ANSWERED_FROM_COMPUTATION),
                .states = std::move(computed.states),
                .computed = std::move(computed.balance)};
}

std::optional<BalanceCache::Answer> BalanceCache::ProveCached(const Waiter& leader) {
  if (leader.unproven.empty()) return std::nullopt;
  const auto states = parts_.computer.AskStates(*leader.call);
  if (!states.ok() || states->lineages != leader.lineages) return std::nullopt;
  const BalanceCacheBackend::Keys keys = KeysOf(leader.cache_tag, states->lineages);
  parts_.backend.RaiseRevision(keys.contacts_revision, states->revisions.contacts);
  parts_.backend.RaiseRevision(keys.ledger_revision, states->revisions.ledger);
  const auto value = DecodeStamped(leader.unproven);
  if (!value.has_value() || !value->stamp.revisions.AtLeast(states->revisions)) return std::nullopt;
  rpc::Serialized answer = Open(leader, *value);
  if (answer == nullptr) return std::nullopt;
  return Answer{.bytes = std::move(answer),
                .states = {.lineages = leader.lineages, .revisions = value->stamp.revisions},
                .computed = std::nullopt};
}

absl::StatusOr<ComputedBalance> BalanceCache::Compute(const Waiter& leader) {
  const base::Owner& owner = leader.call->owner();
  std::vector<std::string> tokens = leader.tokens;
  const bool beyond_contacts = leader.need.contacts > leader.required.contacts;
  const bool beyond_ledger = leader.need.ledger > leader.required.ledger;
  if (beyond_contacts) {
    tokens.push_back(
        parts_.tokens.MakeConsistencyToken(owner, {kContacts, leader.lineages.contacts, leader.need.contacts}));
  }
  if (beyond_ledger) {
    tokens.push_back(parts_.tokens.MakeConsistencyToken(owner, {kLedger, leader.lineages.ledger, leader.need.ledger}));
  }
  auto computed = parts_.computer.Compute(*leader.call, tokens, std::nullopt);
  if (tokens.size() == leader.tokens.size() ||
      base::ReasonOf(computed.status()) != common::v1::ERROR_REASON_TOKEN_FROM_FUTURE) {
    return computed;
  }
  // A state that the service never reached: the cache's word is worth nothing, the caller's own tokens decide.
  const BalanceCacheBackend::Keys keys = KeysOf(leader.cache_tag, leader.lineages);
  if (beyond_contacts) parts_.backend.Drop(keys.contacts_revision);
  if (beyond_ledger) parts_.backend.Drop(keys.ledger_revision);
  metrics_.dropped_revisions.Increment();
  return parts_.computer.Compute(*leader.call, leader.tokens, std::nullopt);
}

void BalanceCache::Keep(const Waiter& leader, const ComputedBalance& computed, absl::Duration cost) {
  const BalanceCacheBackend::Keys keys = KeysOf(leader.cache_tag, computed.states.lineages);
  const BalanceStamp stamp = {.revisions = computed.states.revisions,
                              .compute_time = base::FromProto(computed.balance.compute_time()),
                              .model_version = kBalanceModelVersion,
                              .cost = cost,
                              .model_digest = parts_.computer.ModelDigest(leader.call->owner().tenant)};
  const auto sealed = parts_.sealer.Seal(parts_.sealer.OwnerHash(leader.call->owner()), kSealedAs,
                                         SealedRow(keys.balance, EncodeStamp(stamp)),
                                         *Serialize(computed.balance, parts_.backend.answered_from()));
  if (!sealed.ok()) return;
  parts_.backend.Keep(keys.balance, stamp, *sealed);
  parts_.backend.RaiseRevision(keys.contacts_revision, computed.states.revisions.contacts);
  parts_.backend.RaiseRevision(keys.ledger_revision, computed.states.revisions.ledger);
}

void BalanceCache::DeliverToLeader(const Waiter& leader, const Landed& landed) {
  // The storages may have been replaced since they were last asked; then the tokens were read by the wrong lineages.
  const bool other_storages = landed.ok() ? landed->states.lineages != leader.lineages
                                          : base::ReasonOf(landed.status()) == common::v1::ERROR_REASON_LINEAGE_CHANGED;
  if (other_storages && !leader.lineages_asked) return AskLineages(std::make_shared<Waiter>(leader));
  if (!landed.ok()) return leader.done(landed.status());
  if (other_storages || !landed->states.revisions.AtLeast(leader.required)) return leader.done(NotFreshEnough());
  if (!leader.early) (landed->computed.has_value() ? metrics_.answers_computed : metrics_.answers_cache).Increment();
  leader.done(landed->bytes);
}

bool BalanceCache::Deliver(const Waiter& waiter, const Landed& landed, bool came_before) {
  if (waiter.call->IsCancelled()) {
    waiter.done(absl::CancelledError("the caller has gone"));
    return true;
  }
  if (!landed.ok()) {
    if (!ConcernsAll(landed.status())) return false;
    waiter.done(landed.status());
    return true;
  }
  if (landed->states.lineages != waiter.lineages || !landed->states.revisions.AtLeast(waiter.need)) return false;
  if (waiter.must_ask && !came_before) return false;
  metrics_.answers_joined.Increment();
  waiter.done(landed->bytes);
  return true;
}

}  // namespace council::recommendations
