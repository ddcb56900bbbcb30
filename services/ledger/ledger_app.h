#ifndef COUNCIL_SERVICES_LEDGER_LEDGER_APP_H_
#define COUNCIL_SERVICES_LEDGER_LEDGER_APP_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/seal/sealer.h"
#include "libs/telemetry/metrics.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace council::cache {
class RevisionSink;
}  // namespace council::cache

namespace council::rpc {
class Adaptor;
}  // namespace council::rpc

namespace council::ledger {

struct LedgerAppOptions {
  // sqlite:PATH or postgresql://…
  std::string storage;
  // Must be given.
  seal::Keys keys{std::string()};
  // Where new revisions are told, and must outlive the app; null where nobody asks.
  cache::RevisionSink* revisions = nullptr;
  // Whose people may import mail.
  std::vector<std::string> mail_tenants{};
};

// The ledger service, wired: storage, rules, the relay of revisions, and endpoints to hang into servers.
class LedgerApp {
 public:
  // `clock`, `random` (fit for keys) and `metrics` must outlive the app. Fails with INVALID_ARGUMENT for a storage that
  // is not known, else as opening the storage does.
  static absl::StatusOr<std::unique_ptr<LedgerApp>> Create(const LedgerAppOptions& options, const base::Clock& clock,
                                                           base::Random& random, telemetry::Metrics& metrics);
  ~LedgerApp();
  LedgerApp(const LedgerApp&) = delete;
  LedgerApp& operator=(const LedgerApp&) = delete;

  // An endpoint for one server. The adaptor must outlive it, and the app too.
  std::unique_ptr<grpc::Service> MakeEndpoint(rpc::Adaptor& adaptor);

 private:
  struct Parts;
  explicit LedgerApp(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_LEDGER_APP_H_
