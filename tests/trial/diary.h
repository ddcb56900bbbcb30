// What somebody tells Council of their life, and what Council tells them, through the real services over gRPC.
#ifndef COUNCIL_TESTS_TRIAL_DIARY_H_
#define COUNCIL_TESTS_TRIAL_DIARY_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.grpc.pb.h"
#include "council/ledger/v1/ledger_service.grpc.pb.h"
#include "council/recommendations/v1/recommendations_service.grpc.pb.h"
#include "tests/trial/life.h"

namespace council::trial {

// People write down four of five talks, misjudge now and then how deep it went and how they felt, and leave out a
// quarter of what passed. A call that fails ends the process: the trial would mean nothing.
class Diary {
 public:
  // `ego` must outlive this.
  Diary(const std::shared_ptr<grpc::Channel>& channel, std::string owner, const Ego& ego, std::uint64_t seed);

  // Everyone as a contact, and a seat for each of the `seats` closest, with what they are believed to be good for.
  void Begin(std::size_t seats, absl::Time now);

  void Note(const Talk& talk, absl::Time now);
  void NoteIntroduction(std::size_t a, std::size_t b, absl::Time now);
  // Sends what was noted.
  void Send();

  void Seat(std::size_t alter);
  void Unseat(std::size_t alter);
  bool seated(std::size_t alter) const { return seated_[alter]; }
  std::ptrdiff_t seats() const { return std::count(seated_.begin(), seated_.end(), true); }

  std::vector<recommendations::v1::Recommendation> Advice();
  void Answer(const recommendations::v1::Recommendation& step, recommendations::v1::RecommendationResponse answer);
  std::vector<std::size_t> AltersOf(const recommendations::v1::Recommendation& step) const;
  double Score();

 private:
  template <typename Stub, typename Request, typename Response>
  Response Ask(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request) const;
  void Add(ledger::v1::Interaction entry);
  contacts::v1::Seat BelievedSeat(std::size_t alter);

  const std::string owner_;
  const Ego& ego_;
  Random random_;
  const std::unique_ptr<contacts::v1::ContactsService::Stub> contacts_;
  const std::unique_ptr<ledger::v1::LedgerService::Stub> ledger_;
  const std::unique_ptr<recommendations::v1::RecommendationsService::Stub> recommendations_;
  std::vector<std::string> ids_;
  std::map<std::string, std::size_t> alters_;
  std::vector<bool> seated_;
  ledger::v1::BatchAppendInteractionsRequest noted_;
};

}  // namespace council::trial

#endif  // COUNCIL_TESTS_TRIAL_DIARY_H_
