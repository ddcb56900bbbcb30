#ifndef COUNCIL_LIBS_RPC_SERVICE_CONFIG_H_
#define COUNCIL_LIBS_RPC_SERVICE_CONFIG_H_

namespace council::rpc {

// How callers of the suite share calls out among a service's copies and which they try again, as gRPC's service config
// (https://github.com/grpc/grpc/blob/master/doc/service_config.md). k8s/README.md shows it to callers elsewhere.
//
// Every method may be repeated: those that write take a request_id. Five tries last longer than it takes to find the
// copies that came when others went. CANCELLED is what a server answers to calls that reach it between the begin of its
// shutdown and its caller's learning of that.
inline constexpr char kServiceConfig[] = R"({
  "loadBalancingConfig": [{"round_robin": {}}],
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 5, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"]
    }
  }]
})";

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_SERVICE_CONFIG_H_
