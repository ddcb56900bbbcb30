#include "tests/support/method_call.h"

#include <grpcpp/generic/generic_stub.h>

#include <chrono>

namespace council::test {
namespace {

std::string TextOf(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!bytes.Dump(&slices).ok()) return text;
  for (const grpc::Slice& slice : slices) text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return text;
}

}  // namespace

MethodAnswer CallMethod(const std::shared_ptr<grpc::Channel>& channel, const google::protobuf::MethodDescriptor& method,
                        const std::pair<std::string, std::string>& caller, const std::vector<std::string>& requests,
                        std::size_t most_answers) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.AddMetadata(caller.first, caller.second);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  auto call = stub.PrepareCall(&context, "/" + method.service()->full_name() + "/" + method.name(), &queue);
  // One operation at a time.
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return ok;
  };
  call->StartCall(nullptr);
  wait();
  // A server that has heard enough ends the call before all is sent; the final status says why.
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const grpc::Slice slice(requests[i]);
    const grpc::ByteBuffer bytes(&slice, 1);
    if (i + 1 == requests.size()) {
      call->WriteLast(bytes, grpc::WriteOptions(), nullptr);
    } else {
      call->Write(bytes, nullptr);
    }
    if (!wait()) break;
  }
  MethodAnswer answer;
  bool goes_on = true;
  while (goes_on && answer.messages.size() < most_answers) {
    grpc::ByteBuffer response;
    call->Read(&response, nullptr);
    goes_on = wait();
    if (goes_on) answer.messages.push_back(TextOf(response));
  }
  if (goes_on) context.TryCancel();
  call->Finish(&answer.status, nullptr);
  wait();
  if (goes_on && answer.status.error_code() == grpc::StatusCode::CANCELLED) answer.status = grpc::Status::OK;
  return answer;
}

grpc::StatusCode CallWithEmptyRequest(const std::shared_ptr<grpc::Channel>& channel,
                                      const google::protobuf::MethodDescriptor& method,
                                      const std::pair<std::string, std::string>& caller) {
  return CallMethod(channel, method, caller, {""}, 1).status.error_code();
}

}  // namespace council::test
