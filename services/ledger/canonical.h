// The bytes that a ledger's hashes are made of: an encoding of our own with a version, since protobuf's is not
// canonical.
#ifndef COUNCIL_SERVICES_LEDGER_CANONICAL_H_
#define COUNCIL_SERVICES_LEDGER_CANONICAL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "council/ledger/v1/ledger.pb.h"

namespace council::ledger {

// Version of the encoding. Each entry is stored with the version it was hashed in; an older one stays readable for
// good.
inline constexpr int kCanonicalVersion = 1;

// Length of salts, commitments and hashes.
inline constexpr int kHashBytes = 32;

// Appends fields in order: integers as 8 bytes big-endian, strings after their length. No two sequences of calls of the
// same shape have one encoding.
class CanonicalWriter {
 public:
  // `kind` tells apart what is encoded: bytes of one kind never equal those of another.
  explicit CanonicalWriter(std::string_view kind);

  CanonicalWriter& Int(std::int64_t value);
  CanonicalWriter& Text(std::string_view value);

  std::string Take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// The parts that an entry's commitments are made of, in order: what its contacts share; the part of each contact, in
// the order of `contact_ids`; for each introduction who was introduced; the note, if any; the text of each promise. So
// a contact or a text can be erased later, and what is left still verifies: what was erased leaves a blank (an empty
// id, a benefit without direction, an empty text), and has no part here any more.
//
// Covers all that the owner wrote and `id`, `kind` and `corrects`; not what is given under a lock (sequence, hashes,
// corrected_by) nor record_time, which the chain covers itself. Times count in microseconds.
std::vector<std::string> CanonicalParts(const v1::Interaction& entry);

// Digests of a request as it was sent, by which a repetition is told from another request with the same id.
struct RequestDigest {
  std::string content;  // 32 bytes: the method, the entry that it corrects, and all but free text.
  std::string text;     // 32 bytes: the free text.
};
// `method` may also name what the request is about besides.
RequestDigest DigestRequest(std::string_view method, std::int64_t corrects, const v1::Interaction& as_sent);
// Whether both are of one request. What was erased has no digest, and is not compared.
bool SameRequest(const RequestDigest& known, const RequestDigest& asked);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_CANONICAL_H_
