#include "services/recommendations/redis_balance_cache.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace council::recommendations {
namespace {

// MayReplace, where the value is: between a look and a write elsewhere a newer one could come. Numbers up to 2^53 are
// exact.
constexpr std::string_view kKeepScript =
    "local pattern = '^2 (%d+) (%d+) (%d+) (%d+) ' "
    "local old = redis.call('GET', KEYS[1]) "
    "if old then "
    "local c, l, t, m = string.match(old, pattern) "
    "local nc, nl, nt, nm = string.match(ARGV[1], pattern) "
    "if c then "
    "c, l, t, m = tonumber(c), tonumber(l), tonumber(t), tonumber(m) "
    "nc, nl, nt, nm = tonumber(nc), tonumber(nl), tonumber(nt), tonumber(nm) "
    "if nm < m or nc < c or nl < l or (nc == c and nl == l and nt < t) then return 0 end "
    "end end "
    "redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) "
    "return 1";

std::optional<int64_t> ReadRevision(const cache::ReplyView& reply) {
  const std::string_view text = reply.text();
  int64_t revision = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (error != std::errc() || end != text.data() + text.size() || revision < 0) return std::nullopt;
  return revision;
}

// The replies of one look, as they come in.
struct Looked {
  absl::Mutex mutex;
  int missing ABSL_GUARDED_BY(mutex) = 3;
  absl::Status status ABSL_GUARDED_BY(mutex);
  std::optional<cache::Reply> values ABSL_GUARDED_BY(mutex);
  // In milliseconds; as of PTTL, negative where there is no such key or it does not end.
  int64_t shortest_left ABSL_GUARDED_BY(mutex) = std::numeric_limits<int64_t>::max();
};

absl::Status StatusOf(const absl::StatusOr<cache::Reply>& reply) {
  return reply.ok() ? reply->ToStatus() : reply.status();
}

cache::CircuitBreaker::Outcome OutcomeOf(const absl::Status& status) {
  if (status.ok()) return cache::CircuitBreaker::Outcome::kAnswered;
  return absl::IsDeadlineExceeded(status) ? cache::CircuitBreaker::Outcome::kTimedOut
                                          : cache::CircuitBreaker::Outcome::kFailed;
}

absl::StatusOr<BalanceCacheBackend::Found> ReadFound(Looked& looked) ABSL_EXCLUSIVE_LOCKS_REQUIRED(looked.mutex) {
  if (!looked.status.ok()) return looked.status;
  const cache::Reply& values = *looked.values;
  if (values.size() != 3) return absl::InternalError("Redis answered MGET with another number of values");
  BalanceCacheBackend::Found found;
  found.contacts_revision = ReadRevision(values[0]);
  found.ledger_revision = ReadRevision(values[1]);
  found.balance = values[2].text();
  found.revisions_last = absl::Milliseconds(std::max<int64_t>(looked.shortest_left, 0));
  return found;
}

}  // namespace

bool RedisBalanceCache::MayAsk() {
  const auto verdict = breaker_.Ask();
  if (verdict == cache::CircuitBreaker::Verdict::kRefuseAndTry) {
    redis_.Send({"PING"}, [&breaker = breaker_](const absl::StatusOr<cache::Reply>& reply) {
      breaker.ReportTrial(OutcomeOf(StatusOf(reply)));
    });
  }
  return verdict == cache::CircuitBreaker::Verdict::kPass;
}

void RedisBalanceCache::SendUnawaited(absl::Span<const std::string_view> command) {
  if (MayAsk()) redis_.Send(command, [](const absl::StatusOr<cache::Reply>&) {});
}

void RedisBalanceCache::Find(const Keys& keys, FoundCallback found) {
  if (!MayAsk()) return found(absl::UnavailableError("Redis has not been answering"));
  {
    absl::MutexLock lock(&mutex_);
    const auto [look, first] = waiting_.try_emplace(keys.balance);
    if (!first) {
      look->second.push_back(std::move(found));
      return;
    }
  }
  std::vector<FoundCallback> callers;
  callers.push_back(std::move(found));
  Look(keys, std::move(callers));
}

void RedisBalanceCache::Look(const Keys& keys, std::vector<FoundCallback> callers) {
  auto looked = std::make_shared<Looked>();
  auto finish = [this, looked, keys, callers = std::move(callers)]() mutable {
    absl::ReleasableMutexLock lock(&looked->mutex);
    const absl::StatusOr<Found> found = ReadFound(*looked);
    lock.Release();
    OnLooked(keys, std::move(callers), found);
  };
  // Whichever reply comes last finishes: commands that are refused come back before those that were sent.
  auto shared_finish = std::make_shared<decltype(finish)>(std::move(finish));
  const auto take = [looked, shared_finish](const absl::StatusOr<cache::Reply>& reply, auto use) {
    {
      absl::MutexLock lock(&looked->mutex);
      looked->status.Update(StatusOf(reply));
      use();
      if (--looked->missing > 0) return;
    }
    (*shared_finish)();
  };
  redis_.Send({"MGET", keys.contacts_revision, keys.ledger_revision, keys.balance},
              [looked, take](absl::StatusOr<cache::Reply> reply) {
                take(reply, [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(looked->mutex) {
                  if (reply.ok()) looked->values = *std::move(reply);
                });
              });
  for (const std::string* key : {&keys.contacts_revision, &keys.ledger_revision}) {
    redis_.Send({"PTTL", *key}, [looked, take](const absl::StatusOr<cache::Reply>& reply) {
      take(reply, [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(looked->mutex) {
        if (reply.ok()) looked->shortest_left = std::min(looked->shortest_left, reply->integer());
      });
    });
  }
}

void RedisBalanceCache::OnLooked(const Keys& keys, std::vector<FoundCallback> callers,
                                 const absl::StatusOr<Found>& found) {
  breaker_.Report(OutcomeOf(found.status()));
  std::vector<FoundCallback> next;
  {
    absl::MutexLock lock(&mutex_);
    const auto look = waiting_.find(keys.balance);
    next = std::exchange(look->second, {});
    if (next.empty() || !found.ok()) waiting_.erase(look);
  }
  if (!found.ok()) {
    // Another look would most likely fail too, and perhaps within this call.
    std::move(next.begin(), next.end(), std::back_inserter(callers));
  } else if (!next.empty()) {
    Look(keys, std::move(next));
  }
  for (FoundCallback& caller : callers) caller(found);
}

void RedisBalanceCache::Keep(const std::string& key, const BalanceStamp& stamp, std::string_view sealed) {
  std::string value = EncodeStamp(stamp);
  value.append(sealed);
  const std::string lifetime = absl::StrCat(absl::ToInt64Seconds(kCachedBalanceLifetime));
  const std::string_view command[] = {"EVAL", kKeepScript, "1", key, value, lifetime};
  SendUnawaited(command);
}

void RedisBalanceCache::RaiseRevision(const std::string& key, int64_t revision) {
  if (MayAsk()) revisions_.RaiseInBackground(key, revision);
}

void RedisBalanceCache::Drop(const std::string& key) {
  const std::string_view command[] = {"DEL", key};
  SendUnawaited(command);
}

}  // namespace council::recommendations
