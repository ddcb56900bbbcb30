#ifndef COUNCIL_LIBS_TIES_TIE_ROLES_H_
#define COUNCIL_LIBS_TIES_TIE_ROLES_H_

#include <vector>

#include "council/common/v1/council.pb.h"
#include "council/ledger/v1/ledger.pb.h"

namespace council::ties {

// The roles that a tie's entries show, in the order of the contract's enum: advice or feedback received makes a MENTOR,
// information an INFORMANT, support a SUPPORTER, brainstorming a BRAINSTORMER, sponsorship a SPONSOR, and a mean energy
// of +1 or more over at least three entries an ENERGIZER (docs/score.md).
std::vector<common::v1::CouncilRole> RolesShown(const ledger::v1::Tie& tie);

}  // namespace council::ties

#endif  // COUNCIL_LIBS_TIES_TIE_ROLES_H_
