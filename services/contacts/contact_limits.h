#ifndef COUNCIL_SERVICES_CONTACTS_CONTACT_LIMITS_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACT_LIMITS_H_

#include <cstddef>

// The limits that contacts.proto and contacts_service.proto state. Lengths count characters (Unicode code points).
namespace council::contacts::limits {

inline constexpr size_t kDisplayName = 200;
inline constexpr size_t kEmails = 50;
inline constexpr size_t kEmail = 254;
inline constexpr size_t kPhones = 50;
inline constexpr size_t kPhone = 64;
inline constexpr size_t kOrganization = 200;
inline constexpr size_t kTitle = 200;
inline constexpr size_t kLocation = 200;
inline constexpr size_t kHowMet = 500;
inline constexpr size_t kTags = 50;
inline constexpr size_t kTag = 64;
inline constexpr size_t kNotes = 10'000;
inline constexpr size_t kFacets = 20;
inline constexpr size_t kFacetName = 32;
inline constexpr size_t kFacetValue = 100;
inline constexpr size_t kDirectorySubject = 200;
inline constexpr size_t kVcardUid = 255;
inline constexpr size_t kFileName = 255;  // In bytes.
inline constexpr size_t kVcardProperties = 100;
inline constexpr size_t kVcardPropertiesTotal = 20'000;

inline constexpr size_t kContactsPerOwner = 20'000;
inline constexpr size_t kAcquaintancesPerOwner = 100'000;
inline constexpr size_t kSeats = 100;
inline constexpr size_t kSeatIntervals = 200;
inline constexpr size_t kOwnEmails = 20;
inline constexpr size_t kTagCadences = 50;
inline constexpr size_t kTimeZone = 64;
inline constexpr int kLongestCadenceDays = 730;
inline constexpr double kHoursPerWeek = 60;
inline constexpr int kCheckInsPerWeek = 50;

// Of an enumeration, named in one request: more than any has.
inline constexpr size_t kNamedValues = 20;
inline constexpr int kMaskPaths = 100;

inline constexpr size_t kRequestId = 128;
inline constexpr int kBatch = 500;
inline constexpr int kMerged = 20;
inline constexpr int kPage = 1000;
inline constexpr int kDefaultPage = 100;
inline constexpr size_t kFilter = 200;
inline constexpr int kDuplicateGroups = 100;
// A page ends before its contacts together are larger, so that an answer stays below gRPC's 4 MiB.
inline constexpr size_t kPageBytes = 3 << 20;
// Records of a file that are named one by one as skipped, and the bytes of what is said of them.
inline constexpr int kSkippedRecords = 1000;
inline constexpr size_t kSkippedBytes = 1 << 20;

inline constexpr size_t kImportFileBytes = 64 << 20;
inline constexpr size_t kImportChunkBytes = 1 << 20;
// Cards or rows of a file: several times what an owner may keep.
inline constexpr int kImportRecords = 100'000;

}  // namespace council::contacts::limits

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACT_LIMITS_H_
