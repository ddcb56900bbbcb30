#include "services/recommendations/balance_cache.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/base/status.h"
#include "libs/cache/revisions.h"
#include "libs/telemetry/trace.h"
#include "services/recommendations/balance_model.h"

namespace council::recommendations {

absl::Status BalanceCache::TooManyComputations() {
  return base::WithRetry(base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_OVERLOADED,
                                     "too many balances are being computed"),
                         absl::Seconds(1));
}

BalanceCacheBackend::Keys BalanceCache::KeysOf(const std::string& cache_tag, const Lineages& lineages) {
  return {.contacts_revision = cache::RevisionKey(cache_tag, kContacts, lineages.contacts),
          .ledger_revision = cache::RevisionKey(cache_tag, kLedger, lineages.ledger),
          .balance = absl::StrCat(cache::KeyPrefix(cache_tag), "balance:", lineages.contacts, ":", lineages.ledger)};
}

rpc::Serialized BalanceCache::Serialize(const v1::CouncilBalance& balance, v1::AnsweredFrom answered_from) {
  v1::GetCouncilBalanceResponse response;
  *response.mutable_balance() = balance;
  response.mutable_balance()->set_answered_from(answered_from);
  return std::make_shared<const std::string>(response.SerializeAsString());
}

std::string BalanceCache::SealedRow(const std::string& key, std::string_view stamp_text) {
  return absl::StrCat(key, " ", absl::string_view(stamp_text.data(), stamp_text.size()));
}

BalanceCache::BalanceCache(const Parts& parts, Observer computed)
    : parts_(parts),
      computed_(std::move(computed)),
      metrics_(parts.metrics),
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
    const telemetry::TraceScope scope(waiter->call->trace());
    const auto states = parts_.computer.AskStates(*waiter->call);
    if (!states.ok()) return waiter->done(states.status());
    LearnLineages(states->lineages);
    waiter->lineages_asked = true;
    Begin(waiter);
  });
  if (!queued) waiter->done(TooManyComputations());
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
  const std::string cache_tag = parts_.sealer.CacheTag(call.owner());
  parts_.backend.Drop(KeysOf(cache_tag, *lineages).balance);
  if (parts_.near != nullptr) parts_.near->Forget(cache::KeyPrefix(cache_tag));
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
    if (base::ReasonOf(status) == common::v1::ERROR_REASON_LINEAGE_CHANGED && !waiter->lineages_asked) {
      return AskLineages(std::move(waiter));
    }
    return waiter->done(status);
  }
  waiter->lineages = *lineages;
  waiter->required = {*contacts, *ledger};
  waiter->need = waiter->required;
  waiter->must_ask = false;
  waiter->unproven.clear();
  if (parts_.near != nullptr) {
    if (ServeNear(*waiter)) return;
    waiter->ticket = parts_.near->Begin(cache::KeyPrefix(waiter->cache_tag));
  }
  parts_.backend.Find(
      KeysOf(waiter->cache_tag, *lineages),
      [this, waiter](const absl::StatusOr<BalanceCacheBackend::Found>& found) { OnFound(waiter, found); });
}

bool BalanceCache::ServeNear(const Waiter& waiter) {
  const auto near = parts_.near->Find(cache::KeyPrefix(waiter.cache_tag));
  if (near == nullptr) {
    metrics_.near_absent.Increment();
    return false;
  }
  if (near->lineages != waiter.lineages || !IsCurrent(waiter.call->owner(), near->stamp)) {
    metrics_.near_not_current.Increment();
    return false;
  }
  if (!near->stamp.revisions.AtLeast(Max(waiter.required, near->known))) {
    metrics_.near_stale.Increment();
    return false;
  }
  metrics_.near_hit.Increment();
  metrics_.answers_near.Increment();
  waiter.done(near->answer);
  RefreshIfSoonTooOld(waiter, near->stamp);
  return true;
}

void BalanceCache::OnFound(WaiterPtr waiter, const absl::StatusOr<BalanceCacheBackend::Found>& found) {
  if (!found.ok()) {
    metrics_.unreachable.Increment();
    return Join(std::move(waiter));
  }
  waiter->need = Max(waiter->required, {found->contacts_revision.value_or(0), found->ledger_revision.value_or(0)});
  waiter->must_ask = !found->contacts_revision.has_value() || !found->ledger_revision.has_value();
  const auto value = DecodeStamped(found->balance);
  const auto count_and_join = [&](telemetry::Counter& outcome) {
    outcome.Increment();
    Join(std::move(waiter));
  };
  if (found->balance.empty()) return count_and_join(metrics_.absent);
  if (!value.has_value()) return count_and_join(metrics_.unreadable);
  if (!IsCurrent(waiter->call->owner(), value->stamp)) return count_and_join(metrics_.not_current);
  if (!value->stamp.revisions.AtLeast(waiter->need)) return count_and_join(metrics_.stale);
  if (waiter->must_ask) {
    waiter->unproven = std::string(found->balance);
    return count_and_join(metrics_.unproven);
  }
  rpc::Serialized answer = Open(*waiter, *value);
  if (answer == nullptr) return Join(std::move(waiter));
  metrics_.hit.Increment();
  metrics_.answers_cache.Increment();
  waiter->done(answer);
  KeepNear(*waiter, *found, value->stamp, *answer);
  RefreshIfSoonTooOld(*waiter, value->stamp);
}

void BalanceCache::KeepNear(const Waiter& waiter, const BalanceCacheBackend::Found& found, const BalanceStamp& stamp,
                            const std::string& answer) {
  if (!waiter.ticket.has_value() || found.revisions_last <= absl::ZeroDuration()) return;
  const std::string owner = cache::KeyPrefix(waiter.cache_tag);
  // One of many who looked together may have kept it.
  if (const auto near = parts_.near->Find(owner);
      near != nullptr && near->stamp.revisions == stamp.revisions && near->stamp.compute_time == stamp.compute_time) {
    return;
  }
  v1::GetCouncilBalanceResponse response;
  if (!response.ParseFromString(answer)) return;
  auto near = std::make_shared<NearBalance>();
  near->lineages = waiter.lineages;
  near->known = {*found.contacts_revision, *found.ledger_revision};
  near->stamp = stamp;
  near->answer = Serialize(response.balance(), v1::ANSWERED_FROM_NEAR_CACHE);
  parts_.near->Keep(owner, *waiter.ticket, std::move(near), waiter.ticket->taken + found.revisions_last);
}

bool BalanceCache::IsCurrent(const base::Owner& owner, const BalanceStamp& stamp) const {
  return stamp.model_version == kBalanceModelVersion &&
         stamp.model_digest == parts_.computer.ModelDigest(owner.tenant) &&
         parts_.clock.Now() - stamp.compute_time < kCachedBalanceLifetime;
}

rpc::Serialized BalanceCache::Open(const Waiter& waiter, const StampedBalance& value) {
  const std::string key = KeysOf(waiter.cache_tag, waiter.lineages).balance;
  auto opened = parts_.sealer.Open(parts_.sealer.OwnerHash(waiter.call->owner()), kSealedAs,
                                   SealedRow(key, value.stamp_text), value.sealed);
  if (opened.ok()) return std::make_shared<const std::string>(*std::move(opened));
  metrics_.unreadable.Increment();
  return nullptr;
}

}  // namespace council::recommendations
