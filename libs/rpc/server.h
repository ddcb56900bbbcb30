#ifndef COUNCIL_LIBS_RPC_SERVER_H_
#define COUNCIL_LIBS_RPC_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/rpc/adaptor.h"

namespace council::rpc {

// A gRPC server with the standard health service (one status for each service, and one for all under ""), server
// reflection and limits on what a caller may send and how long it may take over it.
//
// Messages are taken uncompressed only, and answered so: a call that says otherwise fails with UNIMPLEMENTED before a
// byte of it is inflated. A connection that is silent for a minute is asked for a sign of life, and closed when none
// comes within twenty seconds; one that asks more often than every twenty seconds itself is closed at once.
class Server {
 public:
  struct Options {
    // HOST:PORT (port 0: any free one) or unix:PATH; empty: reached through InProcessChannel alone.
    std::string listen;
    // How callers come in; null: in clear.
    std::shared_ptr<grpc::ServerCredentials> credentials{};
    // The largest message taken; a larger one fails with RESOURCE_EXHAUSTED.
    int max_message_bytes = 4 << 20;
    // All of a call's metadata together, its token too; more fails with RESOURCE_EXHAUSTED.
    int max_metadata_bytes = 16 << 10;
    // How many calls one connection may have open at once.
    int max_concurrent_streams = 1000;
    // What a new connection may take until it has said in HTTP/2 what it can.
    absl::Duration handshake = absl::Seconds(10);
    // After that time, give or take a tenth, a caller is told to make a new connection: copies of the service that came
    // later get their share, and certificates are shown anew. The calls that run have `connection_grace` to end.
    absl::Duration connection_age = absl::Minutes(30);
    absl::Duration connection_grace = absl::Minutes(16);
  };

  // Starts to listen. `services` and `adaptor` must outlive the server. UNAVAILABLE where the address can't be had.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Options& options, Adaptor& adaptor,
                                                       const std::vector<grpc::Service*>& services);

  // Ends without waiting for running calls, unless Drain was called.
  ~Server();

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Where it listens, with the real port.
  const std::string& address() const { return address_; }

  // A channel to this server within the process: no socket, the same calls.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Health goes NOT_SERVING, for good; calls are taken as before.
  void StopServing();

  // Ends gracefully: health goes NOT_SERVING, no new calls are taken, watches end, running calls finish, but after
  // `limit` are cut off. Returns when all is over; true where no call was cut off.
  bool Drain(absl::Duration limit);

 private:
  Server(std::unique_ptr<grpc::Server> server, std::shared_ptr<grpc::ServerCredentials> credentials, Adaptor& adaptor,
         std::string address);

  const std::shared_ptr<grpc::ServerCredentials> credentials_;
  std::unique_ptr<grpc::Server> server_;
  Adaptor& adaptor_;
  const std::string address_;
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_SERVER_H_
