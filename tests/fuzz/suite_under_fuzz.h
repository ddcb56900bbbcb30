// All three services in this process, called by the names of their methods.
#ifndef COUNCIL_TESTS_FUZZ_SUITE_UNDER_FUZZ_H_
#define COUNCIL_TESTS_FUZZ_SUITE_UNDER_FUZZ_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace council::fuzz {

using Message = std::unique_ptr<google::protobuf::Message>;

// What a call brought.
struct Outcome {
  absl::Status status;
  std::vector<Message> responses;
};

// Contacts, ledger and recommendations as councild wires them, on SQLite, at a time that stands still; reached through
// gRPC within the process, so that all is under way that is for a real caller.
class SuiteUnderFuzz {
 public:
  // The one of this process, made at its first use and never destroyed: what a target does is done when it returns, and
  // owners have nothing to do with each other.
  static SuiteUnderFuzz& Get();

  // Every method of the suite, by a name like "ledger.AppendInteraction".
  const std::map<std::string, const google::protobuf::MethodDescriptor*, std::less<>>& methods() const {
    return methods_;
  }

  // An empty request for the method.
  static Message NewRequest(const google::protobuf::MethodDescriptor& method);

  // Makes a call in the name of `owner` and reads its answer to the end, of a watch the first response alone. Takes one
  // message unless the method takes a stream.
  Outcome Call(const std::string& owner, const google::protobuf::MethodDescriptor& method,
               const std::vector<Message>& requests);

  // The same, for a method by its name that takes one message.
  Outcome Call(const std::string& owner, std::string_view method, const google::protobuf::Message& request);

  // A name that no owner had before.
  std::string NewOwner() { return "owner-" + std::to_string(++owners_); }

  // Erases what the services have of the owner.
  void Erase(const std::string& owner);

 private:
  struct Parts;
  SuiteUnderFuzz();
  ~SuiteUnderFuzz();

  std::map<std::string, const google::protobuf::MethodDescriptor*, std::less<>> methods_;
  std::unique_ptr<Parts> parts_;
  int owners_ = 0;
};

// Ends the process where a failure says that a service made a mistake, does not say what is wrong, or does not fit into
// the metadata of an answer.
void CheckFailure(const absl::Status& status);

}  // namespace council::fuzz

#endif  // COUNCIL_TESTS_FUZZ_SUITE_UNDER_FUZZ_H_
