#include "services/recommendations/contacts_client.h"

#include <set>
#include <string_view>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/rpc/client.h"
#include "services/recommendations/read_all.h"

namespace council::recommendations {
namespace {

using Stub = contacts::v1::ContactsService::Stub;

constexpr char kService[] = "contacts";

absl::Status Check(const contacts::v1::GetCouncilResponse& council) {
  std::set<std::string_view> seated;
  for (const contacts::v1::CouncilSeat& seat : council.seats()) {
    const std::string& id = seat.seat().contact_id();
    if (id.empty() || seat.contact().id() != id)
      return absl::InternalError("contacts answered a seat without its contact");
    if (!seated.insert(id).second) return absl::InternalError("contacts answered two seats for one contact");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<contacts::v1::GetCouncilResponse> ContactsClient::GetCouncil(const rpc::CallContext& call,
                                                                            std::span<const std::string> tokens,
                                                                            std::optional<absl::Time> as_of) {
  contacts::v1::GetCouncilRequest request;
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  if (as_of.has_value()) *request.mutable_as_of() = base::ToProto(*as_of);
  COUNCIL_ASSIGN_OR_RETURN(contacts::v1::GetCouncilResponse response,
                           rpc::Ask(kService, *stub_.Get(), &Stub::GetCouncil, call, request));
  COUNCIL_RETURN_IF_ERROR(Check(response));
  return response;
}

absl::StatusOr<contacts::v1::Contact> ContactsClient::GetContact(const rpc::CallContext& call,
                                                                 std::span<const std::string> tokens,
                                                                 const std::string& id) {
  contacts::v1::GetContactRequest request;
  request.set_id(id);
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  COUNCIL_ASSIGN_OR_RETURN(contacts::v1::GetContactResponse response,
                           rpc::Ask(kService, *stub_.Get(), &Stub::GetContact, call, request));
  return std::move(*response.mutable_contact());
}

absl::StatusOr<std::vector<contacts::v1::Contact>> ContactsClient::ListContacts(const rpc::CallContext& call,
                                                                                std::span<const std::string> tokens) {
  contacts::v1::ListContactsRequest request;
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  return ReadAll(kService, *stub_.Get(), &Stub::ListContacts, &contacts::v1::ListContactsResponse::mutable_contacts,
                 call, std::move(request));
}

absl::StatusOr<std::vector<contacts::v1::Acquaintance>> ContactsClient::ListAcquaintances(
    const rpc::CallContext& call, std::span<const std::string> tokens) {
  contacts::v1::ListAcquaintancesRequest request;
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  return ReadAll(kService, *stub_.Get(), &Stub::ListAcquaintances,
                 &contacts::v1::ListAcquaintancesResponse::mutable_acquaintances, call, std::move(request));
}

absl::StatusOr<contacts::v1::Settings> ContactsClient::GetSettings(const rpc::CallContext& call,
                                                                   std::span<const std::string> tokens) {
  contacts::v1::GetSettingsRequest request;
  request.mutable_at_least_as_fresh()->Add(tokens.begin(), tokens.end());
  COUNCIL_ASSIGN_OR_RETURN(contacts::v1::GetSettingsResponse response,
                           rpc::Ask(kService, *stub_.Get(), &Stub::GetSettings, call, request));
  return std::move(*response.mutable_settings());
}

absl::StatusOr<contacts::v1::GetRevisionResponse> ContactsClient::GetRevision(const rpc::CallContext& call) {
  return rpc::Ask(kService, *stub_.Get(), &Stub::GetRevision, call, contacts::v1::GetRevisionRequest());
}

}  // namespace council::recommendations
