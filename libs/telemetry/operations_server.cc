#include "libs/telemetry/operations_server.h"

#include <utility>

#include "libs/base/status.h"

namespace council::telemetry {

absl::StatusOr<std::unique_ptr<OperationsServer>> OperationsServer::Start(const Metrics& metrics,
                                                                          const std::string& address,
                                                                          std::function<bool()> ready) {
  const auto answer = [&metrics, ready = std::move(ready)](const http::Request& request) -> http::Answer {
    if (request.method != "GET" && request.method != "HEAD") return {.status = 405, .body = "only GET is answered\n"};
    if (request.path == "/metrics") {
      return {.body = metrics.Text(), .content_type = "text/plain; version=0.0.4; charset=utf-8"};
    }
    if (request.path == "/healthz") return {.body = "ok\n"};
    if (request.path == "/readyz") {
      return ready() ? http::Answer{.body = "ready\n"} : http::Answer{.status = 503, .body = "not ready\n"};
    }
    return {.status = 404, .body = "there are /metrics, /healthz and /readyz\n"};
  };
  COUNCIL_ASSIGN_OR_RETURN(auto server, http::Server::Start(address, answer));
  return std::unique_ptr<OperationsServer>(new OperationsServer(std::move(server)));
}

OperationsServer::OperationsServer(std::unique_ptr<http::Server> server) : server_(std::move(server)) {}

}  // namespace council::telemetry
