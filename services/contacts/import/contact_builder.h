#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_CONTACT_BUILDER_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_CONTACT_BUILDER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "council/contacts/v1/contacts.pb.h"
#include "services/contacts/import/contact_file.h"

namespace council::contacts {

// The most parts of a property, parted by semicolons, that is read from a card: the library's time grows with their
// square, and no real card comes near.
inline constexpr std::ptrdiff_t kMostParts = 500;

// Puts together one contact from the values of a file's record, within the limits of contacts.proto. A value over a
// limit is left out and said so; white space at the ends of values goes; a value that is there already is passed over.
class ContactBuilder {
 public:
  // `line`: first line of the record.
  explicit ContactBuilder(int line) { record_.line = line; }

  // Each sets its field where it is still empty. False where it was set before to something else.
  bool SetName(absl::string_view name);
  bool SetOrganization(absl::string_view organization);
  bool SetTitle(absl::string_view title);
  bool SetLocation(absl::string_view location);
  bool SetUid(absl::string_view uid);
  // Dates as YYYY-MM-DD, YYYYMMDD, --MM-DD or --MMDD, with or without a time of day. False also where it is none of
  // them.
  bool SetBirthday(absl::string_view date);

  // A birthday in any form that people write (libs/text/written_day.h, or as above). What is no such date, or another
  // one than before, becomes a property of the card.
  void AddBirthday(absl::string_view date);

  void AddEmail(absl::string_view email);
  void AddPhone(absl::string_view phone);
  void AddTag(absl::string_view tag);
  // Several notes are parted by an empty line; one that has no room beside those before is left out.
  void AddNote(absl::string_view note);
  void SetHowMet(absl::string_view how_met);
  void SetFacet(absl::string_view name, absl::string_view value);
  // `line`: an unfolded vCard 4.0 content line.
  void AddVcardProperty(absl::string_view line);
  // The property "NAME:one;two;…" of texts; nothing where all are empty.
  void AddStructured(absl::string_view name, const std::vector<std::string>& components);
  // A page of theirs, or their name at a network ("telegram").
  void AddProfile(absl::string_view network, absl::string_view profile);

  // Beyond the twentieth they are counted.
  void LeaveOut(std::string what);

  v1::Contact& contact() { return contact_; }

  // The record. With `derive_facets`, organization and location become facets too. A contact without a name takes an
  // e-mail address, the organization or a phone number for one, and is left out where it has none of them.
  FileRecord Finish(bool derive_facets);

 private:
  bool SetText(std::string* field, absl::string_view value, size_t limit, absl::string_view what);

  FileRecord record_;
  v1::Contact contact_;
  size_t notes_length_ = 0;  // In characters, as what follows.
  size_t vcard_properties_length_ = 0;
  int unnamed_ = 0;  // What was left out and is not named.
};

// The parts that are not empty, with `separator` between them.
std::string JoinNonEmpty(std::vector<std::string> parts, absl::string_view separator);

// `text` as the value of a vCard 4.0 parameter: letters, digits and "-"; empty where that is no word.
std::string VcardWord(absl::string_view text);

// A line of text in the vCard 4.0 form of a value: backslash, comma, semicolon and line end escaped.
std::string EscapeVcardText(absl::string_view text);

// A file's date as YYYY-MM-DD or --MM-DD; empty where it is none that ContactBuilder::SetBirthday takes.
std::string NormalizedDate(absl::string_view date);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_CONTACT_BUILDER_H_
