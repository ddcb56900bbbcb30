#ifndef COUNCIL_CLIENTS_CLI_HTML_H_
#define COUNCIL_CLIENTS_CLI_HTML_H_

#include <string>

namespace council::cli {

// `text` as it stands inside an element or a quoted attribute of an HTML page in UTF-8: & < > " and ' as entities.
// Nothing else is changed; control characters and broken UTF-8 are OneLine's business (text.h).
std::string EscapeHtml(const std::string& text);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_HTML_H_
