#include "libs/seal/keyring.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "libs/seal/cipher.h"

namespace council::seal {
namespace {

constexpr std::size_t kLongestName = 64;

absl::Status Invalid(absl::string_view field, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("keyring: ", field, " ", problem));
}

absl::StatusOr<std::string> ReadKey(const nlohmann::json& value, const std::string& field) {
  std::string key;
  if (!value.is_string() || !absl::Base64Unescape(value.get<std::string>(), &key) || key.size() != kKeySize) {
    return Invalid(field, "must be 32 bytes in base64");
  }
  return key;
}

// The name stands before the ciphertext, and is part of what must match.
std::string WithName(std::string_view context, const std::string& name) {
  return absl::StrCat(name, std::string(1, '\0'), std::string(context));
}

}  // namespace

absl::StatusOr<Keyring> Keyring::Parse(std::string_view json) {
  const nlohmann::json file = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!file.is_object()) return Invalid("the file", "must be a JSON object");
  Keyring keyring;
  if (!file.contains("keys") || !file["keys"].is_object()) return Invalid("keys", "must be an object");
  for (const auto& [name, value] : file["keys"].items()) {
    if (name.empty() || name.size() > kLongestName) return Invalid("keys", "must have names of 1 to 64 bytes");
    COUNCIL_ASSIGN_OR_RETURN(keyring.keys_[name], ReadKey(value, "keys." + name));
  }
  if (!file.contains("primary") || !file["primary"].is_string() || !keyring.keys_.contains(file["primary"])) {
    return Invalid("primary", "must be the name of one of the keys");
  }
  keyring.primary_ = file["primary"];
  if (!file.contains("shared")) return Invalid("shared", "is missing");
  COUNCIL_ASSIGN_OR_RETURN(keyring.shared_, ReadKey(file["shared"], "shared"));
  return keyring;
}

absl::StatusOr<Keyring> Keyring::Load(const std::string& path) {
  struct stat about = {};
  if (::stat(path.c_str(), &about) != 0) return absl::NotFoundError("there is no keyring " + path);
  // Its group may read it: that is how an orchestrator gives a secret to an account that does not own it.
  if ((about.st_mode & (S_IWGRP | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError("the keyring " + path +
                                         " must be readable by its owner alone, or by its group too: chmod 600 or 640");
  }
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return absl::UnavailableError("the keyring " + path + " can't be read");
  return Parse(text.str());
}

absl::Status Keyring::Make(const std::string& path, base::Random& random) {
  const nlohmann::json keyring = {{"primary", "1"},
                                  {"keys", {{"1", absl::Base64Escape(random.Bytes(kKeySize))}}},
                                  {"shared", absl::Base64Escape(random.Bytes(kKeySize))}};
  const std::string text = keyring.dump(2) + "\n";
  const absl::Status unwritten = absl::UnavailableError("the keyring " + path + " can't be written");
  // Whole before it has its name: another program that finds it may read it at once.
  const std::string draft = absl::StrCat(path, ".", absl::BytesToHexString(random.Bytes(8)));
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return unwritten;
  const bool written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  const bool named = written && ::link(draft.c_str(), path.c_str()) == 0;
  const bool taken = written && !named && errno == EEXIST;
  ::unlink(draft.c_str());
  if (taken) return absl::AlreadyExistsError("there is a keyring " + path + " already");
  return named ? absl::OkStatus() : unwritten;
}

std::string Keyring::Wrap(std::string_view context, std::string_view plaintext) const {
  return absl::StrCat(primary_, std::string(1, '\0'),
                      Encrypt(keys_.at(primary_), WithName(context, primary_), plaintext));
}

absl::StatusOr<Keyring::Unwrapped> Keyring::Unwrap(std::string_view context, std::string_view wrapped) const {
  const std::size_t end = wrapped.find('\0');
  const auto key = end == std::string_view::npos ? keys_.end() : keys_.find(std::string(wrapped.substr(0, end)));
  if (key != keys_.end()) {
    auto plaintext = Decrypt(key->second, WithName(context, key->first), wrapped.substr(end + 1));
    if (plaintext.has_value()) return Unwrapped{*std::move(plaintext), key->first != primary_};
  }
  return base::Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED,
                     "no key of the keyring opens what is stored");
}

}  // namespace council::seal
