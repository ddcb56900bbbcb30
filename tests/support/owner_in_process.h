#ifndef COUNCIL_TESTS_SUPPORT_OWNER_IN_PROCESS_H_
#define COUNCIL_TESTS_SUPPORT_OWNER_IN_PROCESS_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.grpc.pb.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "council/recommendations/v1/recommendations_service.grpc.pb.h"
#include "tests/support/call.h"
#include "tests/support/suite_in_process.h"

namespace council::test {

// An owner who calls a suite in the test's own process, on a clock that is moved.
class OwnerInProcessTest : public ::testing::Test {
 protected:
  using ContactsService = contacts::v1::ContactsService;
  using LedgerService = ledger::v1::LedgerService;
  using RecommendationsService = recommendations::v1::RecommendationsService;

  explicit OwnerInProcessTest(absl::Time start) : suite_(start) {}

  // A call that succeeds.
  template <typename Stub, typename Request, typename Response>
  Response Ask(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request) {
    const absl::StatusOr<Response> response = Call(stub, method, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : Response();
  }

  std::string Add(const std::string& name) {
    contacts::v1::CreateContactRequest request;
    request.mutable_contact()->set_display_name(name);
    return Ask(*contacts_, &ContactsService::Stub::CreateContact, request).contact().id();
  }

  SuiteInProcess suite_;
  const std::unique_ptr<ContactsService::Stub> contacts_ = ContactsService::NewStub(suite_.channel());
  const std::unique_ptr<LedgerService::Stub> ledger_ = LedgerService::NewStub(suite_.channel());
  const std::unique_ptr<RecommendationsService::Stub> recommendations_ =
      RecommendationsService::NewStub(suite_.channel());
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_OWNER_IN_PROCESS_H_
