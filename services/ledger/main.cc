// ledgerd: what happened between an owner and their contacts, for good.

#include <grpcpp/impl/service_type.h>

#include <string>

#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/cache/open_redis.h"
#include "libs/rpc/program.h"
#include "libs/rpc/storage_jobs.h"
#include "libs/seal/open_keys.h"
#include "services/ledger/ledger_app.h"
#include "services/ledger/migrations.h"

int main(int argc, char** argv) {
  using council::ledger::LedgerApp;
  using council::ledger::LedgerAppOptions;

  council::rpc::Program program("ledgerd", "Keeps the interaction ledger: what happened, append-only.");
  LedgerAppOptions options;
  council::seal::KeyFlags key_flags;
  std::string cache;
  program
      .AddFlag("--storage", options.storage,
               "where the ledger is kept: sqlite:PATH or postgresql://USER[:PASSWORD]@HOST[:PORT][,HOST…]/DATABASE")
      ->required();
  program.AddFlag("--cache", cache,
                  "where new revisions are told: redis://[:PASSWORD@]HOST:PORT[/DATABASE] or unix:/PATH");
  program.AddFlag("--key-storage", key_flags.key_storage,
                  "where the wrapped keys of owners are kept, as --storage; by default beside the data");
  program.AddFlag("--erasures", key_flags.erasures,
                  "file outside the storage where erasures are noted, and found again after a restore from backup");
  // What recommendationsd reads.
  program.AcceptPeers({"GetInteraction", "GetRevision", "ListInteractions", "ListPlans", "ListTies"});
  council::rpc::AddStorageJobs(program, council::ledger::StorageSchema());
  if (const auto exit_code = program.Parse(argc, argv)) return *exit_code;

  const auto revisions = council::cache::OpenRevisions(cache);
  if (!revisions.ok()) return council::rpc::Program::Fail(revisions.status());
  options.revisions = revisions->get();

  const council::base::SystemClock clock;
  council::base::SystemRandom random;
  key_flags.keys = program.keys();
  const auto keys = council::seal::OpenedKeys::Open(key_flags, options.storage, "ledger", clock, random);
  if (!keys.ok()) return council::rpc::Program::Fail(keys.status());
  options.keys = (*keys)->keys();
  const auto app = LedgerApp::Create(options, clock, random, program.metrics());
  if (!app.ok()) return council::rpc::Program::Fail(app.status());
  const auto endpoint = (*app)->MakeEndpoint(program.adaptor());
  return program.Serve({endpoint.get()});
}
