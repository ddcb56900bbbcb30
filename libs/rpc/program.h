#ifndef COUNCIL_LIBS_RPC_PROGRAM_H_
#define COUNCIL_LIBS_RPC_PROGRAM_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/clock.h"
#include "libs/rpc/adaptor.h"
#include "libs/rpc/authenticator.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/rate_limiter.h"
#include "libs/rpc/server.h"
#include "libs/rpc/transport.h"
#include "libs/telemetry/metrics.h"
#include "libs/telemetry/span_exporter.h"

namespace council::rpc {

// What contactsd, ledgerd, recommendationsd and councild have in common: flags, logging, serving until a signal,
// draining.
//
//   int main(int argc, char** argv) {
//     rpc::Program program("ledgerd", "Keeps the interaction ledger.");
//     std::string storage;
//     program.AddFlag("--storage", storage, "where the ledger is kept: sqlite:PATH")->required();
//     if (const auto exit_code = program.Parse(argc, argv)) return *exit_code;
//     …
//     LedgerEndpoint endpoint(program.adaptor(), service);
//     return program.Serve({&endpoint});
//   }
class Program {
 public:
  // `name` is the program's, `purpose` one sentence for --help.
  Program(std::string name, const std::string& purpose);

  // Adds a flag that can also be given as an environment variable: "--max-things" as COUNCIL_MAX_THINGS.
  template <typename T>
  CLI::Option* AddFlag(const std::string& flag, T& value, const std::string& help) {
    return app_.add_option(flag, value, help)->envname(EnvironmentName(flag))->capture_default_str();
  }

  // Something that the program does instead of serving, once: "ledgerd migrate --storage=…".
  struct Job {
    std::string name;
    std::string purpose;  // For --help.
    // Adds the job's flags to those of its own command line; the program's don't count there.
    std::function<void(CLI::App&)> add_flags;
    // Does it, and says on stdout what was done.
    std::function<absl::Status()> run;
  };
  // Before Parse.
  void AddJob(Job job);

  // Lets other services call these methods ("GetCouncil") in an owner's name, where --tls-client-ca and --tls-peers,
  // which this adds, say by which certificate they are known (ServicePeers). Before Parse.
  void AcceptPeers(std::vector<std::string> methods);

  // Says that the program makes keys of its own where --keys is not given. Before Parse.
  void MakesKeys() { makes_keys_ = true; }

  // Where the command line names a job, does that. Else reads the command line, checks it, sets up logging, and blocks
  // the signals that Serve waits for (so call it before starting threads). An exit code where the program should end: a
  // job is done, help was asked for, or something is wrong, said on stderr.
  std::optional<int> Parse(int argc, const char* const* argv);

  // Where endpoints are hung up. After Parse.
  Adaptor& adaptor() { return *adaptor_; }
  // How callers are known. After Parse.
  const Authenticator& authenticator() const { return *authenticator_; }
  // Where another service is called, see rpc::ChannelTo. After Parse; the program must outlive the result.
  absl::StatusOr<ChannelSource> ChannelTo(const std::string& flag, const std::string& address,
                                          const std::string& ca) const {
    return rpc::ChannelTo(flag, address, ca, tls_, clock_);
  }
  // The value of --keys: none, file:PATH, or empty where it was not given. After Parse.
  const std::string& keys() const { return keys_; }
  // What is counted here, Prometheus can collect where --metrics-listen says.
  telemetry::Metrics& metrics() { return metrics_; }

  // Listens, prints "NAME listening on HOST:PORT" to stdout (and before it, with --metrics-listen, "NAME metrics at
  // http://HOST:PORT/metrics", with --health-listen, "NAME health on HOST:PORT"), serves until SIGTERM or SIGINT, and
  // drains. Returns the exit code: 0, or 1 where an address can't be had or calls had to be cut off.
  int Serve(const std::vector<grpc::Service*>& services);

  // Logs why the program can't start, and returns the exit code for it.
  static int Fail(const absl::Status& status);

  static std::string EnvironmentName(const std::string& flag);

 private:
  static Job HealthJob();
  int Run(const Job& job, int argc, const char* const* argv) const;
  // Whether there are keys where this way of authentication needs them.
  absl::Status CheckKeys() const;

  const std::string name_;
  CLI::App app_;
  std::vector<Job> jobs_;
  std::string listen_ = "127.0.0.1:0";
  std::string metrics_listen_;
  std::string health_listen_;
  std::string otlp_endpoint_;
  AuthOptions auth_;
  TlsFlags tls_;
  std::vector<std::string> peer_methods_;
  std::string keys_;
  bool makes_keys_ = false;
  std::string log_format_ = "text";
  std::string log_level_ = "info";
  double connection_seconds_ = 1800;
  double drain_seconds_ = 20;
  RateLimiter::Options rate_;
  telemetry::Metrics metrics_;
  const std::unique_ptr<telemetry::Metrics::Reading> process_metrics_;
  std::unique_ptr<telemetry::SpanExporter> spans_;
  const base::SystemClock clock_;
  const base::MonotonicClock monotonic_;
  std::unique_ptr<Authenticator> authenticator_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;
  std::unique_ptr<RateLimiter> rate_limiter_;
  std::unique_ptr<Adaptor> adaptor_;
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_PROGRAM_H_
