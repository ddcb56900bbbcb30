#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_CONTACTS_CLIENT_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_CONTACTS_CLIENT_H_

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.grpc.pb.h"
#include "libs/rpc/call.h"
#include "libs/rpc/channel.h"

namespace council::recommendations {

// What recommendations asks of the contacts service, in the caller's name and within the caller's time. Thread-safe.
//
// Failures are those of the service (see contacts_service.proto), and UNAVAILABLE (SERVICE_UNAVAILABLE) where it can't
// be reached.
class ContactsClient {
 public:
  explicit ContactsClient(rpc::ChannelSource channel) : stub_(std::move(channel)) {}

  // The caller's council with its contacts, now or at the past moment `as_of`, from a state at least as fresh as
  // `tokens`. INTERNAL where the answer contradicts itself: a seat without its contact, or two for one contact.
  absl::StatusOr<contacts::v1::GetCouncilResponse> GetCouncil(const rpc::CallContext& call,
                                                              std::span<const std::string> tokens,
                                                              std::optional<absl::Time> as_of);

  // The contact with this id, or into whom the one with this id was merged.
  absl::StatusOr<contacts::v1::Contact> GetContact(const rpc::CallContext& call, std::span<const std::string> tokens,
                                                   const std::string& id);

  // Everyone the caller knows, in no set order.
  absl::StatusOr<std::vector<contacts::v1::Contact>> ListContacts(const rpc::CallContext& call,
                                                                  std::span<const std::string> tokens);

  // Who of them know each other.
  absl::StatusOr<std::vector<contacts::v1::Acquaintance>> ListAcquaintances(const rpc::CallContext& call,
                                                                            std::span<const std::string> tokens);

  absl::StatusOr<contacts::v1::Settings> GetSettings(const rpc::CallContext& call, std::span<const std::string> tokens);

  // The revision of the caller's contacts.
  absl::StatusOr<contacts::v1::GetRevisionResponse> GetRevision(const rpc::CallContext& call);

 private:
  rpc::CurrentStub<contacts::v1::ContactsService> stub_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_CONTACTS_CLIENT_H_
