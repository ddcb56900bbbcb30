#include "tests/support/council.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace council::test {
std::string ProgramPath(const std::string& name) {
  const char* directory = std::getenv("COUNCIL_BIN_DIR");
  if (directory == nullptr) throw std::runtime_error("COUNCIL_BIN_DIR is not set: run the test through ctest");
  return absl::StrCat(directory, "/", name);
}

namespace {

std::vector<std::string> WithAuth(std::vector<std::string> arguments) {
  const bool given = std::any_of(arguments.begin(), arguments.end(),
                                 [](const std::string& argument) { return absl::StartsWith(argument, "--auth="); });
  if (!given) arguments.push_back("--auth=insecure-dev");
  return arguments;
}

}  // namespace

CouncilProgram::CouncilProgram(std::string name, std::vector<std::string> arguments)
    : name_(std::move(name)), arguments_(WithAuth(std::move(arguments))) {
  Start("127.0.0.1:0");
}

std::shared_ptr<grpc::Channel> CouncilProgram::Connect(
    const std::shared_ptr<grpc::ChannelCredentials>& credentials) const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // otherwise channels to one address share a connection
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);  // what one attempt may take, in spite of its name
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  return grpc::CreateCustomChannel(address_, credentials, arguments);
}

void CouncilProgram::Restart() {
  process_->Kill();
  Start(address_);
}

void CouncilProgram::Start(const std::string& listen) {
  constexpr std::string_view kReady = "listening on ";
  ProcessOptions options{.command = {ProgramPath(name_), "--listen=" + listen},
                         // Tests are one owner who calls without a pause.
                         .environment = {"COUNCIL_RATE=1000000", "COUNCIL_RATE_BURST=1000000"}};
  options.command.insert(options.command.end(), arguments_.begin(), arguments_.end());
  auto process = Process::Start(std::move(options));
  if (!process.ok()) throw std::runtime_error(process.status().ToString());
  process_ = *std::move(process);
  const auto line = process_->WaitForLine(kReady);
  if (!line.ok()) throw std::runtime_error(absl::StrCat(name_, " does not start: ", line.status().ToString()));
  address_ = line->substr(line->find(kReady) + kReady.size());
}

void Migrate(const std::string& program, const std::string& url) {
  int exit_code = 0;
  const auto output = RunToEnd(
      {.command = {ProgramPath(program), "migrate", "--storage=" + url, "--service-role=council_service"}}, exit_code);
  if (!output.ok() || exit_code != 0) {
    throw std::runtime_error(program + " migrate: " + output.value_or(output.status().ToString()));
  }
}

std::string MakeKeyring(const std::filesystem::path& path) {
  std::string keys = "file:" + path.string();
  int exit_code = 0;
  const auto output = RunToEnd({.command = {ProgramPath("contactsd"), "make-keys", "--keys=" + keys}}, exit_code);
  if (!output.ok() || exit_code != 0) {
    throw std::runtime_error("make-keys: " + output.value_or(output.status().ToString()));
  }
  return keys;
}

namespace {

std::vector<std::string> With(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string OnSqlite(const TempDir& directory, const char* service) {
  return absl::StrCat("sqlite:", (directory / service).string(), ".db");
}

}  // namespace

CouncilSuite::CouncilSuite(const std::filesystem::path& parent, bool sealed)
    : CouncilSuite(parent, sealed, OnSqlite, {}) {}

CouncilSuite::CouncilSuite(const std::vector<std::string>& arguments)
    : CouncilSuite(std::filesystem::temp_directory_path(), /*sealed=*/true, OnSqlite, arguments) {}

CouncilSuite::CouncilSuite(PostgresServer& postgres, const std::vector<std::string>& arguments)
    : CouncilSuite(
          std::filesystem::temp_directory_path(), /*sealed=*/true,
          [&postgres, database = postgres.CreateDatabase()](const TempDir&, const char* service) {
            Migrate(absl::StrCat(service, "d"), postgres.AdminUrl(database));
            return postgres.ServiceUrl(database);
          },
          arguments) {}

CouncilSuite::CouncilSuite(const std::filesystem::path& parent, bool sealed, const Storage& storage,
                           const std::vector<std::string>& arguments)
    : directory(parent),
      keys(sealed ? MakeKeyring(directory / "keyring.json") : "none"),
      contactsd("contactsd", With(arguments, {"--storage=" + storage(directory, "contacts"), "--keys=" + keys,
                                              "--cache=" + redis.url()})),
      ledgerd("ledgerd", With(arguments, {"--storage=" + storage(directory, "ledger"), "--keys=" + keys,
                                          "--cache=" + redis.url()})),
      recommendationsd("recommendationsd",
                       With(arguments, {"--storage=" + storage(directory, "recommendations"), "--keys=" + keys,
                                        "--contacts=" + contactsd.address(), "--ledger=" + ledgerd.address(),
                                        "--cache=" + redis.url()})),
      contacts(contacts::v1::ContactsService::NewStub(contactsd.Connect())),
      ledger(ledger::v1::LedgerService::NewStub(ledgerd.Connect())),
      recommendations(recommendations::v1::RecommendationsService::NewStub(recommendationsd.Connect())) {}

}  // namespace council::test
