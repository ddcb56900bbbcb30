// Channels that follow certificates which change.
#ifndef COUNCIL_LIBS_RPC_CHANNEL_H_
#define COUNCIL_LIBS_RPC_CHANNEL_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/rpc/tls_files.h"

namespace council::rpc {

// Where a service is called. Thread-safe; copies share the channel.
class ChannelSource {
 public:
  // Always `channel`: without TLS, or within the process.
  ChannelSource(std::shared_ptr<grpc::Channel> channel = nullptr);  // NOLINT(google-explicit-constructor)

  // To `address` (as MakeChannel takes it) over TLS: the service is known by the roots in `files` and by its name,
  // which is the host in `address`, and shown the certificate there. A new channel whenever `files` have changed; calls
  // that run on the one before go on.
  ChannelSource(std::string address, std::shared_ptr<TlsFiles> files);

  // The channel for the next call.
  std::shared_ptr<grpc::Channel> Get() const { return get_(); }

 private:
  std::function<std::shared_ptr<grpc::Channel>()> get_;
};

// The stub of a service over such a channel. Thread-safe.
//
//   CurrentStub<v1::LedgerService> stub(source);
//   stub.Get()->GetTie(&context, request, &response)
template <typename Service>
class CurrentStub {
 public:
  using Stub = typename Service::Stub;

  explicit CurrentStub(ChannelSource source) : source_(std::move(source)) {}

  // The stub for the next call.
  std::shared_ptr<Stub> Get() ABSL_LOCKS_EXCLUDED(mutex_) {
    std::shared_ptr<grpc::Channel> channel = source_.Get();
    absl::MutexLock lock(&mutex_);
    if (channel != channel_) {
      stub_ = Service::NewStub(channel);
      channel_ = std::move(channel);
    }
    return stub_;
  }

 private:
  const ChannelSource source_;
  absl::Mutex mutex_;
  std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Stub> stub_ ABSL_GUARDED_BY(mutex_);
};

// Whether `address`, as MakeChannel takes it, leads to this machine alone.
bool StaysOnThisMachine(const std::string& address);

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_CHANNEL_H_
