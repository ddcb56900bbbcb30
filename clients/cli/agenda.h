#ifndef COUNCIL_CLIENTS_CLI_AGENDA_H_
#define COUNCIL_CLIENTS_CLI_AGENDA_H_

#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/people.h"
#include "clients/cli/session.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "council/recommendations/v1/recommendations.pb.h"

namespace council::cli {

// What the coming days are about. Contacts with whom no contact is wanted, and those who have died, are left out of
// it, and what is about them alone.
struct Agenda {
  // In order of time.
  std::vector<ledger::v1::Plan> plans;
  // Due within a week, or past their day; the soonest first.
  std::vector<ledger::v1::PromiseRecord> promises;
  // At most three, best first.
  std::vector<recommendations::v1::Recommendation> steps;
};

// Reads the agenda, plans of today and the days after, `days` in all.
absl::StatusOr<Agenda> ReadAgenda(Session& session, const ContactBook& book, int days);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_AGENDA_H_
