#ifndef COUNCIL_CLIENTS_CLI_BALANCE_TEXT_H_
#define COUNCIL_CLIENTS_CLI_BALANCE_TEXT_H_

#include <string>

#include "clients/cli/terminal.h"
#include "council/recommendations/v1/recommendations.pb.h"

namespace council::cli {

// How a balance is put into words: the score is the headline where enough of the practice is recorded, the structure
// until then.

// "Your council: 79 of 100", and below it seats, structure and practice.
struct BalanceHeadline {
  std::string title;
  std::string details;
};
BalanceHeadline DescribeBalance(const recommendations::v1::CouncilBalance& balance);

// At least a quarter of it is recorded: its value says something.
bool IsRecorded(const recommendations::v1::BalanceComponent& component);

// A component on several lines: name, bar, value, and the reason beside the bar where there is room, else below.
std::string RenderComponent(const recommendations::v1::BalanceComponent& component, const Terminal& terminal);

// What changes from one balance to another: a table of score, structure, practice and each component that moves by a
// tenth of a point or more, each as before → after with the difference. "–" stands for what is not recorded yet.
std::string RenderChange(const recommendations::v1::CouncilBalance& before,
                         const recommendations::v1::CouncilBalance& after, const Terminal& terminal);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_BALANCE_TEXT_H_
