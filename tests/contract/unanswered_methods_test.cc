#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "tests/support/council.h"
#include "tests/support/method_call.h"

namespace council {
namespace {

// "LedgerService.WatchLedger" and so on, as docs/contract.md lists them.
std::set<std::string> ListedAsUnanswered() {
  const std::string path = std::string(std::getenv("COUNCIL_SOURCE_DIR")) + "/docs/contract.md";
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::set<std::string> methods;
  const std::regex row(R"(^\| `(\w+\.\w+)` \|)");
  for (std::string line; std::getline(file, line);) {
    if (std::smatch match; std::regex_search(line, match, row)) methods.insert(match[1]);
  }
  return methods;
}

TEST(ContractTest, ExactlyTheListedMethodsAreNotAnswered) {
  test::CouncilSuite suite;
  const std::pair<const google::protobuf::FileDescriptor*, std::shared_ptr<grpc::Channel>> services[] = {
      {contacts::v1::GetContactRequest::descriptor()->file(), suite.contactsd.Connect()},
      {ledger::v1::GetTieRequest::descriptor()->file(), suite.ledgerd.Connect()},
      {recommendations::v1::GetHindsightRequest::descriptor()->file(), suite.recommendationsd.Connect()},
  };
  std::set<std::string> unanswered;
  int methods = 0;
  for (const auto& [file, channel] : services) {
    const auto& service = *file->service(0);
    for (int i = 0; i < service.method_count(); ++i, ++methods) {
      const auto code = test::CallWithEmptyRequest(channel, *service.method(i), {"x-council-owner", "ada"});
      if (code == grpc::StatusCode::UNIMPLEMENTED) unanswered.insert(service.name() + "." + service.method(i)->name());
    }
  }
  EXPECT_EQ(methods, 60);
  EXPECT_EQ(unanswered, ListedAsUnanswered());
}

}  // namespace
}  // namespace council
