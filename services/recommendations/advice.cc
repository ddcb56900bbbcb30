#include "services/recommendations/advice.h"

#include "services/recommendations/advice_steps.h"

namespace council::recommendations {

std::vector<Step> FindSteps(const AdviceNetwork& network) {
  constexpr double kRounding = 1e-9;
  std::vector<Step> steps;
  AddReconnectSteps(network, steps);
  AddReciprocitySteps(network, steps);
  AddDeepenSteps(network, steps);
  AddInviteSteps(network, steps);
  AddRestSteps(network, steps);
  AddIntroduceSteps(network, steps);
  AddEngagementSteps(network, steps);
  for (Step& step : steps) Simulate(network, step);
  std::erase_if(steps, [](const Step& step) { return step.gain < -kRounding; });
  return steps;
}

}  // namespace council::recommendations
