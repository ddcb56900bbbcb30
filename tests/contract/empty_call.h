#ifndef COUNCIL_TESTS_CONTRACT_EMPTY_CALL_H_
#define COUNCIL_TESTS_CONTRACT_EMPTY_CALL_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>

namespace council::test {

// The status code with which a program answers an empty request to `method`, streaming or not; OK or CANCELLED where it
// goes on to send. `caller` is the metadata header that says who calls.
grpc::StatusCode CallWithEmptyRequest(const std::shared_ptr<grpc::Channel>& channel,
                                      const google::protobuf::MethodDescriptor& method,
                                      const std::pair<std::string, std::string>& caller);

}  // namespace council::test

#endif  // COUNCIL_TESTS_CONTRACT_EMPTY_CALL_H_
