#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_FAKE_NETWORK_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_FAKE_NETWORK_H_

#include <grpcpp/grpcpp.h>

#include <memory>

#include "services/recommendations/advice_scenario.h"

namespace council::recommendations {

// Contacts and ledger as one gRPC server in the test's process that answers from a scenario, as it is at its moment
// `now`. The scenario may be changed between calls, not during one.
class FakeNetwork {
 public:
  // The scenario must outlive this.
  explicit FakeNetwork(const AdviceScenario& scenario);
  ~FakeNetwork();

  std::shared_ptr<grpc::Channel> channel() { return server_->InProcessChannel({}); }

 private:
  class Contacts;
  class Ledger;

  const std::unique_ptr<Contacts> contacts_;
  const std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_FAKE_NETWORK_H_
