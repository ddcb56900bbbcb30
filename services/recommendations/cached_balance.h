#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_CACHED_BALANCE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_CACHED_BALANCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations.pb.h"

namespace council::recommendations {

// None lives longer in any cache, since recency moves the score with time alone.
inline constexpr absl::Duration kCachedBalanceLifetime = absl::Hours(1);

// Revisions of an owner's data in both services.
struct Revisions {
  int64_t contacts = 0;
  int64_t ledger = 0;

  bool AtLeast(const Revisions& other) const { return contacts >= other.contacts && ledger >= other.ledger; }
  friend bool operator==(const Revisions&, const Revisions&) = default;
};

// The greater of each.
Revisions Max(const Revisions& a, const Revisions& b);

// Which storages tokens, revisions and cached balances speak of.
struct Lineages {
  std::string contacts;
  std::string ledger;

  friend bool operator==(const Lineages&, const Lineages&) = default;
};

// What tells, without opening it, whether a cached balance serves.
struct BalanceStamp {
  Revisions revisions;
  absl::Time compute_time;
  int model_version = 0;
  // What computing it took.
  absl::Duration cost = absl::ZeroDuration();
  // Digest(BalanceModel): 32 hexadecimal digits.
  std::string model_digest;
};

// The bytes that are cached: the stamp as text, then the sealed answer, a serialized GetCouncilBalanceResponse.
//
//   "2 CONTACTS_REVISION LEDGER_REVISION COMPUTE_MICROSECONDS MODEL_VERSION COST_MICROSECONDS MODEL_DIGEST\n" SEALED
std::string EncodeStamp(const BalanceStamp& stamp);

// A cached value taken apart; the view is into it.
struct StampedBalance {
  BalanceStamp stamp;
  // What EncodeStamp gave.
  std::string_view stamp_text;
  std::string_view sealed;
};

// Nothing where `value` is not of this form: written by another version, or damaged.
std::optional<StampedBalance> DecodeStamped(std::string_view value);

// Whether a value with stamp `candidate` may take the place of one with stamp `kept`: nothing in it is older.
bool MayReplace(const BalanceStamp& candidate, const BalanceStamp& kept);

// Where balances and the newest known revisions are cached. Holds only what can be computed again, may lose anything at
// any time, and never lets an older balance or a lower revision take the place of a newer one. Thread-safe.
class BalanceCacheBackend {
 public:
  // Keys of one owner.
  struct Keys {
    std::string contacts_revision;
    std::string ledger_revision;
    std::string balance;
  };

  // What is there. `balance` is empty where there is none, and valid as long as the callback runs.
  struct Found {
    std::optional<int64_t> contacts_revision;
    std::optional<int64_t> ledger_revision;
    std::string_view balance;
    // How long both revisions will be known yet if nothing else happens, as seen at some moment during the look; zero
    // where that was not seen.
    absl::Duration revisions_last = absl::ZeroDuration();
  };
  using FoundCallback = absl::AnyInvocable<void(absl::StatusOr<Found>)>;

  virtual ~BalanceCacheBackend() = default;

  // Looks all three keys up at once. `found` is called exactly once, within this call or later on another thread, with
  // a failure where the cache can't be reached; it must not block.
  virtual void Find(const Keys& keys, FoundCallback found) = 0;

  // Keeps a stamped balance for kCachedBalanceLifetime at most. Does not wait; may fail unnoticed.
  virtual void Keep(const std::string& key, const BalanceStamp& stamp, std::string_view sealed) = 0;

  // Takes note of a revision that its service was seen at, for a minute. Does not wait; may fail unnoticed.
  virtual void RaiseRevision(const std::string& key, int64_t revision) = 0;

  // Forgets what is kept under a key. Does not wait; may fail unnoticed.
  virtual void Drop(const std::string& key) = 0;

  // How an answer from here is marked.
  virtual v1::AnsweredFrom answered_from() const = 0;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_CACHED_BALANCE_H_
