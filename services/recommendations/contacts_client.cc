#include "services/recommendations/contacts_client.h"

#include <set>
#include <string_view>

#include "libs/base/proto_time.h"
#include "libs/rpc/client.h"

namespace council::recommendations {
namespace {

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
  grpc::ClientContext context;
  rpc::PrepareContext(call, context);
  contacts::v1::GetCouncilResponse response;
  const absl::Status status = rpc::FromCall("contacts", stub_->GetCouncil(&context, request, &response));
  if (!status.ok()) return status;
  if (const absl::Status check = Check(response); !check.ok()) return check;
  return response;
}

absl::StatusOr<contacts::v1::GetRevisionResponse> ContactsClient::GetRevision(const rpc::CallContext& call) {
  grpc::ClientContext context;
  rpc::PrepareContext(call, context);
  contacts::v1::GetRevisionResponse response;
  const absl::Status status = rpc::FromCall("contacts", stub_->GetRevision(&context, {}, &response));
  if (!status.ok()) return status;
  return response;
}

}  // namespace council::recommendations
