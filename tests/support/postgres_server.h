#ifndef COUNCIL_TESTS_SUPPORT_POSTGRES_SERVER_H_
#define COUNCIL_TESTS_SUPPORT_POSTGRES_SERVER_H_

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/certificates.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace council::test {

// A real PostgreSQL server on a free loopback port, with a cluster of its own, run as the account `postgres` where the
// test runs as root. It takes connections when the constructor returns, and ends with the object. Throws
// std::runtime_error, which fails the test, where no server can be started.
//
// It has the roles council_admin, who may make databases and own what is in them, and council_service, who may do
// nothing until it is given the right.
class PostgresServer {
 public:
  // `settings` are added to its configuration, such as {"synchronous_commit=on"}. With a certificate it takes TLS too.
  explicit PostgresServer(std::vector<std::string> settings = {}, const std::optional<Certificate>& certificate = {});

  // A hot standby of `primary`, fed by streaming. The primary waits for it with every commit from now on, so that a
  // promoted standby has all that was acknowledged.
  static std::unique_ptr<PostgresServer> SynchronousStandbyOf(PostgresServer& primary);

  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Makes an empty database, owned by council_admin, with a name of its own, and returns that.
  std::string CreateDatabase();

  int port() const { return port_; }
  // postgresql://ROLE@127.0.0.1:PORT/DATABASE
  std::string AdminUrl(const std::string& database) const;
  std::string ServiceUrl(const std::string& database) const;

  // Runs statements as superuser; throws std::runtime_error with what psql says where one fails. Returns the rows,
  // unaligned.
  std::string Sql(const std::string& database, const std::string& statements) const;

  // What it has logged up to now: with the setting "log_statement=all", among it every statement that was answered.
  std::string Log();

  void Stop();     // smoothly: connections are ended, all is written
  void Kill();     // SIGKILL, with all its sessions, as a crash
  void Restart();  // on the same port with the same data; stops it first if it runs
  void Freeze();   // SIGSTOP, with all its sessions
  void Thaw();
  void Promote();  // a standby becomes the primary; returns when it takes writes

 private:
  struct OfStandby {};
  PostgresServer(OfStandby, PostgresServer& primary);

  std::vector<std::string> AsServerAccount(std::vector<std::string> command) const;
  void UseTls(const Certificate& certificate);
  void RunTool(const std::vector<std::string>& command) const;
  void StartOnFreePort();
  bool Start(std::string& error);
  // Processes of their own, children of the first.
  std::vector<pid_t> Sessions() const;
  void SignalAll(int signal);

  std::vector<std::string> settings_;
  TempDir directory_;
  int port_ = 0;
  int databases_ = 0;
  int logs_read_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_POSTGRES_SERVER_H_
