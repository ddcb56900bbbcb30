#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "council/ledger/v1/ledger_service.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "tests/support/council.h"
#include "tests/support/method_call.h"

namespace council::test {
namespace {

using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;

// Calls every method with an empty request, and returns those of which ListAccess then says that the owner called them
// once.
template <typename Service, typename Request>
std::set<std::string> Recorded(const CouncilProgram& program, const google::protobuf::ServiceDescriptor& service,
                               std::set<std::string>& called) {
  const auto channel = program.Connect();
  for (int i = 0; i < service.method_count(); ++i) {
    CallWithEmptyRequest(channel, *service.method(i), {"x-council-owner", Caller().owner});
    called.insert(service.method(i)->name());
  }
  const auto stub = Service::NewStub(channel);
  const auto answer = Call(*stub, &Service::Stub::ListAccess, Request());
  EXPECT_TRUE(answer.ok()) << answer.status();
  std::set<std::string> recorded;
  for (const auto& record : answer->records()) {
    if (record.calls() >= 1 && record.client() == "owner") recorded.insert(record.method());
  }
  return recorded;
}

TEST(AccessRecordTest, HasEveryMethodOfTheLedgerAndOfRecommendations) {
  CouncilSuite suite;
  std::set<std::string> called;
  const auto of_ledger = Recorded<LedgerService, ledger::v1::ListAccessRequest>(
      suite.ledgerd, *ledger::v1::GetTieRequest::descriptor()->file()->service(0), called);
  EXPECT_EQ(of_ledger, called);
  called.clear();
  const auto of_recommendations = Recorded<RecommendationsService, recommendations::v1::ListAccessRequest>(
      suite.recommendationsd, *recommendations::v1::GetHindsightRequest::descriptor()->file()->service(0), called);
  EXPECT_EQ(of_recommendations, called);
}

}  // namespace
}  // namespace council::test
