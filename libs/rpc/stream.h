#ifndef COUNCIL_LIBS_RPC_STREAM_H_
#define COUNCIL_LIBS_RPC_STREAM_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
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
  static constexpr absl::Duration kLastOne = absl::Milliseconds(500);

  // What happens to an operation that is under way at the deadline: it is left to itself, or has kLastOne to end before
  // the call is cancelled.
  enum class AtDeadline { kLeave, kCancel };

  // From when on none is begun. One that takes `longest` ends with the call: its caller does not take or send what it
  // waits for. Set before the first operation.
  void SetLimits(absl::Time deadline, AtDeadline at_deadline, absl::Duration longest,
                 grpc::CallbackServerContext* context) {
    deadline_ = deadline;
    at_deadline_ = at_deadline;
    longest_ = longest;
    context_ = context;
  }

  // Begins an operation with `start` and waits until Complete is called. Returns what it was called with; false at the
  // deadline.
  bool Run(const std::function<void()>& start) ABSL_LOCKS_EXCLUDED(mutex_) {
    if (absl::Now() >= deadline_) return false;
    start();
    absl::MutexLock lock(&mutex_);
    const auto completed = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return result_.has_value(); };
    const bool leave = at_deadline_ == AtDeadline::kLeave;
    const absl::Time end = leave ? deadline_ : deadline_ + kLastOne;
    const absl::Time stalled = absl::Now() + longest_;
    if (!mutex_.AwaitWithDeadline(absl::Condition(&completed), std::min(end, stalled))) {
      if (leave && end <= stalled) return false;
      context_->TryCancel();
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
  AtDeadline at_deadline_ = AtDeadline::kLeave;
  absl::Duration longest_ = absl::InfiniteDuration();
  grpc::CallbackServerContext* context_ = nullptr;
  absl::Mutex mutex_;
  std::optional<bool> result_ ABSL_GUARDED_BY(mutex_);
};

// A server stream whose messages a handler writes one by one. Deletes itself when gRPC is done with it.
template <typename Response>
class ServerStreamReactor final : public grpc::ServerWriteReactor<Response>, public Writer<Response> {
 public:
  explicit ServerStreamReactor(std::shared_ptr<void> counted) : counted_(std::move(counted)) {}

  // Nothing is written from then on. A caller who does not take what is on its way is cut off, since the stream can't
  // be finished with a status before that is over; so is one who takes longer than `longest` for one message.
  void EndAt(absl::Time deadline, absl::Duration longest, grpc::CallbackServerContext* context) {
    operation_.SetLimits(deadline, PendingOperation::AtDeadline::kCancel, longest, context);
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

  // Nothing is read from then on. A read that is under way ends with the stream, which may be finished all the same. A
  // caller who sends nothing for `longest` is cut off.
  void EndAt(absl::Time deadline, absl::Duration longest, grpc::CallbackServerContext* context) {
    operation_.SetLimits(deadline, PendingOperation::AtDeadline::kLeave, longest, context);
  }
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
