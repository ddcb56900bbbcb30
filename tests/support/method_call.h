#ifndef COUNCIL_TESTS_SUPPORT_METHOD_CALL_H_
#define COUNCIL_TESTS_SUPPORT_METHOD_CALL_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace council::test {

// What a call came to.
struct MethodAnswer {
  grpc::Status status;
  std::vector<std::string> messages;  // serialized
};

// Calls any method by its descriptor, streaming or not, within 20 seconds: sends the serialized `requests` and gathers
// the answers. `caller` is the metadata header that says who calls. With `most_answers` answers a call that would go on
// is cancelled, and its status is OK; a watch goes on for good.
MethodAnswer CallMethod(const std::shared_ptr<grpc::Channel>& channel, const google::protobuf::MethodDescriptor& method,
                        const std::pair<std::string, std::string>& caller, const std::vector<std::string>& requests,
                        std::size_t most_answers = std::numeric_limits<std::size_t>::max());

// The status code with which a program answers an empty request to `method`; OK where it goes on to send.
grpc::StatusCode CallWithEmptyRequest(const std::shared_ptr<grpc::Channel>& channel,
                                      const google::protobuf::MethodDescriptor& method,
                                      const std::pair<std::string, std::string>& caller);

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_METHOD_CALL_H_
