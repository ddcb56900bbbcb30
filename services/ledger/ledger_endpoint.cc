#include "services/ledger/ledger_endpoint.h"

#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/rpc/adaptor.h"
#include "services/ledger/ledger_service.h"

namespace council::ledger {
namespace {

class LedgerEndpoint final : public v1::LedgerService::CallbackService {
 public:
  LedgerEndpoint(rpc::Adaptor& adaptor, rpc::CallRecorder& recorder, ledger::LedgerService& service)
      : adaptor_(adaptor), recorder_(&recorder), service_(service) {}

  COUNCIL_RPC_UNARY_ASYNC(AppendInteraction)
  COUNCIL_RPC_HEAVY_UNARY_ASYNC(BatchAppendInteractions)
  COUNCIL_RPC_CLIENT_STREAM(ImportInteractions)
  COUNCIL_RPC_HEAVY_UNARY(UndoImport)
  COUNCIL_RPC_UNARY(CorrectInteraction)
  COUNCIL_RPC_UNARY(GetInteraction)
  COUNCIL_RPC_UNARY(ListInteractions)
  COUNCIL_RPC_UNARY(ListTies)
  COUNCIL_RPC_UNARY(GetTie)
  COUNCIL_RPC_UNARY(ListPlans)
  COUNCIL_RPC_UNARY(ConfirmPlan)
  COUNCIL_RPC_UNARY(RemovePlan)
  COUNCIL_RPC_UNARY(ListPromises)
  COUNCIL_RPC_HEAVY_UNARY(VerifyLedger)
  COUNCIL_RPC_SERVER_STREAM(ExportLedger)
  COUNCIL_RPC_HEAVY_UNARY(EraseContact)
  COUNCIL_RPC_HEAVY_UNARY(EraseOwner)
  COUNCIL_RPC_SERVER_STREAM(ExportOwner)
  COUNCIL_RPC_CLIENT_STREAM(ImportOwner)
  COUNCIL_RPC_UNARY(ListAccess)
  COUNCIL_RPC_UNARY(GetRevision)
  COUNCIL_RPC_WATCH(WatchLedger)

 private:
  rpc::Adaptor& adaptor_;
  rpc::CallRecorder* const recorder_;
  ledger::LedgerService& service_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeLedgerEndpoint(rpc::Adaptor& adaptor, rpc::CallRecorder& recorder,
                                                  LedgerService& service) {
  return std::make_unique<LedgerEndpoint>(adaptor, recorder, service);
}

}  // namespace council::ledger
