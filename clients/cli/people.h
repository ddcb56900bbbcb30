#ifndef COUNCIL_CLIENTS_CLI_PEOPLE_H_
#define COUNCIL_CLIENTS_CLI_PEOPLE_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/session.h"
#include "clients/cli/steps.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"

namespace council::cli {

// The owner's contacts, read once.
class ContactBook {
 public:
  // All of them, or those that `filter` lets through (ListContactsRequest).
  static absl::StatusOr<ContactBook> Load(Client& client, const std::string& filter = "");

  const std::vector<contacts::v1::Contact>& contacts() const { return contacts_; }
  // By id or by the id of a contact merged into it; null where there is none.
  const contacts::v1::Contact* Find(const std::string& id) const;
  // The name; "someone" for a contact that is gone.
  std::string NameOf(const std::string& id) const;
  // The names of several, "Rosa Lindqvist, Tomasz Zieliński".
  std::string NamesOf(const google::protobuf::RepeatedPtrField<std::string>& ids) const;
  // Those of the first few of many, "Rosa Lindqvist, Tomasz Zieliński, Elif Kaya and 13 others".
  std::string SomeNamesOf(const google::protobuf::RepeatedPtrField<std::string>& ids) const;

 private:
  std::vector<contacts::v1::Contact> contacts_;
  std::map<std::string, size_t> by_id_;
};

// The names in `book`, which must outlive the function.
NameOf NamesFrom(const ContactBook& book);

// A recommendation as `session` may show it: where others may see the screen without what it is said to gain, and
// without its reason, which may tell how one feels about somebody.
Step DescribeStep(const recommendations::v1::Recommendation& recommendation, const ContactBook& book,
                  const Session& session);

// Finds who is meant by parts of names, e-mail addresses or ids; reads the contacts at first use.
class ContactFinder {
 public:
  // How sure one has to be.
  enum class Care {
    // A seat or a recent meeting decides between equal matches (find_contact.h).
    kUsual,
    // Only the text itself decides: for what can't be undone.
    kStrict,
  };

  explicit ContactFinder(Session& session) : session_(session) {}

  // The one contact who is meant. Asks on a terminal where several are. NOT_FOUND, or AmbiguousName (errors.h).
  absl::StatusOr<contacts::v1::Contact> Find(const std::string& text, Care care = Care::kUsual);
  // Several, parted by commas, each once.
  absl::StatusOr<std::vector<contacts::v1::Contact>> FindAll(const std::string& texts, Care care = Care::kUsual);

  // Reads the contacts where they were not read yet.
  absl::StatusOr<const ContactBook*> Book();
  // Makes the next use read them anew: somebody was added.
  void Forget() { book_.reset(); }

 private:
  Session& session_;
  std::optional<ContactBook> book_;
};

// The seat of a contact; null where they have none.
const contacts::v1::CouncilSeat* SeatOf(const contacts::v1::GetCouncilResponse& council, const std::string& contact_id);

// Who has a seat.
std::set<std::string> SeatedIds(const contacts::v1::GetCouncilResponse& council);

// Entries as ListInteractions gives them, at most `limit`, over as many pages as it takes. Starts again where the
// ledger changed between two pages.
absl::StatusOr<std::vector<ledger::v1::Interaction>> ListInteractions(Client& client,
                                                                      ledger::v1::ListInteractionsRequest request,
                                                                      size_t limit);

// The ties of `contacts`, in their order; an empty tie (0 entries) for one who was never met.
absl::StatusOr<std::vector<ledger::v1::Tie>> ListTies(Client& client,
                                                      const std::vector<contacts::v1::Contact>& contacts,
                                                      bool include_days = false);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_PEOPLE_H_
