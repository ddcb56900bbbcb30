#ifndef COUNCIL_SERVICES_LEDGER_LEDGER_ENDPOINT_H_
#define COUNCIL_SERVICES_LEDGER_LEDGER_ENDPOINT_H_

#include <memory>

namespace grpc {
class Service;
}  // namespace grpc

namespace council::rpc {
class Adaptor;
class CallRecorder;
}  // namespace council::rpc

namespace council::ledger {

class LedgerService;

// The service as gRPC calls it. All arguments must outlive it; `recorder` is told of each call.
std::unique_ptr<grpc::Service> MakeLedgerEndpoint(rpc::Adaptor& adaptor, rpc::CallRecorder& recorder,
                                                  LedgerService& service);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_LEDGER_ENDPOINT_H_
