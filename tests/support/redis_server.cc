#include "tests/support/redis_server.h"

#include <signal.h>

#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"

namespace council::test {
namespace {

constexpr int kAttempts = 10;  // another program may take the port between our finding and redis-server's using it

}  // namespace

RedisServer::RedisServer(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
  std::string error;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    port_ = FreePort();
    if (Start(error)) return;
  }
  throw std::runtime_error("no redis-server: " + error);
}

std::string RedisServer::url() const {
  return absl::StrCat("redis://127.0.0.1:", port_);
}

std::string RedisServer::Run(const std::vector<std::string>& command) const {
  ProcessOptions options{.command = {"redis-cli", "-e", "-p", absl::StrCat(port_)}};
  options.command.insert(options.command.end(), command.begin(), command.end());
  int exit_code = 0;
  auto output = RunToEnd(std::move(options), exit_code);
  if (!output.ok()) throw std::runtime_error(output.status().ToString());
  if (exit_code != 0) throw std::runtime_error("redis-cli: " + *output);
  return *std::move(output);
}

void RedisServer::Kill() {
  process_->Kill();
}

void RedisServer::Restart() {
  process_->Kill();
  std::string error;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (Start(error)) return;
  }
  throw std::runtime_error("redis-server does not come back: " + error);
}

void RedisServer::Freeze() {
  process_->Signal(SIGSTOP);
}

void RedisServer::Thaw() {
  process_->Signal(SIGCONT);
}

bool RedisServer::Start(std::string& error) {
  ProcessOptions options{.command = {"redis-server", "--port", absl::StrCat(port_), "--bind", "127.0.0.1", "--save", "",
                                     "--appendonly", "no", "--dir", directory_.path()},
                         .log = directory_ / "redis.log"};
  options.command.insert(options.command.end(), arguments_.begin(), arguments_.end());
  auto process = Process::Start(std::move(options));
  if (!process.ok()) {
    error = process.status().ToString();
    return false;
  }
  process_ = *std::move(process);
  const auto ready = process_->WaitForLine("Ready to accept connections");
  if (!ready.ok()) error = ready.status().ToString();
  return ready.ok();
}

}  // namespace council::test
