#ifndef COUNCIL_SERVICES_CONTACTS_CONTACTS_WATCH_H_
#define COUNCIL_SERVICES_CONTACTS_CONTACTS_WATCH_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "libs/base/owner_changes.h"
#include "libs/rpc/call.h"
#include "libs/rpc/watch.h"
#include "libs/seal/token.h"
#include "services/contacts/contacts.h"

namespace council::contacts {

// The changes of an owner's contacts behind a place, in the order of revisions and, within one, of ids. A contact that
// changed more than once is told as it is now, at its last change.
class ContactsChanges final : public rpc::ChangeSource<v1::WatchContactsResponse> {
 public:
  // `contacts` and `tokens` must outlive the source. `tell_place`: the first page begins with a response that says
  // nothing but the place.
  ContactsChanges(Contacts& contacts, const seal::TokenCodec& tokens, rpc::Principal principal, ChangePlace place,
                  bool tell_place, std::unique_ptr<base::OwnerChanges::Subscription> subscription)
      : contacts_(contacts),
        tokens_(tokens),
        principal_(std::move(principal)),
        place_(std::move(place)),
        tell_place_(tell_place),
        subscription_(std::move(subscription)) {}

  // TOKEN_FROM_FUTURE where the contacts never were at the place.
  absl::StatusOr<std::vector<v1::WatchContactsResponse>> Next() override;

 private:
  // Adds a response behind which the place is `place_`.
  v1::WatchContactsResponse& Add(std::vector<v1::WatchContactsResponse>& page) const;

  Contacts& contacts_;
  const seal::TokenCodec& tokens_;
  const rpc::Principal principal_;
  ChangePlace place_;
  bool tell_place_;
  const std::unique_ptr<base::OwnerChanges::Subscription> subscription_;
};

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_CONTACTS_WATCH_H_
