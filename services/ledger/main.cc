// ledgerd: what happened between an owner and their contacts, for good.

#include <grpcpp/impl/service_type.h>

#include <iostream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/base/status.h"
#include "libs/cache/open_redis.h"
#include "libs/rpc/program.h"
#include "libs/rpc/storage_jobs.h"
#include "libs/seal/open_keys.h"
#include "libs/seal/sealer.h"
#include "libs/sql/database.h"
#include "services/ledger/ledger_app.h"
#include "services/ledger/migrations.h"
#include "services/ledger/strength_calibration.h"

namespace {

using council::ledger::TenantCalibration;

std::string Describe(const TenantCalibration& tenant) {
  const council::ties::StrengthModel& model = tenant.calibration.model;
  const council::ties::StrengthAccuracy& shipped = tenant.calibration.shown_prior;
  const council::ties::StrengthAccuracy& fitted = tenant.calibration.shown_fitted;
  const std::string accuracy = absl::StrFormat(
      "AUC per person %.2f with the shipped ones, %.2f with those of its own; Brier score %.2f and %.2f", shipped.auc,
      fitted.auc, shipped.brier, fitted.brier);
  switch (tenant.result) {
    case TenantCalibration::Result::kStays:
      return "what was found last is younger than 90 days, and stays";
    case TenantCalibration::Result::kTooFew:
      return absl::StrFormat("too few people with enough of a past (%d are needed): the shipped coefficients",
                             council::ties::kLeastPeople);
    case TenantCalibration::Result::kShipped:
      return absl::StrCat("the shipped coefficients are as good: ", accuracy);
    case TenantCalibration::Result::kOwn:
      return absl::StrFormat("coefficients of its own, %s (%s; %.2f): %s", model.version,
                             absl::StrJoin(model.coefficients, ", "), model.intercept, accuracy);
  }
  return "";
}

// `ledgerd calibrate`.
struct Calibration {
  std::string storage;
  std::string key_storage;
  std::string keys;

  absl::Status Run() const {
    COUNCIL_RETURN_IF_ERROR(council::rpc::CheckIsThere(storage));
    const council::base::SystemClock clock;
    council::base::SystemRandom random;
    COUNCIL_ASSIGN_OR_RETURN(const auto opened,
                             council::seal::OpenedKeys::Open({.keys = keys, .key_storage = key_storage, .erasures = ""},
                                                             storage, "ledger", clock, random));
    // Without the store, which would finish erasures that a service has begun.
    COUNCIL_ASSIGN_OR_RETURN(const auto database,
                             council::sql::OpenDatabase(storage, council::ledger::StorageSchema()));
    COUNCIL_ASSIGN_OR_RETURN(const council::seal::StorageSecrets secrets,
                             council::seal::OpenSecrets(*database, opened->keys(), random));
    const council::seal::Sealer sealer(secrets.identity.owner_key, opened->keys(), secrets.clear_rows);
    int tenants = 0;
    const auto report = [&tenants](const TenantCalibration& tenant) {
      ++tenants;
      std::cout << "tenant " << absl::BytesToHexString(tenant.tenant) << ", " << tenant.owners
                << (tenant.owners == 1 ? " owner: " : " owners: ") << Describe(tenant);
      if (tenant.unreadable > 0) std::cout << "; the rows of " << tenant.unreadable << " could not be opened";
      std::cout << std::endl;
    };
    COUNCIL_RETURN_IF_ERROR(council::ledger::CalibrateTenants(*database, sealer, clock.Now(), random, report));
    if (tenants == 0) std::cout << "no ledger has entries yet: there is nothing to calibrate to" << std::endl;
    return absl::OkStatus();
  }
};

}  // namespace

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
  program
      .AddFlag("--mail-tenants", options.mail_tenants,
               "tenants whose people may import mail: who wrote to whom and when, without subjects and texts; by "
               "default none")
      ->delimiter(',');
  // What recommendationsd reads.
  program.AcceptPeers({"GetInteraction", "GetRevision", "ListInteractions", "ListPlans", "ListTies"});
  council::rpc::AddStorageJobs(program, council::ledger::StorageSchema());
  Calibration calibration;
  program.AddJob({
      .name = "calibrate",
      .purpose = "Fits tie strength to what became of each tenant's ties, where it has 20 people or more and that is "
                 "better than what is shipped. To be run each night; what was found stays for 90 days. No data of "
                 "anybody's leaves it.",
      .add_flags =
          [&calibration](CLI::App& app) {
            council::rpc::AddStorageFlags(app, calibration.storage, calibration.key_storage, calibration.keys);
          },
      .run = [&calibration] { return calibration.Run(); },
  });
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
