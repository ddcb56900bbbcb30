#include "tests/support/suite_in_process.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/random.h"
#include "libs/rpc/adaptor.h"
#include "libs/rpc/authenticator.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/server.h"
#include "libs/seal/token.h"
#include "libs/telemetry/metrics.h"
#include "services/contacts/contacts_app.h"
#include "services/ledger/ledger_app.h"
#include "services/recommendations/memory_balance_cache.h"
#include "services/recommendations/recommendations_app.h"
#include "tests/support/temp_dir.h"

namespace council::test {

struct SuiteInProcess::Parts {
  explicit Parts(absl::Time start)
      : clock(start),
        contacts(contacts::ContactsApp::Create(
                     {.storage = Storage("contacts"), .keys = seal::DevelopmentSharedKey(), .revisions = &cache}, clock,
                     random, metrics)
                     .value()),
        ledger(ledger::LedgerApp::Create(
                   {.storage = Storage("ledger"), .keys = seal::DevelopmentSharedKey(), .revisions = &cache}, clock,
                   random, metrics)
                   .value()),
        inner_contacts(contacts->MakeEndpoint(inner)),
        inner_ledger(ledger->MakeEndpoint(inner)),
        inner_server(rpc::Server::Start({}, inner, {inner_contacts.get(), inner_ledger.get()}).value()),
        recommendations(recommendations::RecommendationsApp::Create(
                            {.storage = Storage("recommendations"),
                             .keys = seal::DevelopmentSharedKey(),
                             .contacts = rpc::ChannelSource(inner_server->InProcessChannel()),
                             .ledger = rpc::ChannelSource(inner_server->InProcessChannel())},
                            cache, clock, random, metrics)
                            .value()),
        contacts_endpoint(contacts->MakeEndpoint(adaptor)),
        ledger_endpoint(ledger->MakeEndpoint(adaptor)),
        recommendations_endpoint(recommendations->MakeEndpoint(adaptor)),
        server(rpc::Server::Start({}, adaptor,
                                  {contacts_endpoint.get(), ledger_endpoint.get(), recommendations_endpoint.get()})
                   .value()) {}

  std::string Storage(const std::string& service) const {
    return absl::StrCat("sqlite:", (directory / service).string(), ".db");
  }

  const TempDir directory;
  base::ManualClock clock;
  base::SeededRandom random{1};
  telemetry::Metrics metrics;
  recommendations::MemoryBalanceCache cache{clock};
  rpc::InsecureDevAuthenticator authenticator;
  rpc::Adaptor adaptor{authenticator, rpc::Adaptor::Options()};
  rpc::Adaptor inner{authenticator, rpc::Adaptor::Options()};
  std::unique_ptr<contacts::ContactsApp> contacts;
  std::unique_ptr<ledger::LedgerApp> ledger;
  std::unique_ptr<grpc::Service> inner_contacts;
  std::unique_ptr<grpc::Service> inner_ledger;
  std::unique_ptr<rpc::Server> inner_server;
  std::unique_ptr<recommendations::RecommendationsApp> recommendations;
  std::unique_ptr<grpc::Service> contacts_endpoint;
  std::unique_ptr<grpc::Service> ledger_endpoint;
  std::unique_ptr<grpc::Service> recommendations_endpoint;
  std::unique_ptr<rpc::Server> server;
};

SuiteInProcess::SuiteInProcess(absl::Time start) : parts_(std::make_unique<Parts>(start)) {}

SuiteInProcess::~SuiteInProcess() = default;

base::ManualClock& SuiteInProcess::clock() {
  return parts_->clock;
}

std::shared_ptr<grpc::Channel> SuiteInProcess::channel() const {
  return parts_->server->InProcessChannel();
}

}  // namespace council::test
