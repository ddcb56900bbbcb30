#ifndef COUNCIL_TESTS_SUPPORT_REDIS_SERVER_H_
#define COUNCIL_TESTS_SUPPORT_REDIS_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace council::test {

// A real redis-server on a free loopback port, without persistence. It runs when the constructor returns, and ends with
// the object. Throws std::runtime_error, which fails the test, where no server can be started.
class RedisServer {
 public:
  // `arguments` are added to its command line, such as {"--requirepass", "secret"}.
  explicit RedisServer(std::vector<std::string> arguments = {});

  int port() const { return port_; }
  std::string url() const;  // redis://127.0.0.1:PORT

  // Sends a command with redis-cli and returns what that prints; throws std::runtime_error where it fails.
  std::string Run(const std::vector<std::string>& command) const;

  void Kill();     // SIGKILL, and waits for its end
  void Restart();  // on the same port, empty; kills it first if it runs
  void Freeze();   // SIGSTOP: connections are still accepted by the kernel, and nothing answers
  void Thaw();     // SIGCONT

 private:
  bool Start(std::string& error);

  std::vector<std::string> arguments_;
  TempDir directory_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_SUPPORT_REDIS_SERVER_H_
