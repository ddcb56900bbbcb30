// The opaque strings that callers carry from one call to the next, each with a MAC that ties it to its owner and
// purpose.
#ifndef COUNCIL_LIBS_SEAL_TOKEN_H_
#define COUNCIL_LIBS_SEAL_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/owner.h"

namespace council::seal {

// A state of one service's storage, of one owner. Reads that are given its token never answer from an older one.
struct ConsistencyToken {
  std::string service;  // "contacts" or "ledger".
  std::string lineage;  // Of the storage: StorageIdentity::lineage.
  std::int64_t revision = 0;
};

// A place in a list (page tokens) or in a stream of changes (watch tokens).
struct PositionToken {
  std::string lineage;
  std::int64_t revision = 0;
  std::string position;  // The method's own: where to go on.
};

// Makes and reads tokens. Thread-safe.
//
// Tokens are base64url text, not secret from their owner. Parsing fails with INVALID_ARGUMENT (INVALID_TOKEN) for
// anything that was not made by this class, under the same key, for the same owner and purpose: garbage, another
// owner's and forged ones cannot be told apart.
class TokenCodec {
 public:
  // `shared_key` (32 bytes) is one for all services, since they check each other's consistency tokens; `storage_key`
  // (32 bytes) is this storage's own: sql::StorageIdentity::token_key.
  TokenCodec(std::string shared_key, std::string storage_key);

  std::string MakeConsistencyToken(const base::Owner& owner, const ConsistencyToken& token) const;
  absl::StatusOr<ConsistencyToken> ParseConsistencyToken(const base::Owner& owner, std::string_view text) const;

  // `purpose` is the method's name, and whatever else of the request must be the same on the next page: a page token is
  // not taken by another method, nor with another filter.
  std::string MakePositionToken(const base::Owner& owner, std::string_view purpose, const PositionToken& token) const;
  absl::StatusOr<PositionToken> ParsePositionToken(const base::Owner& owner, std::string_view purpose,
                                                   std::string_view text) const;

  // The revision that `tokens` (a request's at_least_as_fresh) ask of the service `service` with this `lineage`: the
  // greatest among its own, 0 where there is none; tokens of other services are passed over. Fails as
  // ParseConsistencyToken does, with INVALID_ARGUMENT (INVALID_FIELD) where there are more than a hundred, and with
  // FAILED_PRECONDITION (LINEAGE_CHANGED) where one is of a storage that was replaced.
  template <typename Strings>
  absl::StatusOr<std::int64_t> RequiredRevision(const base::Owner& owner, const Strings& tokens,
                                                std::string_view service, std::string_view lineage) const {
    if (static_cast<std::size_t>(tokens.size()) > kMostTokens) return TooManyTokens();
    std::int64_t required = 0;
    for (const auto& text : tokens) {
      const absl::Status status = RaiseRequired(owner, text, service, lineage, required);
      if (!status.ok()) return status;
    }
    return required;
  }

 private:
  static constexpr std::size_t kMostTokens = 100;

  static absl::Status TooManyTokens();
  absl::Status RaiseRequired(const base::Owner& owner, std::string_view text, std::string_view service,
                             std::string_view lineage, std::int64_t& required) const;

  std::string shared_key_;
  std::string storage_key_;
};

// OK where a storage that is at `revision` may answer a read that asks for `required`; FAILED_PRECONDITION
// (TOKEN_FROM_FUTURE) where it never was there, since what a primary acknowledged it knows.
absl::Status CheckReached(std::int64_t required, std::int64_t revision);

// The key that the services share where there is no key file. It is in the source for all to read, so tokens made with
// it can be forged: only for --auth=insecure-dev, where anybody may call as anybody.
std::string DevelopmentSharedKey();

}  // namespace council::seal

#endif  // COUNCIL_LIBS_SEAL_TOKEN_H_
