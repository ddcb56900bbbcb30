#include "clients/cli/column_map.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace council::cli {
namespace {

constexpr char kTouch[] = "touch";

bool NamesSomebody(absl::string_view field) {
  return field == "uid" || field == "email" || field == "display_name";
}

}  // namespace

absl::StatusOr<ColumnMap> ParseColumnMap(const std::vector<std::string>& texts) {
  ColumnMap map;
  std::string touch;
  for (const absl::string_view text : texts) {
    const size_t equals = text.rfind('=');
    if (equals == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("--map: \"", text, "\" is not HEADER=FIELD, as in \"Name=display_name\""));
    }
    const std::string header(absl::StripAsciiWhitespace(text.substr(0, equals)));
    const std::string field(absl::StripAsciiWhitespace(text.substr(equals + 1)));
    if (header.empty() || field.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--map: \"", text, "\" is not HEADER=FIELD, as in \"Name=display_name\""));
    }
    if (header == touch || map.contacts.contains(header)) {
      return absl::InvalidArgumentError(absl::StrCat("--map: \"", header, "\" comes twice"));
    }
    if (field != kTouch) {
      map.contacts[header] = field;
    } else if (touch.empty()) {
      touch = header;
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("--map: \"", touch, "\" and \"", header, "\" can't both be touch, the day of the last talk"));
    }
  }
  if (touch.empty()) return map;
  map.interactions[touch] = "date";
  for (const auto& [header, field] : map.contacts) {
    if (NamesSomebody(field)) map.interactions[header] = "contact";
  }
  if (map.interactions.size() > 1) return map;
  return absl::InvalidArgumentError(
      absl::StrCat("--map: for \"", touch,
                   "=touch\" one column must say who it was, by itself: display_name, email or uid (given_name and "
                   "family_name are two)"));
}

}  // namespace council::cli
