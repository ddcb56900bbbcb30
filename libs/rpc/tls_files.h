// The certificates and the key that TLS is done with, in files that change while the program runs.
#ifndef COUNCIL_LIBS_RPC_TLS_FILES_H_
#define COUNCIL_LIBS_RPC_TLS_FILES_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"

namespace council::rpc {

// What the files hold, as PEM.
struct TlsMaterial {
  // The program's own certificate, then those between it and its CA.
  std::string certificate;
  std::string key;
  // The CAs by which others are known; empty where there is no file of them.
  std::string roots;

  friend bool operator==(const TlsMaterial&, const TlsMaterial&) = default;
};

// Thread-safe.
class TlsFiles {
 public:
  struct Options {
    // Paths of --tls-cert and --tls-key.
    std::string certificate;
    std::string key;
    // Path of the CAs, and the flag that names it ("--tls-client-ca"); empty: none.
    std::string roots = {};
    std::string roots_flag = {};
    // What the certificate is shown for: to callers, or to services that are called. Its purposes must include that.
    enum class Use { kServe, kCall } use = Use::kServe;
  };

  // How often the files are looked at, at most.
  static constexpr absl::Duration kInterval = absl::Seconds(1);

  // Reads the files. INVALID_ARGUMENT, with a sentence that names the flag, where one is missing, can't be read, is no
  // PEM or fits TLS in no other way; where certificate and key don't belong together; where the certificate is expired,
  // not valid yet or not for that use; and where accounts outside the key file's group may read it.
  // `clock` must outlive the object.
  static absl::StatusOr<std::unique_ptr<TlsFiles>> Open(Options options, const base::Clock& clock);

  TlsFiles(const TlsFiles&) = delete;
  TlsFiles& operator=(const TlsFiles&) = delete;

  // What the files hold now, or, where Open would refuse that, what they held before. The same object as long as
  // nothing changes. Reads them itself, once in kInterval, and logs when they have changed.
  std::shared_ptr<const TlsMaterial> Current() ABSL_LOCKS_EXCLUDED(mutex_);

  bool has_roots() const { return !options_.roots.empty(); }

 private:
  TlsFiles(Options options, const base::Clock& clock, TlsMaterial material);

  static absl::StatusOr<TlsMaterial> Read(const Options& options, absl::Time now);

  const Options options_;
  const base::Clock& clock_;
  absl::Mutex mutex_;
  absl::Time looked_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const TlsMaterial> material_ ABSL_GUARDED_BY(mutex_);
  // What was wrong at the last look, which is logged once.
  absl::Status problem_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_TLS_FILES_H_
