#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "tests/support/council.h"
#include "tests/support/method_call.h"

namespace council {
namespace {

TEST(ContractTest, EveryMethodOfTheContractIsAnswered) {
  test::CouncilSuite suite;
  const std::pair<const google::protobuf::FileDescriptor*, std::shared_ptr<grpc::Channel>> services[] = {
      {contacts::v1::GetContactRequest::descriptor()->file(), suite.contactsd.Connect()},
      {ledger::v1::GetTieRequest::descriptor()->file(), suite.ledgerd.Connect()},
      {recommendations::v1::GetHindsightRequest::descriptor()->file(), suite.recommendationsd.Connect()},
  };
  for (const auto& [file, channel] : services) {
    const auto& service = *file->service(0);
    EXPECT_GT(service.method_count(), 10) << service.name();
    for (int i = 0; i < service.method_count(); ++i) {
      EXPECT_NE(test::CallWithEmptyRequest(channel, *service.method(i), {"x-council-owner", "ada"}),
                grpc::StatusCode::UNIMPLEMENTED)
          << service.method(i)->full_name();
    }
  }
}

}  // namespace
}  // namespace council
