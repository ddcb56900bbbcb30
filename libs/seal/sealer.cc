#include "libs/seal/sealer.h"

#include <sodium.h>

#include <optional>
#include <utility>

#include "council/common/v1/errors.pb.h"
#include "libs/base/check.h"
#include "libs/base/status.h"
#include "libs/seal/cipher.h"
#include "libs/seal/hash.h"

namespace council::seal {
namespace {

constexpr char kClear = 0;
constexpr char kSealed = 1;
// Lengths say something of what was written: only their multiples of this show.
constexpr std::size_t kStep = 256;

std::string Padded(std::string_view plaintext) {
  std::string padded(plaintext);
  std::size_t size = 0;
  padded.resize(plaintext.size() + kStep);
  COUNCIL_CHECK(
      sodium_pad(&size, reinterpret_cast<unsigned char*>(padded.data()), plaintext.size(), kStep, padded.size()) == 0);
  padded.resize(size);
  return padded;
}

// 128 bits: two of a storage's values collide by chance with probability n²/2¹²⁹, and nobody without the key can look
// for one that does. Half of the digest halves every key and index.
std::string Cut(std::string mac) {
  mac.resize(16);
  return mac;
}

}  // namespace

Sealer::Sealer(std::string owner_key, std::string shared_key, OwnerKeys* keys)
    : owner_key_(std::move(owner_key)), shared_key_(std::move(shared_key)), keys_(keys) {
  COUNCIL_CHECK(owner_key_.size() == kKeySize && shared_key_.size() == kKeySize);
}

std::string Sealer::ContextOf(const base::Owner& owner, std::string_view table, std::string_view row_id) const {
  return HmacSha256(owner_key_, {"sealed", owner.tenant, owner.subject, table, row_id});
}

absl::StatusOr<std::string> Sealer::Seal(const base::Owner& owner, std::string_view table, std::string_view row_id,
                                         std::string_view plaintext) const {
  if (keys_ == nullptr) {
    std::string sealed;
    sealed.reserve(plaintext.size() + 1);
    sealed.push_back(kClear);
    sealed.append(plaintext);
    return sealed;
  }
  COUNCIL_ASSIGN_OR_RETURN(const std::string key, keys_->FindOrMake(OwnerHash(owner)));
  std::string sealed(1, kSealed);
  sealed.append(Encrypt(key, ContextOf(owner, table, row_id), Padded(plaintext)));
  return sealed;
}

absl::StatusOr<std::string> Sealer::Open(const base::Owner& owner, std::string_view table, std::string_view row_id,
                                         std::string_view sealed) const {
  std::string buffer;
  COUNCIL_ASSIGN_OR_RETURN(const std::string_view opened, Open(owner, table, row_id, sealed, buffer));
  return std::string(opened);
}

absl::StatusOr<std::string_view> Sealer::Open(const base::Owner& owner, std::string_view table, std::string_view row_id,
                                              std::string_view sealed, std::string& buffer) const {
  if (!sealed.empty() && sealed.front() == kClear) return sealed.substr(1);
  if (!sealed.empty() && sealed.front() == kSealed && keys_ != nullptr) {
    COUNCIL_ASSIGN_OR_RETURN(const std::optional<std::string> key, keys_->Find(OwnerHash(owner)));
    std::optional<std::string> opened;
    if (key.has_value()) opened = Decrypt(*key, ContextOf(owner, table, row_id), sealed.substr(1));
    std::size_t size = 0;
    if (opened.has_value() &&
        sodium_unpad(&size, reinterpret_cast<const unsigned char*>(opened->data()), opened->size(), kStep) == 0) {
      buffer = *std::move(opened);
      return std::string_view(buffer).substr(0, size);
    }
  }
  return base::Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED,
                     "a row of " + std::string(table) + " cannot be opened");
}

std::string Sealer::OwnerHash(const base::Owner& owner) const {
  return Cut(HmacSha256(owner_key_, {"owner", owner.tenant, owner.subject}));
}

std::string Sealer::CacheTag(const base::Owner& owner) const {
  return Cut(HmacSha256(shared_key_, {"cache tag", owner.tenant, owner.subject}));
}

std::string Sealer::TenantHash(std::string_view tenant) const {
  return Cut(HmacSha256(owner_key_, {"tenant", tenant}));
}

std::string Sealer::IndexHash(const base::Owner& owner, std::string_view index, std::string_view value) const {
  return Cut(HmacSha256(owner_key_, {"index", owner.tenant, owner.subject, index, value}));
}

}  // namespace council::seal
