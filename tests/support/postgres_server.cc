#include "tests/support/postgres_server.h"

#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"

namespace council::test {
namespace {

constexpr int kAttempts = 10;  // another program may take the port between our finding and the server's using it
constexpr char kAccount[] = "postgres";
constexpr char kReady[] = "database system is ready to accept";

// Debian keeps the server's programs out of PATH; the newest version there is.
std::string ServerProgram(const std::string& name) {
  std::string found = name;
  const std::filesystem::path versions = "/usr/lib/postgresql";
  if (!std::filesystem::exists(versions)) return found;
  int newest = 0;
  for (const auto& version : std::filesystem::directory_iterator(versions)) {
    const int number = std::atoi(version.path().filename().c_str());
    if (number <= newest || !std::filesystem::exists(version.path() / "bin" / name)) continue;
    newest = number;
    found = version.path() / "bin" / name;
  }
  return found;
}

void GiveToServerAccount(const std::filesystem::path& path) {
  if (::geteuid() != 0) return;
  const passwd* account = ::getpwnam(kAccount);
  if (account == nullptr || ::chown(path.c_str(), account->pw_uid, account->pw_gid) != 0) {
    throw std::runtime_error("no account postgres to run the server as");
  }
}

}  // namespace

PostgresServer::PostgresServer(std::vector<std::string> settings, const std::optional<Certificate>& certificate)
    : settings_(std::move(settings)) {
  GiveToServerAccount(directory_.path());
  if (certificate.has_value()) UseTls(*certificate);
  RunTool({ServerProgram("initdb"), "--pgdata", directory_ / "data", "--username", kAccount, "--auth", "trust",
           "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"});
  StartOnFreePort();
  Sql("postgres", "CREATE ROLE council_admin LOGIN CREATEDB; CREATE ROLE council_service LOGIN");
}

PostgresServer::PostgresServer(OfStandby, PostgresServer& primary) : settings_(primary.settings_) {
  GiveToServerAccount(directory_.path());
  RunTool({ServerProgram("pg_basebackup"), "--pgdata", directory_ / "data", "--write-recovery-conf",
           "--checkpoint=fast", "--no-sync", "--dbname",
           absl::StrCat("postgresql://", kAccount, "@127.0.0.1:", primary.port_, "/?application_name=standby")});
  StartOnFreePort();
}

std::unique_ptr<PostgresServer> PostgresServer::SynchronousStandbyOf(PostgresServer& primary) {
  std::unique_ptr<PostgresServer> standby(new PostgresServer(OfStandby(), primary));
  primary.Sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
  primary.Sql("postgres", "SELECT pg_reload_conf()");
  return standby;
}

PostgresServer::~PostgresServer() {
  Kill();
}

std::string PostgresServer::CreateDatabase() {
  const std::string name = absl::StrCat("council", ++databases_);
  Sql("postgres", absl::StrCat("CREATE DATABASE ", name, " OWNER council_admin"));
  return name;
}

std::string PostgresServer::AdminUrl(const std::string& database) const {
  return absl::StrCat("postgresql://council_admin@127.0.0.1:", port_, "/", database);
}

std::string PostgresServer::ServiceUrl(const std::string& database) const {
  return absl::StrCat("postgresql://council_service@127.0.0.1:", port_, "/", database);
}

std::string PostgresServer::Sql(const std::string& database, const std::string& statements) const {
  int exit_code = 0;
  auto output = RunToEnd({.command = {"psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set",
                                      "ON_ERROR_STOP=1", "--command", statements,
                                      absl::StrCat("postgresql://", kAccount, "@127.0.0.1:", port_, "/", database)}},
                         exit_code);
  if (!output.ok()) throw std::runtime_error(output.status().ToString());
  if (exit_code != 0) throw std::runtime_error("psql: " + *output);
  while (!output->empty() && output->back() == '\n') output->pop_back();
  return *std::move(output);
}

std::string PostgresServer::Log() {
  const std::string mark = absl::StrCat("log read ", ++logs_read_, " times");
  Sql("postgres", absl::StrCat("DO $$BEGIN RAISE LOG '", mark, "'; END$$"));
  const auto logged = process_->WaitForLine(mark);
  if (!logged.ok()) throw std::runtime_error(logged.status().ToString());
  return process_->output();
}

void PostgresServer::Stop() {
  process_->Signal(SIGINT);  // "fast shutdown"
  process_->WaitForExit().IgnoreError();
}

// The sessions would outlive the first process for a moment, and commit what they have.
void PostgresServer::Kill() {
  process_->Signal(SIGSTOP);
  for (const pid_t session : Sessions()) {
    // Not ours to reap. It stays what it is, ended or not, as long as its parent stands still.
    const int session_fd = static_cast<int>(::syscall(SYS_pidfd_open, session, 0));
    if (session_fd < 0) continue;
    ::kill(session, SIGKILL);
    pollfd ended = {.fd = session_fd, .events = POLLIN, .revents = 0};
    while (::poll(&ended, 1, -1) < 0) continue;  // EINTR is all that can come
    ::close(session_fd);
  }
  process_->Kill();
}

void PostgresServer::Restart() {
  Stop();
  std::string error;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (Start(error)) return;
  }
  throw std::runtime_error("PostgreSQL does not come back: " + error);
}

void PostgresServer::Freeze() {
  SignalAll(SIGSTOP);
}

void PostgresServer::Thaw() {
  SignalAll(SIGCONT);
}

void PostgresServer::Promote() {
  RunTool({ServerProgram("pg_ctl"), "promote", "--wait", "--pgdata", directory_ / "data"});
  // It waits for no standby of its own.
  Sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = ''");
  Sql("postgres", "SELECT pg_reload_conf()");
}

std::vector<std::string> PostgresServer::AsServerAccount(std::vector<std::string> command) const {
  if (::geteuid() == 0) {
    const std::vector<std::string> as = {"setpriv", "--reuid",        kAccount,      "--regid",
                                         kAccount,  "--clear-groups", "--pdeathsig", "KILL"};
    command.insert(command.begin(), as.begin(), as.end());
  }
  return command;
}

void PostgresServer::UseTls(const Certificate& certificate) {
  settings_.emplace_back("ssl=on");
  for (const auto& [setting, file] :
       {std::pair("ssl_cert_file", certificate.certificate), std::pair("ssl_key_file", certificate.key)}) {
    const std::filesystem::path copy = directory_ / setting;
    std::filesystem::copy_file(file, copy);
    GiveToServerAccount(copy);
    settings_.push_back(absl::StrCat(setting, "=", copy.string()));
  }
}

void PostgresServer::RunTool(const std::vector<std::string>& command) const {
  int exit_code = 0;
  const auto output = RunToEnd({.command = AsServerAccount(command)}, exit_code);
  if (!output.ok()) throw std::runtime_error(output.status().ToString());
  if (exit_code != 0) throw std::runtime_error(command[0] + ": " + *output);
}

void PostgresServer::StartOnFreePort() {
  std::string error;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    port_ = FreePort();
    if (Start(error)) return;
  }
  throw std::runtime_error("no PostgreSQL server: " + error);
}

bool PostgresServer::Start(std::string& error) {
  std::vector<std::string> command = {ServerProgram("postgres"), "-D", directory_ / "data",          "-p",
                                      absl::StrCat(port_),       "-c", "listen_addresses=127.0.0.1", "-c",
                                      "unix_socket_directories="};
  for (const std::string& setting : settings_) command.insert(command.end(), {"-c", setting});
  auto process = Process::Start({.command = AsServerAccount(std::move(command)), .log = {}});
  if (!process.ok()) {
    error = process.status().ToString();
    return false;
  }
  process_ = *std::move(process);
  const auto ready = process_->WaitForLine(kReady);
  if (!ready.ok()) error = ready.status().ToString();
  return ready.ok();
}

std::vector<pid_t> PostgresServer::Sessions() const {
  std::vector<pid_t> sessions;
  if (process_->WaitForExit(absl::ZeroDuration()).ok()) return sessions;  // and its number may be another's
  std::ifstream list(absl::StrCat("/proc/", process_->pid(), "/task/", process_->pid(), "/children"));
  for (pid_t session = 0; list >> session;) sessions.push_back(session);
  return sessions;
}

void PostgresServer::SignalAll(int signal) {
  if (signal == SIGSTOP) process_->Signal(signal);
  for (const pid_t session : Sessions()) ::kill(session, signal);
  if (signal != SIGSTOP) process_->Signal(signal);
}

}  // namespace council::test
