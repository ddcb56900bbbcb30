#ifndef COUNCIL_SERVICES_CONTACTS_CONTACT_RULES_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACT_RULES_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "libs/base/status.h"

// What the contract asks of contacts, seats and settings, field by field.
namespace council::contacts {

// Brings a contact into the form in which it is kept: no white space at the ends of values, "\n" as line end, no
// repeated e-mails (case does not matter), phones or tags, ACTIVE where no status is given.
void NormalizeContact(v1::Contact& contact);

// Adds to `violations` what is wrong with a normalized contact; `path` ("contact") is where it stands in the request.
// Facets in `consented_facets` are allowed though they need consent.
void ValidateContact(const v1::Contact& contact, const std::string& path,
                     const absl::flat_hash_set<std::string>& consented_facets, base::FieldViolations& violations);

// Adds a violation for each field of a contact to be created that only the service may give.
void ValidateNotGiven(const v1::Contact& contact, const std::string& path, base::FieldViolations& violations);

// Adds to `violations` what is wrong with a seat to be taken at `now`. What the service gives is passed over, so that a
// seat that was read can be sent back.
void ValidateSeat(const v1::Seat& seat, const std::string& path, absl::Time now, base::FieldViolations& violations);

void NormalizeSettings(v1::Settings& settings);
void ValidateSettings(const v1::Settings& settings, const std::string& path, base::FieldViolations& violations);

// Adds a violation where `mask` is empty or names anything but fields of `Message` that callers may change.
template <typename Message>
void ValidateMask(const google::protobuf::FieldMask& mask, base::FieldViolations& violations);

// Takes the fields that `mask` names from `from`; those unset there are cleared. The mask was validated.
void ApplyMask(const google::protobuf::FieldMask& mask, const google::protobuf::Message& from,
               google::protobuf::Message& to);

// Adds a violation where `text` is longer than `limit` characters or has control characters (line ends and tabs are
// allowed where `multi_line`).
void ValidateText(absl::string_view text, size_t limit, bool multi_line, const std::string& path,
                  base::FieldViolations& violations);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACT_RULES_H_
