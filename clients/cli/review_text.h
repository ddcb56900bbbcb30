#ifndef COUNCIL_CLIENTS_CLI_REVIEW_TEXT_H_
#define COUNCIL_CLIENTS_CLI_REVIEW_TEXT_H_

#include <string>

#include "clients/cli/steps.h"
#include "clients/cli/terminal.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/words/language.h"

namespace council::cli {

// A year's review as text of the terminal's width. Where `discreet`, without scores.
std::string RenderReviewText(const recommendations::v1::GetReviewResponse& review, const NameOf& name_of,
                             const Terminal& terminal, bool discreet,
                             const words::Language& language = words::Language::Plain());

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_REVIEW_TEXT_H_
