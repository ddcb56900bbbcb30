// contactsd: who an owner knows, who sits on their council, who knows whom.

#include <string>
#include <vector>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/cache/open_redis.h"
#include "libs/rpc/program.h"
#include "libs/rpc/storage_jobs.h"
#include "libs/seal/token.h"
#include "services/contacts/contacts_app.h"
#include "services/contacts/migrations.h"

int main(int argc, char** argv) {
  using council::contacts::ContactsApp;
  using council::contacts::ContactsAppOptions;

  council::rpc::Program program("contactsd", "Keeps contacts, the council's seats, and who knows whom.");
  ContactsAppOptions options;
  options.shared_key = council::seal::DevelopmentSharedKey();
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
  // What recommendationsd reads.
  program.AcceptPeers({"GetCouncil", "GetRevision", "GetSettings", "ListAcquaintances", "ListContacts"});
  council::rpc::AddStorageJobs(program, council::contacts::StorageSchema());
  if (const auto exit_code = program.Parse(argc, argv)) return *exit_code;

  const auto revisions = council::cache::OpenRevisions(cache);
  if (!revisions.ok()) return council::rpc::Program::Fail(revisions.status());
  options.revisions = revisions->get();

  const council::base::SystemClock clock;
  council::base::SystemRandom random;
  const auto app = ContactsApp::Create(options, clock, random);
  if (!app.ok()) return council::rpc::Program::Fail(app.status());
  const auto endpoint = (*app)->MakeEndpoint(program.adaptor());
  return program.Serve({endpoint.get()});
}
