#include "services/contacts/contacts_watch.h"

#include <cstddef>

#include "absl/time/clock.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "services/contacts/contacts_service.h"

namespace council::contacts {
namespace {

constexpr char kMethod[] = "WatchContacts";
constexpr std::size_t kPage = 200;
constexpr absl::Duration kReadTime = absl::Seconds(5);

absl::StatusOr<ChangePlace> ParseWatchToken(const seal::TokenCodec& tokens, const base::Owner& owner,
                                            const std::string& lineage, const std::string& text) {
  COUNCIL_ASSIGN_OR_RETURN(seal::PositionToken token, tokens.ParsePositionToken(owner, kMethod, text));
  if (token.lineage != lineage) {
    return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_LINEAGE_CHANGED,
                       "the watch_token is of a storage that was replaced; drop it, and read anew");
  }
  return ChangePlace{.revision = token.revision, .contact_id = std::move(token.position)};
}

}  // namespace

absl::StatusOr<std::vector<v1::WatchContactsResponse>> ContactsChanges::Next() {
  std::vector<v1::WatchContactsResponse> page;
  if (tell_place_) Add(page);
  tell_place_ = false;
  const rpc::CallContext call(kMethod, principal_, absl::Now() + kReadTime);
  COUNCIL_ASSIGN_OR_RETURN(Changed<std::vector<ContactChange>> changed, contacts_.ChangesAfter(call, place_, kPage));
  for (ContactChange& change : changed.value) {
    place_ = {.revision = change.revision, .contact_id = change.id};
    v1::WatchContactsResponse& response = Add(page);
    response.set_deleted(!change.contact.has_value());
    if (change.contact.has_value()) *response.mutable_contact() = *std::move(change.contact);
    response.mutable_contact()->set_id(change.id);
  }
  // The last changes were not of contacts, but of seats or settings.
  if (changed.value.size() < kPage && place_.revision < changed.revision) {
    place_ = {.revision = changed.revision, .contact_id = ""};
    Add(page);
  }
  return page;
}

v1::WatchContactsResponse& ContactsChanges::Add(std::vector<v1::WatchContactsResponse>& page) const {
  v1::WatchContactsResponse& response = page.emplace_back();
  response.set_watch_token(tokens_.MakePositionToken(
      principal_.owner, kMethod,
      {.lineage = contacts_.lineage(), .revision = place_.revision, .position = place_.contact_id}));
  return response;
}

absl::StatusOr<std::unique_ptr<rpc::ChangeSource<v1::WatchContactsResponse>>> ContactsService::WatchContacts(
    const rpc::CallContext& call, const v1::WatchContactsRequest& request, std::function<void()> wake) {
  const bool from_now_on = request.watch_token().empty();
  ChangePlace place;
  if (!from_now_on) {
    COUNCIL_ASSIGN_OR_RETURN(place, ParseWatchToken(tokens_, call.owner(), contacts_.lineage(), request.watch_token()));
  }
  // Before the place is looked up, so that no change falls between the two.
  COUNCIL_ASSIGN_OR_RETURN(auto subscription, changes_.Subscribe(call.owner(), std::move(wake)));
  if (from_now_on) {
    COUNCIL_ASSIGN_OR_RETURN(place.revision, contacts_.GetRevision(call, 0));
  }
  return std::make_unique<ContactsChanges>(contacts_, tokens_, call.principal(), std::move(place), from_now_on,
                                           std::move(subscription));
}

}  // namespace council::contacts
