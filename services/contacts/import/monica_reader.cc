#include "services/contacts/import/monica_reader.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "libs/base/status.h"
#include "libs/exports/monica_export.h"
#include "services/contacts/import/contact_builder.h"

namespace council::contacts {
namespace {

using exports::MonicaExport;
using exports::MonicaPerson;
using exports::PropertiesOf;
using exports::TextOf;
using exports::TruthOf;
using exports::ValuesOf;
using nlohmann::json;

// What a contact has no place for, by Monica's name for it.
constexpr std::pair<const char*, const char*> kNotKept[] = {
    {"debt", "debts"}, {"gift", "gifts"}, {"reminder", "reminders"}, {"task", "tasks"}};

// A day of Monica's: 1990-05-15; --05-15 where the year is not known; 1990 where somebody's age is all that is known.
std::string DayOf(const json& properties, const char* name) {
  const auto date = properties.find(name);
  if (date == properties.end()) return "";
  const std::string day = NormalizedDate(TextOf(*date, "date"));
  if (day.size() < 10) return "";
  if (TruthOf(*date, "is_age_based", false)) return day.substr(0, 4);
  return TruthOf(*date, "is_year_unknown", false) ? absl::StrCat("-", day.substr(4)) : day;
}

// A day as vCard writes it, under `property`; a year alone as text.
std::string DayProperty(absl::string_view property, const std::string& day) {
  if (day.size() == 4) return absl::StrCat(property, ";VALUE=text:about ", day);
  return absl::StrCat(property, ":", day.substr(0, 2), absl::StrReplaceAll(day.substr(2), {{"-", ""}}));
}

// The relationships of the account, by the UUID of whom they are told of: vCard properties.
std::multimap<std::string, std::string> RelationshipsOf(const MonicaExport& file) {
  std::multimap<std::string, std::string> relationships;
  for (const json* value : ValuesOf(file.account(), "relationship")) {
    const json& properties = PropertiesOf(*value);
    const std::string name = file.NameOf(TextOf(properties, "contact_is"));
    if (name.empty()) continue;
    const std::string type = VcardWord(TextOf(properties, "type"));
    relationships.emplace(TextOf(properties, "of_contact"), absl::StrCat("RELATED", type.empty() ? "" : ";TYPE=", type,
                                                                         ";VALUE=text:", EscapeVcardText(name)));
  }
  return relationships;
}

class MonicaReader {
 public:
  explicit MonicaReader(const MonicaExport& file) : file_(file), relationships_(RelationshipsOf(file)) {}

  FileRecord Read(const MonicaPerson& person) {
    const json& record = *person.record;
    ContactBuilder builder(0);
    ReadWhoTheyAre(person, builder);
    ReadWaysToReach(record, builder);
    ReadNotes(record, builder);
    const auto [first, last] = relationships_.equal_range(person.uuid);
    for (auto related = first; related != last; ++related) builder.AddVcardProperty(related->second);
    for (const auto& [type, words] : kNotKept) not_kept_[words] += static_cast<int>(ValuesOf(record, type).size());
    if (!TextOf(PropertiesOf(record), "stay_in_touch_frequency").empty()) ++not_kept_["rhythms to stay in touch"];

    FileRecord read = builder.Finish(true);
    const std::string who = person.name.empty() ? "a contact without a name" : person.name;
    for (std::string& reason : read.left_out) reason = absl::StrCat(who, ": ", reason);
    return read;
  }

  void CountPartial() { ++not_kept_["people who have no card of their own"]; }

  // What was left out of all that was read, and of the account.
  FileRecord LeftOut() {
    not_kept_["photos"] += static_cast<int>(ValuesOf(file_.account(), "photo").size());
    not_kept_["documents"] += static_cast<int>(ValuesOf(file_.account(), "document").size());
    const json& properties = PropertiesOf(file_.account());
    const auto journal = properties.find("journal_entries");
    if (journal != properties.end() && journal->is_array()) {
      not_kept_["journal entries"] += static_cast<int>(journal->size());
    }
    std::vector<std::string> counts;
    for (const auto& [words, count] : not_kept_) {
      if (count > 0) counts.push_back(absl::StrCat(words, " (", count, ")"));
    }
    FileRecord record;
    if (!counts.empty()) {
      record.left_out.push_back(
          absl::StrCat("Not taken over, since there is no place for them here: ", absl::StrJoin(counts, ", ")));
    }
    return record;
  }

 private:
  void ReadWhoTheyAre(const MonicaPerson& person, ContactBuilder& builder) const {
    const json& properties = PropertiesOf(*person.record);
    builder.SetUid(person.uuid);
    builder.SetName(person.name);
    builder.AddStructured("N", {TextOf(properties, "last_name"), TextOf(properties, "first_name"),
                                TextOf(properties, "middle_name"), "", ""});
    builder.AddStructured("NICKNAME", {TextOf(properties, "nickname")});
    builder.SetOrganization(TextOf(properties, "company"));
    builder.SetTitle(TextOf(properties, "job"));
    builder.AddStructured("GENDER", {"", file_.KindNameOf(*person.record, "gender")});
    if (const auto tags = properties.find("tags"); tags != properties.end() && tags->is_array()) {
      for (const json& tag : *tags) {
        if (tag.is_string()) builder.AddTag(tag.get_ref<const std::string&>());
      }
    }
    if (TruthOf(properties, "is_starred", false)) builder.AddTag("starred");
    if (!TruthOf(properties, "is_active", true)) builder.AddTag("archived");
    if (TruthOf(properties, "is_dead", false)) builder.contact().set_status(v1::CONTACT_STATUS_DECEASED);

    const std::string birthday = DayOf(properties, "birthdate");
    if (!birthday.empty() && !builder.SetBirthday(birthday)) builder.AddVcardProperty(DayProperty("BDAY", birthday));
    if (const std::string day = DayOf(properties, "deceased_date"); !day.empty()) {
      builder.AddVcardProperty(DayProperty("DEATHDATE", day));
    } else if (builder.contact().status() == v1::CONTACT_STATUS_DECEASED) {
      // By the property a second import knows that this was said before (contact_merge.h).
      builder.AddVcardProperty("DEATHDATE;VALUE=text:unknown");
    }
    const std::string met = DayOf(properties, "first_met_date");
    const std::string through = file_.NameOf(TextOf(properties, "first_met_through"));
    if (!met.empty() || !through.empty()) {
      builder.SetHowMet(absl::StrCat("Met", met.empty() ? "" : " ", met, through.empty() ? "" : " through ", through));
    }
  }

  void ReadWaysToReach(const json& record, ContactBuilder& builder) const {
    for (const exports::MonicaContactField& field : file_.ContactFieldsOf(record)) {
      if (field.kind == "email") {
        builder.AddEmail(field.value);
      } else if (field.kind == "phone") {
        builder.AddPhone(field.value);
      } else {
        builder.AddProfile(field.kind, field.value);
      }
    }
    for (const json* address : ValuesOf(record, "address")) {
      const json& properties = PropertiesOf(*address);
      const std::string city = TextOf(properties, "city");
      const std::string province = TextOf(properties, "province");
      const std::string country = TextOf(properties, "country");
      builder.SetLocation(JoinNonEmpty({city, province, country}, ", "));
      builder.AddStructured(
          "ADR", {"", "", TextOf(properties, "street"), city, province, TextOf(properties, "postal_code"), country});
    }
  }

  void ReadNotes(const json& record, ContactBuilder& builder) const {
    const json& properties = PropertiesOf(record);
    builder.AddNote(TextOf(properties, "description"));
    if (const std::string food = TextOf(properties, "food_preferences"); !food.empty()) {
      builder.AddNote(absl::StrCat("Food: ", food));
    }
    for (const json* pet : ValuesOf(record, "pet")) {
      const std::string category = TextOf(PropertiesOf(*pet), "category");
      const std::string name = TextOf(PropertiesOf(*pet), "name");
      if (!name.empty() || !category.empty()) {
        builder.AddNote(absl::StrCat("Pet: ", JoinNonEmpty({name, category}, ", ")));
      }
    }
    for (const json* event : ValuesOf(record, "life_event")) {
      const std::string name = TextOf(PropertiesOf(*event), "name");
      const std::string text = JoinNonEmpty(
          {name.empty() ? file_.KindNameOf(*event, "type") : name, TextOf(PropertiesOf(*event), "note")}, ": ");
      AddDatedNote(NormalizedDate(TextOf(PropertiesOf(*event), "happened_at")), text, builder);
    }
    for (const json* note : ValuesOf(record, "note")) {
      AddDatedNote(NormalizedDate(TextOf(*note, "created_at")), TextOf(PropertiesOf(*note), "body"), builder);
    }
  }

  static void AddDatedNote(const std::string& day, const std::string& text, ContactBuilder& builder) {
    if (!text.empty()) builder.AddNote(JoinNonEmpty({day, text}, ": "));
  }

  const MonicaExport& file_;
  const std::multimap<std::string, std::string> relationships_;
  std::map<std::string, int> not_kept_;
};

}  // namespace

absl::Status ReadMonicaJson(absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take) {
  COUNCIL_ASSIGN_OR_RETURN(const MonicaExport file, MonicaExport::Parse({bytes.data(), bytes.size()}));
  MonicaReader reader(file);
  for (const MonicaPerson& person : file.people()) {
    if (TruthOf(PropertiesOf(*person.record), "is_partial", false)) {
      reader.CountPartial();
    } else if (!take(reader.Read(person))) {
      return absl::OkStatus();
    }
  }
  if (FileRecord left_out = reader.LeftOut(); !left_out.left_out.empty()) take(std::move(left_out));
  return absl::OkStatus();
}

}  // namespace council::contacts
