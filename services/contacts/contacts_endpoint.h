#ifndef COUNCIL_SERVICES_CONTACTS_CONTACTS_ENDPOINT_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACTS_ENDPOINT_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

namespace council::rpc {
class Adaptor;
}  // namespace council::rpc

namespace council::contacts {

class ContactsService;

// The service as gRPC calls it. Both arguments must outlive it.
std::unique_ptr<grpc::Service> MakeContactsEndpoint(rpc::Adaptor& adaptor, ContactsService& service);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACTS_ENDPOINT_H_
