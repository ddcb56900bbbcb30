#ifndef COUNCIL_LIBS_SEAL_KEYRING_H_
#define COUNCIL_LIBS_SEAL_KEYRING_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/random.h"

namespace council::seal {

// The master keys that wrap the keys of owners, and the key that the services share. It comes from a file that lies
// with no data and in no backup of them:
//
//   {"primary": "2026-11", "keys": {"2026-11": "<32 bytes, base64>"}, "shared": "<32 bytes, base64>"}
//
// To change the master key, a new one is added to the file of every copy of the services first, and made primary then:
// what the old one wrapped, OwnerKeys::RewrapAll and RewrapSecrets wrap anew.
class Keyring {
 public:
  // Reads a keyring from its JSON. INVALID_ARGUMENT, naming the field and never its value, for anything else.
  static absl::StatusOr<Keyring> Parse(std::string_view json);

  // Reads the file. FAILED_PRECONDITION where others than its owner and group may read it, or its group
  // may write it; NOT_FOUND where it isn't there.
  static absl::StatusOr<Keyring> Load(const std::string& path);

  // Writes a file with new keys, for its owner alone. ALREADY_EXISTS where there is one: keys are never overwritten.
  static absl::Status Make(const std::string& path, base::Random& random);

  // `plaintext` under the primary key, opened again by Unwrap with the same `context`.
  std::string Wrap(std::string_view context, std::string_view plaintext) const;

  struct Unwrapped {
    std::string plaintext;
    bool stale = false;  // Wrapped by a key that is not the primary one any more.
  };
  // DATA_LOSS where it was changed or no key of the ring made it.
  absl::StatusOr<Unwrapped> Unwrap(std::string_view context, std::string_view wrapped) const;

  // For consistency tokens and the names of owners in the cache.
  const std::string& shared() const { return shared_; }

 private:
  std::string primary_;
  std::map<std::string, std::string> keys_;
  std::string shared_;
};

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_KEYRING_H_
