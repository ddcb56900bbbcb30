#ifndef COUNCIL_TESTS_ISOLATION_FRONT_H_
#define COUNCIL_TESTS_ISOLATION_FRONT_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "libs/identity/keys_for_test.h"
#include "tests/support/council.h"
#include "tests/support/temp_dir.h"

namespace council::test {

// The metadata header that says who calls.
using Header = std::pair<std::string, std::string>;

// An identity provider that speaks for every tenant.
class TokenIssuer {
 public:
  TokenIssuer();

  // Arguments with which a program believes it.
  std::vector<std::string> Arguments() const;
  // A token of this person's with both scopes, good for some minutes.
  Header Token(const std::string& tenant, const std::string& subject) const;

 private:
  const TempDir directory_;
  const identity::KeyForTest key_{"ec-1", identity::Algorithm::kEs256};
};

// The front door of all three services: methods by name, requests and answers as JSON.
class Front {
 public:
  struct Answer {
    grpc::Status status;
    nlohmann::json messages;  // a list
  };

  explicit Front(const CouncilSuite& suite);

  // "ContactsService.GetContact" and so on: every method that the services' descriptors have.
  std::vector<std::string> Methods() const;

  // Sends a request, as a JSON object, or the messages of one that streams, as a list of such. Of a watch the first
  // answer is taken.
  Answer Ask(const Header& caller, const std::string& method, const std::string& request) const;

  // What comes of a call that must succeed: its only answer, or the first.
  nlohmann::json Get(const Header& caller, const std::string& method, const nlohmann::json& request) const;

 private:
  struct Method {
    const google::protobuf::MethodDescriptor* descriptor;
    std::shared_ptr<grpc::Channel> channel;
  };
  std::map<std::string, Method> methods_;
};

// The lines of ExportOwner of "ContactsService" and so on, as its import takes them.
std::string ExportedState(const Front& front, const Header& caller, const std::string& service);

}  // namespace council::test

#endif  // COUNCIL_TESTS_ISOLATION_FRONT_H_
