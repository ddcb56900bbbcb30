#ifndef COUNCIL_LIBS_EXPORTS_DEX_EXPORT_H_
#define COUNCIL_LIBS_EXPORTS_DEX_EXPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Dex's export in CSV, as it is read alike by the service of people and by that of what happened. Its columns are known
// by their names without regard to case, blanks and punctuation ("Last Seen At", "last_seen_at"), in any order:
//
//   id                                   first name, last name, or (full) name
//   email(s), email 1, work email …      phone(s), phone number, mobile …
//   job title, title, position           company, organization
//   location, city                       birthday, birthday (current year)
//   groups, tags, labels                 last seen (at)
//   linkedin, twitter, facebook, instagram, telegram, website …
//   notes, description, bio
//
// Several addresses, numbers or tags in one field are parted by commas, semicolons or line ends. When a record was made
// and changed, and pictures, are passed over; all other columns are given as they are.
namespace council::exports {

// One row: a person. Texts are UTF-8 without white space at their ends.
struct DexPerson {
  int line = 0;
  // Why the row can't be read; empty where it can.
  std::string broken;
  // By what they are known for good: the address of their profile at LinkedIn, else Dex's id; empty where neither is
  // there.
  std::string uid;
  std::string first_name;
  std::string last_name;
  std::string name;  // Both, or the full name.
  std::vector<std::string> emails;
  std::vector<std::string> phones;
  std::string title;
  std::string organization;
  std::string location;
  // As it stands; --MM-DD where only this year's is given.
  std::string birthday;
  std::vector<std::string> tags;
  // Address of a profile or page, or a name at a network: ("linkedin", "https://www.linkedin.com/in/anna").
  std::vector<std::pair<std::string, std::string>> profiles;
  std::vector<std::string> notes;
  // As it stands.
  std::string last_seen;
  // Other columns that are not empty: (header, value).
  std::vector<std::pair<std::string, std::string>> others;
};

// Whether a file that begins with `start` (its header at least) is such an export: it names people, and says when they
// were last seen or will be reminded of.
bool LooksLikeDex(absl::string_view start);

// Gives each row of the file `bytes` (in any encoding of libs/text/charset.h) to `take`, in order, until it returns
// false. A row that can't be read is given by line and reason, and stops nothing. Fails with INVALID_ARGUMENT for
// `chunk` where the first row is not such a header.
absl::Status ForEachDexPerson(absl::string_view bytes, absl::FunctionRef<bool(DexPerson)> take);

}  // namespace council::exports

#endif  // COUNCIL_LIBS_EXPORTS_DEX_EXPORT_H_
