#include "libs/telemetry/metrics_server.h"

#include <prometheus/exposer.h>

#include <exception>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace council::telemetry {

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const Metrics& metrics,
                                                                    const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat("metrics can't be shown at ", address, ": it is no HOST:PORT"));
  }
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(address);
    const auto ports = exposer->GetListeningPorts();
    if (ports.empty()) return absl::UnavailableError(absl::StrCat("metrics can't be shown at ", address));
    return std::unique_ptr<MetricsServer>(
        new MetricsServer(metrics, std::move(exposer), absl::StrCat(address.substr(0, colon), ":", ports.front())));
  } catch (const std::exception& e) {
    return absl::UnavailableError(absl::StrCat("metrics can't be shown at ", address, ": ", e.what()));
  }
}

MetricsServer::MetricsServer(const Metrics& metrics, std::unique_ptr<prometheus::Exposer> exposer, std::string address)
    : registry_(metrics.registry()), exposer_(std::move(exposer)), address_(std::move(address)) {
  exposer_->RegisterCollectable(registry_);
}

MetricsServer::~MetricsServer() = default;

}  // namespace council::telemetry
