#include "libs/telemetry/span_exporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#ifdef COUNCIL_WITH_OPENTELEMETRY
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#endif

namespace council::telemetry {
namespace {

#ifdef COUNCIL_WITH_OPENTELEMETRY

// Takes one request of HTTP and answers 200.
class Collector {
 public:
  Collector() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), length), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length), 0);
    port_ = ntohs(address.sin_port);
    request_ = std::async(std::launch::async, [this] { return Take(); });
  }
  ~Collector() { ::close(listener_); }

  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_, "/v1/traces"); }
  std::string Request() { return request_.get(); }

 private:
  std::string Take() const {
    const int connection = ::accept(listener_, nullptr, nullptr);
    const timeval patience{.tv_sec = 30, .tv_usec = 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    std::string request;
    char buffer[4096];
    // The exporter sends its request in one piece after another; the last one ends with the method's attributes.
    while (request.find("rpc.grpc.status_code") == std::string::npos) {
      const ssize_t got = ::recv(connection, buffer, sizeof(buffer), 0);
      if (got <= 0) break;
      request.append(buffer, static_cast<size_t>(got));
    }
    constexpr char kOk[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    (void)::send(connection, kOk, sizeof(kOk) - 1, MSG_NOSIGNAL);
    ::close(connection);
    return request;
  }

  const int listener_;
  int port_ = 0;
  std::future<std::string> request_;
};

TEST(SpanExporterTest, SpansReachTheCollectorWithTheIdsThatTheCallsCarry) {
  using ::testing::HasSubstr;
  Collector collector;
  const TraceContext context = NewTrace(true);
  {
    const auto exporter = OpenSpanExporter(collector.url(), "ledgerd").value();
    exporter->Export({.context = context,
                      .service = "council.ledger.v1.LedgerService",
                      .method = "AppendInteraction",
                      .begin = absl::Now() - absl::Seconds(1),
                      .end = absl::Now()});
  }
  const std::string request = collector.Request();
  EXPECT_THAT(request, HasSubstr("POST /v1/traces"));
  EXPECT_THAT(request, HasSubstr("council.ledger.v1.LedgerService/AppendInteraction"));
  EXPECT_THAT(request, HasSubstr(std::string(context.trace_id.begin(), context.trace_id.end())));
  EXPECT_THAT(request, HasSubstr(std::string(context.span_id.begin(), context.span_id.end())));
}

TEST(SpanExporterTest, EndpointThatIsNoUrlIsRefused) {
  EXPECT_EQ(OpenSpanExporter("collector:4318", "ledgerd").status().code(), absl::StatusCode::kInvalidArgument);
}

#else

TEST(SpanExporterTest, BuildWithoutOpenTelemetrySaysSo) {
  EXPECT_EQ(OpenSpanExporter("http://127.0.0.1:4318/v1/traces", "ledgerd").status().code(),
            absl::StatusCode::kUnimplemented);
}

#endif

}  // namespace
}  // namespace council::telemetry
