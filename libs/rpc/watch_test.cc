#include "libs/rpc/watch.h"
#include "libs/rpc/grpc_status.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/base/owner_changes.h"
#include "libs/base/status.h"
#include "libs/rpc/adaptor.h"
#include "libs/rpc/authenticator.h"
#include "libs/rpc/client.h"
#include "libs/rpc/server.h"

namespace council::rpc {
namespace {

namespace v1 = ledger::v1;

constexpr int kPage = 10;

// A log to which a test appends; a watch sends all of it and what comes.
class Log {
 public:
  Log()
      : changes_({.poll_interval = absl::Hours(1)}, [](auto owners) { return std::vector<int64_t>(owners.size()); }) {}

  void Append(int count, std::size_t bytes = 0) {
    int64_t size = 0;
    {
      absl::MutexLock lock(&mutex_);
      size_ += count;
      bytes_ = bytes;
      size = size_;
    }
    changes_.Changed({.tenant = "dev", .subject = "ines"}, size);
  }

  void Fail(absl::Status status) {
    {
      absl::MutexLock lock(&mutex_);
      failure_ = std::move(status);
    }
    Append(1);
  }

  absl::StatusOr<std::unique_ptr<ChangeSource<v1::WatchLedgerResponse>>> WatchLedger(
      const CallContext& call, const v1::WatchLedgerRequest& request, std::function<void()> wake) {
    if (request.watch_token() == "bad") return base::InvalidField("watch_token", "is not one");
    auto subscription = changes_.Subscribe(call.owner(), std::move(wake));
    if (!subscription.ok()) return subscription.status();
    return std::make_unique<Source>(*this, *std::move(subscription));
  }

  void AwaitSources(int count) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [&] { return sources_ == count; };
    mutex_.Await(absl::Condition(&reached));
  }
  int pages_read() const { return pages_; }

 private:
  class Source final : public ChangeSource<v1::WatchLedgerResponse> {
   public:
    Source(Log& log, std::unique_ptr<base::OwnerChanges::Subscription> subscription)
        : log_(log), subscription_(std::move(subscription)) {
      absl::MutexLock lock(&log_.mutex_);
      ++log_.sources_;
    }
    ~Source() override {
      absl::MutexLock lock(&log_.mutex_);
      --log_.sources_;
    }
    absl::StatusOr<std::vector<v1::WatchLedgerResponse>> Next() override {
      absl::MutexLock lock(&log_.mutex_);
      if (absl::IsUnknown(log_.failure_)) throw std::runtime_error("secret content");
      if (!log_.failure_.ok()) return log_.failure_;
      std::vector<v1::WatchLedgerResponse> page;
      while (position_ < log_.size_ && page.size() < kPage) {
        page.emplace_back().mutable_interaction()->set_sequence(++position_);
        page.back().set_watch_token(std::string(log_.bytes_, 'x'));
      }
      ++log_.pages_;
      return page;
    }

   private:
    Log& log_;
    const std::unique_ptr<base::OwnerChanges::Subscription> subscription_;
    int64_t position_ = 0;
  };

  absl::Mutex mutex_;
  int64_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  std::size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  int sources_ ABSL_GUARDED_BY(mutex_) = 0;
  std::atomic<int> pages_ = 0;
  base::OwnerChanges changes_;
};

class Endpoint final : public v1::LedgerService::CallbackService {
 public:
  Endpoint(Adaptor& adaptor, Log& service) : adaptor_(adaptor), service_(service) {}
  COUNCIL_RPC_WATCH(WatchLedger)

 private:
  Adaptor& adaptor_;
  CallRecorder* const recorder_ = nullptr;
  Log& service_;
};

class WatchTest : public testing::Test {
 protected:
  WatchTest() : adaptor_(authenticator_, {.watch_threads = 1}), endpoint_(adaptor_, log_) {
    auto server = Server::Start({.listen = "127.0.0.1:0"}, adaptor_, {&endpoint_});
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::LedgerService::NewStub(MakeChannel(server_->address()));
  }

  // One caller's watch.
  struct Watcher {
    explicit Watcher(v1::LedgerService::Stub& stub, const std::string& token = "",
                     absl::Duration timeout = absl::Seconds(60)) {
      context.AddMetadata("x-council-owner", "ines");
      context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
      v1::WatchLedgerRequest request;
      request.set_watch_token(token);
      reader = stub.WatchLedger(&context, request);
    }
    // Reads until the entry `last`; expects all from the one after those read before.
    void Expect(int64_t last) {
      v1::WatchLedgerResponse response;
      while (read < last && reader->Read(&response)) ASSERT_EQ(response.interaction().sequence(), ++read);
      EXPECT_EQ(read, last);
    }
    absl::Status End() {
      v1::WatchLedgerResponse response;
      while (reader->Read(&response)) {
      }
      return FromGrpc(reader->Finish());
    }

    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::WatchLedgerResponse>> reader;
    int64_t read = 0;
  };

  InsecureDevAuthenticator authenticator_;
  Log log_;
  Adaptor adaptor_;
  Endpoint endpoint_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::LedgerService::Stub> stub_;
};

TEST_F(WatchTest, SendsWhatIsThereAndThenWhatComesInOrder) {
  log_.Append(3 * kPage + 1);
  Watcher watcher(*stub_);
  watcher.Expect(3 * kPage + 1);
  for (int i = 0; i < 50; ++i) log_.Append(i % 3);
  watcher.Expect(3 * kPage + 1 + 49);
  log_.Append(1);
  watcher.Expect(3 * kPage + 1 + 50);
}

TEST_F(WatchTest, WritersAndManyWatchersAtOnceLoseNothingWithOneThread) {
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < 30; ++i) watchers.push_back(std::make_unique<Watcher>(*stub_));
  log_.AwaitSources(30);
  std::vector<std::thread> writers;
  for (int i = 0; i < 3; ++i) {
    writers.emplace_back([this] {
      for (int j = 0; j < 200; ++j) log_.Append(1);
    });
  }
  for (auto& watcher : watchers) watcher->Expect(600);
  for (auto& writer : writers) writer.join();
}

TEST_F(WatchTest, EndsWhenItsCallerGoes) {
  auto watcher = std::make_unique<Watcher>(*stub_);
  log_.AwaitSources(1);
  watcher->context.TryCancel();
  EXPECT_EQ(watcher->End().code(), absl::StatusCode::kCancelled);
  log_.AwaitSources(0);
}

TEST_F(WatchTest, EndsAtItsDeadline) {
  Watcher watcher(*stub_, "", absl::Milliseconds(200));
  EXPECT_EQ(watcher.End().code(), absl::StatusCode::kDeadlineExceeded);
  log_.AwaitSources(0);
}

TEST_F(WatchTest, RefusalsAndFailuresReachTheCaller) {
  EXPECT_EQ(base::BadRequestOf(Watcher(*stub_, "bad").End()).field_violations(0).field(), "watch_token");
  {
    grpc::ClientContext nobody;
    EXPECT_EQ(stub_->WatchLedger(&nobody, {})->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  }
  Watcher watcher(*stub_);
  log_.AwaitSources(1);
  log_.Fail(absl::UnavailableError("the storage is away"));
  EXPECT_EQ(watcher.End().code(), absl::StatusCode::kUnavailable);
  log_.Fail(absl::UnknownError("throw"));
  EXPECT_EQ(Watcher(*stub_).End(), base::Error(absl::StatusCode::kInternal, common::v1::ERROR_REASON_INTERNAL,
                                               "the service made a mistake; its log has more"));
  log_.AwaitSources(0);
}

TEST_F(WatchTest, DrainingEndsWatchesThatWait) {
  Watcher watcher(*stub_);
  log_.Append(5);
  watcher.Expect(5);
  EXPECT_TRUE(server_->Drain(absl::Hours(1)));
  const absl::Status end = watcher.End();
  EXPECT_EQ(end.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(base::ReasonOf(end), common::v1::ERROR_REASON_SHUTTING_DOWN);
}

TEST_F(WatchTest, ACallerWhoReadsNothingCostsFewPagesAndHoldsUpNoDrain) {
  Watcher silent(*stub_);
  // Far more than gRPC buffers on its way.
  log_.Append(30 * kPage, 300'000);
  Watcher other(*stub_);
  other.Expect(30 * kPage);
  EXPECT_LT(log_.pages_read(), 30 + 20);
  EXPECT_TRUE(server_->Drain(absl::Hours(1)));
}

}  // namespace
}  // namespace council::rpc
