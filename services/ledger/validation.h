// What the ledger's requests may say, field by field.
#ifndef COUNCIL_SERVICES_LEDGER_VALIDATION_H_
#define COUNCIL_SERVICES_LEDGER_VALIDATION_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "libs/base/status.h"

namespace council::ledger {

// Limits of the contract.
inline constexpr int kMaxContacts = 100;
inline constexpr int kMaxBenefits = 20;
inline constexpr int kMaxDomains = 5;
inline constexpr int kMaxPromises = 10;
inline constexpr int kMaxClosesPromises = 20;
inline constexpr int kMaxNoteCharacters = 4000;
inline constexpr int kMaxPromiseCharacters = 1000;
inline constexpr int kMaxIdCharacters = 64;
inline constexpr int kMaxRequestIdCharacters = 128;
inline constexpr int kMaxBatch = 500;
inline constexpr int kMaxPageSize = 1000;
inline constexpr int kMaxFormerIds = 100;
inline constexpr int kMaxTieContacts = 10'000;
inline constexpr int kMaxKnownPeople = 30'000;
inline constexpr int kMaxOwnEmails = 100;
inline constexpr absl::Duration kMaxDuration = absl::Hours(31 * 24);
// How far in the future an entry may lie.
inline constexpr absl::Duration kFutureAllowance = absl::Hours(24);

// Characters (code points) of UTF-8 text.
int CountCharacters(const std::string& text);

// Whether `text` is a UUID, as ids of contacts and entries are. They stand in clear in storage, where anything else
// might tell who somebody is.
bool IsUuid(const std::string& text);

// Adds to `violations` what is wrong with an entry as a caller sends it; `path` is its field ("interaction").
void ValidateInteraction(const v1::Interaction& interaction, const std::string& path, absl::Time now,
                         base::FieldViolations& violations);

// With these words the service's own request_ids begin, of what undoes an import's entry and of a confirmed plan:
// callers' must not.
inline constexpr absl::string_view kUndo = "undo ";
inline constexpr absl::string_view kConfirmed = "confirmed ";

// One that a caller gives.
void ValidateRequestId(const std::string& request_id, const std::string& path, base::FieldViolations& violations);
// One that was kept with an entry, which may be the service's own.
void ValidateKeptRequestId(const std::string& request_id, const std::string& path, base::FieldViolations& violations);
void ValidateContactId(const std::string& id, const std::string& path, base::FieldViolations& violations);
void ValidateTieContact(const v1::TieContact& contact, const std::string& path, base::FieldViolations& violations);
void ValidateTime(bool present, const google::protobuf::Timestamp& time, const std::string& path,
                  base::FieldViolations& violations);
// `page_size` 0 stands for the default.
void ValidatePageSize(int page_size, base::FieldViolations& violations);

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_VALIDATION_H_
