#include "services/recommendations/balance_cache.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/cache/revisions.h"

namespace council::recommendations {
namespace {

using common::v1::ErrorReason;

constexpr char kContacts[] = "contacts";
constexpr char kLedger[] = "ledger";
// Names sealed balances where rows have their table's name.
constexpr char kSealedAs[] = "balance_cache";

bool HasReason(const absl::Status& status, ErrorReason reason) {
  return base::ReasonOf(status) == reason;
}

// Whether a computation's failure is everyone's who waits for it. Another's cancellation, time limit, identity or token
// is nobody else's concern.
bool ConcernsAll(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return !HasReason(status, common::v1::ERROR_REASON_NOT_FRESH_ENOUGH);
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return false;
  }
}

absl::Status Overloaded() {
  return base::WithRetry(base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_OVERLOADED,
                                     "too many balances are being computed"),
                         absl::Seconds(1));
}

absl::Status NotFreshEnough() {
  return base::WithRetry(base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_NOT_FRESH_ENOUGH,
                                     "the services answered from older states than were asked for"),
                         absl::Seconds(1));
}

BalanceCacheBackend::Keys KeysOf(const std::string& cache_tag, const Lineages& lineages) {
  return {.contacts_revision = cache::RevisionKey(cache_tag, kContacts, lineages.contacts),
          .ledger_revision = cache::RevisionKey(cache_tag, kLedger, lineages.ledger),
          .balance = absl::StrCat(cache::KeyPrefix(cache_tag), "balance:", lineages.contacts, ":", lineages.ledger)};
}

rpc::Serialized Serialize(const v1::CouncilBalance& balance, v1::AnsweredFrom answered_from) {
  v1::GetCouncilBalanceResponse response;
  *response.mutable_balance() = balance;
  response.mutable_balance()->set_answered_from(answered_from);
  return std::make_shared<const std::string>(response.SerializeAsString());
}

// Where sealed rows have their id: the whole key, which names the lineages, with model and revisions.
std::string SealedRow(const std::string& key, std::string_view stamp_text) {
  return absl::StrCat(key, " ", absl::string_view(stamp_text.data(), stamp_text.size()));
}

}  // namespace

BalanceCache::BalanceCache(const Parts& parts, Observer computed)
    : parts_(parts),

      computed_(std::move(computed)),
      under_way_(nullptr, [this](void*) { nothing_under_way_.Notify(); }) {}

BalanceCache::~BalanceCache() {
  under_way_.reset();
  nothing_under_way_.WaitForNotification();
}

std::optional<Lineages> BalanceCache::KnownLineages() {
  absl::MutexLock lock(&mutex_);
  return lineages_;
}

void BalanceCache::LearnLineages(const Lineages& lineages) {
  absl::MutexLock lock(&mutex_);
  lineages_ = lineages;
}

void BalanceCache::AskLineages(WaiterPtr waiter) {
  const bool queued = parts_.executor.Submit([this, waiter] {
    const auto states = parts_.computer.AskStates(*waiter->call);
    if (!states.ok()) return waiter->done(states.status());
    LearnLineages(states->lineages);
    waiter->lineages_asked = true;
    Begin(waiter);
  });
  if (!queued) waiter->done(Overloaded());
}

void BalanceCache::Get(std::shared_ptr<const rpc::CallContext> call, std::vector<std::string> tokens,
                       rpc::Done<rpc::Serialized> done) {
  auto waiter = std::make_shared<Waiter>();
  waiter->under_way = under_way_;
  waiter->cache_tag = parts_.sealer.CacheTag(call->owner());
  waiter->call = std::move(call);
  waiter->tokens = std::move(tokens);
  waiter->done = std::move(done);
  Begin(std::move(waiter));
}

absl::Status BalanceCache::Forget(const rpc::CallContext& call) {
  std::optional<Lineages> lineages = KnownLineages();
  if (!lineages.has_value()) {
    COUNCIL_ASSIGN_OR_RETURN(const ServiceStates states, parts_.computer.AskStates(call));
    lineages = states.lineages;
  }
  parts_.backend.Drop(KeysOf(parts_.sealer.CacheTag(call.owner()), *lineages).balance);
  return absl::OkStatus();
}

void BalanceCache::Begin(WaiterPtr waiter) {
  const std::optional<Lineages> lineages = KnownLineages();
  if (!lineages.has_value()) return AskLineages(std::move(waiter));
  const base::Owner& owner = waiter->call->owner();
  const auto contacts = parts_.tokens.RequiredRevision(owner, waiter->tokens, kContacts, lineages->contacts);
  const auto ledger = parts_.tokens.RequiredRevision(owner, waiter->tokens, kLedger, lineages->ledger);
  for (const absl::Status& status : {contacts.status(), ledger.status()}) {
    if (status.ok()) continue;
    // The storage may have been replaced since it was last asked, and the token be right.
    if (HasReason(status, common::v1::ERROR_REASON_LINEAGE_CHANGED) && !waiter->lineages_asked) {
      return AskLineages(std::move(waiter));
    }
    return waiter->done(status);
  }
  waiter->lineages = *lineages;
  waiter->required = {*contacts, *ledger};
  waiter->need = waiter->required;
  waiter->must_ask = false;
  waiter->unproven.clear();
  parts_.backend.Find(
      KeysOf(waiter->cache_tag, *lineages),
      [this, waiter](const absl::StatusOr<BalanceCacheBackend::Found>& found) { OnFound(waiter, found); });
}

void BalanceCache::OnFound(WaiterPtr waiter, const absl::StatusOr<BalanceCacheBackend::Found>& found) {
  if (!found.ok()) {
    ++stats_.unreachable;
    return Join(std::move(waiter));
  }
  waiter->need = Max(waiter->required, {found->contacts_revision.value_or(0), found->ledger_revision.value_or(0)});
  waiter->must_ask = !found->contacts_revision.has_value() || !found->ledger_revision.has_value();
  const auto value = DecodeStamped(found->balance);
  if (!value.has_value() || !IsCurrent(waiter->call->owner(), value->stamp) ||
      !value->stamp.revisions.AtLeast(waiter->need)) {
    return Join(std::move(waiter));
  }
  if (waiter->must_ask) {
    waiter->unproven = std::string(found->balance);
    return Join(std::move(waiter));
  }
  rpc::Serialized answer = Open(*waiter, *value);
  if (answer == nullptr) return Join(std::move(waiter));
  ++stats_.hits;
  waiter->done(std::move(answer));
}

bool BalanceCache::IsCurrent(const base::Owner& owner, const BalanceStamp& stamp) const {
  return stamp.model_version == kBalanceModelVersion &&
         stamp.model_digest == parts_.computer.models().DigestFor(owner.tenant) &&
         parts_.clock.Now() - stamp.compute_time < kCachedBalanceLifetime;
}

rpc::Serialized BalanceCache::Open(const Waiter& waiter, const StampedBalance& value) {
  const std::string key = KeysOf(waiter.cache_tag, waiter.lineages).balance;
  auto opened = parts_.sealer.Open(waiter.call->owner(), kSealedAs, SealedRow(key, value.stamp_text), value.sealed);
  if (opened.ok()) return std::make_shared<const std::string>(*std::move(opened));
  ++stats_.unreadable;
  return nullptr;
}

void BalanceCache::Join(WaiterPtr waiter) {
  {
    absl::MutexLock lock(&mutex_);
    const auto [flight, first] = flights_.try_emplace(waiter->call->owner());
    if (!first) {
      flight->second.push_back(std::move(waiter));
      return;
    }
  }
  if (parts_.executor.Submit([this, waiter] { Fly(waiter); })) return;
  std::vector<WaiterPtr> turned_away = {waiter};
  {
    absl::MutexLock lock(&mutex_);
    const auto flight = flights_.find(waiter->call->owner());
    std::move(flight->second.begin(), flight->second.end(), std::back_inserter(turned_away));
    flights_.erase(flight);
  }
  for (const WaiterPtr& one : turned_away) one->done(Overloaded());
}

void BalanceCache::Fly(WaiterPtr leader) {
  const base::Owner owner = leader->call->owner();
  std::optional<std::pair<WaiterPtr, v1::CouncilBalance>> news;
  std::vector<WaiterPtr> waiting;
  while (leader != nullptr) {
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
  COUNCIL_ASSIGN_OR_RETURN(ComputedBalance computed, Compute(leader));
  LearnLineages(computed.states.lineages);
  Keep(leader, computed);
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
  ++stats_.hits;
  return Answer{.bytes = std::move(answer),
                .states = {.lineages = leader.lineages, .revisions = value->stamp.revisions},
                .computed = std::nullopt};
}

absl::StatusOr<ComputedBalance> BalanceCache::Compute(const Waiter& leader) {
  ++stats_.computations;
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
      !HasReason(computed.status(), common::v1::ERROR_REASON_TOKEN_FROM_FUTURE)) {
    return computed;
  }
  // A state that the service never reached: the cache's word is worth nothing, the caller's own tokens decide.
  const BalanceCacheBackend::Keys keys = KeysOf(leader.cache_tag, leader.lineages);
  if (beyond_contacts) parts_.backend.Drop(keys.contacts_revision);
  if (beyond_ledger) parts_.backend.Drop(keys.ledger_revision);
  ++stats_.dropped_revisions;
  return parts_.computer.Compute(*leader.call, leader.tokens, std::nullopt);
}

void BalanceCache::Keep(const Waiter& leader, const ComputedBalance& computed) {
  const BalanceCacheBackend::Keys keys = KeysOf(leader.cache_tag, computed.states.lineages);
  const BalanceStamp stamp = {.revisions = computed.states.revisions,
                              .compute_time = base::FromProto(computed.balance.compute_time()),
                              .model_version = kBalanceModelVersion,
                              .model_digest = parts_.computer.models().DigestFor(leader.call->owner().tenant)};
  const auto sealed = parts_.sealer.Seal(leader.call->owner(), kSealedAs, SealedRow(keys.balance, EncodeStamp(stamp)),
                                         *Serialize(computed.balance, parts_.backend.answered_from()));
  if (!sealed.ok()) return;
  parts_.backend.Keep(keys.balance, stamp, *sealed);
  parts_.backend.RaiseRevision(keys.contacts_revision, computed.states.revisions.contacts);
  parts_.backend.RaiseRevision(keys.ledger_revision, computed.states.revisions.ledger);
}

void BalanceCache::DeliverToLeader(const Waiter& leader, const Landed& landed) {
  // The storages may have been replaced since they were last asked; then the tokens were read by the wrong lineages.
  const bool other_storages = landed.ok() ? landed->states.lineages != leader.lineages
                                          : HasReason(landed.status(), common::v1::ERROR_REASON_LINEAGE_CHANGED);
  if (other_storages && !leader.lineages_asked) return AskLineages(std::make_shared<Waiter>(leader));
  if (!landed.ok()) return leader.done(landed.status());
  if (other_storages || !landed->states.revisions.AtLeast(leader.required)) return leader.done(NotFreshEnough());
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
  ++stats_.joined;
  waiter.done(landed->bytes);
  return true;
}

}  // namespace council::recommendations
