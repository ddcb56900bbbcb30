#ifndef COUNCIL_LIBS_RPC_STREAM_H_
#define COUNCIL_LIBS_RPC_STREAM_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/rpc/call.h"

namespace council::rpc {

// One operation of a stream at a time, begun by a handler's thread that then waits for it.
class PendingOperation {
 public:
  static constexpr absl::Duration kLastOne = absl::Milliseconds(100);

  // From when on none is begun. One that is under way then has kLastOne to end before `cancel` makes it fail; without
  // `cancel` it is left to itself. Set before the first operation.
  void SetDeadline(absl::Time deadline, std::function<void()> cancel = nullptr) {
    deadline_ = deadline;
    cancel_ = std::move(cancel);
  }

  // Begins an operation with `start` and waits until Complete is called. Returns what it was called with; false at the
  // deadline.
  bool Run(const std::function<void()>& start) ABSL_LOCKS_EXCLUDED(mutex_) {
    if (absl::Now() >= deadline_) return false;
    start();
    absl::MutexLock lock(&mutex_);
    const auto completed = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return result_.has_value(); };
    const bool left = cancel_ == nullptr;
    if (!mutex_.AwaitWithDeadline(absl::Condition(&completed), left ? deadline_ : deadline_ + kLastOne)) {
      if (left) return false;
      cancel_();
      mutex_.Await(absl::Condition(&completed));
    }
    return *std::exchange(result_, std::nullopt);
  }

  void Complete(bool ok) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    result_ = ok;
  }

 private:
  absl::Time deadline_ = absl::InfiniteFuture();
  std::function<void()> cancel_;
  absl::Mutex mutex_;
  std::optional<bool> result_ ABSL_GUARDED_BY(mutex_);
};

// A server stream whose messages a handler writes one by one. Deletes itself when gRPC is done with it.
template <typename Response>
class ServerStreamReactor final : public grpc::ServerWriteReactor<Response>, public Writer<Response> {
 public:
  explicit ServerStreamReactor(std::shared_ptr<void> counted) : counted_(std::move(counted)) {}

  // Nothing is written from then on. A caller who does not take what is on its way is cut off, since the stream can't
  // be finished with a status before that is over.
  void EndAt(absl::Time deadline, grpc::CallbackServerContext* context) {
    operation_.SetDeadline(deadline, [context] { context->TryCancel(); });
  }
  bool Write(const Response& response) override {
    return operation_.Run([this, &response] { this->StartWrite(&response); });
  }

  void OnWriteDone(bool ok) override { operation_.Complete(ok); }
  void OnDone() override { delete this; }

 private:
  std::shared_ptr<void> counted_;
  PendingOperation operation_;
};

// A client stream whose messages a handler reads one by one. Deletes itself when gRPC is done with it.
template <typename Request>
class ClientStreamReactor final : public grpc::ServerReadReactor<Request>, public Reader<Request> {
 public:
  explicit ClientStreamReactor(std::shared_ptr<void> counted) : counted_(std::move(counted)) {}

  // Nothing is read from then on. A read that is under way ends with the stream, which may be finished all the same.
  void EndAt(absl::Time deadline, grpc::CallbackServerContext* /*context*/) { operation_.SetDeadline(deadline); }
  std::optional<Request> Read() override {
    if (!operation_.Run([this] { this->StartRead(&request_); })) return std::nullopt;
    return std::move(request_);
  }

  void OnReadDone(bool ok) override { operation_.Complete(ok); }
  void OnDone() override { delete this; }

 private:
  std::shared_ptr<void> counted_;
  Request request_;
  PendingOperation operation_;
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_STREAM_H_
