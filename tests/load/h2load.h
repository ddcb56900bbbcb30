#ifndef COUNCIL_TESTS_LOAD_H2LOAD_H_
#define COUNCIL_TESTS_LOAD_H2LOAD_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message_lite.h"

namespace council::load {

// Unary gRPC calls, all alike, that h2load makes over two connections with 32 streams each.
struct Calls {
  std::string address;                     // HOST:PORT
  std::string method;                      // /package.Service/Method
  std::filesystem::path body;              // of the request, see WriteBody
  std::vector<std::string> metadata = {};  // "name: value"
  int64_t count = 0;
};

// What h2load saw.
struct Outcome {
  double calls_per_second = 0;
  int64_t data_bytes = 0;  // bytes of answers without headers: each has 5 bytes of framing and the message
};

// Writes a request as h2load posts it.
void WriteBody(const google::protobuf::MessageLite& request, const std::filesystem::path& path);

// Makes the calls. Fails where h2load is missing or any call did not end with HTTP status 200; whether the answers are
// gRPC errors shows in `data_bytes` alone, since an error has no message.
absl::StatusOr<Outcome> RunH2load(const Calls& calls);

}  // namespace council::load

#endif  // COUNCIL_TESTS_LOAD_H2LOAD_H_
