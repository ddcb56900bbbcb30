#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
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

// The status code with which a program answers an empty request to `method`, streaming or not.
grpc::StatusCode CallWithEmptyRequest(const std::shared_ptr<grpc::Channel>& channel,
                                      const google::protobuf::MethodDescriptor& method) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  test::Prepare({}, context);
  auto call = stub.PrepareCall(&context, "/" + method.service()->full_name() + "/" + method.name(), &queue);
  // One operation at a time: its outcome does not matter, the final status says it all.
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return ok;
  };
  call->StartCall(nullptr);
  wait();
  call->WriteLast(grpc::ByteBuffer(nullptr, 0), grpc::WriteOptions(), nullptr);
  wait();
  // What sends an answer is answered, and a watch would go on for good.
  grpc::ByteBuffer response;
  call->Read(&response, nullptr);
  if (wait()) context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  wait();
  return status.error_code();
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
      const auto code = CallWithEmptyRequest(channel, *service.method(i));
      if (code == grpc::StatusCode::UNIMPLEMENTED) unanswered.insert(service.name() + "." + service.method(i)->name());
    }
  }
  EXPECT_EQ(methods, 56);
  EXPECT_EQ(unanswered, ListedAsUnanswered());
}

}  // namespace
}  // namespace council
