#include "libs/identity/key_cache.h"

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::identity {
namespace {

absl::Status TryAgain(absl::string_view why) {
  return base::WithRetry(base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_SERVICE_UNAVAILABLE, why),
                         absl::Seconds(1));
}

}  // namespace

KeyCache::KeyCache(std::string issuer, Fetch fetch, const base::Clock& clock, std::function<void()> wake)
    : issuer_(std::move(issuer)), fetch_(std::move(fetch)), clock_(clock), wake_(std::move(wake)) {}

absl::StatusOr<std::shared_ptr<const PublicKey>> KeyCache::Find(const std::string& key_id, Algorithm algorithm) {
  const absl::Time now = clock_.Now();
  {
    absl::MutexLock lock(&mutex_);
    const bool trusted = now - fetched_ < kTrustFor;
    if (trusted) {
      if (const auto found = keys_.find({key_id, algorithm}); found != keys_.end()) return found->second;
    }
    const bool wanted = due_ <= now;
    if (!wanted && now - tried_ < kRefreshAtMostEvery) {
      if (trusted) return Refused("the access token is signed with a key that its issuer does not have");
      return TryAgain("the keys of the access token's issuer can't be fetched");
    }
    if (wanted) return TryAgain("the keys of the access token's issuer are being fetched");
    due_ = now;
  }
  wake_();
  return TryAgain("the keys of the access token's issuer are being fetched");
}

absl::Status KeyCache::Refresh() {
  auto keys = FetchKeys();
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  tried_ = now;
  due_ = now + (keys.ok() ? kRefreshEvery : kRefreshAtMostEvery);
  if (!keys.ok()) {
    return absl::Status(keys.status().code(),
                        absl::StrCat("the keys of the issuer ", issuer_, " can't be had: ", keys.status().message()));
  }
  keys_ = *std::move(keys);
  fetched_ = now;
  return absl::OkStatus();
}

absl::StatusOr<KeyCache::Keys> KeyCache::FetchKeys() const {
  COUNCIL_ASSIGN_OR_RETURN(const std::string text, fetch_());
  const nlohmann::json set = ParseJsonObject(text);
  const auto list = set.is_object() ? set.find("keys") : set.end();
  if (list == set.end() || !list->is_array()) return absl::DataLossError("what was fetched is no JWKS");
  Keys keys;
  absl::Status last = absl::DataLossError("it is empty");
  for (const nlohmann::json& jwk : *list) {
    if (keys.size() == kMaxKeys) break;
    auto key = PublicKey::FromJwk(jwk);
    if (!key.ok()) {
      last = key.status();
      continue;
    }
    keys.try_emplace({(*key)->id(), (*key)->algorithm()}, *key);
  }
  if (keys.empty()) return absl::DataLossError(absl::StrCat("no key of the JWKS is of use: ", last.message()));
  return keys;
}

absl::Time KeyCache::due() const {
  absl::MutexLock lock(&mutex_);
  return due_;
}

}  // namespace council::identity
