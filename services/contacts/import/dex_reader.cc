#include "services/contacts/import/dex_reader.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/exports/dex_export.h"
#include "services/contacts/import/contact_builder.h"

namespace council::contacts {
namespace {

FileRecord RecordOf(const exports::DexPerson& person) {
  ContactBuilder builder(person.line);
  builder.SetUid(person.uid);
  builder.SetName(person.name);
  builder.AddStructured("N", {person.last_name, person.first_name, "", "", ""});
  for (const std::string& email : person.emails) builder.AddEmail(email);
  for (const std::string& phone : person.phones) builder.AddPhone(phone);
  builder.SetTitle(person.title);
  builder.SetOrganization(person.organization);
  builder.SetLocation(person.location);
  builder.AddBirthday(person.birthday);
  for (const std::string& tag : person.tags) builder.AddTag(tag);
  for (const auto& [network, profile] : person.profiles) builder.AddProfile(network, profile);
  for (const std::string& note : person.notes) builder.AddNote(note);
  for (const auto& [header, value] : person.others) builder.AddNote(absl::StrCat(header, ": ", value));
  return builder.Finish(true);
}

}  // namespace

absl::Status ReadDexCsv(absl::string_view bytes, absl::FunctionRef<bool(FileRecord)> take) {
  return exports::ForEachDexPerson(bytes, [&take](exports::DexPerson person) {
    if (person.broken.empty()) return take(RecordOf(person));
    return take(LeftOutRecord(person.line, std::move(person.broken)));
  });
}

}  // namespace council::contacts
