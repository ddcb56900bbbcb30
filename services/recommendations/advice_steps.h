#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_STEPS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_STEPS_H_

#include <vector>

#include "services/recommendations/advice_network.h"
#include "services/recommendations/advice_step.h"

// Which steps the facts call for, kind by kind: docs/score.md, "What is advised, and when". Each adds its steps to
// `steps`, with all but what Simulate fills in. Pure functions.
namespace council::recommendations {

// RECONNECT: talk again with a seat, or a strong tie, that has gone quiet.
void AddReconnectSteps(const AdviceNetwork& network, std::vector<Step>& steps);
// GIVE_BACK and ASK: even out what was given and received; ask a mentor.
void AddReciprocitySteps(const AdviceNetwork& network, std::vector<Step>& steps);
// DEEPEN: a real talk where only news pass.
void AddDeepenSteps(const AdviceNetwork& network, std::vector<Step>& steps);
// INVITE: a seat for who brings what is missing.
void AddInviteSteps(const AdviceNetwork& network, std::vector<Step>& steps);
// REST: see less often for now.
void AddRestSteps(const AdviceNetwork& network, std::vector<Step>& steps);
// INTRODUCE: bring two contacts together.
void AddIntroduceSteps(const AdviceNetwork& network, std::vector<Step>& steps);
// BROADEN and REBALANCE: room for a side of life that has none, less career, a plan that fits the hours.
void AddEngagementSteps(const AdviceNetwork& network, std::vector<Step>& steps);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_STEPS_H_
