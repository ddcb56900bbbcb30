#include "libs/http/loopback_server.h"

#include <arpa/inet.h>
#include <microhttpd.h>

#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace council::http {
namespace {

constexpr unsigned kMaxConnections = 16;
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

struct LoopbackServer::Parts {
  std::function<Answer(const Request&)> handler;
  MHD_Daemon* daemon = nullptr;
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

absl::StatusOr<std::unique_ptr<LoopbackServer>> LoopbackServer::Start(std::function<Answer(const Request&)> handler) {
  auto parts = std::make_unique<Parts>();
  parts->handler = std::move(handler);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  parts->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, nullptr, nullptr, &Parts::OnRequest, parts.get(),
                                   MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT, kMaxConnections,
                                   MHD_OPTION_CONNECTION_TIMEOUT, kTimeoutSeconds, MHD_OPTION_NOTIFY_COMPLETED,
                                   &Parts::OnCompleted, parts.get(), MHD_OPTION_END);
  const MHD_DaemonInfo* bound =
      parts->daemon == nullptr ? nullptr : MHD_get_daemon_info(parts->daemon, MHD_DAEMON_INFO_BIND_PORT);
  std::unique_ptr<LoopbackServer> server(new LoopbackServer(std::move(parts)));
  if (bound == nullptr) return absl::UnavailableError("can't listen on a port of 127.0.0.1");
  server->parts_->port = bound->port;
  return server;
}

LoopbackServer::LoopbackServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

LoopbackServer::~LoopbackServer() {
  if (parts_->daemon == nullptr) return;
  {
    const auto answered = [this]() ABSL_SHARED_LOCKS_REQUIRED(parts_->mutex) { return parts_->open == 0; };
    absl::MutexLock lock(&parts_->mutex);
    parts_->mutex.AwaitWithTimeout(absl::Condition(&answered), kLastAnswers);
  }
  MHD_stop_daemon(parts_->daemon);
}

int LoopbackServer::port() const {
  return parts_->port;
}

std::string LoopbackServer::url() const {
  return absl::StrCat("http://127.0.0.1:", parts_->port);
}

}  // namespace council::http
