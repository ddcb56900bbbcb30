#include "tests/fuzz/suite_under_fuzz.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/base/check.h"
#include "libs/base/status.h"
#include "libs/rpc/grpc_status.h"
#include "tests/support/suite_in_process.h"

namespace council::fuzz {
namespace {

using google::protobuf::MethodDescriptor;

// Metadata of an answer that are larger make gRPC drop it.
constexpr std::size_t kMostMetadata = 7800;
constexpr absl::Duration kCallTime = absl::Minutes(2);
// A watch that begins where nothing comes any more says nothing.
constexpr absl::Duration kWatchTime = absl::Milliseconds(20);

bool IsWatch(const MethodDescriptor& method) {
  return absl::StartsWith(method.name(), "Watch");
}

Message Parsed(const google::protobuf::Descriptor* type, const grpc::ByteBuffer& buffer) {
  Message message(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  grpc::ByteBuffer bytes = buffer;
  grpc::ProtoBufferReader reader(&bytes);
  COUNCIL_CHECK(message->ParseFromZeroCopyStream(&reader));
  return message;
}

grpc::ByteBuffer Serialized(const google::protobuf::Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

// The operations of a call, one after the other.
class Operations {
 public:
  grpc::CompletionQueue& queue() { return queue_; }
  bool Wait() {
    void* tag = nullptr;
    bool ok = false;
    COUNCIL_CHECK(queue_.Next(&tag, &ok));
    return ok;
  }

 private:
  grpc::CompletionQueue queue_;
};

}  // namespace

struct SuiteUnderFuzz::Parts {
  test::SuiteInProcess suite{absl::FromUnixSeconds(1'781'524'800)};  // 2026-06-15 12:00 UTC.
  grpc::GenericStub stub{suite.channel()};
};

SuiteUnderFuzz::SuiteUnderFuzz() : parts_(std::make_unique<Parts>()) {
  for (const auto* file :
       {contacts::v1::GetContactRequest::descriptor()->file(), ledger::v1::GetTieRequest::descriptor()->file(),
        recommendations::v1::GetHindsightRequest::descriptor()->file()}) {
    const auto& service = *file->service(0);
    // "council.ledger.v1" → "ledger".
    const std::vector<std::string> parts = absl::StrSplit(file->package(), '.');
    for (int i = 0; i < service.method_count(); ++i) {
      methods_[absl::StrCat(parts[1], ".", service.method(i)->name())] = service.method(i);
    }
  }
}

SuiteUnderFuzz::~SuiteUnderFuzz() = default;

SuiteUnderFuzz& SuiteUnderFuzz::Get() {
  static auto* const kSuite = new SuiteUnderFuzz();
  return *kSuite;
}

Message SuiteUnderFuzz::NewRequest(const MethodDescriptor& method) {
  return Message(google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type())->New());
}

Outcome SuiteUnderFuzz::Call(const std::string& owner, const MethodDescriptor& method,
                             const std::vector<Message>& requests) {
  Operations operations;
  grpc::ClientContext context;
  context.AddMetadata("x-council-owner", owner);
  context.set_deadline(absl::ToChronoTime(absl::Now() + (IsWatch(method) ? kWatchTime : kCallTime)));
  const auto call = parts_->stub.PrepareCall(
      &context, absl::StrCat("/", method.service()->full_name(), "/", method.name()), &operations.queue());
  call->StartCall(nullptr);
  bool open = operations.Wait();
  for (std::size_t i = 0; open && i < requests.size() && (i == 0 || method.client_streaming()); ++i) {
    call->Write(Serialized(*requests[i]), nullptr);
    open = operations.Wait();
  }
  if (open) {
    call->WritesDone(nullptr);
    operations.Wait();
  }
  Outcome outcome;
  while (true) {
    grpc::ByteBuffer response;
    call->Read(&response, nullptr);
    if (!operations.Wait()) break;
    outcome.responses.push_back(Parsed(method.output_type(), response));
    if (IsWatch(method)) context.TryCancel();
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  operations.Wait();
  outcome.status = rpc::FromGrpc(status);
  const bool watched =
      IsWatch(method) && (absl::IsCancelled(outcome.status) || absl::IsDeadlineExceeded(outcome.status));
  if (watched) outcome.status = absl::OkStatus();
  return outcome;
}

Outcome SuiteUnderFuzz::Call(const std::string& owner, std::string_view method,
                             const google::protobuf::Message& request) {
  std::vector<Message> requests;
  requests.emplace_back(request.New())->CopyFrom(request);
  return Call(owner, *methods_.find(method)->second, requests);
}

void SuiteUnderFuzz::Erase(const std::string& owner) {
  for (const char* service : {"contacts", "ledger", "recommendations"}) {
    const auto& method = *methods_.at(absl::StrCat(service, ".EraseOwner"));
    std::vector<Message> requests;
    Message& request = requests.emplace_back(NewRequest(method));
    request->GetReflection()->SetString(request.get(), request->GetDescriptor()->FindFieldByName("confirmation"),
                                        "erase all my data");
    const absl::Status erased = Call(owner, method, requests).status;
    COUNCIL_CHECK(erased.ok());
  }
}

void CheckFailure(const absl::Status& status) {
  if (status.ok()) return;
  const bool own_mistake = absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsDataLoss(status) ||
                           absl::IsDeadlineExceeded(status);
  if (own_mistake) spdlog::error("{}", status.ToString());
  COUNCIL_CHECK(!own_mistake);
  COUNCIL_CHECK(base::ReasonOf(status) != common::v1::ERROR_REASON_UNSPECIFIED);
  COUNCIL_CHECK(base::SerializeDetails(status).size() * 4 / 3 + status.message().size() * 3 < kMostMetadata);
}

}  // namespace council::fuzz
