#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_LEDGER_CLIENT_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_LEDGER_CLIENT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts.pb.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "libs/rpc/call.h"
#include "libs/rpc/channel.h"

namespace council::recommendations {

// Ties read in one snapshot of the ledger.
struct TiesSnapshot {
  std::vector<ledger::v1::Tie> ties;
  std::string token;
  int64_t revision = 0;
};

// What a tie is read with besides its summary.
struct TieParts {
  bool days = false;
  bool strength = false;
};

// A contact as the ledger is asked for their tie: with the ids of those merged into them.
ledger::v1::TieContact TieContactOf(const contacts::v1::Contact& contact);

// What recommendations asks of the ledger service, in the caller's name and within the caller's time. Thread-safe.
//
// Failures are those of the service (see ledger_service.proto), and UNAVAILABLE (SERVICE_UNAVAILABLE) where it can't be
// reached.
class LedgerClient {
 public:
  explicit LedgerClient(rpc::ChannelSource channel) : stub_(std::move(channel)) {}

  // The ties to `contacts`, however many, one for each and in their order, now or as of a past moment, from a state at
  // least as fresh as `tokens`. For no contacts the ledger is not asked: there are no ties, and the state is not known.
  // Where the ledger changes between two pages the read starts again, a few times, and then fails with ABORTED.
  // INTERNAL where the answer is not what was asked for.
  absl::StatusOr<TiesSnapshot> ListTies(const rpc::CallContext& call, std::span<const std::string> tokens,
                                        std::span<const ledger::v1::TieContact> contacts,
                                        std::optional<absl::Time> as_of, TieParts parts = {});

  // The newest live entries with a contact, or with someone merged into them, that had occurred by `until` and not
  // before `since`, newest first; at most `limit`. A contact without an id stands for everyone.
  absl::StatusOr<std::vector<ledger::v1::Interaction>> ListInteractions(const rpc::CallContext& call,
                                                                        std::span<const std::string> tokens,
                                                                        const ledger::v1::TieContact& contact,
                                                                        absl::Time until, size_t limit,
                                                                        absl::Time since = absl::InfinitePast());

  // One entry. NOT_FOUND where there is none of that sequence.
  absl::StatusOr<ledger::v1::Interaction> GetInteraction(const rpc::CallContext& call,
                                                         std::span<const std::string> tokens, int64_t sequence);

  // Coming meetings, soonest first.
  absl::StatusOr<std::vector<ledger::v1::Plan>> ListPlans(const rpc::CallContext& call,
                                                          std::span<const std::string> tokens);

  // Open promises, the soonest due first.
  absl::StatusOr<std::vector<ledger::v1::PromiseRecord>> ListPromises(const rpc::CallContext& call,
                                                                      std::span<const std::string> tokens);

  // The revision of the caller's ledger, at least as fresh as `tokens`.
  absl::StatusOr<ledger::v1::GetRevisionResponse> GetRevision(const rpc::CallContext& call,
                                                              std::span<const std::string> tokens = {});

 private:
  // `asked` is without contacts.
  absl::StatusOr<TiesSnapshot> ReadPages(const rpc::CallContext& call, const ledger::v1::ListTiesRequest& asked,
                                         std::span<const ledger::v1::TieContact> contacts);

  rpc::CurrentStub<ledger::v1::LedgerService> stub_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_LEDGER_CLIENT_H_
