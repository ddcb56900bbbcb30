#include "services/contacts/contacts_common.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "libs/seal/hash.h"
#include "services/contacts/seats.h"

namespace council::contacts {

std::string DigestOf(const google::protobuf::Message& message) {
  std::string bytes = message.GetTypeName() + '\n';
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    // Maps would come in any order otherwise.
    out.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&out);
  }
  return seal::Sha256({bytes});
}

absl::Status ContactNotFound() {
  return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_CONTACT_NOT_FOUND,
                     "there is no contact with this id");
}

absl::StatusOr<storage::v1::StoredContact> RequireContact(ContactsSnapshot& snapshot, const std::string& id) {
  COUNCIL_ASSIGN_OR_RETURN(const std::string current, snapshot.ResolveId(id));
  COUNCIL_ASSIGN_OR_RETURN(auto contact, snapshot.GetContact(current));
  if (!contact.has_value()) return ContactNotFound();
  return *std::move(contact);
}

absl::Status CheckEtag(const std::string& etag, const std::string& current) {
  if (etag.empty() || etag == current) return absl::OkStatus();
  return base::Error(absl::StatusCode::kAborted, common::v1::ERROR_REASON_ETAG_MISMATCH,
                     "the etag is not the current one: read again, and change that");
}

absl::StatusOr<std::optional<storage::v1::StoredContact>> FindRepeated(ContactsSnapshot& snapshot,
                                                                       const std::string& request_id,
                                                                       const google::protobuf::Message& request) {
  if (request_id.empty()) return std::nullopt;
  COUNCIL_ASSIGN_OR_RETURN(const auto known, snapshot.FindRequest(request_id));
  if (!known.has_value()) return std::nullopt;
  // What was asked about a contact who was erased is not compared.
  if (!known->digest().empty() && known->digest() != DigestOf(request)) {
    return base::RequestIdReused();
  }
  COUNCIL_ASSIGN_OR_RETURN(auto contact, RequireContact(snapshot, known->contact_id()));
  return contact;
}

absl::Status RememberRequest(ContactsTransaction& transaction, const std::string& request_id,
                             const google::protobuf::Message& request, const std::string& contact_id) {
  if (request_id.empty()) return absl::OkStatus();
  storage::v1::StoredRequest stored;
  stored.set_digest(DigestOf(request));
  stored.set_contact_id(contact_id);
  stored.set_request_id(request_id);
  return transaction.PutRequest(request_id, stored);
}

absl::Status CheckSeatLimit(ContactsSnapshot& snapshot) {
  COUNCIL_ASSIGN_OR_RETURN(const auto seats, snapshot.AllSeats());
  const auto held = std::ranges::count_if(seats, [](const auto& seat) { return HeldSeat(seat).has_value(); });
  if (static_cast<size_t>(held) < limits::kSeats) return absl::OkStatus();
  return base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED,
                     absl::StrCat("a council has at most ", limits::kSeats, " seats"));
}

bool IsOffCouncil(v1::ContactStatus status) {
  return status == v1::CONTACT_STATUS_NO_CONTACT || status == v1::CONTACT_STATUS_DECEASED;
}

absl::Status LeaveCouncilIfStatusSays(ContactsTransaction& transaction, const v1::Contact& contact, absl::Time now) {
  if (!IsOffCouncil(contact.status())) return absl::OkStatus();
  COUNCIL_ASSIGN_OR_RETURN(auto seat, transaction.GetSeat(contact.id()));
  if (!seat.has_value() || !LeaveSeat(now, *seat)) return absl::OkStatus();
  return transaction.PutSeat(*seat);
}

}  // namespace council::contacts
