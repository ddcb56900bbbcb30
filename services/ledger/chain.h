// The hash chain of a ledger: what makes an edited, removed or reordered entry show.
//
//   hash = SHA-256(version, chain id, sequence, previous hash, record time, commitments)
//   commitment = SHA-256(salt, canonical bytes of one part), the salt 32 random bytes of its own
//
// No hash can be guessed open, since the salts are secret; and a part can be erased together with its salt, while its
// commitment keeps the chain whole.
#ifndef COUNCIL_SERVICES_LEDGER_CHAIN_H_
#define COUNCIL_SERVICES_LEDGER_CHAIN_H_

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"
#include "libs/base/random.h"

namespace council::ledger {

// The commitments of an entry and the salts that open them, in the order of CanonicalParts.
struct Commitments {
  std::vector<std::string> values;
  std::vector<std::string> salts;
};

// Commits to `entry` with new salts.
Commitments Commit(const v1::Interaction& entry, base::Random& random);

// The commitments of `entry` under `salts`. An empty salt stands for a part that was erased, and takes the next
// commitment from `erased`; the first part, which is nobody's, can't be. Empty where the salts are not as many as the
// parts, or one is not 32 bytes.
std::vector<std::string> Recommit(const v1::Interaction& entry, std::span<const std::string> salts,
                                  std::span<const std::string> erased = {});

// Hash before the first entry.
std::string ZeroHash();

// The hash of an entry, 32 bytes.
std::string ChainHash(std::string_view chain_id, std::int64_t sequence, std::string_view previous_hash,
                      absl::Time record_time, std::span<const std::string> commitments);

// Walks along a chain from some entry on and stops at the first that does not hold.
//
//     ChainVerifier verifier(chain_id, start, hash_before_start);
//     for (…) if (!verifier.Add(entry, salts)) break;
//     if (verifier.Finish(head_sequence, head_hash)) …all hold
class ChainVerifier {
 public:
  ChainVerifier(std::string chain_id, std::int64_t start_sequence, std::string previous_hash);

  // Looks at the next entry, complete as the contract has it. False where it, or the link to it, does not hold.
  // `erased` as for Recommit.
  bool Add(const v1::Interaction& entry, std::span<const std::string> salts, std::span<const std::string> erased = {});

  // Says that the next entry, `sequence`, cannot be read at all.
  void AddUnreadable(std::int64_t sequence);

  // Compares the end with the head that the ledger has: a cut-off tail, and corrections and erasures without the entry
  // that says so, show here.
  bool Finish(std::int64_t head_sequence, std::string_view head_hash);

  std::int64_t entries() const { return entries_; }
  // The first entry that does not hold, and why, in plain English; 0 and "" while all hold.
  std::int64_t broken_sequence() const { return broken_sequence_; }
  const std::string& problem() const { return problem_; }
  // Hash of the last entry that was added.
  const std::string& last_hash() const { return previous_hash_; }

 private:
  bool Break(std::int64_t sequence, std::string problem);
  bool CheckCorrection(const v1::Interaction& entry);

  const std::string chain_id_;
  const std::int64_t start_sequence_;
  std::int64_t next_sequence_;
  std::string previous_hash_;
  std::int64_t entries_ = 0;
  std::int64_t broken_sequence_ = 0;
  std::string problem_;
  // By the entry that is said to correct: the entry that says so.
  std::unordered_map<std::int64_t, std::int64_t> awaited_corrections_;
  // Entries of which something was erased, until an erasure names them.
  std::set<std::int64_t> awaited_erasures_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_CHAIN_H_
