#include "services/contacts/import/vcard_property.h"

// The library's headers come with warnings of their own.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <libebook-contacts/libebook-contacts.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/contacts/import/contact_builder.h"
#include "services/contacts/import/vcard_cards.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

// The library's time grows with the square of a property's parameters; no real card comes near this.
constexpr size_t kLongestHead = 4096;

struct Unref {
  void operator()(EVCard* card) const { g_object_unref(card); }
};

// The library prints a warning with each odd escape, onto standard error; what it can't read is reported by us.
void SilenceLibrary() {
  static const guint handler = g_log_set_handler(
      "libebook-contacts", static_cast<GLogLevelFlags>(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE),
      [](const gchar*, GLogLevelFlags, const gchar*, gpointer) {}, nullptr);
  static_cast<void>(handler);
}

// End of name and parameters: the first colon outside of quotes.
size_t HeadLength(absl::string_view line) {
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == ':' && !quoted) return i;
  }
  return line.find(':');
}

bool HasManyParts(absl::string_view head, absl::string_view value) {
  const auto parts =
      std::ranges::count(value, ';') + (IsProperty(head, "CATEGORIES") ? std::ranges::count(value, ',') : 0);
  return parts > kMostParts;
}

// The value of CHARSET in a line's head, and the head without it.
std::pair<std::string, std::string> TakeCharset(absl::string_view head) {
  const std::string upper = absl::AsciiStrToUpper(head);
  const size_t start = upper.find(";CHARSET=");
  if (start == std::string::npos) return {"", std::string(head)};
  const size_t value = start + absl::string_view(";CHARSET=").size();
  const size_t end = std::min(head.find(';', value), head.size());
  std::string charset(head.substr(value, end - value));
  std::erase(charset, '"');
  return {charset, absl::StrCat(head.substr(0, start), head.substr(end))};
}

// Whether the head begins with "GROUP.NAME" or "NAME" (RFC 6350, 3.3; "_" is tolerated). The library leaks memory over
// what has no name, which would let a file fill it.
bool HasName(absl::string_view head) {
  const auto is_name = [](absl::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
    });
  };
  const absl::string_view name = head.substr(0, head.find(';'));
  const size_t dot = name.find('.');
  if (dot == absl::string_view::npos) return is_name(name);
  return is_name(name.substr(0, dot)) && is_name(name.substr(dot + 1));
}

std::string QuotedParameter(absl::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c != '"' && !absl::ascii_iscntrl(static_cast<unsigned char>(c))) text.push_back(c);
  }
  return text.find_first_of(",;:") == std::string::npos ? text : absl::StrCat("\"", text, "\"");
}

std::string ContentLine(const VcardProperty& property, absl::string_view raw_value) {
  std::string line = property.group.empty() ? property.name : absl::StrCat(property.group, ".", property.name);
  for (const auto& [parameter, values] : property.parameters) {
    absl::StrAppend(&line, ";", parameter, "=",
                    absl::StrJoin(values, ",", [](std::string* out, const std::string& value) {
                      out->append(QuotedParameter(value));
                    }));
  }
  return absl::StrCat(line, ":", raw_value);
}

}  // namespace

std::string VcardProperty::Text() const {
  return absl::StrJoin(values, ";");
}

std::string VcardProperty::Parameter(absl::string_view parameter) const {
  for (const auto& [key, given] : parameters) {
    if (key == parameter && !given.empty()) return given.front();
  }
  return {};
}

std::optional<VcardProperty> ParseVcardProperty(absl::string_view line) {
  SilenceLibrary();
  const size_t head_length = HeadLength(line);
  if (head_length > kLongestHead) return std::nullopt;  // npos: there is no value
  if (HasManyParts(line.substr(0, head_length), line.substr(head_length + 1))) return std::nullopt;
  if (!HasName(line.substr(0, head_length))) return std::nullopt;
  const auto [charset, head] = TakeCharset(line.substr(0, head_length));
  const bool quoted_printable = absl::StrContains(absl::AsciiStrToUpper(head), "QUOTED-PRINTABLE");
  // Without the library's own reading of charsets: it takes UTF-8 for Latin-1 where a card says so wrongly.
  const std::string value =
      quoted_printable ? std::string(line.substr(head_length + 1)) : ToUtf8(line.substr(head_length + 1), charset);
  const std::string card = absl::StrCat("BEGIN:VCARD\n", ToUtf8(head), ":", value, "\nEND:VCARD\n");
  if (card.find('\0') != std::string::npos) return std::nullopt;

  const std::unique_ptr<EVCard, Unref> parsed(e_vcard_new_from_string(card.c_str()));
  for (const GList* at = e_vcard_get_attributes(parsed.get()); at != nullptr; at = at->next) {
    auto* attribute = static_cast<EVCardAttribute*>(at->data);
    VcardProperty property;
    property.name = absl::AsciiStrToUpper(e_vcard_attribute_get_name(attribute));
    if (const char* group = e_vcard_attribute_get_group(attribute); group != nullptr) property.group = group;
    for (const GList* p = e_vcard_attribute_get_params(attribute); p != nullptr; p = p->next) {
      auto* parameter = static_cast<EVCardAttributeParam*>(p->data);
      std::string name = absl::AsciiStrToUpper(e_vcard_attribute_param_get_name(parameter));
      if (name == "ENCODING" || name == "CHARSET" || name == "QUOTED-PRINTABLE") continue;
      std::vector<std::string> values;
      for (const GList* v = e_vcard_attribute_param_get_values(parameter); v != nullptr; v = v->next) {
        values.emplace_back(static_cast<const char*>(v->data));
      }
      if (!values.empty()) property.parameters.emplace_back(std::move(name), std::move(values));
    }
    for (const GList* v = e_vcard_attribute_get_values(attribute); v != nullptr; v = v->next) {
      property.values.push_back(ToUtf8(static_cast<const char*>(v->data), charset));
    }
    if (property.values.empty()) property.values.emplace_back();
    property.line =
        ContentLine(property, quoted_printable ? absl::StrJoin(property.values, ";",
                                                               [](std::string* out, const std::string& text) {
                                                                 out->append(EscapeVcardText(text));
                                                               })
                                               : value);
    return property;
  }
  return std::nullopt;
}

}  // namespace council::contacts
