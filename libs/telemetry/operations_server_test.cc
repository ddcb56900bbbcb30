#include "libs/telemetry/operations_server.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "libs/http/http.h"

namespace council::telemetry {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class OperationsServerTest : public ::testing::Test {
 protected:
  http::Response Get(const std::string& path) {
    const auto response = http::Get("http://" + server_->address() + path);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(http::Response());
  }

  Metrics metrics_;
  bool ready_ = false;
  std::unique_ptr<OperationsServer> server_ =
      OperationsServer::Start(metrics_, "127.0.0.1:0", [this] { return ready_; }).value();
};

TEST_F(OperationsServerTest, MetricsAreThereForPrometheus) {
  metrics_.AddCounter("council_hits_total", "Hits.").Increment();
  const http::Response answer = Get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("council_hits_total 1"));
}

TEST_F(OperationsServerTest, ProbesTellLifeAndReadinessApart) {
  EXPECT_EQ(Get("/healthz").status, 200);
  EXPECT_EQ(Get("/readyz").status, 503);
  ready_ = true;
  EXPECT_EQ(Get("/readyz").status, 200);
  EXPECT_EQ(Get("/other").status, 404);
}

TEST_F(OperationsServerTest, AddressThatCannotBeHadIsRefused) {
  const auto start = [this](const std::string& address) {
    return OperationsServer::Start(metrics_, address, [] { return true; }).status().code();
  };
  EXPECT_THAT(server_->address(), Not(EndsWith(":0")));
  EXPECT_EQ(start(server_->address()), absl::StatusCode::kUnavailable);
  for (const char* bad : {"nonsense", "localhost:0", ":9464", "127.0.0.1", "127.0.0.1:http", "::1", "::1:9464",
                          "[127.0.0.1]:0", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1: 80"}) {
    EXPECT_EQ(start(bad), absl::StatusCode::kInvalidArgument) << bad;
  }
}

// A program with many callers has no small descriptors left.
TEST_F(OperationsServerTest, AnswersWhereThousandsOfDescriptorsAreOpen) {
  std::vector<int> open;
  for (int i = 0; i < 1100; ++i) open.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ASSERT_GT(open.back(), 1024);
  EXPECT_EQ(Get("/healthz").status, 200);
  for (const int descriptor : open) ::close(descriptor);
}

TEST_F(OperationsServerTest, ListensOnIpv6Too) {
  const auto server = OperationsServer::Start(metrics_, "[::1]:0", [] { return true; });
  if (!server.ok()) GTEST_SKIP() << "no IPv6 here: " << server.status();
  EXPECT_EQ(http::Get("http://" + (*server)->address() + "/readyz")->status, 200);
}

}  // namespace
}  // namespace council::telemetry
