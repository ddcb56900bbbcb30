#ifndef COUNCIL_SERVICES_CONTACTS_CONTACTS_APP_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACTS_APP_H_

#include <grpcpp/impl/service_type.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/seal/sealer.h"
#include "libs/telemetry/metrics.h"

namespace council::cache {
class RevisionSink;
}  // namespace council::cache

namespace council::rpc {
class Adaptor;
}  // namespace council::rpc

namespace council::contacts {

struct ContactsAppOptions {
  // sqlite:PATH or postgresql://…
  std::string storage;
  // Must be given.
  seal::Keys keys{std::string()};
  // Where new revisions are told, and must outlive the app; null where nobody asks.
  cache::RevisionSink* revisions = nullptr;
  // `background`, `generation`, where the tenant consented to them.
  std::vector<std::string> consented_facets{};
};

// The contacts service, wired: storage, rules, the relay of revisions, and endpoints to hang into servers.
class ContactsApp {
 public:
  // `clock`, `random` (fit for keys) and `metrics` must outlive the app. Fails with INVALID_ARGUMENT for a storage that
  // is not known, else as opening the storage does.
  static absl::StatusOr<std::unique_ptr<ContactsApp>> Create(const ContactsAppOptions& options,
                                                             const base::Clock& clock, base::Random& random,
                                                             telemetry::Metrics& metrics);
  ~ContactsApp();
  ContactsApp(const ContactsApp&) = delete;
  ContactsApp& operator=(const ContactsApp&) = delete;

  // An endpoint for one server. The adaptor must outlive it, and the app too.
  std::unique_ptr<grpc::Service> MakeEndpoint(rpc::Adaptor& adaptor);

 private:
  struct Parts;
  explicit ContactsApp(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACTS_APP_H_
