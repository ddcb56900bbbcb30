#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_CARDS_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_CARDS_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace council::contacts {

// A card as it stands in a file: its content lines, unfolded, without BEGIN and END.
struct RawCard {
  // Line of its BEGIN:VCARD, from 1; for text outside of cards, the first line of it.
  int line = 0;
  // Content lines ("TEL;TYPE=CELL:905-555"), folds and soft breaks of quoted-printable joined, bytes as in the file.
  std::vector<std::string> properties;
  // Why it is no whole card; empty for a card that has its end.
  std::string broken;
  // Properties that are not among them: those longer than 256 KiB, and those behind the two thousandth.
  int left_out = 0;
};

// Whether `line` is "NAME:value", with a group and parameters or without; BEGIN, END and VERSION are none.
bool IsContentLine(absl::string_view line);

// Whether `property` starts with `name` (upper case), without regard to case and to a group before it ("item1.").
bool IsProperty(absl::string_view property, absl::string_view name);

// Gives each card of the vCard file `bytes` to `take`, in order, until it returns false. Takes CR, LF and CRLF as line
// ends, also mixed. A card within a card (AGENT) is passed over. Binary content is cut off: its property keeps its head
// alone.
void ForEachCard(absl::string_view bytes, absl::FunctionRef<bool(RawCard)> take);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_VCARD_CARDS_H_
