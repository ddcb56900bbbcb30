#ifndef COUNCIL_CLIENTS_CLI_AGENDA_H_
#define COUNCIL_CLIENTS_CLI_AGENDA_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "clients/cli/people.h"
#include "clients/cli/session.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "council/recommendations/v1/recommendations.pb.h"

namespace council::cli {

// What the coming days are about. Contacts with whom no contact is wanted, and those who have died, are left out of
// it, and what is about them alone.
struct Agenda {
  // In order of time: today's and later ones that are not over.
  std::vector<ledger::v1::Plan> plans;
  // In order of time: those of the last week that are over, and of which nobody has said whether they took place.
  std::vector<ledger::v1::Plan> unconfirmed;
  // Due within a week, or past their day; the soonest first.
  std::vector<ledger::v1::PromiseRecord> promises;
  // At most three, best first.
  std::vector<recommendations::v1::Recommendation> steps;
};

// Whether a contact wants no part in what is to come: no contact is wanted, or they have died.
bool IsLeftOut(const contacts::v1::Contact& contact);

// Whether a contact is to be left alone for now: PAUSED, and their day in `zone` has not come.
bool IsResting(const contacts::v1::Contact& contact, absl::Time now, absl::TimeZone zone);

// "paused until Sun 1 Mar", "no contact wanted", "has died"; empty for everybody else.
std::string StatusText(const contacts::v1::Contact& contact, const Session& session);

// The days on which the next talk with each seat is proposed (ListCheckIns), within a year, by contact. No more than a
// hint hangs on them: where they can't be read there are none.
std::map<std::string, absl::CivilDay> ReadNextTalks(Session& session);

// Planned meetings that begin from `start` to before `end`, soonest first, over as many pages as it takes; without
// those who are left out. Of the past, those that await the word whether they took place.
absl::StatusOr<std::vector<ledger::v1::Plan>> ReadPlans(Session& session, const ContactBook& book, absl::Time start,
                                                        absl::Time end);

// Whether a meeting is over; one of no known length lasts half an hour.
bool IsOver(const ledger::v1::Plan& plan, absl::Time now);

// "Thu 3 Dec 14:00  Pricing review (Rosa Lindqvist, Tom Baker)"
std::string PlanText(const ledger::v1::Plan& plan, const ContactBook& book, const Session& session);

// Reads the agenda, plans of today and the days after, `days` in all.
absl::StatusOr<Agenda> ReadAgenda(Session& session, const ContactBook& book, int days);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_AGENDA_H_
