#include "clients/cli/embedded_suite.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/status.h"

extern char** environ;

namespace council::cli {
namespace {

namespace fs = std::filesystem;

constexpr off_t kMaxLogBytes = 1 << 20;

// Somebody answers at the socket.
bool Answers(const std::string& socket_path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size() + 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return connected;
}

// Starts the program in a session of its own, with its output in the log.
absl::StatusOr<pid_t> Spawn(const EmbeddedSuiteOptions& options, const std::string& socket_path,
                            const std::string& log_path) {
  std::error_code error;
  const bool long_log = fs::file_size(log_path, error) > kMaxLogBytes && !error;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log_path.c_str(),
                                   O_WRONLY | O_CREAT | (long_log ? O_TRUNC : O_APPEND), 0600);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  std::vector<std::string> arguments = {options.program, "--auth=insecure-dev",
                                        absl::StrCat("--listen=unix:", socket_path),
                                        absl::StrCat("--storage=sqlite:", options.directory),
                                        // Who keeps a suite of their own decides about their mail by importing it.
                                        "--mail-tenants=dev"};
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int result = posix_spawn(&pid, options.program.c_str(), &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (result != 0) {
    return absl::UnavailableError(absl::StrCat("no suite runs, and ", options.program, " can't be started: ",
                                               std::strerror(result), "; --server=HOST:PORT names another"));
  }
  return pid;
}

absl::Status WaitUntilItAnswers(pid_t pid, const std::string& socket_path, const std::string& log_path,
                                absl::Duration patience) {
  const absl::Time end = absl::Now() + patience;
  while (!Answers(socket_path)) {
    if (waitpid(pid, nullptr, WNOHANG) == pid) {
      return absl::UnavailableError(absl::StrCat("the suite ended at once; ", log_path, " says why"));
    }
    if (absl::Now() > end) {
      return absl::UnavailableError(absl::StrCat("the suite does not answer yet; ", log_path, " says why"));
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::OkStatus();
}

}  // namespace

EmbeddedSuiteOptions DefaultEmbeddedSuite() {
  EmbeddedSuiteOptions options;
  const char* data = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  if (data != nullptr && *data != '\0') {
    options.directory = absl::StrCat(data, "/council");
  } else if (home != nullptr && *home != '\0') {
    options.directory = absl::StrCat(home, "/.local/share/council");
  }
  std::error_code error;
  options.program = (fs::read_symlink("/proc/self/exe", error).parent_path() / "councild").string();
  return options;
}

absl::StatusOr<std::string> EnsureEmbeddedSuite(const EmbeddedSuiteOptions& options, const Terminal& terminal) {
  if (options.directory.empty()) {
    return absl::InvalidArgumentError("which suite? HOME is not set, so say --server=HOST:PORT");
  }
  const std::string socket_path = absl::StrCat(options.directory, "/councild.sock");
  const std::string log_path = absl::StrCat(options.directory, "/councild.log");
  const std::string address = absl::StrCat("unix:", socket_path);
  if (socket_path.size() >= sizeof(sockaddr_un::sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the path ", socket_path,
                     " is too long for a socket; set XDG_DATA_HOME to a shorter one, or say --server=HOST:PORT"));
  }
  if (Answers(socket_path)) return address;

  std::error_code error;
  fs::create_directories(options.directory, error);
  fs::permissions(options.directory, fs::perms::owner_all, error);
  const int lock = open(absl::StrCat(options.directory, "/councild.lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (error || lock < 0) return absl::UnavailableError(absl::StrCat("can't write in ", options.directory));
  const absl::Cleanup unlock = [lock] { close(lock); };
  if (flock(lock, LOCK_EX) != 0) return absl::UnavailableError(absl::StrCat("can't lock ", options.directory));
  // Another program may have started it while this one waited for the lock.
  if (Answers(socket_path)) return address;

  COUNCIL_ASSIGN_OR_RETURN(const pid_t pid, Spawn(options, socket_path, log_path));
  COUNCIL_RETURN_IF_ERROR(WaitUntilItAnswers(pid, socket_path, log_path, options.patience));
  std::ofstream(absl::StrCat(options.directory, "/councild.pid")) << pid << '\n';
  *terminal.err << "council: started your suite in " << options.directory << " (it stays up; kill " << pid
                << " ends it)\n";
  return address;
}

}  // namespace council::cli
