#ifndef COUNCIL_LIBS_TELEMETRY_METRICS_SERVER_H_
#define COUNCIL_LIBS_TELEMETRY_METRICS_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/telemetry/metrics.h"

namespace prometheus {
class Exposer;
}  // namespace prometheus

namespace council::telemetry {

// Shows a process's metrics to Prometheus: GET http://HOST:PORT/metrics, on two threads of its own. It knows no callers
// and tells nothing personal; whoever reaches the address reads the figures.
class MetricsServer {
 public:
  // Listens on `address`, HOST:PORT with a numeric host (port 0: any free one). UNAVAILABLE where it can't be had.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const Metrics& metrics, const std::string& address);

  ~MetricsServer();

  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  // Where it listens, with the real port.
  const std::string& address() const { return address_; }

 private:
  MetricsServer(const Metrics& metrics, std::unique_ptr<prometheus::Exposer> exposer, std::string address);

  // The exposer holds no more than a weak reference.
  const std::shared_ptr<prometheus::Registry> registry_;
  const std::unique_ptr<prometheus::Exposer> exposer_;
  const std::string address_;
};

}  // namespace council::telemetry

#endif  // COUNCIL_LIBS_TELEMETRY_METRICS_SERVER_H_
