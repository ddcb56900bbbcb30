// councild: contacts, ledger and recommendations in one process, on SQLite, with no Redis needed.

#include <grpcpp/impl/service_type.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "libs/rpc/program.h"
#include "libs/rpc/server.h"
#include "libs/rpc/storage_jobs.h"
#include "libs/seal/keyring.h"
#include "libs/seal/open_keys.h"
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

// The three storages in a directory, and their keys in another one.
struct Places {
  rpc::StorageWithSchema contacts;
  rpc::StorageWithSchema ledger;
  rpc::StorageWithSchema recommendations;
  std::string keyring;  // Made on the first run where --keys does not say.
  bool first_run = false;
};

absl::StatusOr<Places> PlacesIn(const std::string& storage, const std::string& key_storage) {
  COUNCIL_ASSIGN_OR_RETURN(const std::string directory, OpenDirectory(storage));
  std::string keys = absl::StrCat(directory, "/keys");
  if (!key_storage.empty()) {
    COUNCIL_ASSIGN_OR_RETURN(keys, sql::SqlitePath(key_storage));
  }
  const auto place = [&](const char* name, const sql::Schema& schema) {
    return rpc::StorageWithSchema{.storage = absl::StrCat("sqlite:", directory, "/", name),
                                  .schema = schema,
                                  .key_storage = absl::StrCat("sqlite:", keys, "/", name)};
  };
  return Places{.contacts = place("contacts.db", contacts::StorageSchema()),
                .ledger = place("ledger.db", ledger::StorageSchema()),
                .recommendations = place("recommendations.db", recommendations::StorageSchema()),
                .keyring = absl::StrCat(directory, "/keyring.json"),
                .first_run = !std::filesystem::exists(keys)};
}

absl::StatusOr<std::vector<rpc::StorageWithSchema>> StoragesIn(const std::string& storage,
                                                               const std::string& key_storage) {
  COUNCIL_ASSIGN_OR_RETURN(Places places, PlacesIn(storage, key_storage));
  return std::vector{std::move(places.contacts), std::move(places.ledger), std::move(places.recommendations)};
}

// The value of --keys where it was not given: a keyring beside the data, made on the first run with them.
absl::StatusOr<std::string> OwnKeys(const Places& places, base::Random& random) {
  if (places.first_run) {
    const absl::Status made = seal::Keyring::Make(places.keyring, random);
    if (!made.ok() && !absl::IsAlreadyExists(made)) return made;
  } else if (!std::filesystem::exists(places.keyring)) {
    return absl::FailedPreconditionError(
        absl::StrCat("there is no ", places.keyring, " any more: say with --keys=file:PATH where the keyring is now"));
  }
  spdlog::warn(
      "the keyring {} lies beside the data that it seals: move it where whoever gets the data does not get it too, and "
      "say with --keys=file:PATH where it is",
      places.keyring);
  return absl::StrCat("file:", places.keyring);
}

int Main(int argc, char** argv) {
  rpc::Program program("councild", "Contacts, ledger and recommendations in one process, on SQLite.");
  program.MakesKeys();
  std::string storage;
  std::string key_storage;
  std::string erasures;
  program.AddFlag("--storage", storage, "directory of the three databases: sqlite:DIRECTORY")->required();
  program.AddFlag("--key-storage", key_storage,
                  "directory of the wrapped keys of owners: sqlite:DIRECTORY; by default keys/ beside the data");
  program.AddFlag("--erasures", erasures,
                  "file outside the storage where erasures are noted, and found again after a restore from backup");
  ledger::LedgerAppOptions ledger_options;
  program
      .AddFlag("--mail-tenants", ledger_options.mail_tenants,
               "tenants whose people may import mail: who wrote to whom and when, without subjects and texts; by "
               "default none")
      ->delimiter(',');
  rpc::AddStorageJobs(program, StoragesIn);
  if (const auto exit_code = program.Parse(argc, argv)) return *exit_code;

  const auto places = PlacesIn(storage, key_storage);
  if (!places.ok()) return rpc::Program::Fail(places.status());
  const base::SystemClock clock;
  base::SystemRandom random;
  const auto keys = program.keys().empty() ? OwnKeys(*places, random) : program.keys();
  if (!keys.ok()) return rpc::Program::Fail(keys.status());
  const auto open_keys = [&](const rpc::StorageWithSchema& place) {
    return seal::OpenedKeys::Open({.keys = *keys, .key_storage = place.key_storage, .erasures = erasures},
                                  place.storage, std::string(place.schema.name), clock, random);
  };
  recommendations::MemoryBalanceCache cache(clock);

  contacts::ContactsAppOptions contacts_options;
  contacts_options.storage = places->contacts.storage;
  const auto contacts_keys = open_keys(places->contacts);
  if (!contacts_keys.ok()) return rpc::Program::Fail(contacts_keys.status());
  contacts_options.keys = (*contacts_keys)->keys();
  contacts_options.revisions = &cache;
  const auto contacts = contacts::ContactsApp::Create(contacts_options, clock, random, program.metrics());
  if (!contacts.ok()) return rpc::Program::Fail(contacts.status());

  ledger_options.storage = places->ledger.storage;
  const auto ledger_keys = open_keys(places->ledger);
  if (!ledger_keys.ok()) return rpc::Program::Fail(ledger_keys.status());
  ledger_options.keys = (*ledger_keys)->keys();
  ledger_options.revisions = &cache;
  const auto ledger = ledger::LedgerApp::Create(ledger_options, clock, random, program.metrics());
  if (!ledger.ok()) return rpc::Program::Fail(ledger.status());

  // Recommendations call the other two over a server of their own within the process. It has an adaptor of its own too:
  // a call that waits for another one must not hold the thread which that one needs.
  rpc::Adaptor inner_adaptor(program.authenticator(), rpc::Adaptor::Options());
  const auto inner_contacts = (*contacts)->MakeEndpoint(inner_adaptor);
  const auto inner_ledger = (*ledger)->MakeEndpoint(inner_adaptor);
  const auto inner_server = rpc::Server::Start({}, inner_adaptor, {inner_contacts.get(), inner_ledger.get()});
  if (!inner_server.ok()) return rpc::Program::Fail(inner_server.status());

  recommendations::RecommendationsAppOptions recommendations_options;
  recommendations_options.storage = places->recommendations.storage;
  const auto recommendations_keys = open_keys(places->recommendations);
  if (!recommendations_keys.ok()) return rpc::Program::Fail(recommendations_keys.status());
  recommendations_options.keys = (*recommendations_keys)->keys();
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
