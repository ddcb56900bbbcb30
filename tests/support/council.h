#ifndef COUNCIL_TESTS_SUPPORT_COUNCIL_H_
#define COUNCIL_TESTS_SUPPORT_COUNCIL_H_

#include <grpcpp/grpcpp.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.grpc.pb.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "council/recommendations/v1/recommendations_service.grpc.pb.h"
#include "tests/support/call.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"

namespace council::test {

// Where the program of this name lies: in $COUNCIL_BIN_DIR.
std::string ProgramPath(const std::string& name);

// One of the suite's programs, serving on a loopback port of its own, with --auth=insecure-dev and a rate that no test
// comes near where the arguments say no other. It serves when the constructor returns. Throws std::runtime_error, which
// fails the test, where it can't.
class CouncilProgram {
 public:
  // `name` is the program's ("ledgerd"); `arguments` come besides --listen.
  CouncilProgram(std::string name, std::vector<std::string> arguments);

  const std::string& address() const { return address_; }  // 127.0.0.1:PORT
  Process& process() { return *process_; }

  // A new connection to it.
  std::shared_ptr<grpc::Channel> Connect(
      const std::shared_ptr<grpc::ChannelCredentials>& credentials = grpc::InsecureChannelCredentials()) const;

  // Starts it again on the same address and the same storage, after a Kill or the end of the process.
  void Restart();

 private:
  void Start(const std::string& listen);

  const std::string name_;
  const std::vector<std::string> arguments_;
  std::unique_ptr<Process> process_;
  std::string address_;
};

// Runs the command `migrate` of a program: `url` names a PostgreSQL database as council_admin, and council_service gets
// its rights. Throws std::runtime_error where that fails.
void Migrate(const std::string& program, const std::string& url);

// Makes a keyring of this path and returns what --keys takes. Throws std::runtime_error where that fails.
std::string MakeKeyring(const std::filesystem::path& path);

// contactsd, ledgerd and recommendationsd with a keyring, and a redis-server beside them.
class CouncilSuite {
 public:
  // On SQLite. The data lie in a directory of their own in `parent`; in clear where `sealed` is false.
  explicit CouncilSuite(const std::filesystem::path& parent = std::filesystem::temp_directory_path(),
                        bool sealed = true);

  // On SQLite, each program with these arguments too ("--auth=jwt").
  explicit CouncilSuite(const std::vector<std::string>& arguments);

  // On PostgreSQL, in a new database of `postgres`, which must outlive the suite; each program with these arguments
  // too.
  explicit CouncilSuite(PostgresServer& postgres, const std::vector<std::string>& arguments = {});

  TempDir directory;
  const std::string keys;  // what --keys takes
  RedisServer redis;
  CouncilProgram contactsd;
  CouncilProgram ledgerd;
  CouncilProgram recommendationsd;

  std::unique_ptr<contacts::v1::ContactsService::Stub> contacts;
  std::unique_ptr<ledger::v1::LedgerService::Stub> ledger;
  std::unique_ptr<recommendations::v1::RecommendationsService::Stub> recommendations;

 private:
  // `storage` gives what --storage takes, of "contacts" and so on.
  using Storage = std::function<std::string(const TempDir& directory, const char* service)>;
  CouncilSuite(const std::filesystem::path& parent, bool sealed, const Storage& storage,
               const std::vector<std::string>& arguments);
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_COUNCIL_H_
