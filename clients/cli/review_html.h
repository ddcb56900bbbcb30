#ifndef COUNCIL_CLIENTS_CLI_REVIEW_HTML_H_
#define COUNCIL_CLIENTS_CLI_REVIEW_HTML_H_

#include <string>

#include "clients/cli/steps.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/words/language.h"

namespace council::cli {

// A year's review as an HTML page in UTF-8, well-formed as XML too, with plots (svg_plots.h) above tables of their
// figures: no script, nothing to load, no colour that says something, for screens light and dark and for paper. What
// comes from cards is escaped. Where `discreet`, without scores.
std::string RenderReviewHtml(const recommendations::v1::GetReviewResponse& review, const NameOf& name_of, bool discreet,
                             const words::Language& language = words::Language::Plain());

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_REVIEW_HTML_H_
