// A firm of lawyers as councils: whom each one names is their council. The data are Emmanuel Lazega's, "The Collegial
// Phenomenon" (2001): 71 lawyers of a firm in New England, who were asked whom they go to for advice, whom they work
// with, and who are their friends.
#ifndef COUNCIL_TOOLS_EVAL_LAW_FIRM_H_
#define COUNCIL_TOOLS_EVAL_LAW_FIRM_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "services/recommendations/network_snapshot.h"

namespace council::eval {

// What is known of one lawyer, as the data number it.
struct Lawyer {
  // 1 a partner, 2 an associate.
  int status = 0;
  // 1 Boston, 2 Hartford, 3 Providence.
  int office = 0;
  // Years with the firm.
  int seniority = 0;
  // 1 litigation, 2 corporate.
  int practice = 0;
  // 1 Harvard or Yale, 2 UConn, 3 another.
  int law_school = 0;
};

// Who named whom: numbers of lawyers, from 0.
using Naming = std::set<std::pair<int, int>>;

struct LawFirm {
  std::vector<Lawyer> lawyers;
  Naming advice;
  Naming cowork;
  Naming friends;
};

// Reads law_nodes.csv and law_{advice,cowork,friends}_edges.csv of a folder. Fails with NOT_FOUND for a file that can't
// be read, and with INVALID_ARGUMENT naming file and line for a row that makes no sense.
absl::StatusOr<LawFirm> ReadLawFirm(const std::string& directory);

// "partner", "Boston" …
std::string StatusName(const Lawyer& lawyer);
std::string OfficeName(const Lawyer& lawyer);
std::string PracticeName(const Lawyer& lawyer);

// The network of lawyer `ego` at `as_of`. Everyone they named has a seat since that moment, as on the first day: a
// MENTOR if asked for advice, an INFORMANT if they work together, a SUPPORTER if a friend. Who named them without being
// named is a contact, with the roles that a mutual tie would give: INFORMANT for work, SUPPORTER for friendship. Two
// know each other where either named the other for anything. Facets are office, practice, law school and years with the
// firm in bands; age and gender are left out, as the product leaves them. There is no ledger.
recommendations::NetworkSnapshot NetworkOf(const LawFirm& firm, int ego, absl::Time as_of);

// One lawyer's balance and proposal, at the default model.
struct LawyerCouncil {
  int lawyer = 0;
  // Whom they named; whom they are tied with either way.
  int named = 0;
  int tied = 0;
  // Share of pairs of the seats who know each other.
  double acquainted = 0;
  recommendations::v1::ProposeCouncilResponse proposal;

  const recommendations::v1::CouncilBalance& balance() const { return proposal.current(); }
};

// In the order of the lawyers.
std::vector<LawyerCouncil> CouncilsOf(const LawFirm& firm);

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_LAW_FIRM_H_
