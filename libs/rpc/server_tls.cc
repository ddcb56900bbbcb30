#include "libs/rpc/server_tls.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace council::rpc {
namespace {

// gRPC's C++ API has two ways to TLS: one whose certificates are read once, and an experimental one that watches files
// and ends the process when it finds one empty. Its C API asks for the certificates at each handshake, and keeps those
// of before where it can't use the new ones.
class FileServerCredentials final : public grpc::ServerCredentials {
 public:
  explicit FileServerCredentials(std::shared_ptr<TlsFiles> files)
      : files_(std::move(files)),
        credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(
                files_->has_roots() ? GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY
                                    : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE,
                &Fetch, this))) {}
  ~FileServerCredentials() override { grpc_server_credentials_release(credentials_); }
  FileServerCredentials(const FileServerCredentials&) = delete;
  FileServerCredentials& operator=(const FileServerCredentials&) = delete;

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  static grpc_ssl_certificate_config_reload_status Fetch(void* self, grpc_ssl_server_certificate_config** config) {
    return static_cast<FileServerCredentials*>(self)->FetchConfig(config);
  }

  grpc_ssl_certificate_config_reload_status FetchConfig(grpc_ssl_server_certificate_config** config)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    const std::shared_ptr<const TlsMaterial> current = files_->Current();
    if (current == used_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair pair = {current->key.c_str(), current->certificate.c_str()};
    // gRPC wants roots even where it asks nobody for a certificate.
    const std::string& roots = current->roots.empty() ? current->certificate : current->roots;
    *config = grpc_ssl_server_certificate_config_create(roots.c_str(), &pair, 1);
    used_ = current;
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const std::shared_ptr<TlsFiles> files_;
  grpc_server_credentials* const credentials_;
  absl::Mutex mutex_;
  std::shared_ptr<const TlsMaterial> used_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> TlsServerCredentials(std::shared_ptr<TlsFiles> files) {
  return std::make_shared<FileServerCredentials>(std::move(files));
}

}  // namespace council::rpc
