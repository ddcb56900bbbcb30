#ifndef COUNCIL_SERVICES_CONTACTS_CONTACTS_COMMON_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACTS_COMMON_H_

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "libs/base/status.h"
#include "services/contacts/contacts.h"
#include "services/contacts/contacts_store.h"

// What the parts of contacts.h's implementation share.
namespace council::contacts {

absl::Status ContactNotFound();

// SHA-256 of what the message says: the same for the same content.
std::string DigestOf(const google::protobuf::Message& message);

// The contact with this id, or into which it was merged; NOT_FOUND where there is none.
absl::StatusOr<storage::v1::StoredContact> RequireContact(ContactsSnapshot& snapshot, const std::string& id);

// Fails with ABORTED where `etag` is given and is not `current`.
absl::Status CheckEtag(const std::string& etag, const std::string& current);

// The contact that a request made before, if it was; ALREADY_EXISTS where the request_id was used for something else.
// Nothing where the request is new or has no id.
absl::StatusOr<std::optional<storage::v1::StoredContact>> FindRepeated(ContactsSnapshot& snapshot,
                                                                       const std::string& request_id,
                                                                       const google::protobuf::Message& request);

// Remembers what the request made. Does nothing where it has no id.
absl::Status RememberRequest(ContactsTransaction& transaction, const std::string& request_id,
                             const google::protobuf::Message& request, const std::string& contact_id);

// Ends the seat of one whom the status keeps off the council.
absl::Status LeaveCouncilIfStatusSays(ContactsTransaction& transaction, const v1::Contact& contact, absl::Time now);

// Fails with RESOURCE_EXHAUSTED where one more seat would be over the limit.
absl::Status CheckSeatLimit(ContactsSnapshot& snapshot);

// Whether the status keeps the contact off the council.
bool IsOffCouncil(v1::ContactStatus status);

// The part of `items` that `page` asks for, at most `bytes_limit` bytes of it but at least one item.
template <typename T>
absl::StatusOr<Page<T>> CutPage(std::vector<T> items, const PageRequest& page, int64_t revision) {
  if (page.revision.has_value() && *page.revision != revision) {
    return base::Error(absl::StatusCode::kAborted, common::v1::ERROR_REASON_PAGE_EXPIRED,
                       "data changed between two pages: start again with the first page");
  }
  Page<T> cut;
  cut.revision = revision;
  cut.total = static_cast<int64_t>(items.size());
  size_t bytes = 0;
  for (int64_t i = page.offset; i < cut.total; ++i) {
    bytes += items[static_cast<size_t>(i)].ByteSizeLong();
    if (!cut.items.empty() && (cut.items.size() == page.size || bytes > limits::kPageBytes)) {
      cut.next_offset = i;
      break;
    }
    cut.items.push_back(std::move(items[static_cast<size_t>(i)]));
  }
  return cut;
}

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACTS_COMMON_H_
