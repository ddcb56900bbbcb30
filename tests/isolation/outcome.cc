#include "tests/isolation/outcome.h"

#include <algorithm>
#include <regex>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace council::test {
namespace {

using nlohmann::json;

// Fields that are chance: made with randomness, or by which cache was there first.
const std::set<std::string>& Chance() {
  static const std::set<std::string> names = {
      "token", "tokens",      "nextPageToken", "watchToken",   "hash",  "headHash",      "previousHash",      "chainId",
      "salts", "commitments", "etag",          "answeredFrom", "calls", "requestDigest", "requestTextDigest", "digest"};
  return names;
}

std::string Named(std::string text, const Values& sent) {
  // UUIDs, and the ids of recommendations.
  static const std::regex id("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\b[a-z2-7]{26}\\b");
  static const std::regex time("[0-9]{4}-?[0-9]{2}-?[0-9]{2}T[0-9:.]+Z");
  for (const auto& [name, value] : sent) {
    const std::string called = absl::StrCat("<", name, ">");
    if (std::all_of(value.begin(), value.end(), absl::ascii_isdigit)) {
      text = std::regex_replace(text, std::regex("\\b" + value + "\\b"), called);
    } else {
      absl::StrReplaceAll({{value, called}}, &text);
    }
  }
  return std::regex_replace(std::regex_replace(text, id, "<id>"), time, "<time>");
}

json Plain(const json& value, const Values& sent);

// Lines of JSON in their plain form; any other text but for what is chance in it.
json PlainFile(const std::string& base64, const Values& sent) {
  std::string file;
  absl::Base64Unescape(base64, &file);
  json lines = json::array();
  for (const absl::string_view line : absl::StrSplit(file, '\n', absl::SkipEmpty())) {
    const json record = json::parse(line, nullptr, /*allow_exceptions=*/false);
    lines.push_back(Plain(record.is_discarded() ? json(std::string(line)) : record, sent));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

json Plain(const json& value, const Values& sent) {
  json plain = value;
  if (value.is_object()) {
    for (auto& [name, member] : plain.items()) {
      if (Chance().contains(name)) {
        member = member.empty() ? "" : "<" + name + ">";
      } else if (name == "chunk") {
        member = PlainFile(member.get<std::string>(), sent);
      } else {
        member = Plain(member, sent);
      }
    }
  } else if (value.is_array()) {
    for (json& element : plain) element = Plain(element, sent);
    std::sort(plain.begin(), plain.end());
  } else if (value.is_number_float()) {
    // Most fade with time, and no two people ask at the same moment.
    if (value.get<double>() != 0) plain = "<figure>";
  } else if (value.is_string()) {
    plain = Named(value.get<std::string>(), sent);
  }
  return plain;
}

}  // namespace

std::string OutcomeOf(const Front::Answer& answer, const Values& sent) {
  return absl::StrCat(answer.status.error_code(), " ", Named(answer.status.error_message(), sent), " ",
                      absl::CEscape(Named(answer.status.error_details(), sent)), "\n",
                      Plain(answer.messages, sent).dump(1));
}

}  // namespace council::test
