#ifndef COUNCIL_LIBS_BASE_LOOPBACK_H_
#define COUNCIL_LIBS_BASE_LOOPBACK_H_

#include <string>

namespace council::base {

// "127.0.0.1", "::1", "[::1]" and "localhost" are this machine alone.
bool IsLoopbackHost(const std::string& host);

// "127.0.0.1:80", "[::1]:80", "localhost:80" and "unix:/path" are reached from this machine alone.
bool IsLoopbackAddress(const std::string& address);

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_LOOPBACK_H_
