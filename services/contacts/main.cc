// contactsd: who an owner knows, who sits on their council, who knows whom.

#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/cache/open_redis.h"
#include "libs/rpc/program.h"
#include "libs/rpc/storage_jobs.h"
#include "libs/seal/open_keys.h"
#include "services/contacts/contacts_app.h"
#include "services/contacts/migrations.h"

int main(int argc, char** argv) {
  using council::contacts::ContactsApp;
  using council::contacts::ContactsAppOptions;

  council::rpc::Program program("contactsd", "Keeps contacts, the council's seats, and who knows whom.");
  ContactsAppOptions options;
  council::seal::KeyFlags key_flags;
  std::string cache;
  program
      .AddFlag("--storage", options.storage,
               "where contacts are kept: sqlite:PATH or postgresql://USER[:PASSWORD]@HOST[:PORT][,HOST…]/DATABASE")
      ->required();
  program.AddFlag("--cache", cache,
                  "where new revisions are told: redis://[:PASSWORD@]HOST:PORT[/DATABASE] or unix:/PATH");
  program
      .AddFlag("--consented-facets", options.consented_facets,
               "facets that need the tenant's consent and have it: background, generation")
      ->delimiter(',');
  program.AddFlag("--key-storage", key_flags.key_storage,
                  "where the wrapped keys of owners are kept, as --storage; by default beside the data");
  program.AddFlag("--erasures", key_flags.erasures,
                  "file outside the storage where erasures are noted, and found again after a restore from backup");
  // What recommendationsd reads.
  program.AcceptPeers({"GetCouncil", "GetRevision", "GetSettings", "ListAcquaintances", "ListContacts"});
  council::rpc::AddStorageJobs(program, council::contacts::StorageSchema());
  if (const auto exit_code = program.Parse(argc, argv)) return *exit_code;

  const auto revisions = council::cache::OpenRevisions(cache);
  if (!revisions.ok()) return council::rpc::Program::Fail(revisions.status());
  options.revisions = revisions->get();

  const council::base::SystemClock clock;
  council::base::SystemRandom random;
  key_flags.keys = program.keys();
  const auto keys = council::seal::OpenedKeys::Open(key_flags, options.storage, "contacts", clock, random);
  if (!keys.ok()) return council::rpc::Program::Fail(keys.status());
  options.keys = (*keys)->keys();
  const auto app = ContactsApp::Create(options, clock, random, program.metrics());
  if (!app.ok()) return council::rpc::Program::Fail(app.status());
  const auto endpoint = (*app)->MakeEndpoint(program.adaptor());
  return program.Serve({endpoint.get()});
}
