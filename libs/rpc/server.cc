#include "libs/rpc/server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/impl/server_initializer.h>

#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "grpc/health/v1/health.pb.h"
#include "libs/base/status.h"

namespace council::rpc {
namespace {

// How often the end of running calls is looked for while draining.
constexpr absl::Duration kDrainPoll = absl::Milliseconds(5);

// How long the last answers have to reach their callers before connections are closed by force: that makes the kernel
// reset them, and a caller loses what it has not read yet.
constexpr absl::Duration kLinger = absl::Milliseconds(500);

// When a silent connection is asked for a sign of life, and how long it has for that.
constexpr absl::Duration kKeepalive = absl::Minutes(1);
constexpr absl::Duration kKeepaliveAnswer = absl::Seconds(20);
// How often callers may ask, and how many times more often before they are closed.
constexpr absl::Duration kCallersKeepalive = absl::Seconds(20);
constexpr int kStrikes = 2;

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

void SetLimits(const Server::Options& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options.max_metadata_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_concurrent_streams);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Milliseconds(options.handshake));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Milliseconds(options.connection_age));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, Milliseconds(options.connection_grace));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(kKeepalive));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(kKeepaliveAnswer));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, Milliseconds(kCallersKeepalive));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, kStrikes);
  // A compressed message could inflate far beyond the limit on what is sent: gRPC looks at the size before and not
  // after. Without its filter nothing is inflated at all.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
}

// Learns the names of a server's services, which it does not tell otherwise.
class ServiceNames final : public grpc::ServerBuilderPlugin {
 public:
  explicit ServiceNames(std::vector<std::string>& names) : names_(names) {}

  std::string name() override { return "council_service_names"; }
  void InitServer(grpc::ServerInitializer*) override {}
  void Finish(grpc::ServerInitializer* initializer) override { names_ = *initializer->GetServiceList(); }
  void ChangeArguments(const std::string&, void*) override {}

 private:
  std::vector<std::string>& names_;
};

class NameServices final : public grpc::ServerBuilderOption {
 public:
  explicit NameServices(std::vector<std::string>& names) : names_(names) {}

  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->push_back(std::make_unique<ServiceNames>(names_));
  }

 private:
  std::vector<std::string>& names_;
};

}  // namespace

Server::Server(std::unique_ptr<grpc::Server> server, std::shared_ptr<grpc::ServerCredentials> credentials,
               Adaptor& adaptor, std::string address)
    : credentials_(std::move(credentials)),
      server_(std::move(server)),
      adaptor_(adaptor),
      address_(std::move(address)) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Options& options, Adaptor& adaptor,
                                                      const std::vector<grpc::Service*>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  // Links the description of the health service, which gRPC serves without it: reflection lists the service, and
  // clients that ask for all descriptions would fail.
  grpc::health::v1::HealthCheckRequest::descriptor();

  grpc::ServerBuilder builder;
  int port = 0;
  const auto credentials = options.credentials == nullptr ? grpc::InsecureServerCredentials() : options.credentials;
  if (!options.listen.empty()) builder.AddListeningPort(options.listen, credentials, &port);
  SetLimits(options, builder);
  // Otherwise a second server could share the port unnoticed, each getting half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  for (grpc::Service* service : services) builder.RegisterService(service);

  std::vector<std::string> names;
  builder.SetOption(std::make_unique<NameServices>(names));

  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    return base::Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_SERVICE_UNAVAILABLE,
                       absl::StrCat("can't listen on ", options.listen, ": is the address this machine's, and free?"));
  }
  for (const std::string& name : names) server->GetHealthCheckService()->SetServingStatus(name, true);
  server->GetHealthCheckService()->SetServingStatus(true);

  std::string address = options.listen;
  if (!address.empty() && !absl::StartsWith(address, "unix:")) {
    address = absl::StrCat(address.substr(0, address.rfind(':') + 1), port);
  }
  return std::unique_ptr<Server>(new Server(std::move(server), credentials, adaptor, std::move(address)));
}

Server::~Server() {
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  return server_->InProcessChannel(grpc::ChannelArguments());
}

void Server::StopServing() {
  server_->GetHealthCheckService()->Shutdown();
}

bool Server::Drain(absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  StopServing();
  // Shutdown sends GOAWAY at once and then waits for every call, those that watch health or reflection too: these never
  // end by themselves, so they are cancelled soon after the suite's own calls are over.
  absl::Notification ended;
  std::thread shutdown([this, &ended] {
    server_->Shutdown();
    ended.Notify();
  });
  adaptor_.EndWatches();
  bool all_answered = true;
  do {
    while (all_answered && adaptor_.running_calls() > 0) {
      absl::SleepFor(kDrainPoll);
      all_answered = absl::Now() < end;
    }
    // Calls that were on their way when callers heard of the end come in meanwhile.
  } while (all_answered && !ended.WaitForNotificationWithTimeout(kLinger) && adaptor_.running_calls() > 0);
  grpc_server_cancel_all_calls(server_->c_server());
  shutdown.join();
  server_.reset();
  return all_answered;
}

}  // namespace council::rpc
