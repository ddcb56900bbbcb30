#include "tests/contract/empty_call.h"

#include <grpcpp/generic/generic_stub.h>

#include <chrono>

namespace council::test {

grpc::StatusCode CallWithEmptyRequest(const std::shared_ptr<grpc::Channel>& channel,
                                      const google::protobuf::MethodDescriptor& method,
                                      const std::pair<std::string, std::string>& caller) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.AddMetadata(caller.first, caller.second);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  auto call = stub.PrepareCall(&context, "/" + method.service()->full_name() + "/" + method.name(), &queue);
  // One operation at a time: its outcome does not matter, the final status says it all.
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return ok;
  };
  call->StartCall(nullptr);
  wait();
  call->WriteLast(grpc::ByteBuffer(nullptr, 0), grpc::WriteOptions(), nullptr);
  wait();
  // What sends an answer is answered, and a watch would go on for good.
  grpc::ByteBuffer response;
  call->Read(&response, nullptr);
  if (wait()) context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  wait();
  return status.error_code();
}

}  // namespace council::test
