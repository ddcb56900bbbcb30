#ifndef COUNCIL_SERVICES_LEDGER_LEDGER_ENDPOINT_H_
#define COUNCIL_SERVICES_LEDGER_LEDGER_ENDPOINT_H_

#include <memory>

namespace grpc {
class Service;
}  // namespace grpc

namespace council::rpc {
class Adaptor;
}  // namespace council::rpc

namespace council::ledger {

class LedgerService;

// The service as gRPC calls it. Both arguments must outlive it.
std::unique_ptr<grpc::Service> MakeLedgerEndpoint(rpc::Adaptor& adaptor, LedgerService& service);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_LEDGER_ENDPOINT_H_
