#include "libs/exports/monica_export.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "libs/base/status.h"
#include "libs/exports/json_tree.h"

namespace council::exports {
namespace {

using nlohmann::json;

const json& EmptyObject() {
  static const json kEmpty = json::object();
  return kEmpty;
}

// The member where it is of that kind; else an empty object.
const json& MemberOf(const json& object, const char* name, json::value_t kind) {
  if (!object.is_object()) return EmptyObject();
  const auto found = object.find(name);
  return found != object.end() && found->type() == kind ? *found : EmptyObject();
}

std::string FullName(const json& record) {
  const json& properties = PropertiesOf(record);
  std::vector<std::string> names;
  for (const char* part : {"first_name", "middle_name", "last_name"}) {
    if (std::string name = TextOf(properties, part); !name.empty()) names.push_back(std::move(name));
  }
  return names.empty() ? TextOf(properties, "nickname") : absl::StrJoin(names, " ");
}

// The contact that stands for whoever exported the file; empty where they made none.
std::string OwnContact(const json& root, const json& account) {
  const std::vector<const json*> users = ValuesOf(account, "user");
  for (const json* user : users) {
    if (users.size() == 1 || TextOf(*user, "uuid") == TextOf(root, "exported_by")) {
      return TextOf(PropertiesOf(*user), "me_contact");
    }
  }
  return "";
}

}  // namespace

bool LooksLikeMonica(std::string_view start) {
  absl::string_view text(start.data(), start.size());
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  return absl::StartsWith(absl::StripLeadingAsciiWhitespace(text), "{") && absl::StrContains(text, "\"account\"") &&
         (absl::StrContains(text, "\"app_version\"") || absl::StrContains(text, "\"exported_by\""));
}

absl::StatusOr<MonicaExport> MonicaExport::Parse(std::string_view bytes) {
  MonicaExport file;
  // What is binary, says nothing of people, or is nobody's to read.
  COUNCIL_ASSIGN_OR_RETURN(
      file.root_, ParseJsonFile(bytes, {.depth = kMaxDepth,
                                        .values = kMaxValues,
                                        .left_out = {"audit_logs", "avatar", "dataUrl", "google2fa_secret", "vcard"}}));
  if (MemberOf(file.account(), "data", json::value_t::array).empty()) {
    return base::InvalidField("chunk", "is no export of Monica: must be JSON with the data of an account");
  }
  file.ReadInstance();
  file.ReadPeople();
  return file;
}

const json& MonicaExport::account() const {
  return MemberOf(root_, "account", json::value_t::object);
}

void MonicaExport::ReadInstance() {
  for (const json& list : MemberOf(account(), "instance", json::value_t::object)) {
    if (!list.is_array()) continue;
    for (const json& record : list) {
      if (std::string uuid = TextOf(record, "uuid"); !uuid.empty()) instance_.try_emplace(std::move(uuid), &record);
    }
  }
}

const json& MonicaExport::KindOf(const json& record, const char* property) const {
  const auto found = instance_.find(TextOf(PropertiesOf(record), property));
  return found == instance_.end() ? EmptyObject() : PropertiesOf(*found->second);
}

void MonicaExport::ReadPeople() {
  const std::string own = OwnContact(root_, account());
  for (const json* record : ValuesOf(account(), "contact")) {
    MonicaPerson person{.record = record, .uuid = TextOf(*record, "uuid"), .name = FullName(*record)};
    names_.try_emplace(person.uuid, person.name);
    if (own.empty() || person.uuid != own) people_.push_back(std::move(person));
  }
  names_.erase("");
}

std::vector<MonicaContactField> MonicaExport::ContactFieldsOf(const json& record) const {
  std::vector<MonicaContactField> fields;
  for (const json* value : ValuesOf(record, "contact_field")) {
    MonicaContactField field{.kind = "", .value = TextOf(PropertiesOf(*value), "data")};
    if (field.value.empty()) continue;
    const json& kind = KindOf(*value, "type");
    const std::string protocol = TextOf(kind, "protocol");
    field.kind = absl::AsciiStrToLower(protocol == "mailto:"          ? "email"
                                       : protocol == "tel:"           ? "phone"
                                       : TextOf(kind, "type").empty() ? TextOf(kind, "name")
                                                                      : TextOf(kind, "type"));
    if (field.kind.empty() && absl::StrContains(field.value, '@')) field.kind = "email";
    fields.push_back(std::move(field));
  }
  return fields;
}

std::string MonicaExport::NameOf(const std::string& uuid) const {
  const auto found = names_.find(uuid);
  return found == names_.end() ? "" : found->second;
}

std::string MonicaExport::KindNameOf(const json& record, const char* property) const {
  const json& kind = KindOf(record, property);
  std::string name = TextOf(kind, "name");
  return name.empty() ? absl::StrReplaceAll(TextOf(kind, "translation_key"), {{"_", " "}}) : name;
}

std::vector<const json*> ValuesOf(const json& record, std::string_view type) {
  std::vector<const json*> values;
  for (const json& collection : MemberOf(record, "data", json::value_t::array)) {
    if (TextOf(collection, "type") != type) continue;
    for (const json& value : MemberOf(collection, "values", json::value_t::array)) values.push_back(&value);
  }
  return values;
}

const json& PropertiesOf(const json& record) {
  return MemberOf(record, "properties", json::value_t::object);
}

std::string TextOf(const json& object, const char* name) {
  if (!object.is_object()) return "";
  const auto found = object.find(name);
  if (found == object.end()) return "";
  if (found->is_number()) return found->dump();
  if (!found->is_string()) return "";
  return std::string(absl::StripAsciiWhitespace(found->get_ref<const std::string&>()));
}

bool TruthOf(const json& object, const char* name, bool otherwise) {
  if (!object.is_object()) return otherwise;
  const auto found = object.find(name);
  if (found != object.end() && found->is_boolean()) return found->get<bool>();
  const std::string text = TextOf(object, name);
  return text.empty() ? otherwise : text != "0" && text != "false";
}

}  // namespace council::exports
