#ifndef COUNCIL_LIBS_HTTP_LOOPBACK_SERVER_H_
#define COUNCIL_LIBS_HTTP_LOOPBACK_SERVER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace council::http {

// A request to a server of our own. Of a field given twice the last counts.
struct Request {
  std::string method;  // "GET"
  std::string path;    // "/callback"
  std::map<std::string, std::string> query;
};

struct Answer {
  int status = 200;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
  // Where to go instead; empty: nowhere.
  std::string location = {};
};

// A small HTTP server on a free port of 127.0.0.1, for what comes back from a browser. Requests with a body are
// refused.
class LoopbackServer {
 public:
  // `handler` is called on the server's own thread, one request after the other. UNAVAILABLE where no port can be had.
  static absl::StatusOr<std::unique_ptr<LoopbackServer>> Start(std::function<Answer(const Request&)> handler);
  // Waits until all whose request has come are answered, two seconds at most, and for a handler that runs.
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const;
  // "http://127.0.0.1:PORT"
  std::string url() const;

 private:
  struct Parts;
  explicit LoopbackServer(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace council::http

#endif  // COUNCIL_LIBS_HTTP_LOOPBACK_SERVER_H_
