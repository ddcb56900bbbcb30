#include "libs/cache/redis_url.h"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "libs/base/loopback.h"

namespace council::cache {
namespace {

constexpr std::string_view kScheme = "redis://";
constexpr std::string_view kTlsScheme = "rediss://";
constexpr std::string_view kSocketScheme = "unix:";
constexpr int kMaxDatabase = 65535;

absl::Status Malformed(const char* what) {
  return absl::InvalidArgumentError(
      absl::StrCat("Redis URL: ", what, "; expected redis://[:PASSWORD@]HOST:PORT[/DB] or unix:/PATH"));
}

std::optional<int> ParseNumber(std::string_view text, int low, int high) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) return std::nullopt;
  return value;
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    unsigned byte = 0;
    if (i + 2 >= text.size() || !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) ||
        !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]))) {
      return std::nullopt;
    }
    std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
    out.push_back(static_cast<char>(byte));
    i += 2;
  }
  return out;
}

}  // namespace

absl::StatusOr<RedisAddress> ParseRedisUrl(std::string_view url) {
  RedisAddress address;
  if (url.starts_with(kSocketScheme)) {
    address.socket = std::string(url.substr(kSocketScheme.size()));
    if (!address.socket.starts_with('/')) return Malformed("the path of the socket is not absolute");
    return address;
  }
  if (url.starts_with(kTlsScheme)) {
    return Malformed(
        "this version can't talk TLS with Redis; a proxy beside the program can (stunnel, ghostunnel), which "
        "it reaches on loopback");
  }
  if (!url.starts_with(kScheme)) return Malformed("it does not start with redis://");
  url.remove_prefix(kScheme.size());

  if (const size_t at = url.rfind('@'); at != std::string_view::npos) {
    const std::string_view user_info = url.substr(0, at);
    if (!user_info.starts_with(':')) return Malformed("user names are not supported, only :PASSWORD");
    std::optional<std::string> password = PercentDecode(user_info.substr(1));
    if (!password.has_value() || password->empty()) return Malformed("the password is empty or wrongly encoded");
    address.password = *std::move(password);
    url.remove_prefix(at + 1);
  }

  if (const size_t slash = url.find('/'); slash != std::string_view::npos) {
    const std::optional<int> database = ParseNumber(url.substr(slash + 1), 0, kMaxDatabase);
    if (!database.has_value()) return Malformed("the database is not a number from 0 to 65535");
    address.database = *database;
    url = url.substr(0, slash);
  }

  const size_t colon = url.rfind(':');
  if (colon == std::string_view::npos) return Malformed("the port is missing");
  const std::optional<int> port = ParseNumber(url.substr(colon + 1), 1, 65535);
  if (!port.has_value()) return Malformed("the port is not a number from 1 to 65535");
  address.port = *port;

  std::string_view host = url.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty()) return Malformed("the host is missing");
  if (host.find_first_of("[]") != std::string_view::npos) return Malformed("the host has stray brackets");
  if (!bracketed && host.find(':') != std::string_view::npos) return Malformed("an IPv6 host needs brackets");
  address.host = std::string(host);
  if (address.password.empty() && !base::IsLoopbackHost(address.host)) {
    return Malformed("a Redis on another machine needs a password");
  }
  return address;
}

}  // namespace council::cache
