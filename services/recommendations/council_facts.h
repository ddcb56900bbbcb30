#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_FACTS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_FACTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"

namespace council::recommendations {

// ENERGIZER, INFORMANT, SUPPORTER, BRAINSTORMER, MENTOR: what a council needs, in the order of the contract's enum.
inline constexpr size_t kNeededRoles = 5;
// CAREER, PHYSICAL, MENTAL, EMOTIONAL, SOCIAL, in the order of the contract's enum.
inline constexpr size_t kLifeDomains = 5;

// Sums and counts of a seat's entries, as its tie has them. All decayed to the moment of the facts.
struct TieFacts {
  // Half-life 90 days: energizing and draining (drain doubled), counts by depth, hours by domain.
  double energizing = 0;
  double draining = 0;
  double updates = 0;
  double conversations = 0;
  double counsels = 0;
  std::array<double, kLifeDomains> hours = {};
  // Half-life 365 days: weights of benefits, and introductions without their weights.
  double given = 0;
  double received = 0;
  double introductions = 0;
  // Half-life 365 days: entries that say something of the kind; `domain_coverage` those that are talks and have
  // domains, their own or the seat's.
  double any_coverage = 0;
  double energy_coverage = 0;
  double benefit_coverage = 0;
  double depth_coverage = 0;
  double domain_coverage = 0;
  // Numbers of entries, undecayed.
  int64_t entries = 0;
  int64_t energy_entries = 0;
  int64_t benefit_entries = 0;
  int64_t depth_entries = 0;
  int64_t timed_entries = 0;
  int64_t introduction_entries = 0;
};

// What the model needs to know of one seat.
struct SeatFacts {
  std::string contact_id;
  std::string name;
  // Which of the needed roles the seat has, and how many those are.
  std::array<bool, kNeededRoles> roles = {};
  int role_count = 0;
  // Nobody is to be reminded of them now: PAUSED until a day, UTC, that is to come. The score is the same.
  bool resting = false;
  // Facet name → value; only those filled in.
  std::map<std::string, std::string> facets;
  // In days: how often to talk (1 to 90), and since the later of the last touch and the first seating.
  double cadence = 30;
  double gap = 0;
  // 1 while the gap is within the cadence, then halved with each further cadence.
  double fresh = 1;
  // ½ + ½·fresh: a lapsed seat is half a seat.
  double presence = 1;
  // 0 to 1: how much of a quarter's practice can be asked of the seat yet.
  double expected = 1;
  TieFacts tie;
};

// What the model needs to know of a council at one moment.
struct CouncilFacts {
  // In order of contact_id.
  std::vector<SeatFacts> seats;
  // Pairs of seats who know each other.
  int64_t acquainted_pairs = 0;
};

// The facts of `council` at `as_of`. `ties` are those of its contacts as of then; one of somebody without a seat is
// passed over, and a seat without a tie has no entries. Neither a seat nor a tie may stand there twice for one contact.
//
// The result does not depend on the order of seats, acquaintances and ties. Numbers that make no sense (negative, not a
// number, beyond 1e12) are taken as the nearest that do, and ages that lie in the future as none.
CouncilFacts GatherFacts(const contacts::v1::GetCouncilResponse& council, std::span<const ledger::v1::Tie> ties,
                         absl::Time as_of);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_COUNCIL_FACTS_H_
