#include "services/contacts/contacts_endpoint.h"

#include "council/contacts/v1/contacts_service.grpc.pb.h"
#include "libs/rpc/adaptor.h"
#include "services/contacts/contacts_service.h"

namespace council::contacts {
namespace {

class ContactsEndpoint final : public v1::ContactsService::CallbackService {
 public:
  ContactsEndpoint(rpc::Adaptor& adaptor, contacts::ContactsService& service) : adaptor_(adaptor), service_(service) {}

  COUNCIL_RPC_UNARY(CreateContact)
  COUNCIL_RPC_UNARY(GetContact)
  COUNCIL_RPC_UNARY(ListContacts)
  COUNCIL_RPC_UNARY(UpdateContact)
  COUNCIL_RPC_HEAVY_UNARY(DeleteContact)
  COUNCIL_RPC_HEAVY_UNARY(BatchCreateContacts)
  COUNCIL_RPC_CLIENT_STREAM(ImportContacts)
  COUNCIL_RPC_HEAVY_UNARY(UndoImport)
  COUNCIL_RPC_SERVER_STREAM(ExportContacts)
  COUNCIL_RPC_HEAVY_UNARY(FindDuplicates)
  COUNCIL_RPC_UNARY(MergeContacts)
  COUNCIL_RPC_UNARY(SeatContact)
  COUNCIL_RPC_UNARY(UnseatContact)
  COUNCIL_RPC_UNARY(GetCouncil)
  COUNCIL_RPC_UNARY(SetAcquaintance)
  COUNCIL_RPC_UNARY(ListAcquaintances)
  COUNCIL_RPC_UNARY(GetSettings)
  COUNCIL_RPC_UNARY(UpdateSettings)
  COUNCIL_RPC_HEAVY_UNARY(EraseContact)
  COUNCIL_RPC_HEAVY_UNARY(EraseOwner)
  COUNCIL_RPC_SERVER_STREAM(ExportOwner)
  COUNCIL_RPC_CLIENT_STREAM(ImportOwner)
  COUNCIL_RPC_UNARY(ListAccess)
  COUNCIL_RPC_UNARY(GetRevision)
  COUNCIL_RPC_WATCH(WatchContacts)

 private:
  rpc::Adaptor& adaptor_;
  // Contacts record by themselves: each write stands alone, in its own transaction.
  rpc::CallRecorder* const recorder_ = nullptr;
  contacts::ContactsService& service_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeContactsEndpoint(rpc::Adaptor& adaptor, ContactsService& service) {
  return std::make_unique<ContactsEndpoint>(adaptor, service);
}

}  // namespace council::contacts
