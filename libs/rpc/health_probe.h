#ifndef COUNCIL_LIBS_RPC_HEALTH_PROBE_H_
#define COUNCIL_LIBS_RPC_HEALTH_PROBE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace council::rpc {

// Asks the gRPC health service at `address` (what --health-listen was told), in clear, whether its program serves.
// Fails with UNAVAILABLE where it does not say so within `timeout`.
absl::Status ProbeHealth(const std::string& address, absl::Duration timeout);

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_HEALTH_PROBE_H_
