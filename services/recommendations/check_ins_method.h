#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_CHECK_INS_METHOD_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_CHECK_INS_METHOD_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/rpc/call.h"
#include "services/recommendations/contacts_client.h"
#include "services/recommendations/ledger_client.h"
#include "services/recommendations/owner_zone.h"

namespace council::recommendations {

// What check-ins follow from.
struct Rhythms {
  contacts::v1::GetCouncilResponse council;
  // One for each seat, in their order, with days.
  std::vector<ledger::v1::Tie> ties;
  // Coming meetings, of everyone.
  std::vector<ledger::v1::Plan> plans;
  OwnerZone zone;
  // How many a week the owner has asked for; 0: not said.
  int per_week = 0;
};

// Reads them, from states at least as fresh as `tokens`. Where the check-ins of `of` alone are wanted, what tells
// nothing of them is not read: no ties where they have no seat, and neither council nor plans where they are
// IsOffCouncil. Fails as the clients do.
absl::StatusOr<Rhythms> ReadRhythms(const rpc::CallContext& call, std::span<const std::string> tokens,
                                    ContactsClient& contacts, LedgerClient& ledger,
                                    const contacts::v1::Contact* of = nullptr);

// The check-ins up to and with the day of `end`, without one: of a year; `per_week` a week, 0: as many as the owner has
// asked for, else three.
std::vector<v1::CheckIn> CheckInsOf(const Rhythms& rhythms, absl::Time now, std::optional<absl::Time> end,
                                    int per_week);

// Answers ListCheckIns at the moment `now`. Fails with INVALID_ARGUMENT for an end or a number out of range, and as the
// clients do.
absl::StatusOr<v1::ListCheckInsResponse> ListCheckIns(const rpc::CallContext& call,
                                                      const v1::ListCheckInsRequest& request, ContactsClient& contacts,
                                                      LedgerClient& ledger, absl::Time now);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_CHECK_INS_METHOD_H_
