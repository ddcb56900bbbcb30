#include "libs/base/loopback.h"

#include <arpa/inet.h>

#include "absl/strings/match.h"

namespace council::base {

bool IsLoopbackHost(const std::string& host) {
  if (host == "localhost") return true;
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  in6_addr v6;
  if (inet_pton(AF_INET6, (bracketed ? host.substr(1, host.size() - 2) : host).c_str(), &v6) == 1) {
    return IN6_IS_ADDR_LOOPBACK(&v6);
  }
  in_addr v4;
  return inet_pton(AF_INET, host.c_str(), &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127;
}

bool IsLoopbackAddress(const std::string& address) {
  if (absl::StartsWith(address, "unix:")) return true;
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return false;
  const std::string host = address.substr(0, colon);
  // A bare IPv6 address can't be told from its port.
  return host.find(':') == std::string::npos || host.front() == '[' ? IsLoopbackHost(host) : false;
}

}  // namespace council::base
