#include "services/recommendations/redis_balance_cache.h"

#include <charconv>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

namespace council::recommendations {
namespace {

// MayReplace, where the value is: between a look and a write elsewhere a newer one could come. Numbers up to 2^53 are
// exact.
constexpr std::string_view kKeepScript =
    "local pattern = '^1 (%d+) (%d+) (%d+) (%d+) ' "
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

absl::StatusOr<BalanceCacheBackend::Found> ReadFound(const absl::StatusOr<cache::Reply>& reply) {
  if (!reply.ok()) return reply.status();
  if (absl::Status status = reply->ToStatus(); !status.ok()) return status;
  if (reply->size() != 3) return absl::InternalError("Redis answered MGET with another number of values");
  BalanceCacheBackend::Found found;
  found.contacts_revision = ReadRevision((*reply)[0]);
  found.ledger_revision = ReadRevision((*reply)[1]);
  found.balance = (*reply)[2].text();
  return found;
}

}  // namespace

void RedisBalanceCache::Find(const Keys& keys, FoundCallback found) {
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
  const std::string_view command[] = {"MGET", keys.contacts_revision, keys.ledger_revision, keys.balance};
  redis_.Send(command, [this, keys, callers = std::move(callers)](absl::StatusOr<cache::Reply> reply) mutable {
    const absl::StatusOr<Found> found = ReadFound(reply);
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
  });
}

void RedisBalanceCache::Keep(const std::string& key, const BalanceStamp& stamp, std::string_view sealed) {
  std::string value = EncodeStamp(stamp);
  value.append(sealed);
  const std::string lifetime = absl::StrCat(absl::ToInt64Seconds(kCachedBalanceLifetime));
  const std::string_view command[] = {"EVAL", kKeepScript, "1", key, value, lifetime};
  redis_.Send(command, [](absl::StatusOr<cache::Reply>) {});
}

void RedisBalanceCache::RaiseRevision(const std::string& key, int64_t revision) {
  revisions_.RaiseInBackground(key, revision);
}

void RedisBalanceCache::Drop(const std::string& key) {
  const std::string_view command[] = {"DEL", key};
  redis_.Send(command, [](absl::StatusOr<cache::Reply>) {});
}

}  // namespace council::recommendations
