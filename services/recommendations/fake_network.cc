#include "services/recommendations/fake_network.h"

#include <algorithm>
#include <string>

#include "council/contacts/v1/contacts_service.grpc.pb.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/base/proto_time.h"

namespace council::recommendations {

class FakeNetwork::Contacts final : public contacts::v1::ContactsService::Service {
 public:
  explicit Contacts(const AdviceScenario& scenario) : scenario_(scenario) {}

  grpc::Status GetCouncil(grpc::ServerContext*, const contacts::v1::GetCouncilRequest*,
                          contacts::v1::GetCouncilResponse* response) override {
    *response = scenario_.network.council;
    return grpc::Status::OK;
  }

  grpc::Status ListContacts(grpc::ServerContext*, const contacts::v1::ListContactsRequest*,
                            contacts::v1::ListContactsResponse* response) override {
    const auto& contacts = scenario_.network.contacts;
    response->mutable_contacts()->Add(contacts.begin(), contacts.end());
    return grpc::Status::OK;
  }

  grpc::Status ListAcquaintances(grpc::ServerContext*, const contacts::v1::ListAcquaintancesRequest*,
                                 contacts::v1::ListAcquaintancesResponse* response) override {
    const auto& acquaintances = scenario_.network.acquaintances;
    response->mutable_acquaintances()->Add(acquaintances.begin(), acquaintances.end());
    return grpc::Status::OK;
  }

  grpc::Status GetSettings(grpc::ServerContext*, const contacts::v1::GetSettingsRequest*,
                           contacts::v1::GetSettingsResponse* response) override {
    *response->mutable_settings() = scenario_.network.settings;
    return grpc::Status::OK;
  }

 private:
  const AdviceScenario& scenario_;
};

class FakeNetwork::Ledger final : public ledger::v1::LedgerService::Service {
 public:
  explicit Ledger(const AdviceScenario& scenario) : scenario_(scenario) {}

  grpc::Status ListTies(grpc::ServerContext*, const ledger::v1::ListTiesRequest* request,
                        ledger::v1::ListTiesResponse* response) override {
    if (request->contacts_size() > 10'000) return {grpc::StatusCode::INVALID_ARGUMENT, "too many contacts"};
    const auto read = scenario_.At(scenario_.now);
    for (const ledger::v1::TieContact& contact : request->contacts()) {
      ledger::v1::Tie& tie = *response->add_ties();
      tie.set_contact_id(contact.contact_id());
      for (const ledger::v1::Tie& known : read->network.ties) {
        if (known.contact_id() == contact.contact_id()) tie = known;
      }
    }
    return grpc::Status::OK;
  }

  grpc::Status ListInteractions(grpc::ServerContext*, const ledger::v1::ListInteractionsRequest* request,
                                ledger::v1::ListInteractionsResponse* response) override {
    const auto read = scenario_.At(scenario_.now);
    for (const ledger::v1::Interaction& entry : read->newest.entries) {
      const auto& ids = entry.contact_ids();
      const bool named = std::find(ids.begin(), ids.end(), request->contact_id()) != ids.end();
      if (request->contact_id().empty() || named) *response->add_interactions() = entry;
    }
    return grpc::Status::OK;
  }

  grpc::Status ListPlans(grpc::ServerContext*, const ledger::v1::ListPlansRequest*,
                         ledger::v1::ListPlansResponse* response) override {
    response->mutable_plans()->Add(scenario_.network.plans.begin(), scenario_.network.plans.end());
    return grpc::Status::OK;
  }

 private:
  const AdviceScenario& scenario_;
};

FakeNetwork::FakeNetwork(const AdviceScenario& scenario)
    : contacts_(std::make_unique<Contacts>(scenario)), ledger_(std::make_unique<Ledger>(scenario)) {
  grpc::ServerBuilder builder;
  builder.RegisterService(contacts_.get());
  builder.RegisterService(ledger_.get());
  server_ = builder.BuildAndStart();
}

FakeNetwork::~FakeNetwork() {
  server_->Shutdown();
}

}  // namespace council::recommendations
