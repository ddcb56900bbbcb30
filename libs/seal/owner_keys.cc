#include "libs/seal/owner_keys.h"

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "libs/seal/cipher.h"

namespace council::seal {
namespace {

constexpr std::size_t kMostHeld = 10'000;
// Named as no owner is: their hashes have 16 bytes.
const char kSentinel[] = "sentinel";
constexpr char kSentinelText[] = "council";

std::string ContextOf(const std::string& owner_hash) {
  return absl::StrCat("owner key ", owner_hash);
}

}  // namespace

absl::StatusOr<std::unique_ptr<OwnerKeys>> OwnerKeys::Open(Keyring keyring, OwnerKeyStore& store,
                                                           const base::Clock& clock, base::Random& random) {
  COUNCIL_ASSIGN_OR_RETURN(const std::string sentinel,
                           store.Insert(kSentinel, keyring.Wrap(ContextOf(kSentinel), kSentinelText)));
  const auto opened = keyring.Unwrap(ContextOf(kSentinel), sentinel);
  if (!opened.ok()) {
    return absl::FailedPreconditionError("the keyring is not the one that the stored keys were wrapped with");
  }
  if (opened->stale) {
    COUNCIL_RETURN_IF_ERROR(store.Replace(kSentinel, sentinel, keyring.Wrap(ContextOf(kSentinel), kSentinelText)));
  }
  return std::unique_ptr<OwnerKeys>(new OwnerKeys(std::move(keyring), store, clock, random));
}

std::optional<std::string> OwnerKeys::InMemory(const std::string& owner_hash) {
  absl::MutexLock lock(&mutex_);
  const auto found = index_.find(owner_hash);
  if (found == index_.end()) return std::nullopt;
  if (found->second->until <= clock_.Now()) {
    held_.erase(found->second);
    index_.erase(found);
    return std::nullopt;
  }
  held_.splice(held_.begin(), held_, found->second);
  return found->second->key;
}

void OwnerKeys::Hold(const std::string& owner_hash, const std::string& key) {
  absl::MutexLock lock(&mutex_);
  if (index_.contains(owner_hash)) return;
  held_.push_front({owner_hash, key, clock_.Now() + kLifetime});
  index_[owner_hash] = held_.begin();
  if (held_.size() <= kMostHeld) return;
  index_.erase(held_.back().owner_hash);
  held_.pop_back();
}

absl::StatusOr<std::string> OwnerKeys::Unwrap(const std::string& owner_hash, const std::string& wrapped) {
  COUNCIL_ASSIGN_OR_RETURN(Keyring::Unwrapped opened, keyring_.Unwrap(ContextOf(owner_hash), wrapped));
  if (opened.stale) {
    COUNCIL_RETURN_IF_ERROR(
        store_.Replace(owner_hash, wrapped, keyring_.Wrap(ContextOf(owner_hash), opened.plaintext)));
  }
  Hold(owner_hash, opened.plaintext);
  return std::move(opened.plaintext);
}

absl::StatusOr<std::optional<std::string>> OwnerKeys::Find(const std::string& owner_hash) {
  if (auto key = InMemory(owner_hash)) return key;
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<std::string> wrapped, store_.Find(owner_hash));
  if (!wrapped.has_value()) return std::nullopt;
  return Unwrap(owner_hash, *wrapped);
}

absl::StatusOr<std::string> OwnerKeys::FindOrMake(const std::string& owner_hash) {
  COUNCIL_ASSIGN_OR_RETURN(std::optional<std::string> key, Find(owner_hash));
  if (key.has_value()) return *std::move(key);
  COUNCIL_ASSIGN_OR_RETURN(const std::string wrapped,
                           store_.Insert(owner_hash, keyring_.Wrap(ContextOf(owner_hash), random_.Bytes(kKeySize))));
  return Unwrap(owner_hash, wrapped);
}

absl::Status OwnerKeys::Destroy(const std::string& owner_hash) {
  COUNCIL_RETURN_IF_ERROR(store_.Remove(owner_hash));
  absl::MutexLock lock(&mutex_);
  const auto found = index_.find(owner_hash);
  if (found == index_.end()) return absl::OkStatus();
  held_.erase(found->second);
  index_.erase(found);
  return absl::OkStatus();
}

}  // namespace council::seal
