// Proofs that callers bring: of where they were, and of who they are.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "libs/base/check.h"
#include "libs/base/clock.h"
#include "libs/base/status.h"
#include "libs/identity/claims.h"
#include "libs/identity/jose.h"
#include "libs/identity/key_cache.h"
#include "libs/identity/keys_for_test.h"
#include "libs/seal/hash.h"
#include "libs/seal/token.h"
#include "tests/fuzz/targets.h"

namespace council::fuzz {
namespace {

using identity::Algorithm;
using identity::KeyForTest;

const absl::Time kNow = absl::FromUnixSeconds(1'781'524'800);
const base::Owner kOwner = {"acme", "ada"};
constexpr char kPurpose[] = "ListContacts\n\n";

std::string Base64(std::string_view bytes) {
  return absl::WebSafeBase64Escape({bytes.data(), bytes.size()});
}

// A token around `payload` as libs/seal/token.cc makes them: what a service of another version might send.
std::string Sealed(std::string_view key, std::string_view kind, std::string_view purpose, std::string_view payload) {
  const std::string mac = seal::HmacSha256(key, {kind, kOwner.tenant, kOwner.subject, purpose, payload}).substr(0, 16);
  return Base64(std::string(payload) + mac);
}

void CheckRefused(const absl::Status& status) {
  COUNCIL_CHECK(absl::IsInvalidArgument(status));
  COUNCIL_CHECK(base::ReasonOf(status) == common::v1::ERROR_REASON_INVALID_TOKEN);
}

// One of each algorithm.
struct Keys {
  KeyForTest rsa{"r", Algorithm::kRs256};
  KeyForTest elliptic{"e", Algorithm::kEs256};
  KeyForTest edwards{"d", Algorithm::kEdDsa};

  std::vector<const KeyForTest*> All() const { return {&rsa, &elliptic, &edwards}; }
};

// Made once: an RSA key takes its time.
const Keys& TestKeys() {
  static const Keys* const kKeys = new Keys();
  return *kKeys;
}

void CheckAccessToken(const std::string& text, bool is_signed) {
  static const identity::Issuer kIssuer = {
      .issuer = "https://login.test", .audiences = {"council"}, .jwks = "", .tenant_claim = "tid", .tenants = {"acme"}};
  const auto token = identity::SignedToken::Parse(text);
  if (!token.ok()) {
    COUNCIL_CHECK(absl::IsUnauthenticated(token.status()));
    return;
  }
  bool verified = false;
  for (const KeyForTest* key : TestKeys().All()) {
    const auto public_key = identity::PublicKey::FromJwk(key->Jwk());
    COUNCIL_CHECK(public_key.ok());
    verified |= (*public_key)->Verifies(*token);
  }
  COUNCIL_CHECK(is_signed || !verified);
  const auto caller = identity::CheckClaims(kIssuer, *token, kNow);
  if (!caller.ok()) {
    COUNCIL_CHECK(absl::IsUnauthenticated(caller.status()));
    return;
  }
  COUNCIL_CHECK(caller->owner.tenant == "acme" && !caller->owner.subject.empty() &&
                caller->owner.subject.size() <= 255);
  COUNCIL_CHECK(caller->expires > kNow && caller->expires <= kNow + identity::kLongestLife + 2 * identity::kLeeway);
}

}  // namespace

void Tokens(std::string_view input) {
  static const std::string kSharedKey(32, 's');
  static const std::string kStorageKey(32, 't');
  static const seal::TokenCodec kCodec(kSharedKey, kStorageKey);
  CheckRefused(kCodec.ParseConsistencyToken(kOwner, input).status());
  CheckRefused(kCodec.ParsePositionToken(kOwner, kPurpose, input).status());

  const std::string consistency = Sealed(kSharedKey, "consistency", "", input);
  if (const auto token = kCodec.ParseConsistencyToken(kOwner, consistency); token.ok()) {
    COUNCIL_CHECK(kCodec.MakeConsistencyToken(kOwner, *token) == consistency);
    CheckRefused(kCodec.ParseConsistencyToken({"acme", "bea"}, consistency).status());
    kCodec.RequiredRevision(kOwner, std::vector<std::string>{consistency}, "ledger", "lineage").IgnoreError();
  } else {
    CheckRefused(token.status());
  }
  const std::string position = Sealed(kStorageKey, "position", kPurpose, input);
  if (const auto token = kCodec.ParsePositionToken(kOwner, kPurpose, position); token.ok()) {
    COUNCIL_CHECK(kCodec.MakePositionToken(kOwner, kPurpose, *token) == position);
    CheckRefused(kCodec.ParsePositionToken(kOwner, "ListAccess", position).status());
  } else {
    CheckRefused(token.status());
  }
}

void AccessToken(std::string_view input) {
  CheckAccessToken(std::string(input), /*is_signed=*/false);
  const std::vector<std::string> lines =
      absl::StrSplit(absl::string_view(input.data(), input.size()), absl::MaxSplits('\n', 2));
  if (lines.size() < 3) return;
  const std::string head = Base64(lines[0]) + "." + Base64(lines[1]);
  if (!lines[2].empty()) return CheckAccessToken(head + "." + Base64(lines[2]), /*is_signed=*/false);
  for (const KeyForTest* key : TestKeys().All())
    CheckAccessToken(head + "." + key->Signature(head), /*is_signed=*/true);
}

void KeySet(std::string_view input) {
  const base::ManualClock clock(kNow);
  identity::KeyCache keys(
      "https://login.test", [input] { return std::string(input); }, clock, [] {});
  if (!keys.Refresh().ok()) return;
  for (const char* id : {"r", "e", "d"}) {
    for (const Algorithm algorithm : {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa}) {
      const auto key = keys.Find(id, algorithm);
      COUNCIL_CHECK(!key.ok() || ((*key)->id() == id && (*key)->algorithm() == algorithm));
      if (!key.ok()) continue;
      const auto token = identity::SignedToken::Parse(TestKeys().edwards.Sign(identity::GoodClaims(kNow)));
      COUNCIL_CHECK(token.ok() && !(*key)->Verifies(*token));
    }
  }
}

}  // namespace council::fuzz
