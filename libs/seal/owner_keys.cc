#include "libs/seal/owner_keys.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "libs/seal/cipher.h"

namespace council::seal {
namespace {

constexpr std::size_t kMostHeld = 10'000;
constexpr int kPage = 500;
constexpr std::int64_t kFirst = 1;
// Named as no owner is: their hashes have 16 bytes.
const char kSentinel[] = "sentinel";
constexpr absl::string_view kSentinelText = "council";
constexpr std::size_t kStoreIdSize = 16;

std::string ContextOf(const std::string& owner_hash, std::int64_t generation) {
  return absl::StrCat("owner key ", generation, " ", owner_hash);
}

}  // namespace

absl::StatusOr<std::unique_ptr<OwnerKeys>> OwnerKeys::Open(Keyring keyring, OwnerKeyStore& store,
                                                           const base::Clock& clock, base::Random& random) {
  const std::string context = ContextOf(kSentinel, kFirst);
  const std::string text = absl::StrCat(kSentinelText, random.Bytes(kStoreIdSize));
  COUNCIL_RETURN_IF_ERROR(store.Insert(kSentinel, {.generation = kFirst, .wrapped = keyring.Wrap(context, text)}));
  // Another program may have been faster.
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<WrappedKey> kept, store.Find(kSentinel));
  const auto opened = kept.empty() ? absl::NotFoundError("") : keyring.Unwrap(context, kept.front().wrapped);
  if (!opened.ok()) {
    return absl::FailedPreconditionError(
        "the keyring is not the one that the keys of owners, which are stored already, were wrapped with");
  }
  std::string store_id = opened->plaintext.substr(std::min(kSentinelText.size(), opened->plaintext.size()));
  return std::unique_ptr<OwnerKeys>(new OwnerKeys(std::move(keyring), store, std::move(store_id), clock, random));
}

std::shared_ptr<const OwnerRing> OwnerKeys::InMemory(const std::string& owner_hash) {
  absl::MutexLock lock(&mutex_);
  const auto found = index_.find(owner_hash);
  if (found == index_.end()) return nullptr;
  if (found->second->until <= clock_.Now()) {
    held_.erase(found->second);
    index_.erase(found);
    return nullptr;
  }
  held_.splice(held_.begin(), held_, found->second);
  return found->second->ring;
}

void OwnerKeys::Hold(const std::string& owner_hash, std::shared_ptr<const OwnerRing> ring) {
  absl::MutexLock lock(&mutex_);
  if (const auto found = index_.find(owner_hash); found != index_.end()) held_.erase(found->second);
  held_.push_front({owner_hash, std::move(ring), clock_.Now() + kLifetime});
  index_[owner_hash] = held_.begin();
  if (held_.size() <= kMostHeld) return;
  index_.erase(held_.back().owner_hash);
  held_.pop_back();
}

void OwnerKeys::Drop(const std::string& owner_hash) {
  absl::MutexLock lock(&mutex_);
  const auto found = index_.find(owner_hash);
  if (found == index_.end()) return;
  held_.erase(found->second);
  index_.erase(found);
}

absl::StatusOr<OwnerRing> OwnerKeys::Load(const std::string& owner_hash) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<WrappedKey> keys, store_.Find(owner_hash));
  OwnerRing ring;
  for (const WrappedKey& key : keys) {
    COUNCIL_ASSIGN_OR_RETURN(Keyring::Unwrapped opened,
                             keyring_.Unwrap(ContextOf(owner_hash, key.generation), key.wrapped));
    ring[key.generation] = std::move(opened.plaintext);
  }
  return ring;
}

absl::StatusOr<std::int64_t> OwnerKeys::Rewrap(const std::string& owner_hash) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<WrappedKey> keys, store_.Find(owner_hash));
  std::int64_t rewrapped = 0;
  for (const WrappedKey& key : keys) {
    const std::string context = ContextOf(owner_hash, key.generation);
    COUNCIL_ASSIGN_OR_RETURN(const Keyring::Unwrapped opened, keyring_.Unwrap(context, key.wrapped));
    if (!opened.stale) continue;
    COUNCIL_RETURN_IF_ERROR(store_.Replace(owner_hash, key, keyring_.Wrap(context, opened.plaintext)));
    ++rewrapped;
  }
  return rewrapped;
}

absl::StatusOr<std::shared_ptr<const OwnerRing>> OwnerKeys::LoadAndHold(const std::string& owner_hash) {
  COUNCIL_ASSIGN_OR_RETURN(OwnerRing loaded, Load(owner_hash));
  auto ring = std::make_shared<const OwnerRing>(std::move(loaded));
  if (!ring->empty()) Hold(owner_hash, ring);
  return ring;
}

absl::Status OwnerKeys::Make(const std::string& owner_hash, std::int64_t generation) {
  const std::string context = ContextOf(owner_hash, generation);
  return store_.Insert(owner_hash,
                       {.generation = generation, .wrapped = keyring_.Wrap(context, random_.Bytes(kKeySize))});
}

absl::StatusOr<std::shared_ptr<const OwnerRing>> OwnerKeys::FindOrMake(const std::string& owner_hash) {
  if (auto ring = InMemory(owner_hash); ring != nullptr) return ring;
  COUNCIL_ASSIGN_OR_RETURN(auto ring, LoadAndHold(owner_hash));
  if (!ring->empty()) return ring;
  COUNCIL_RETURN_IF_ERROR(Make(owner_hash, kFirst));
  COUNCIL_ASSIGN_OR_RETURN(ring, LoadAndHold(owner_hash));
  if (ring->empty()) return absl::InternalError("a key that was made is not there");
  return ring;
}

absl::StatusOr<std::shared_ptr<const OwnerRing>> OwnerKeys::FindWith(const std::string& owner_hash,
                                                                     std::int64_t generation) {
  if (auto ring = InMemory(owner_hash); ring != nullptr && ring->contains(generation)) return ring;
  COUNCIL_ASSIGN_OR_RETURN(auto ring, LoadAndHold(owner_hash));
  if (ring->contains(generation)) return ring;
  return base::Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED,
                     "the key that this was sealed with is not there");
}

absl::Status OwnerKeys::Destroy(const std::string& owner_hash) {
  Drop(owner_hash);
  if (base::ReasonOf(store_.Find(owner_hash).status()) == common::v1::ERROR_REASON_OWNER_ERASED)
    return absl::OkStatus();
  const absl::Status destroyed = store_.Destroy(owner_hash);
  Drop(owner_hash);
  return destroyed;
}

absl::Status OwnerKeys::ForEachOwner(absl::FunctionRef<absl::Status(const std::string&)> visit) {
  std::string after;
  for (std::size_t found = kPage; found == kPage;) {
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<std::string> owners, store_.OwnersAfter(after, kPage));
    found = owners.size();
    for (const std::string& owner : owners) {
      const absl::Status visited = visit(owner);
      // One whose keys were destroyed meanwhile.
      if (!visited.ok() && base::ReasonOf(visited) != common::v1::ERROR_REASON_OWNER_ERASED) return visited;
      after = owner;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> OwnerKeys::RotateAll() {
  std::int64_t rotated = 0;
  const auto rotate = [&](const std::string& owner_hash) -> absl::Status {
    if (owner_hash == kSentinel) return absl::OkStatus();
    COUNCIL_ASSIGN_OR_RETURN(const OwnerRing ring, Load(owner_hash));
    if (ring.empty()) return absl::OkStatus();
    COUNCIL_RETURN_IF_ERROR(Make(owner_hash, ring.rbegin()->first + 1));
    Drop(owner_hash);
    ++rotated;
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(ForEachOwner(rotate));
  return rotated;
}

absl::StatusOr<std::int64_t> OwnerKeys::RewrapAll() {
  std::int64_t all = 0;
  COUNCIL_RETURN_IF_ERROR(ForEachOwner([&](const std::string& owner_hash) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const std::int64_t rewrapped, Rewrap(owner_hash));
    if (owner_hash != kSentinel) all += rewrapped;
    return absl::OkStatus();
  }));
  return all;
}

}  // namespace council::seal
