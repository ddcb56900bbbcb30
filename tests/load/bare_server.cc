// A bare gRPC server on the callback API: one method that answers with a fixed number of bytes.

#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "bare.grpc.pb.h"

namespace {

namespace v1 = council::load::v1;

class BareService final : public v1::BareService::CallbackService {
 public:
  explicit BareService(size_t payload_bytes) : payload_(payload_bytes, 'x') {}

  grpc::ServerUnaryReactor* Get(grpc::CallbackServerContext* context, const v1::GetRequest*,
                                v1::GetResponse* response) override {
    response->set_payload(payload_);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const std::string payload_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Answers every call with the same number of bytes.");
  size_t payload_bytes = 0;
  app.add_option("--payload-bytes", payload_bytes, "size of the answer's payload")->required();
  CLI11_PARSE(app, argc, argv);

  BareService service(payload_bytes);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::printf("listening on 127.0.0.1:%d\n", port);
  std::fflush(stdout);
  server->Wait();
}
