#include "clients/cli/facets.h"

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::cli {

absl::Status ApplyFacets(const std::vector<std::string>& texts, contacts::v1::Contact& contact) {
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return base::InvalidField("facet", absl::StrCat("\"", text, "\" is not NAME=VALUE, as in function=design"));
    }
    const std::string name = text.substr(0, equals);
    const std::string value = text.substr(equals + 1);
    if (value.empty()) {
      contact.mutable_facets()->erase(name);
    } else {
      (*contact.mutable_facets())[name] = value;
    }
  }
  return absl::OkStatus();
}

}  // namespace council::cli
