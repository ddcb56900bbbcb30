#include "libs/seal/sealer.h"

#include <sodium.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "council/common/v1/errors.pb.h"
#include "libs/base/check.h"
#include "libs/base/status.h"
#include "libs/seal/cipher.h"
#include "libs/seal/hash.h"

namespace council::seal {
namespace {

constexpr char kClear = 0;
constexpr char kSealed = 1;
constexpr std::size_t kGenerationBytes = 4;
constexpr std::size_t kHeaderBytes = 1 + kGenerationBytes;
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

void PutInt(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i)));
}

// What begins an envelope of version 1.
std::string HeaderOf(std::int64_t generation) {
  std::string header(1, kSealed);
  PutInt(header, static_cast<std::uint64_t>(generation), kGenerationBytes);
  return header;
}

// Nothing where it is no envelope of version 1.
std::optional<std::int64_t> GenerationOf(std::string_view sealed) {
  if (sealed.size() < kHeaderBytes || sealed.front() != kSealed) return std::nullopt;
  std::int64_t generation = 0;
  for (std::size_t i = 1; i < kHeaderBytes; ++i) generation = generation << 8 | static_cast<unsigned char>(sealed[i]);
  return generation;
}

// The additional data: no two lists of parts have one encoding.
std::string ContextOf(std::string_view header, std::string_view owner_hash, std::string_view table,
                      std::string_view row_id) {
  std::string context(header);
  for (const std::string_view part : {owner_hash, table, row_id}) {
    PutInt(context, part.size(), sizeof(std::uint64_t));
    context.append(part);
  }
  return context;
}

absl::Status Unopened(std::string_view table) {
  return base::Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED,
                     "a row of " + std::string(table) + " cannot be opened");
}

// The envelope of bytes under the newest key.
std::string Enclose(const OwnerRing& ring, std::string_view owner_hash, std::string_view table, std::string_view row_id,
                    std::string_view bytes) {
  const auto& [generation, key] = *ring.rbegin();
  std::string envelope = HeaderOf(generation);
  envelope.append(Encrypt(key, ContextOf(envelope, owner_hash, table, row_id), bytes));
  return envelope;
}

// What is in an envelope of version 1.
std::optional<std::string> Disclose(const OwnerRing& ring, std::int64_t generation, std::string_view owner_hash,
                                    std::string_view table, std::string_view row_id, std::string_view envelope) {
  return Decrypt(ring.at(generation), ContextOf(envelope.substr(0, kHeaderBytes), owner_hash, table, row_id),
                 envelope.substr(kHeaderBytes));
}

}  // namespace

Sealer::Sealer(std::string owner_key, Keys keys, ClearRows clear_rows)
    : owner_key_(std::move(owner_key)), keys_(std::move(keys)), clear_rows_(clear_rows) {
  COUNCIL_CHECK(owner_key_.size() == kKeySize && keys_.shared.size() == kKeySize);
}

absl::StatusOr<std::string> Sealer::Seal(const std::string& owner_hash, std::string_view table, std::string_view row_id,
                                         std::string_view plaintext) const {
  if (keys_.owners == nullptr) {
    std::string sealed;
    sealed.reserve(plaintext.size() + 1);
    sealed.push_back(kClear);
    sealed.append(plaintext);
    return sealed;
  }
  COUNCIL_ASSIGN_OR_RETURN(const auto ring, keys_.owners->FindOrMake(owner_hash));
  return Enclose(*ring, owner_hash, table, row_id, Padded(plaintext));
}

absl::StatusOr<std::string> Sealer::Open(const std::string& owner_hash, std::string_view table, std::string_view row_id,
                                         std::string_view sealed) const {
  std::string buffer;
  COUNCIL_ASSIGN_OR_RETURN(const std::string_view opened, Open(owner_hash, table, row_id, sealed, buffer));
  return std::string(opened);
}

absl::StatusOr<std::string_view> Sealer::Open(const std::string& owner_hash, std::string_view table,
                                              std::string_view row_id, std::string_view sealed,
                                              std::string& buffer) const {
  if (!sealed.empty() && sealed.front() == kClear && clear_rows_ == ClearRows::kOpen) {
    if (keys_.owners != nullptr) stale_listener_(owner_hash);
    return sealed.substr(1);
  }
  const std::optional<std::int64_t> generation = GenerationOf(sealed);
  if (!generation.has_value() || keys_.owners == nullptr) return Unopened(table);
  COUNCIL_ASSIGN_OR_RETURN(const auto ring, keys_.owners->FindWith(owner_hash, *generation));
  std::optional<std::string> opened = Disclose(*ring, *generation, owner_hash, table, row_id, sealed);
  std::size_t size = 0;
  if (!opened.has_value() ||
      sodium_unpad(&size, reinterpret_cast<const unsigned char*>(opened->data()), opened->size(), kStep) != 0) {
    return Unopened(table);
  }
  if (*generation < ring->rbegin()->first) stale_listener_(owner_hash);
  buffer = *std::move(opened);
  return std::string_view(buffer).substr(0, size);
}

absl::StatusOr<bool> Sealer::IsStale(const std::string& owner_hash, std::string_view sealed) const {
  if (keys_.owners == nullptr) return false;
  COUNCIL_ASSIGN_OR_RETURN(const auto ring, keys_.owners->FindOrMake(owner_hash));
  return GenerationOf(sealed).value_or(0) < ring->rbegin()->first;
}

absl::StatusOr<std::string> Sealer::Prove(const std::string& owner_hash, std::string_view table,
                                          std::string_view content) const {
  if (keys_.owners == nullptr) return std::string();
  COUNCIL_ASSIGN_OR_RETURN(const auto ring, keys_.owners->FindOrMake(owner_hash));
  // Nothing is enclosed: what is authenticated with it is the point.
  return Enclose(*ring, owner_hash, table, content, "");
}

absl::Status Sealer::CheckProof(const std::string& owner_hash, std::string_view table, std::string_view content,
                                std::string_view proof) const {
  if (keys_.owners == nullptr || (proof.empty() && clear_rows_ == ClearRows::kOpen)) return absl::OkStatus();
  const std::optional<std::int64_t> generation = GenerationOf(proof);
  if (!generation.has_value()) return Unopened(table);
  COUNCIL_ASSIGN_OR_RETURN(const auto ring, keys_.owners->FindWith(owner_hash, *generation));
  return Disclose(*ring, *generation, owner_hash, table, content, proof).has_value() ? absl::OkStatus()
                                                                                     : Unopened(table);
}

std::string Sealer::OwnerHash(const base::Owner& owner) const {
  return Cut(HmacSha256(owner_key_, {"owner", owner.tenant, owner.subject}));
}

std::string Sealer::CacheTag(const base::Owner& owner) const {
  return Cut(HmacSha256(keys_.shared, {"cache tag", owner.tenant, owner.subject}));
}

std::string Sealer::TenantHash(std::string_view tenant) const {
  return Cut(HmacSha256(owner_key_, {"tenant", tenant}));
}

std::string Sealer::IndexHash(const base::Owner& owner, std::string_view index, std::string_view value) const {
  return Cut(HmacSha256(owner_key_, {"index", owner.tenant, owner.subject, index, value}));
}

}  // namespace council::seal
