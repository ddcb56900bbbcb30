#include "libs/identity/jose.h"

#include <cjose/cjose.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/check.h"
#include "libs/base/status.h"

namespace council::identity {
namespace {

using nlohmann::json;

constexpr char kBase64UrlAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr size_t kMaxKeyId = 256;
constexpr size_t kMinRsaBits = 2048;
constexpr size_t kMaxRsaBits = 8192;

// What a header must not have: each lets a token choose how, or with which key, it is checked.
constexpr const char* kRefusedHeaders[] = {"crit", "b64", "zip", "jwk", "jku", "x5u", "x5c"};

struct JwkDeleter {
  void operator()(cjose_jwk_t* jwk) const { cjose_jwk_release(jwk); }
};
struct JwsDeleter {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};

std::optional<std::string> Decode(std::string_view text) {
  std::string bytes;
  if (text.find_first_not_of(kBase64UrlAlphabet) != std::string_view::npos) return std::nullopt;
  if (!absl::WebSafeBase64Unescape({text.data(), text.size()}, &bytes)) return std::nullopt;
  return bytes;
}

// The member as text; nothing where it is missing or no text.
std::optional<std::string> TextOf(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<Algorithm> AlgorithmCalled(const std::string& name) {
  if (name == "RS256") return Algorithm::kRs256;
  if (name == "ES256") return Algorithm::kEs256;
  // RFC 9864 calls it by its curve.
  if (name == "EdDSA" || name == "Ed25519") return Algorithm::kEdDsa;
  return std::nullopt;
}

absl::StatusOr<Algorithm> AlgorithmOfKey(const json& jwk) {
  const std::string type = TextOf(jwk, "kty").value_or("");
  const std::string curve = TextOf(jwk, "crv").value_or("");
  std::optional<Algorithm> algorithm;
  if (type == "RSA") algorithm = Algorithm::kRs256;
  if (type == "EC" && curve == "P-256") algorithm = Algorithm::kEs256;
  if (type == "OKP" && curve == "Ed25519") algorithm = Algorithm::kEdDsa;
  if (!algorithm) return absl::InvalidArgumentError("a key that is neither RSA nor on P-256 nor on Ed25519");
  if (jwk.contains("alg") && AlgorithmCalled(TextOf(jwk, "alg").value_or("")) != algorithm) {
    return absl::InvalidArgumentError("a key for another algorithm than RS256, ES256 and EdDSA");
  }
  if (jwk.contains("use") && TextOf(jwk, "use") != "sig") return absl::InvalidArgumentError("a key not for signatures");
  if (const auto operations = jwk.find("key_ops"); operations != jwk.end()) {
    const bool verifies =
        operations->is_array() && std::find(operations->begin(), operations->end(), "verify") != operations->end();
    if (!verifies) return absl::InvalidArgumentError("a key not for checking signatures");
  }
  return *algorithm;
}

}  // namespace

absl::Status Refused(absl::string_view why) {
  return base::Error(absl::StatusCode::kUnauthenticated, common::v1::ERROR_REASON_UNAUTHENTICATED, why);
}

json ParseJsonObject(std::string_view text) {
  std::set<std::string> names;
  bool twice = false;
  const auto look = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth == 1 && event == json::parse_event_t::key) twice |= !names.insert(parsed.get<std::string>()).second;
    return true;
  };
  json object = json::parse(text.begin(), text.end(), look, /*allow_exceptions=*/false);
  return object.is_object() && !twice ? object : json();
}

absl::StatusOr<SignedToken> SignedToken::Parse(std::string_view text) {
  const absl::Status malformed = Refused("the access token is no signed token (JWS in compact form)");
  if (text.size() > kMaxBytes) return Refused("the access token is longer than 8192 bytes");
  const std::vector<std::string> parts = absl::StrSplit(absl::string_view(text.data(), text.size()), '.');
  if (parts.size() != 3 || parts[2].empty() || parts[2].find_first_not_of(kBase64UrlAlphabet) != std::string::npos) {
    return malformed;
  }
  const auto header = Decode(parts[0]);
  const auto claims = Decode(parts[1]);
  if (!header || !claims) return malformed;
  const json header_object = ParseJsonObject(*header);
  SignedToken token;
  token.claims_ = ParseJsonObject(*claims);
  if (!header_object.is_object() || !token.claims_.is_object()) return malformed;
  COUNCIL_RETURN_IF_ERROR(token.ReadHeader(header_object));
  token.text_ = std::string(text);
  return token;
}

absl::Status SignedToken::ReadHeader(const json& header) {
  for (const char* name : kRefusedHeaders) {
    if (header.contains(name)) return Refused(absl::StrCat("the access token's header has \"", name, "\""));
  }
  const auto algorithm = AlgorithmCalled(TextOf(header, "alg").value_or(""));
  if (!algorithm) return Refused("the access token is not signed with RS256, ES256 or EdDSA");
  algorithm_ = *algorithm;
  const auto key_id = TextOf(header, "kid");
  if (!key_id || key_id->empty() || key_id->size() > kMaxKeyId) {
    return Refused("the access token does not name its key (kid)");
  }
  key_id_ = *key_id;
  if (header.contains("typ")) {
    const std::string type = absl::AsciiStrToLower(TextOf(header, "typ").value_or("?"));
    type_ = std::string(absl::StripPrefix(type, "application/"));
  }
  return absl::OkStatus();
}

struct PublicKey::Material {
  std::unique_ptr<cjose_jwk_t, JwkDeleter> jwk;
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> ed25519 = {};
};

PublicKey::PublicKey(std::string id, Algorithm algorithm, std::unique_ptr<Material> material)
    : id_(std::move(id)), algorithm_(algorithm), material_(std::move(material)) {}

PublicKey::~PublicKey() = default;

absl::StatusOr<std::shared_ptr<const PublicKey>> PublicKey::FromJwk(const json& jwk) {
  COUNCIL_CHECK(sodium_init() >= 0);
  if (!jwk.is_object()) return absl::InvalidArgumentError("a key that is no JSON object");
  const std::string id = TextOf(jwk, "kid").value_or("");
  if (id.empty() || id.size() > kMaxKeyId) return absl::InvalidArgumentError("a key without an id (kid)");
  COUNCIL_ASSIGN_OR_RETURN(const Algorithm algorithm, AlgorithmOfKey(jwk));
  auto material = std::make_unique<Material>();
  if (algorithm == Algorithm::kEdDsa) {
    const auto x = Decode(TextOf(jwk, "x").value_or(""));
    if (!x || x->size() != material->ed25519.size()) return absl::InvalidArgumentError("a broken Ed25519 key");
    std::copy(x->begin(), x->end(), material->ed25519.begin());
  } else {
    json parts = json::object();
    for (const char* name : {"kty", "crv", "x", "y", "n", "e"}) {
      if (jwk.contains(name)) parts[name] = jwk[name];
    }
    const std::string text = parts.dump(-1, ' ', false, json::error_handler_t::replace);
    cjose_err error = {};
    material->jwk.reset(cjose_jwk_import(text.data(), text.size(), &error));
    if (material->jwk == nullptr) return absl::InvalidArgumentError("a broken RSA or EC key");
    const size_t bits = cjose_jwk_get_keysize(material->jwk.get(), &error);
    if (algorithm == Algorithm::kRs256 && (bits < kMinRsaBits || bits > kMaxRsaBits)) {
      return absl::InvalidArgumentError("an RSA key with less than 2048 or more than 8192 bits");
    }
  }
  return std::shared_ptr<const PublicKey>(new PublicKey(id, algorithm, std::move(material)));
}

bool PublicKey::Verifies(const SignedToken& token) const {
  if (token.algorithm_ != algorithm_) return false;
  if (algorithm_ == Algorithm::kEdDsa) {
    const size_t dot = token.text_.rfind('.');
    const auto signature = Decode(std::string_view(token.text_).substr(dot + 1));
    return signature && signature->size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature->data()),
                                       reinterpret_cast<const unsigned char*>(token.text_.data()), dot,
                                       material_->ed25519.data()) == 0;
  }
  cjose_err error = {};
  const std::unique_ptr<cjose_jws_t, JwsDeleter> jws(cjose_jws_import(token.text_.data(), token.text_.size(), &error));
  return jws != nullptr && cjose_jws_verify(jws.get(), material_->jwk.get(), &error);
}

}  // namespace council::identity
