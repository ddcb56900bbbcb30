// The stream behind a watch: when it reads, sends and waits.
#ifndef COUNCIL_LIBS_RPC_WATCH_STREAM_H_
#define COUNCIL_LIBS_RPC_WATCH_STREAM_H_

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/base/check.h"
#include "libs/base/executor.h"
#include "libs/rpc/call.h"
#include "libs/rpc/call_observer.h"
#include "libs/rpc/guard.h"
#include "libs/rpc/watch.h"

namespace council::rpc {

// The stream of one watch. A thread of `executor` is used while a page is read, none while a page is sent or nothing
// changes. The next page is read when the last one is sent, so that a slow caller costs one page of memory.
//
// Made by std::make_shared; holds itself from Start or Refuse on until gRPC is done with it.
template <typename Response>
class WatchStream final : public grpc::ServerWriteReactor<Response>,
                          public Watch,
                          public std::enable_shared_from_this<WatchStream<Response>> {
 public:
  using Opener = std::function<absl::StatusOr<std::unique_ptr<ChangeSource<Response>>>(std::function<void()> wake)>;

  // How long a stream that is to end waits for its caller to take the message that is on its way.
  static constexpr absl::Duration kLastMessage = absl::Milliseconds(500);

  // `executor` outlives the stream and has room for a task of each stream. `running` is destroyed with the stream.
  WatchStream(base::Executor& executor, std::shared_ptr<OpenWatches> open, grpc::CallbackServerContext* context,
              std::shared_ptr<RunningCall> running)
      : executor_(executor), open_(std::move(open)), context_(context), running_(std::move(running)) {}

  // Begins; ends at the call's deadline with DEADLINE_EXCEEDED, or with UNAUTHENTICATED where the caller's credential
  // is what ends then. `opener` runs on the executor.
  void Start(std::shared_ptr<const CallContext> call, Opener opener) {
    self_ = this->shared_from_this();
    call_ = std::move(call);
    open_->Add(self_);
    SetAlarm(deadline_, call_->deadline(), [](WatchStream& self) {
      self.End(self.call_->principal().expires <= self.call_->deadline()
                   ? CredentialExpired()
                   : absl::DeadlineExceededError(
                         "the watch was open as long as it may be; go on from the last watch_token"));
    });
    Submit([opener = std::move(opener)](WatchStream& self) {
      absl::Status opened = Guarded(*self.call_, [&]() -> absl::Status {
        auto source = opener([&self] { self.Wake(); });
        if (!source.ok()) return std::move(source).status();
        self.source_ = *std::move(source);
        return absl::OkStatus();
      });
      if (!opened.ok()) self.SetEnd(std::move(opened));
      self.Read();
    });
  }

  // Ends the stream before it begins; instead of Start.
  void Refuse(const absl::Status& status) {
    self_ = this->shared_from_this();
    this->Finish(running_->End(status));
  }

  void End(absl::Status status) override ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      absl::MutexLock lock(&mutex_);
      if (end_.has_value()) return;
      end_ = std::move(status);
      if (state_ == State::kSending) {
        SetAlarm(cut_, absl::Now() + kLastMessage, [](WatchStream& self) { self.Cut(); });
      }
      if (state_ != State::kIdle) return;
      state_ = State::kEnded;
    }
    Close();
  }

  void OnCancel() override {
    // Orders what is done here before the destructor in a way that ThreadSanitizer sees; gRPC's own count it does not.
    const auto self = this->shared_from_this();
    End(absl::CancelledError("the caller has gone"));
  }

  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_) {
    if (!ok) SetEnd(absl::CancelledError("the caller has gone"));
    const Response* next = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      ++sent_;
      if (state_ == State::kCutting) {
        state_ = State::kCut;
        return;
      }
      if (end_.has_value()) {
        state_ = State::kEnded;
      } else if (sent_ == page_.size()) {
        state_ = State::kReading;
      } else {
        next = &page_[sent_];
      }
    }
    if (next != nullptr) {
      this->StartWrite(next);
    } else {
      ReadOrClose();
    }
  }

  // May destroy this object.
  void OnDone() override { const auto self = std::move(self_); }

 private:
  enum class State {
    kReading,  // A task of the executor reads, or is about to.
    kSending,  // A message is on its way.
    kCutting,  // The same, and the call is being cancelled;
    kCut,      // the message is over meanwhile.
    kIdle,     // Waits to be woken.
    kEnded,    // Close was called, or is about to be.
  };

  // gRPC calls back on its own threads, also when the stream is gone.
  void SetAlarm(grpc::Alarm& alarm, absl::Time at, void (*then)(WatchStream&)) {
    alarm.Set(absl::ToChronoTime(at), [weak = this->weak_from_this(), then](bool reached) {
      const auto self = weak.lock();
      if (reached && self != nullptr) then(*self);
    });
  }

  void Submit(std::function<void(WatchStream&)> task) {
    COUNCIL_CHECK(executor_.Submit([self = this->shared_from_this(), task = std::move(task)] { task(*self); }));
  }

  // The status to end with, unless there is one.
  void SetEnd(absl::Status status) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (!end_.has_value()) end_ = std::move(status);
  }

  void Wake() ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      absl::MutexLock lock(&mutex_);
      woken_ = true;
      if (state_ != State::kIdle) return;
      state_ = State::kReading;
    }
    Submit([](WatchStream& self) { self.Read(); });
  }

  // Reads until there is something to send, or nothing for now, or the stream is to end.
  void Read() ABSL_LOCKS_EXCLUDED(mutex_) {
    while (true) {
      {
        absl::MutexLock lock(&mutex_);
        woken_ = false;
        if (end_.has_value()) state_ = State::kEnded;
      }
      if (Ended()) return Close();
      std::vector<Response> page;
      absl::Status status = Guarded(*call_, [&]() -> absl::Status {
        auto next = source_->Next();
        if (!next.ok()) return std::move(next).status();
        page = *std::move(next);
        return absl::OkStatus();
      });
      if (!status.ok()) SetEnd(std::move(status));
      absl::MutexLock lock(&mutex_);
      if (end_.has_value()) continue;
      if (!page.empty()) {
        page_ = std::move(page);
        sent_ = 0;
        state_ = State::kSending;
        break;
      }
      if (!woken_) {
        state_ = State::kIdle;
        return;
      }
    }
    this->StartWrite(page_.data());
  }

  void ReadOrClose() {
    if (Ended()) {
      Close();
    } else {
      Submit([](WatchStream& self) { self.Read(); });
    }
  }

  bool Ended() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return state_ == State::kEnded;
  }

  // Cancels the call where its last message is still on its way. The context is gRPC's and lives until the stream is
  // finished, which kCutting holds off.
  void Cut() ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      absl::MutexLock lock(&mutex_);
      if (state_ != State::kSending) return;
      state_ = State::kCutting;
    }
    context_->TryCancel();
    {
      absl::MutexLock lock(&mutex_);
      if (state_ == State::kCutting) {
        state_ = State::kSending;
        return;
      }
      state_ = State::kEnded;
    }
    Close();
  }

  // Called once, by who brought the state to kEnded.
  void Close() ABSL_LOCKS_EXCLUDED(mutex_) {
    source_.reset();
    deadline_.Cancel();
    open_->Remove(this);
    absl::Status status;
    {
      absl::MutexLock lock(&mutex_);
      status = *end_;
    }
    this->Finish(running_->End(status));
  }

  base::Executor& executor_;
  const std::shared_ptr<OpenWatches> open_;
  grpc::CallbackServerContext* const context_;
  const std::shared_ptr<RunningCall> running_;
  std::shared_ptr<WatchStream> self_;
  std::shared_ptr<const CallContext> call_;
  grpc::Alarm deadline_;
  // Used by who reads, then by who sends: one at a time.
  std::unique_ptr<ChangeSource<Response>> source_;
  std::vector<Response> page_;
  std::size_t sent_ = 0;

  absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kReading;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  grpc::Alarm cut_;
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_WATCH_STREAM_H_
