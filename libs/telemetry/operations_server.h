#ifndef COUNCIL_LIBS_TELEMETRY_OPERATIONS_SERVER_H_
#define COUNCIL_LIBS_TELEMETRY_OPERATIONS_SERVER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/http/server.h"
#include "libs/telemetry/metrics.h"

namespace council::telemetry {

// What those who run a process ask of it, over HTTP in clear:
//
//   GET /metrics   its figures, for Prometheus
//   GET /healthz   200 as long as the process answers at all
//   GET /readyz    200 while it takes calls, 503 before and after
//
// It knows no callers and tells nothing personal; whoever reaches the address reads it.
class OperationsServer {
 public:
  // Listens on `address` as http::Server does, and fails so. `metrics` and what `ready` asks must outlive the server.
  static absl::StatusOr<std::unique_ptr<OperationsServer>> Start(const Metrics& metrics, const std::string& address,
                                                                 std::function<bool()> ready);

  // Where it listens, with the real port.
  const std::string& address() const { return server_->address(); }

 private:
  explicit OperationsServer(std::unique_ptr<http::Server> server);

  const std::unique_ptr<http::Server> server_;
};

}  // namespace council::telemetry

#endif  // COUNCIL_LIBS_TELEMETRY_OPERATIONS_SERVER_H_
