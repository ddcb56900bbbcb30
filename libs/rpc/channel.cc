#include "libs/rpc/channel.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/base/loopback.h"
#include "libs/rpc/client.h"

namespace council::rpc {
namespace {

class TlsChannel {
 public:
  TlsChannel(std::string address, std::shared_ptr<TlsFiles> files)
      : address_(std::move(address)), files_(std::move(files)) {}

  std::shared_ptr<grpc::Channel> Get() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    std::shared_ptr<const TlsMaterial> current = files_->Current();
    if (current != used_) {
      const grpc::SslCredentialsOptions options{
          .pem_root_certs = current->roots, .pem_private_key = current->key, .pem_cert_chain = current->certificate};
      channel_ = MakeChannel(address_, grpc::SslCredentials(options));
      used_ = std::move(current);
    }
    return channel_;
  }

 private:
  const std::string address_;
  const std::shared_ptr<TlsFiles> files_;
  absl::Mutex mutex_;
  std::shared_ptr<const TlsMaterial> used_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

ChannelSource::ChannelSource(std::shared_ptr<grpc::Channel> channel)
    : get_([channel = std::move(channel)] { return channel; }) {}

ChannelSource::ChannelSource(std::string address, std::shared_ptr<TlsFiles> files)
    : get_([channel = std::make_shared<TlsChannel>(std::move(address), std::move(files))] { return channel->Get(); }) {}

bool StaysOnThisMachine(const std::string& address) {
  if (absl::StartsWith(address, "unix:") || absl::StartsWith(address, "unix-abstract:")) return true;
  absl::string_view hosts = address;
  for (const char* scheme : {"dns:///", "dns:", "ipv4:", "ipv6:"}) {
    if (absl::ConsumePrefix(&hosts, scheme)) break;
  }
  const std::vector<std::string> each = absl::StrSplit(hosts, ',');
  return std::all_of(each.begin(), each.end(), base::IsLoopbackAddress);
}

}  // namespace council::rpc
