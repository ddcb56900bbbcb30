#include "libs/http/server.h"

#include <microhttpd.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace council::http {
namespace {

constexpr unsigned kMaxConnections = 64;
constexpr unsigned kMaxConnectionsOfOneHost = 16;
constexpr int kMaxPort = 65535;
constexpr unsigned kTimeoutSeconds = 10;
// What answers may take that are on their way when the server ends.
constexpr absl::Duration kLastAnswers = absl::Seconds(2);

MHD_Result AddField(void* user, MHD_ValueKind, const char* name, const char* value) {
  (*static_cast<std::map<std::string, std::string>*>(user))[name] = value == nullptr ? "" : value;
  return MHD_YES;
}

MHD_Result Send(MHD_Connection* connection, const Answer& answer) {
  // libmicrohttpd copies the body, and only reads what it is given.
  MHD_Response* response = MHD_create_response_from_buffer(
      answer.body.size(), const_cast<char*>(answer.body.data()),  // NOLINT(cppcoreguidelines-pro-type-const-cast)
      MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.content_type.c_str());
  if (!answer.location.empty()) {
    MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, answer.location.c_str());
  }
  // What stands in the address must not go on to another site, nor stay in a cache.
  MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
  MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  const MHD_Result sent = MHD_queue_response(connection, static_cast<unsigned>(answer.status), response);
  MHD_destroy_response(response);
  return sent;
}

}  // namespace

struct Server::Parts {
  std::function<Answer(const Request&)> handler;
  MHD_Daemon* daemon = nullptr;
  std::string address;
  int port = 0;
  absl::Mutex mutex;
  // Requests that are not answered to the last byte.
  int open ABSL_GUARDED_BY(mutex) = 0;

  static MHD_Result OnRequest(void* user, MHD_Connection* connection, const char* path, const char* method,
                              const char* /*version*/, const char* /*upload*/, size_t* upload_size, void** state) {
    if (*upload_size != 0) return MHD_NO;
    // Called once for the headers alone, and once when all is there.
    auto& parts = *static_cast<Parts*>(user);
    if (*state == nullptr) {
      *state = connection;
      absl::MutexLock lock(&parts.mutex);
      ++parts.open;
      return MHD_YES;
    }
    Request request{.method = method, .path = path, .query = {}};
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, AddField, &request.query);
    return Send(connection, parts.handler(request));
  }

  static void OnCompleted(void* user, MHD_Connection* /*connection*/, void** state, MHD_RequestTerminationCode) {
    if (*state == nullptr) return;
    auto& parts = *static_cast<Parts*>(user);
    absl::MutexLock lock(&parts.mutex);
    --parts.open;
  }
};

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const std::string& address,
                                                      std::function<Answer(const Request&)> handler) {
  const size_t colon = address.rfind(':');
  const std::string host = address.substr(0, colon);
  // An IPv6 host stands in brackets, so that its colons are not the port's.
  const bool bracketed = absl::StartsWith(host, "[") && absl::EndsWith(host, "]");
  const std::string bare = bracketed ? host.substr(1, host.size() - 2) : host;
  const std::string port = colon == std::string::npos ? "" : address.substr(colon + 1);
  addrinfo hints = {};
  hints.ai_family = bracketed ? AF_INET6 : AF_INET;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const bool is_port = !port.empty() && port.size() <= 5 &&
                       std::all_of(port.begin(), port.end(), absl::ascii_isdigit) && std::stoi(port) <= kMaxPort;
  if (!is_port || bare.empty() || ::getaddrinfo(bare.c_str(), port.c_str(), &hints, &found) != 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", address, "\" is no address to listen on: HOST:PORT, with numbers, as 0.0.0.0:9464 or [::]:9464"));
  }
  const absl::Cleanup free_found = [found] { ::freeaddrinfo(found); };

  auto parts = std::make_unique<Parts>();
  parts->handler = std::move(handler);
  // Not by select(), which knows no descriptor beyond 1023.
  unsigned flags = MHD_USE_AUTO_INTERNAL_THREAD;
  if (found->ai_family == AF_INET6) flags |= MHD_USE_DUAL_STACK;
  parts->daemon =
      MHD_start_daemon(flags, 0, nullptr, nullptr, &Parts::OnRequest, parts.get(), MHD_OPTION_SOCK_ADDR, found->ai_addr,
                       MHD_OPTION_CONNECTION_LIMIT, kMaxConnections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
                       kMaxConnectionsOfOneHost, MHD_OPTION_CONNECTION_TIMEOUT, kTimeoutSeconds,
                       MHD_OPTION_NOTIFY_COMPLETED, &Parts::OnCompleted, parts.get(), MHD_OPTION_END);
  const MHD_DaemonInfo* bound =
      parts->daemon == nullptr ? nullptr : MHD_get_daemon_info(parts->daemon, MHD_DAEMON_INFO_BIND_PORT);
  std::unique_ptr<Server> server(new Server(std::move(parts)));
  if (bound == nullptr) return absl::UnavailableError(absl::StrCat("can't listen on ", address));
  server->parts_->port = bound->port;
  server->parts_->address = absl::StrCat(host, ":", bound->port);
  return server;
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
  if (parts_->daemon == nullptr) return;
  {
    const auto answered = [this]() ABSL_SHARED_LOCKS_REQUIRED(parts_->mutex) { return parts_->open == 0; };
    absl::MutexLock lock(&parts_->mutex);
    parts_->mutex.AwaitWithTimeout(absl::Condition(&answered), kLastAnswers);
  }
  MHD_stop_daemon(parts_->daemon);
}

const std::string& Server::address() const {
  return parts_->address;
}

int Server::port() const {
  return parts_->port;
}

std::string Server::url() const {
  return absl::StrCat("http://", parts_->address);
}

}  // namespace council::http
