#ifndef COUNCIL_LIBS_HTTP_SERVER_H_
#define COUNCIL_LIBS_HTTP_SERVER_H_

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

// A small HTTP server in clear: for what comes back from a browser on this machine, and for figures and probes.
// Requests with a body are refused.
class Server {
 public:
  // Listens on `address`, HOST:PORT with a numeric host (port 0: any free one). `handler` is called on the server's own
  // thread, one request after the other. INVALID_ARGUMENT for another address, UNAVAILABLE where it can't be had.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const std::string& address,
                                                       std::function<Answer(const Request&)> handler);
  // Waits until all whose request has come are answered, two seconds at most, and for a handler that runs.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Where it listens, with the real port.
  const std::string& address() const;
  int port() const;
  // "http://HOST:PORT"
  std::string url() const;

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace council::http

#endif  // COUNCIL_LIBS_HTTP_SERVER_H_
