// ledgerd: what happened between an owner and their contacts, for good.

#include <grpcpp/impl/service_type.h>

#include <string>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/cache/open_redis.h"
#include "libs/rpc/program.h"
#include "libs/rpc/storage_jobs.h"
#include "libs/seal/token.h"
#include "services/ledger/ledger_app.h"
#include "services/ledger/migrations.h"

int main(int argc, char** argv) {
  using council::ledger::LedgerApp;
  using council::ledger::LedgerAppOptions;

  council::rpc::Program program("ledgerd", "Keeps the interaction ledger: what happened, append-only.");
  LedgerAppOptions options;
  options.shared_key = council::seal::DevelopmentSharedKey();
  std::string cache;
  program
      .AddFlag("--storage", options.storage,
               "where the ledger is kept: sqlite:PATH or postgresql://USER[:PASSWORD]@HOST[:PORT][,HOST…]/DATABASE")
      ->required();
  program.AddFlag("--cache", cache,
                  "where new revisions are told: redis://[:PASSWORD@]HOST:PORT[/DATABASE] or unix:/PATH");
  // What recommendationsd reads.
  program.AcceptPeers({"GetInteraction", "GetRevision", "ListInteractions", "ListPlans", "ListTies"});
  council::rpc::AddStorageJobs(program, council::ledger::StorageSchema());
  if (const auto exit_code = program.Parse(argc, argv)) return *exit_code;

  const auto revisions = council::cache::OpenRevisions(cache);
  if (!revisions.ok()) return council::rpc::Program::Fail(revisions.status());
  options.revisions = revisions->get();

  const council::base::SystemClock clock;
  council::base::SystemRandom random;
  const auto app = LedgerApp::Create(options, clock, random);
  if (!app.ok()) return council::rpc::Program::Fail(app.status());
  const auto endpoint = (*app)->MakeEndpoint(program.adaptor());
  return program.Serve({endpoint.get()});
}
