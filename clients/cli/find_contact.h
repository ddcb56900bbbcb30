#ifndef COUNCIL_CLIENTS_CLI_FIND_CONTACT_H_
#define COUNCIL_CLIENTS_CLI_FIND_CONTACT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "council/contacts/v1/contacts.pb.h"

namespace council::cli {

// Finding the person that somebody means by a part of a name or an e-mail address. Pure functions; case and accents do
// not matter.

// How well a text names a contact, better ones greater.
enum class NameMatch {
  kNone,
  // The text stands somewhere in the name or an address: "ann" in Johanna.
  kInside,
  // Each of its words begins a word of the name, or the text begins an address: "ann" in Anna.
  kWordStart,
  // Each of its words is a word of the name: "ann" in Ann Miller.
  kWholeWord,
  // It is the whole name or a whole address.
  kExact,
};
NameMatch MatchName(const std::string& text, const contacts::v1::Contact& contact);

// The contacts that match best, all equally well; in the order given. Empty where none does.
std::vector<contacts::v1::Contact> BestMatches(const std::string& text,
                                               const std::vector<contacts::v1::Contact>& contacts);

// One who may be meant.
struct Candidate {
  contacts::v1::Contact contact;
  bool seated = false;
  // absl::InfinitePast() where they were never met.
  absl::Time last_met = absl::InfinitePast();
};

// Who of several equally good matches is meant, if that is plain: the only one with a seat on the council, or else,
// among those with a seat or where nobody has one, the only one met within the last 30 days. Sorts the candidates for a
// pick list: seated ones first, then by their last meeting, then by name.
std::optional<size_t> Decide(std::vector<Candidate>& candidates, absl::Time now);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_FIND_CONTACT_H_
