#include "services/recommendations/memory_balance_cache.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace council::recommendations {
namespace {

std::optional<int64_t> ReadRevision(const std::string* value) {
  int64_t revision = 0;
  if (value == nullptr || !absl::SimpleAtoi(*value, &revision)) return std::nullopt;
  return revision;
}

}  // namespace

const std::string* MemoryBalanceCache::Get(const std::string& key) {
  const auto at = index_.find(key);
  if (at == index_.end()) return nullptr;
  if (at->second->expires <= clock_.Now()) {
    Erase(key);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, at->second);
  return &at->second->value;
}

void MemoryBalanceCache::Put(const std::string& key, std::string value, absl::Duration lifetime) {
  Erase(key);
  if (entries_.size() >= most_entries_) Erase(entries_.back().key);
  entries_.push_front({key, std::move(value), clock_.Now() + lifetime});
  index_[key] = entries_.begin();
}

void MemoryBalanceCache::Erase(const std::string& key) {
  const auto at = index_.find(key);
  if (at == index_.end()) return;
  const auto entry = at->second;
  index_.erase(at);
  entries_.erase(entry);
}

void MemoryBalanceCache::Find(const Keys& keys, FoundCallback found) {
  Found result;
  std::string balance;
  {
    absl::MutexLock lock(&mutex_);
    result.contacts_revision = ReadRevision(Get(keys.contacts_revision));
    result.ledger_revision = ReadRevision(Get(keys.ledger_revision));
    if (const std::string* value = Get(keys.balance); value != nullptr) balance = *value;
  }
  result.balance = balance;
  found(result);
}

void MemoryBalanceCache::Keep(const std::string& key, const BalanceStamp& stamp, std::string_view sealed) {
  std::string value = EncodeStamp(stamp);
  value.append(sealed);
  absl::MutexLock lock(&mutex_);
  if (const std::string* kept = Get(key); kept != nullptr) {
    const auto old = DecodeStamped(*kept);
    if (old.has_value() && !MayReplace(stamp, old->stamp)) return;
  }
  Put(key, std::move(value), kCachedBalanceLifetime);
}

void MemoryBalanceCache::RaiseRevision(const std::string& key, int64_t revision) {
  absl::MutexLock lock(&mutex_);
  if (ReadRevision(Get(key)).value_or(-1) < revision) Put(key, absl::StrCat(revision), cache::kRevisionLifetime);
}

void MemoryBalanceCache::Drop(const std::string& key) {
  absl::MutexLock lock(&mutex_);
  Erase(key);
}

absl::Status MemoryBalanceCache::Raise(const std::string& service, const std::string& lineage,
                                       std::span<const base::OutboxRow> rows, absl::Time) {
  for (const base::OutboxRow& row : rows) {
    RaiseRevision(cache::RevisionKey(row.cache_tag, service, lineage), row.revision);
  }
  return absl::OkStatus();
}

}  // namespace council::recommendations
