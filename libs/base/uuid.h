#ifndef COUNCIL_LIBS_BASE_UUID_H_
#define COUNCIL_LIBS_BASE_UUID_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/base/random.h"

namespace council::base {

// A UUID of version 7 (RFC 9562): milliseconds of `now`, then random bits, as 36 lower-case characters.
std::string NewUuid(absl::Time now, Random& random);

// The 16 bytes of a UUID in its 36-character form, either case; INVALID_ARGUMENT for anything else.
absl::StatusOr<std::array<uint8_t, 16>> ParseUuid(std::string_view text);

// The 36 lower-case characters of a UUID.
std::string FormatUuid(const std::array<uint8_t, 16>& bytes);

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_UUID_H_
