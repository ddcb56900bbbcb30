#ifndef COUNCIL_TESTS_SUPPORT_PROCESS_H_
#define COUNCIL_TESTS_SUPPORT_PROCESS_H_

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace council::test {

struct ProcessOptions {
  std::vector<std::string> command;           // the program, found through PATH if it has no slash, and its arguments
  std::vector<std::string> environment = {};  // NAME=VALUE, over the environment of the test
  std::filesystem::path log = {};             // where output and errors go too, appended; empty: nowhere
};

// What a program has taken since it began.
struct ProcessUse {
  absl::Duration processor;      // of all its threads, in steps of 10 ms
  std::int64_t peak_memory = 0;  // the most that it had in RAM at once, in bytes
};

// A program that a test runs. Its standard output and error are gathered line by line, so that a test waits for what
// the program says and not for time to pass. It is killed and reaped with its object, and dies with the test process
// whatever happens to that.
//
// Thread-safe, except for destruction. Start it on a thread that outlives it, best the main one: the kernel ties its
// life to the thread that made it.
class Process {
 public:
  // Fails with INTERNAL if the program cannot be run; a program that starts and fails is seen by WaitForExit.
  static absl::StatusOr<std::unique_ptr<Process>> Start(ProcessOptions options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }

  // Waits for a line that contains `text`, looking at all lines since the start, and returns the first such. Fails with
  // UNAVAILABLE if the output ends without one, with DEADLINE_EXCEEDED if the time is over; the message shows the last
  // lines.
  absl::StatusOr<std::string> WaitForLine(std::string_view text, absl::Duration timeout = absl::Minutes(2)) const;

  // All that it has printed so far.
  std::string output() const;

  // Nothing where it has ended.
  ProcessUse Use() const;

  // SIGTERM, SIGKILL, SIGSTOP, SIGCONT …; nothing happens if it has ended. After SIGSTOP it stands still when this
  // returns.
  void Signal(int signal);

  // Waits for the end, and until all that it printed is gathered. Returns the exit code, or minus the number of the
  // signal that ended it. Fails with DEADLINE_EXCEEDED if it still runs after `timeout`.
  absl::StatusOr<int> WaitForExit(absl::Duration timeout = absl::Minutes(2));

  // Signal(SIGTERM) and WaitForExit.
  absl::StatusOr<int> Terminate(absl::Duration timeout = absl::Minutes(2));

  // Signal(SIGKILL), then waits for the end.
  void Kill();

 private:
  Process(pid_t pid, int pid_fd, int output_fd, int log_fd);
  void Gather(int output_fd, int log_fd);

  const pid_t pid_;
  const int pid_fd_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string output_;
  bool output_ended_ = false;
  std::optional<int> exit_;
  std::thread reader_;
};

// Runs a program to its end and returns it for its output; `exit_code` takes the exit code as WaitForExit gives it.
absl::StatusOr<std::string> RunToEnd(ProcessOptions options, int& exit_code, absl::Duration timeout = absl::Minutes(2));

// A loopback TCP port that was free a moment ago. Another program may take it first, so try again if it does; the
// project's own programs take `--listen=127.0.0.1:0` and print what they got.
int FreePort();

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_PROCESS_H_
