#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_NAMES_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_NAMES_H_

#include "absl/strings/string_view.h"

// Properties of our own in the vCards that Council writes.
namespace council::contacts::vcard {

// Stands behind the contact's fields: what follows was kept from the card of another program and is taken as it is.
inline constexpr absl::string_view kKept = "X-COUNCIL-KEPT";
// Fields that vCard has no property for.
inline constexpr absl::string_view kHowMet = "X-COUNCIL-HOW-MET";
inline constexpr absl::string_view kFacet = "X-COUNCIL-FACET";  // with the parameter NAME
inline constexpr absl::string_view kDirectorySubject = "X-COUNCIL-DIRECTORY-SUBJECT";
inline constexpr absl::string_view kStatus = "X-COUNCIL-STATUS";
inline constexpr absl::string_view kPausedUntil = "X-COUNCIL-PAUSED-UNTIL";
// Stand for ORG and ADR where a kept property says the same in more detail.
inline constexpr absl::string_view kOrganization = "X-COUNCIL-ORGANIZATION";
inline constexpr absl::string_view kLocation = "X-COUNCIL-LOCATION";

// Components of ADR.
inline constexpr int kAdrLocality = 3;
inline constexpr int kAdrRegion = 4;
inline constexpr int kAdrCountry = 6;

}  // namespace council::contacts::vcard

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_NAMES_H_
