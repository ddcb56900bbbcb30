#include "tests/support/process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace council::test {
namespace {

absl::Status ErrnoStatus(std::string_view what) {
  return absl::InternalError(absl::StrCat(std::string(what), ": ", std::strerror(errno)));
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const std::vector<std::string>& additions) {
  std::vector<std::string> all;
  // What is said last counts, as in a shell; getenv would take the first.
  for (auto added = additions.rbegin(); added != additions.rend(); ++added) {
    const std::string name = added->substr(0, added->find('=') + 1);
    if (std::ranges::none_of(all, [&](const std::string& later) { return later.starts_with(name); })) {
      all.push_back(*added);
    }
  }
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name(*entry, static_cast<size_t>(std::strchr(*entry, '=') - *entry + 1));
    if (std::ranges::none_of(additions, [&](const std::string& added) { return added.starts_with(name); })) {
      all.emplace_back(*entry);
    }
  }
  return all;
}

std::string Tail(const std::string& text) {
  constexpr size_t kShown = 2000;
  return text.size() <= kShown ? text : absl::StrCat("…", text.substr(text.size() - kShown));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Process>> Process::Start(ProcessOptions options) {
  int out[2];
  int failed[2];  // closed by exec; otherwise brings its errno
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(failed, O_CLOEXEC) != 0) return ErrnoStatus("pipe");
  int log_fd = -1;
  if (!options.log.empty()) {
    log_fd = open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (log_fd < 0) return ErrnoStatus(options.log.native());
  }
  // All memory is taken before the fork: other threads may hold the allocator's lock in the child.
  std::vector<std::string> environment = Environment(options.environment);
  const std::vector<char*> argv = Pointers(options.command);
  const std::vector<char*> envp = Pointers(environment);

  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return ErrnoStatus("fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);  // the test died before the line above
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    setpgid(0, 0);  // Ctrl-C on a terminal is the test's to handle
    const int null_fd = open("/dev/null", O_RDONLY);
    dup2(null_fd, STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    dup2(out[1], STDERR_FILENO);
    execvpe(argv[0], argv.data(), envp.data());
    const int error = errno;
    (void)!write(failed[1], &error, sizeof(error));
    _exit(127);
  }
  close(out[1]);
  close(failed[1]);
  int error = 0;
  const bool exec_failed = read(failed[0], &error, sizeof(error)) == sizeof(error);
  close(failed[0]);
  if (exec_failed) {
    waitpid(pid, nullptr, 0);
    close(out[0]);
    if (log_fd >= 0) close(log_fd);
    errno = error;
    return ErrnoStatus(options.command[0]);
  }
  const int pid_fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  return std::unique_ptr<Process>(new Process(pid, pid_fd, out[0], log_fd));
}

Process::Process(pid_t pid, int pid_fd, int output_fd, int log_fd)
    : pid_(pid), pid_fd_(pid_fd), reader_([this, output_fd, log_fd] { Gather(output_fd, log_fd); }) {}

Process::~Process() {
  Kill();
  reader_.join();
  close(pid_fd_);
}

void Process::Gather(int output_fd, int log_fd) {
  char buffer[16384];
  // Grandchildren may hold the pipe open for longer than the program lives, so its end is watched as well.
  pollfd fds[2] = {{.fd = output_fd, .events = POLLIN, .revents = 0}, {.fd = pid_fd_, .events = POLLIN, .revents = 0}};
  while (true) {
    if (poll(fds, 2, -1) < 0) continue;  // EINTR is all that can come
    if (fds[0].revents == 0) break;
    const ssize_t n = read(output_fd, buffer, sizeof(buffer));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    if (log_fd >= 0) (void)!write(log_fd, buffer, static_cast<size_t>(n));
    const std::lock_guard lock(mutex_);
    output_.append(buffer, static_cast<size_t>(n));
    changed_.notify_all();
  }
  close(output_fd);
  if (log_fd >= 0) close(log_fd);
  const std::lock_guard lock(mutex_);
  output_ended_ = true;
  changed_.notify_all();
}

absl::StatusOr<std::string> Process::WaitForLine(std::string_view text, absl::Duration timeout) const {
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  size_t line_start = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    for (size_t end; (end = output_.find('\n', line_start)) != std::string::npos; line_start = end + 1) {
      const std::string_view line(output_.data() + line_start, end - line_start);
      if (line.find(text) != std::string_view::npos) return std::string(line);
    }
    if (output_ended_) {
      return absl::UnavailableError(
          absl::StrCat("the output ended without \"", std::string(text), "\":\n", Tail(output_)));
    }
    if (changed_.wait_until(lock, deadline) == std::cv_status::timeout) {
      return absl::DeadlineExceededError(
          absl::StrCat("no line with \"", std::string(text), "\" in time:\n", Tail(output_)));
    }
  }
}

std::string Process::output() const {
  const std::lock_guard lock(mutex_);
  return output_;
}

ProcessUse Process::Use() const {
  ProcessUse use;
  const std::lock_guard lock(mutex_);
  if (exit_.has_value()) return use;  // and its number may be another's
  const std::string directory = absl::StrCat("/proc/", pid_);
  // proc(5): the name, in brackets, may hold blanks; user and system time are the 12th and 13th field behind it.
  std::ifstream stat(directory + "/stat");
  const std::string line(std::istreambuf_iterator<char>(stat), {});
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string field;
  for (int i = 1; fields >> field; ++i) {
    std::int64_t ticks = 0;
    if ((i == 12 || i == 13) && absl::SimpleAtoi(field, &ticks)) {
      use.processor += absl::Seconds(ticks) / sysconf(_SC_CLK_TCK);
    }
  }
  std::ifstream status(directory + "/status");
  for (std::string word; status >> word;) {
    std::int64_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) use.peak_memory = kilobytes * 1024;
  }
  return use;
}

void Process::Signal(int signal) {
  const std::lock_guard lock(mutex_);
  if (exit_.has_value()) return;  // and its number may be another's
  kill(pid_, signal);
  siginfo_t ignored;
  if (signal == SIGSTOP) waitid(P_PID, static_cast<id_t>(pid_), &ignored, WSTOPPED | WEXITED | WNOWAIT);
}

absl::StatusOr<int> Process::WaitForExit(absl::Duration timeout) {
  const auto deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(timeout);
  while (true) {
    {
      std::unique_lock lock(mutex_);
      int status = 0;
      if (!exit_.has_value() && waitpid(pid_, &status, WNOHANG) == pid_) {
        exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
      }
      if (exit_.has_value()) {
        changed_.wait_until(lock, deadline, [this] { return output_ended_; });
        return *exit_;
      }
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return absl::DeadlineExceededError(absl::StrCat("still running:\n", Tail(output())));
    pollfd poll_fd{.fd = pid_fd_, .events = POLLIN, .revents = 0};
    poll(&poll_fd, 1, static_cast<int>(std::min<int64_t>(left, 3'600'000)));
  }
}

absl::StatusOr<int> Process::Terminate(absl::Duration timeout) {
  Signal(SIGTERM);
  return WaitForExit(timeout);
}

void Process::Kill() {
  Signal(SIGKILL);
  (void)WaitForExit(absl::Hours(24));
}

absl::StatusOr<std::string> RunToEnd(ProcessOptions options, int& exit_code, absl::Duration timeout) {
  auto process = Process::Start(std::move(options));
  if (!process.ok()) return process.status();
  const auto code = (*process)->WaitForExit(timeout);
  if (!code.ok()) return code.status();
  exit_code = *code;
  return (*process)->output();
}

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw std::system_error(errno, std::generic_category(), "no free port");
  }
  close(fd);
  return ntohs(address.sin_port);
}

}  // namespace council::test
