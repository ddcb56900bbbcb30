#include "libs/rpc/program.h"

#include <grpc/support/log.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/rpc/health_probe.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/operations_server.h"
#include "libs/telemetry/process_metrics.h"

namespace council::rpc {
namespace {

constexpr int kUsageExitCode = 2;
constexpr absl::Duration kProbeTimeout = absl::Seconds(2);
constexpr char kFooter[] = "Every flag can also be given as an environment variable: --log-level as COUNCIL_LOG_LEVEL.";

// gRPC's own messages go where all others go.
void LogOfGrpc(gpr_log_func_args* args) {
  const auto level = args->severity == GPR_LOG_SEVERITY_ERROR ? spdlog::level::warn : spdlog::level::debug;
  spdlog::log(level, "gRPC: {}", args->message);
}

// What programs hold in memory is as personal as what they store: it goes into no core file, and into no debugger of
// another program of this account.
void KeepMemoryPrivate() {
  const rlimit no_core = {.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::prctl(PR_SET_DUMPABLE, 0);
}

CLI::Validator KeysValidator() {
  return CLI::Validator(
      [](const std::string& value) {
        const bool known = value == "none" || (absl::StartsWith(value, "file:") && value.size() > 5);
        return known ? std::string() : std::string("must be none or file:PATH");
      },
      "");
}

sigset_t EndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

Program::Program(std::string name, const std::string& purpose)
    : name_(std::move(name)),
      app_(purpose, name_),
      process_metrics_(telemetry::AddProcessMetrics(metrics_, name_, COUNCIL_VERSION)) {
  app_.set_version_flag("--version", "council " COUNCIL_VERSION);
  app_.footer(kFooter);
  AddFlag("--listen", listen_, "address to serve: HOST:PORT (port 0: any free one) or unix:PATH");
  AddFlag("--metrics-listen", metrics_listen_,
          "address of /metrics for Prometheus, /healthz and /readyz, in clear: HOST:PORT with a numeric host; nowhere "
          "where it is not given");
  AddFlag(
      "--health-listen", health_listen_,
      "address of the gRPC health service, in clear, for probes that know no TLS: HOST:PORT; nowhere where it is not "
      "given");
  AddFlag("--otlp-endpoint", otlp_endpoint_,
          "URL of an OpenTelemetry collector that takes spans by OTLP over HTTP: http://HOST:4318/v1/traces; nowhere "
          "where it is not given");
  AddFlag(
      "--auth", auth_.auth,
      "how callers are known: jwt (by access tokens) or insecure-dev (believes the header x-council-owner; loopback "
      "only)")
      ->required();
  AddFlag("--auth-issuers", auth_.issuers,
          "JSON file of the issuers whose access tokens --auth=jwt trusts (docs/operating.md)");
  AddFlag("--tls-cert", tls_.certificate,
          "PEM file with the certificate to serve with and those between it and its CA; read anew when it changes");
  AddFlag("--tls-key", tls_.key, "PEM file with its private key, which must not be readable by every account");
  AddFlag("--keys", keys_, "keys that seal what is stored: file:PATH of a keyring, or none (stored in clear)")
      ->check(KeysValidator());
  AddFlag("--log-format", log_format_, "how log lines look: text or json")->check(CLI::IsMember({"text", "json"}));
  AddFlag("--log-level", log_level_, "least level that is logged: trace, debug, info, warn, error or off");
  AddFlag("--connection-seconds", connection_seconds_,
          "how long a caller may keep a connection before it has to make a new one, which may lead to another copy")
      ->check(CLI::Range(1.0, 86400.0));
  AddFlag("--drain-seconds", drain_seconds_, "how long running calls may take to finish at the end")
      ->check(CLI::Range(0.0, 3600.0));
  AddFlag("--rate", rate_.calls_per_second, "calls that an owner may make of this process each second; 0: no limit")
      ->check(CLI::Range(0.0, 1e9));
  AddFlag("--rate-burst", rate_.burst, "calls that an owner may make at once after a pause")
      ->check(CLI::Range(1.0, 1e9));
  AddJob(HealthJob());
}

Program::Job Program::HealthJob() {
  const auto address = std::make_shared<std::string>();
  return {.name = "health",
          .purpose = "Asks a running copy whether it serves, for health checks of containers.",
          .add_flags =
              [address](CLI::App& app) {
                app.add_option("--health-listen", *address, "the --health-listen of the running copy")
                    ->envname(EnvironmentName("--health-listen"))
                    ->required();
              },
          .run = [address] { return ProbeHealth(*address, kProbeTimeout); }};
}

std::string Program::EnvironmentName(const std::string& flag) {
  return absl::StrCat("COUNCIL_", absl::AsciiStrToUpper(absl::StrReplaceAll(flag.substr(2), {{"-", "_"}})));
}

void Program::AddJob(Job job) {
  jobs_.push_back(std::move(job));
  std::string footer = "Jobs that are done instead of serving (--help behind one shows its flags):";
  for (const Job& one : jobs_) absl::StrAppend(&footer, "\n  ", name_, " ", one.name, ": ", one.purpose);
  app_.footer(absl::StrCat(kFooter, "\n\n", footer));
}

void Program::AcceptPeers(std::vector<std::string> methods) {
  peer_methods_ = std::move(methods);
  AddFlag("--tls-client-ca", tls_.client_ca, "PEM file with the CAs by which other services are known when they call");
  AddFlag("--tls-peers", tls_.peers,
          "names (DNS or URI) in the certificates of the services that may read in an owner's name")
      ->delimiter(',');
}

int Program::Run(const Job& job, int argc, const char* const* argv) const {
  CLI::App app(job.purpose, absl::StrCat(name_, " ", job.name));
  job.add_flags(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : kUsageExitCode;
  }
  const absl::Status status = job.run();
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s %s: %s\n", name_.c_str(), job.name.c_str(), std::string(status.message()).c_str());
  return absl::IsInvalidArgument(status) ? kUsageExitCode : 1;
}

std::optional<int> Program::Parse(int argc, const char* const* argv) {
  KeepMemoryPrivate();
  for (const Job& job : jobs_) {
    if (argc > 1 && job.name == argv[1]) return Run(job, argc - 1, argv + 1);
  }
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app_.exit(e) == 0 ? 0 : kUsageExitCode;
  }
  const auto usage = [this](const absl::Status& status) {
    std::fprintf(stderr, "%s: %s\n", name_.c_str(), std::string(status.message()).c_str());
    return kUsageExitCode;
  };
  const auto format = log_format_ == "json" ? telemetry::LogFormat::kJson : telemetry::LogFormat::kText;
  if (const auto status = telemetry::SetUpLogging(name_, format, log_level_); !status.ok()) return usage(status);
  gpr_set_log_function(LogOfGrpc);
  const sigset_t signals = EndSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto authenticator = MakeAuthenticator(auth_, clock_);
  if (!authenticator.ok()) return usage(authenticator.status());
  authenticator_ = *std::move(authenticator);
  auto credentials = ServerTransport(tls_, listen_, clock_);
  if (!credentials.ok()) return usage(credentials.status());
  credentials_ = *std::move(credentials);
  if (const auto status = authenticator_->CheckListenAddress(listen_); !status.ok()) return usage(status);
  if (const auto status = CheckKeys(); !status.ok()) return usage(status);

  if (!otlp_endpoint_.empty()) {
    auto spans = telemetry::OpenSpanExporter(otlp_endpoint_, name_);
    if (!spans.ok()) return usage(spans.status());
    spans_ = *std::move(spans);
  }

  Adaptor::Options options;
  options.metrics = &metrics_;
  options.spans = spans_.get();
  options.peers = ServicePeers(tls_.peers, peer_methods_);
  if (rate_.calls_per_second > 0) {
    rate_limiter_ = std::make_unique<RateLimiter>(rate_, monotonic_, metrics_);
    options.rate_limiter = rate_limiter_.get();
  }
  adaptor_ = std::make_unique<Adaptor>(*authenticator_, options);
  return std::nullopt;
}

absl::Status Program::CheckKeys() const {
  const bool has_keys = absl::StartsWith(keys_, "file:") || (keys_.empty() && makes_keys_);
  if (has_keys || auth_.auth == "insecure-dev") return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--keys=file:PATH is needed: without keys tokens can be forged, which --auth=insecure-dev alone may put up with");
}

int Program::Serve(const std::vector<grpc::Service*>& services) {
  std::atomic<bool> serving = false;
  std::unique_ptr<telemetry::OperationsServer> operations;
  if (!metrics_listen_.empty()) {
    auto started = telemetry::OperationsServer::Start(metrics_, metrics_listen_, [&serving] { return serving.load(); });
    if (!started.ok()) return Fail(started.status());
    operations = *std::move(started);
    std::printf("%s metrics at http://%s/metrics\n", name_.c_str(), operations->address().c_str());
  }
  Server::Options options;
  options.listen = listen_;
  options.credentials = credentials_;
  options.connection_age = absl::Seconds(connection_seconds_);
  std::unique_ptr<Server> health;
  if (!health_listen_.empty()) {
    auto started = Server::Start({.listen = health_listen_}, *adaptor_, {});
    if (!started.ok()) return Fail(started.status());
    health = *std::move(started);
    std::printf("%s health on %s\n", name_.c_str(), health->address().c_str());
  }
  auto server = Server::Start(options, *adaptor_, services);
  if (!server.ok()) return Fail(server.status());
  serving = true;
  std::printf("%s listening on %s\n", name_.c_str(), (*server)->address().c_str());
  std::fflush(stdout);
  spdlog::info("listening on {}", (*server)->address());

  const sigset_t signals = EndSignals();
  int signal = 0;
  sigwait(&signals, &signal);
  spdlog::info("{}: finishing running calls", signal == SIGTERM ? "SIGTERM" : "SIGINT");
  serving = false;
  if (health != nullptr) health->StopServing();
  const bool all_answered = (*server)->Drain(absl::Seconds(drain_seconds_));
  if (!all_answered) spdlog::warn("calls that ran longer than {} s were cut off", drain_seconds_);
  spdlog::info("ended");
  return all_answered ? 0 : 1;
}

int Program::Fail(const absl::Status& status) {
  spdlog::error("{}", std::string(status.message()));
  return 1;
}

}  // namespace council::rpc
