#ifndef COUNCIL_TESTS_ISOLATION_REQUESTS_H_
#define COUNCIL_TESTS_ISOLATION_REQUESTS_H_

#include <grpcpp/grpcpp.h>

#include <string>
#include <vector>

#include "tests/isolation/person.h"

namespace council::test {

// A request that somebody may send with what is another's.
struct TriedRequest {
  // "ContactsService.GetContact" and so on.
  std::string method;
  // As JSON; a list of messages where the method takes a stream. `$name` stands for a value of Person::values, `$mine`
  // for a contact of the sender's own, `$page_token` for the token that the same request without it is answered with.
  std::string request;
  // How it is answered to all but the person whose values they are: as to anybody who makes them up.
  grpc::StatusCode to_others = grpc::StatusCode::OK;
  // How it is answered to that person.
  grpc::StatusCode to_owner = grpc::StatusCode::OK;
};

// At least one request for each method. In this order all of them can be sent by one person: what is read comes before
// what is changed, and that before what is erased.
const std::vector<TriedRequest>& TriedRequests();

// The request with the values in it. Throws std::out_of_range for a name without value.
std::string Fill(const std::string& request, const Values& values);

// Those of the values that the request names.
Values NamedIn(const std::string& request, const Values& values);

// What `$page_token` stands for in the request, under that name; nothing where it has none.
Values PlaceIn(const Front& front, const Person& person, const TriedRequest& tried);

}  // namespace council::test

#endif  // COUNCIL_TESTS_ISOLATION_REQUESTS_H_
