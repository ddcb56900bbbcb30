// councild: contacts, ledger and recommendations in one process, on SQLite, with no Redis needed.

#include <grpcpp/impl/service_type.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "libs/rpc/program.h"
#include "libs/rpc/server.h"
#include "libs/rpc/storage_jobs.h"
#include "libs/seal/token.h"
#include "libs/sql/sqlite.h"
#include "services/contacts/contacts_app.h"
#include "services/contacts/migrations.h"
#include "services/ledger/ledger_app.h"
#include "services/ledger/migrations.h"
#include "services/recommendations/memory_balance_cache.h"
#include "services/recommendations/migrations.h"
#include "services/recommendations/recommendations_app.h"

namespace council::suite {
namespace {

// The directory of --storage, made for this account alone where there is none.
absl::StatusOr<std::string> OpenDirectory(const std::string& storage) {
  COUNCIL_ASSIGN_OR_RETURN(const std::filesystem::path directory, sql::SqlitePath(storage));
  std::error_code error;
  if (std::filesystem::create_directories(directory, error)) ::chmod(directory.c_str(), S_IRWXU);
  if (!std::filesystem::is_directory(directory)) {
    return absl::InvalidArgumentError(absl::StrCat("--storage: ", directory.string(), " is no directory"));
  }
  return directory.string();
}

absl::StatusOr<std::vector<rpc::StorageWithSchema>> StoragesIn(const std::string& storage) {
  COUNCIL_ASSIGN_OR_RETURN(const std::string directory, OpenDirectory(storage));
  return std::vector<rpc::StorageWithSchema>{
      {.storage = absl::StrCat("sqlite:", directory, "/contacts.db"), .schema = contacts::StorageSchema()},
      {.storage = absl::StrCat("sqlite:", directory, "/ledger.db"), .schema = ledger::StorageSchema()},
      {.storage = absl::StrCat("sqlite:", directory, "/recommendations.db"),
       .schema = recommendations::StorageSchema()}};
}

int Main(int argc, char** argv) {
  rpc::Program program("councild", "Contacts, ledger and recommendations in one process, on SQLite.");
  std::string storage;
  program.AddFlag("--storage", storage, "directory of the three databases: sqlite:DIRECTORY")->required();
  rpc::AddStorageJobs(program, StoragesIn);
  if (const auto exit_code = program.Parse(argc, argv)) return *exit_code;

  const auto directory = OpenDirectory(storage);
  if (!directory.ok()) return rpc::Program::Fail(directory.status());
  const base::SystemClock clock;
  base::SystemRandom random;
  const std::string shared_key = seal::DevelopmentSharedKey();
  recommendations::MemoryBalanceCache cache(clock);

  contacts::ContactsAppOptions contacts_options;
  contacts_options.storage = absl::StrCat("sqlite:", *directory, "/contacts.db");
  contacts_options.shared_key = shared_key;
  contacts_options.revisions = &cache;
  const auto contacts = contacts::ContactsApp::Create(contacts_options, clock, random);
  if (!contacts.ok()) return rpc::Program::Fail(contacts.status());

  ledger::LedgerAppOptions ledger_options;
  ledger_options.storage = absl::StrCat("sqlite:", *directory, "/ledger.db");
  ledger_options.shared_key = shared_key;
  ledger_options.revisions = &cache;
  const auto ledger = ledger::LedgerApp::Create(ledger_options, clock, random);
  if (!ledger.ok()) return rpc::Program::Fail(ledger.status());

  // Recommendations call the other two over a server of their own within the process. It has an adaptor of its own too:
  // a call that waits for another one must not hold the thread which that one needs.
  rpc::Adaptor inner_adaptor(program.authenticator(), rpc::Adaptor::Options());
  const auto inner_contacts = (*contacts)->MakeEndpoint(inner_adaptor);
  const auto inner_ledger = (*ledger)->MakeEndpoint(inner_adaptor);
  const auto inner_server = rpc::Server::Start({}, inner_adaptor, {inner_contacts.get(), inner_ledger.get()});
  if (!inner_server.ok()) return rpc::Program::Fail(inner_server.status());

  recommendations::RecommendationsAppOptions recommendations_options;
  recommendations_options.storage = absl::StrCat("sqlite:", *directory, "/recommendations.db");
  recommendations_options.shared_key = shared_key;
  recommendations_options.contacts = (*inner_server)->InProcessChannel();
  recommendations_options.ledger = (*inner_server)->InProcessChannel();
  const auto recommendations =
      recommendations::RecommendationsApp::Create(recommendations_options, cache, clock, random, program.metrics());
  if (!recommendations.ok()) return rpc::Program::Fail(recommendations.status());

  const auto contacts_endpoint = (*contacts)->MakeEndpoint(program.adaptor());
  const auto ledger_endpoint = (*ledger)->MakeEndpoint(program.adaptor());
  const auto recommendations_endpoint = (*recommendations)->MakeEndpoint(program.adaptor());
  return program.Serve({contacts_endpoint.get(), ledger_endpoint.get(), recommendations_endpoint.get()});
}

}  // namespace
}  // namespace council::suite

int main(int argc, char** argv) {
  return council::suite::Main(argc, argv);
}
