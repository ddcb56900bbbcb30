#include "services/ledger/chain.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/seal/hash.h"
#include "services/ledger/canonical.h"

namespace council::ledger {

Commitments Commit(const v1::Interaction& entry, base::Random& random) {
  const std::vector<std::string> parts = CanonicalParts(entry);
  const std::string randomness = random.Bytes(parts.size() * kHashBytes);
  Commitments result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    result.salts.push_back(randomness.substr(i * kHashBytes, kHashBytes));
    result.values.push_back(seal::Sha256({result.salts.back(), parts[i]}));
  }
  return result;
}

std::vector<std::string> Recommit(const v1::Interaction& entry, std::span<const std::string> salts,
                                  std::span<const std::string> erased) {
  const std::vector<std::string> parts = CanonicalParts(entry);
  if (salts.size() != parts.size() + erased.size() || salts.front().empty()) return {};
  std::vector<std::string> commitments;
  auto part = parts.begin();
  auto commitment = erased.begin();
  for (const std::string& salt : salts) {
    if (salt.empty()) {
      if (commitment == erased.end() || commitment->size() != kHashBytes) return {};
      commitments.push_back(*commitment++);
    } else {
      if (part == parts.end() || salt.size() != kHashBytes) return {};
      commitments.push_back(seal::Sha256({salt, *part++}));
    }
  }
  return commitments;
}

std::string ZeroHash() {
  return std::string(kHashBytes, '\0');
}

std::string ChainHash(std::string_view chain_id, std::int64_t sequence, std::string_view previous_hash,
                      absl::Time record_time, std::span<const std::string> commitments) {
  CanonicalWriter writer("entry");
  writer.Text(chain_id).Int(sequence).Text(previous_hash).Int(absl::ToUnixMicros(record_time));
  writer.Int(static_cast<std::int64_t>(commitments.size()));
  for (const std::string& commitment : commitments) writer.Text(commitment);
  return seal::Sha256({std::move(writer).Take()});
}

ChainVerifier::ChainVerifier(std::string chain_id, std::int64_t start_sequence, std::string previous_hash)
    : chain_id_(std::move(chain_id)),
      start_sequence_(start_sequence),
      next_sequence_(start_sequence),
      previous_hash_(std::move(previous_hash)) {}

bool ChainVerifier::Break(std::int64_t sequence, std::string problem) {
  if (broken_sequence_ == 0) {
    broken_sequence_ = sequence;
    problem_ = std::move(problem);
  }
  return false;
}

void ChainVerifier::AddUnreadable(std::int64_t sequence) {
  ++entries_;
  Break(sequence, absl::StrCat("entry ", sequence, " cannot be read"));
}

bool ChainVerifier::Add(const v1::Interaction& entry, std::span<const std::string> salts,
                        std::span<const std::string> erased) {
  if (broken_sequence_ != 0) return false;
  if (entry.sequence() != next_sequence_) {
    return Break(next_sequence_, absl::StrCat("entry ", next_sequence_, " is missing"));
  }
  ++entries_;
  const std::vector<std::string> commitments = Recommit(entry, salts, erased);
  if (commitments.empty()) {
    return Break(entry.sequence(), absl::StrCat("entry ", entry.sequence(), " has lost what its hash is made of"));
  }
  if (ChainHash(chain_id_, entry.sequence(), previous_hash_, base::FromProto(entry.record_time()), commitments) !=
      entry.hash()) {
    return Break(entry.sequence(),
                 absl::StrCat("entry ", entry.sequence(), " does not have the content it was hashed with"));
  }
  if (!CheckCorrection(entry)) return false;
  if (!erased.empty()) awaited_erasures_.insert(entry.sequence());
  if (entry.kind() == v1::INTERACTION_KIND_ERASURE) {
    for (const std::int64_t sequence : entry.erases()) awaited_erasures_.erase(sequence);
  }
  ++next_sequence_;
  previous_hash_ = entry.hash();
  return true;
}

// `corrected_by` is in no hash, but the correction's `corrects` is: the two must agree.
bool ChainVerifier::CheckCorrection(const v1::Interaction& entry) {
  if (entry.corrected_by() != 0) awaited_corrections_[entry.corrected_by()] = entry.sequence();
  const auto awaited = awaited_corrections_.find(entry.sequence());
  const std::int64_t marked = awaited == awaited_corrections_.end() ? 0 : awaited->second;
  // Entries before the start have not been looked at.
  if (marked != entry.corrects() && (marked != 0 || entry.corrects() >= start_sequence_)) {
    return Break(entry.sequence(),
                 absl::StrCat("entry ", entry.sequence(), " corrects entry ", entry.corrects(), ", but entry ",
                              std::max(marked, entry.corrects()), " is not marked so"));
  }
  if (awaited != awaited_corrections_.end()) awaited_corrections_.erase(awaited);
  return true;
}

bool ChainVerifier::Finish(std::int64_t head_sequence, std::string_view head_hash) {
  if (broken_sequence_ != 0) return false;
  if (next_sequence_ - 1 < head_sequence) {
    return Break(next_sequence_, absl::StrCat("entries from ", next_sequence_, " to ", head_sequence, " are missing"));
  }
  if (next_sequence_ - 1 > head_sequence || previous_hash_ != head_hash) {
    return Break(head_sequence, "the last entry is not the one that the ledger's head names");
  }
  if (!awaited_corrections_.empty()) {
    const auto& [correction, corrected] = *awaited_corrections_.begin();
    return Break(corrected, absl::StrCat("entry ", corrected, " is marked as corrected by ", correction,
                                         ", which does not correct it"));
  }
  if (!awaited_erasures_.empty()) {
    const std::int64_t sequence = *awaited_erasures_.begin();
    return Break(sequence, absl::StrCat("a part of entry ", sequence, " is missing, and no erasure says so"));
  }
  return true;
}

}  // namespace council::ledger
