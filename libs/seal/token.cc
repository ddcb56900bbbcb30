#include "libs/seal/token.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/check.h"
#include "libs/base/status.h"
#include "libs/seal/hash.h"

namespace council::seal {
namespace {

constexpr std::size_t kMacBytes = 16;
constexpr char kVersion = 1;
// Longer than any that is made; what comes from outside is not decoded whatever its length.
constexpr std::size_t kMaxTokenText = 8192;

absl::Status InvalidToken() {
  return base::Error(absl::StatusCode::kInvalidArgument, common::v1::ERROR_REASON_INVALID_TOKEN,
                     "the token is not one that this service gave to this caller");
}

void PutInt(std::string& out, std::int64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift));
}

void PutString(std::string& out, std::string_view value) {
  PutInt(out, static_cast<std::int64_t>(value.size()));
  out.append(value);
}

// Reads what PutInt and PutString wrote; what is taken beyond the end is empty and spoils ok().
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  std::int64_t Int() {
    std::uint64_t value = 0;
    for (const char byte : Take(8)) value = value << 8 | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
  }
  std::string String() { return std::string(Take(static_cast<std::uint64_t>(Int()))); }
  bool ok() const { return ok_ && rest_.empty(); }

 private:
  std::string_view Take(std::uint64_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::string MacOf(std::string_view key, std::string_view kind, const base::Owner& owner, std::string_view purpose,
                  std::string_view payload) {
  return HmacSha256(key, {kind, owner.tenant, owner.subject, purpose, payload}).substr(0, kMacBytes);
}

std::string Make(std::string_view key, std::string_view kind, const base::Owner& owner, std::string_view purpose,
                 std::string payload) {
  payload.append(MacOf(key, kind, owner, purpose, payload));
  return absl::WebSafeBase64Escape(payload);
}

// The payload behind the version byte, once the MAC holds.
absl::StatusOr<std::string> Parse(std::string_view key, std::string_view kind, const base::Owner& owner,
                                  std::string_view purpose, std::string_view text) {
  std::string bytes;
  if (text.size() > kMaxTokenText ||
      !absl::WebSafeBase64Unescape(absl::string_view(text.data(), text.size()), &bytes) ||
      bytes.size() < kMacBytes + 1) {
    return InvalidToken();
  }
  const std::string_view payload = std::string_view(bytes).substr(0, bytes.size() - kMacBytes);
  const std::string_view mac = std::string_view(bytes).substr(payload.size());
  if (!EqualInConstantTime(mac, MacOf(key, kind, owner, purpose, payload)) || payload.front() != kVersion) {
    return InvalidToken();
  }
  return std::string(payload.substr(1));
}

}  // namespace

TokenCodec::TokenCodec(std::string shared_key, std::string storage_key)
    : shared_key_(std::move(shared_key)), storage_key_(std::move(storage_key)) {
  COUNCIL_CHECK(shared_key_.size() == 32 && storage_key_.size() == 32);
}

std::string TokenCodec::MakeConsistencyToken(const base::Owner& owner, const ConsistencyToken& token) const {
  std::string payload(1, kVersion);
  PutString(payload, token.service);
  PutString(payload, token.lineage);
  PutInt(payload, token.revision);
  return Make(shared_key_, "consistency", owner, "", std::move(payload));
}

absl::StatusOr<ConsistencyToken> TokenCodec::ParseConsistencyToken(const base::Owner& owner,
                                                                   std::string_view text) const {
  COUNCIL_ASSIGN_OR_RETURN(const std::string payload, Parse(shared_key_, "consistency", owner, "", text));
  Reader reader(payload);
  ConsistencyToken token;
  token.service = reader.String();
  token.lineage = reader.String();
  token.revision = reader.Int();
  if (!reader.ok()) return InvalidToken();
  return token;
}

std::string TokenCodec::MakePositionToken(const base::Owner& owner, std::string_view purpose,
                                          const PositionToken& token) const {
  std::string payload(1, kVersion);
  PutString(payload, token.lineage);
  PutInt(payload, token.revision);
  PutString(payload, token.position);
  return Make(storage_key_, "position", owner, purpose, std::move(payload));
}

absl::StatusOr<PositionToken> TokenCodec::ParsePositionToken(const base::Owner& owner, std::string_view purpose,
                                                             std::string_view text) const {
  COUNCIL_ASSIGN_OR_RETURN(const std::string payload, Parse(storage_key_, "position", owner, purpose, text));
  Reader reader(payload);
  PositionToken token;
  token.lineage = reader.String();
  token.revision = reader.Int();
  token.position = reader.String();
  if (!reader.ok()) return InvalidToken();
  return token;
}

absl::Status TokenCodec::TooManyTokens() {
  return base::InvalidField("at_least_as_fresh", absl::StrCat("must be at most ", kMostTokens, " tokens"));
}

absl::Status TokenCodec::RaiseRequired(const base::Owner& owner, std::string_view text, std::string_view service,
                                       std::string_view lineage, std::int64_t& required) const {
  COUNCIL_ASSIGN_OR_RETURN(const ConsistencyToken token, ParseConsistencyToken(owner, text));
  if (token.service != service) return absl::OkStatus();
  if (token.lineage != lineage) {
    return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_LINEAGE_CHANGED,
                       "the token is of a storage that was replaced; drop it");
  }
  required = std::max(required, token.revision);
  return absl::OkStatus();
}

absl::Status CheckReached(std::int64_t required, std::int64_t revision) {
  if (required <= revision) return absl::OkStatus();
  return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_TOKEN_FROM_FUTURE,
                     "the token is of a state that this storage never reached; drop it");
}

std::string DevelopmentSharedKey() {
  return Sha256({"council development key: not a secret"});
}

}  // namespace council::seal
