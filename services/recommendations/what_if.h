#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_WHAT_IF_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_WHAT_IF_H_

#include <map>
#include <span>
#include <string>

#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/recommendations/v1/recommendations.pb.h"
#include "services/recommendations/balance_components.h"
#include "services/recommendations/balance_model.h"

namespace council::recommendations {

// A council and its ties on which changes are tried: the real score of what would be. Copy it to try something else
// from the same start. Not thread-safe.
class WhatIf {
 public:
  // `ties` may hold those of people without a seat, who may get one. `model` must outlive this.
  WhatIf(contacts::v1::GetCouncilResponse council, std::span<const ledger::v1::Tie> ties, absl::Time as_of,
         const BalanceModel& model);

  // Gives `contact` a seat, or changes the one that they have, whose first_seated_time then stays. A newcomer without
  // seated_time is taken as first seated at the moment of the trial.
  void Seat(const contacts::v1::Contact& contact, contacts::v1::Seat seat);
  // Ends the seat of a contact; one without a seat changes nothing.
  void Unseat(const std::string& contact_id);
  // Two contacts know each other.
  void Acquaint(const std::string& a, const std::string& b);
  // Adds an entry to the ties of its contacts, by the fold that the ledger uses. Its occur_time must be set; one after
  // the moment of the trial waits, as in the ledger.
  void Append(const ledger::v1::Interaction& entry);
  // Puts `tie` in the place of its contact's.
  void SetTie(ledger::v1::Tie tie);

  bool IsSeated(const std::string& contact_id) const;
  // Nothing: no entries.
  const ledger::v1::Tie* TieOf(const std::string& contact_id) const;

  // Score, components and coverage of what is there now.
  BalanceFigures Figures() const;
  // The same with its explanations.
  v1::CouncilBalance Balance() const;

 private:
  contacts::v1::GetCouncilResponse council_;
  std::map<std::string, ledger::v1::Tie> ties_;
  absl::Time as_of_;
  const BalanceModel* model_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_WHAT_IF_H_
