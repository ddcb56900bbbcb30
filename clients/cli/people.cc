#include "clients/cli/people.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "clients/cli/errors.h"
#include "clients/cli/find_contact.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

constexpr int kPageSize = 1000;
constexpr int kTries = 5;
constexpr int kNamesAtOnce = 4;
constexpr size_t kTiesAtOnce = 5000;

// Calls `read_all` again where what it read changed between two pages.
template <typename Result>
absl::StatusOr<Result> WithFreshPages(const std::function<absl::StatusOr<Result>()>& read_all) {
  for (int tries = 1;; ++tries) {
    absl::StatusOr<Result> result = read_all();
    if (result.ok() || !absl::IsAborted(result.status()) || tries == kTries) return result;
  }
}

}  // namespace

absl::StatusOr<ContactBook> ContactBook::Load(Client& client, const std::string& filter) {
  return WithFreshPages<ContactBook>([&]() -> absl::StatusOr<ContactBook> {
    ContactBook book;
    contacts::v1::ListContactsRequest request;
    request.set_page_size(kPageSize);
    request.set_filter(filter);
    do {
      COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::ListContactsResponse page, client.Call(request));
      for (const contacts::v1::Contact& contact : page.contacts()) {
        book.by_id_[contact.id()] = book.contacts_.size();
        for (const std::string& id : contact.former_ids()) book.by_id_[id] = book.contacts_.size();
        book.contacts_.push_back(contact);
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return book;
  });
}

const contacts::v1::Contact* ContactBook::Find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &contacts_[found->second];
}

std::string ContactBook::NameOf(const std::string& id) const {
  const contacts::v1::Contact* contact = Find(id);
  return contact == nullptr ? words::Say<"someone">() : contact->display_name();
}

std::string ContactBook::NamesOf(const google::protobuf::RepeatedPtrField<std::string>& ids) const {
  std::string names;
  for (const std::string& id : ids) names += (names.empty() ? "" : ", ") + NameOf(id);
  return names;
}

std::string ContactBook::SomeNamesOf(const google::protobuf::RepeatedPtrField<std::string>& ids) const {
  if (ids.size() <= kNamesAtOnce) return NamesOf(ids);
  google::protobuf::RepeatedPtrField<std::string> first(ids.begin(), ids.begin() + kNamesAtOnce - 1);
  return words::Say<"names.some">(words::As<"names">(NamesOf(first)), words::As<"others">(ids.size() - first.size()));
}

NameOf NamesFrom(const ContactBook& book) {
  return [&book](const std::string& id) { return book.NameOf(id); };
}

Step DescribeStep(const recommendations::v1::Recommendation& recommendation, const ContactBook& book,
                  const Session& session) {
  Step step = DescribeStep(recommendation, NamesFrom(book), session.Now(), session.zone(), session.language());
  if (session.discreet()) {
    step.gain.reset();
    step.reason.clear();
  }
  return step;
}

absl::StatusOr<const ContactBook*> ContactFinder::Book() {
  if (!book_) {
    COUNCIL_ASSIGN_OR_RETURN(book_, ContactBook::Load(session_.client()));
  }
  return &*book_;
}

absl::StatusOr<contacts::v1::Contact> ContactFinder::Find(const std::string& text, Care care) {
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, Book());
  if (const contacts::v1::Contact* contact = book->Find(absl::AsciiStrToLower(text))) return *contact;
  const std::vector<contacts::v1::Contact> matches = BestMatches(text, book->contacts());
  if (matches.empty()) return NobodyCalled(text);
  if (matches.size() == 1) return matches.front();

  std::vector<Candidate> candidates;
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           session_.client().Call(contacts::v1::GetCouncilRequest()));
  const std::set<std::string> seated = SeatedIds(council);
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::Tie> ties, ListTies(session_.client(), matches));
  std::map<std::string, absl::Time> last_met;
  for (const ledger::v1::Tie& tie : ties) {
    if (tie.has_last_time()) last_met[tie.contact_id()] = base::FromProto(tie.last_time());
  }
  for (const contacts::v1::Contact& contact : matches) {
    const auto met = last_met.find(contact.id());
    candidates.push_back(
        {contact, seated.count(contact.id()) > 0, met == last_met.end() ? absl::InfinitePast() : met->second});
  }
  const std::optional<size_t> meant = Decide(candidates, session_.Now());
  if (meant && care == Care::kUsual) return candidates[*meant].contact;
  if (session_.MayAsk()) {
    std::vector<std::string> choices;
    for (const Candidate& candidate : candidates) choices.push_back(DescribeContact(candidate.contact));
    const std::optional<size_t> picked = session_.terminal().Pick("Who is \"" + text + "\"?", choices);
    if (picked) return candidates[*picked].contact;
  }
  std::vector<contacts::v1::Contact> sorted;
  for (const Candidate& candidate : candidates) sorted.push_back(candidate.contact);
  return AmbiguousName(text, sorted);
}

absl::StatusOr<std::vector<contacts::v1::Contact>> ContactFinder::FindAll(const std::string& texts, Care care) {
  std::vector<contacts::v1::Contact> found;
  for (const std::string& text : std::vector<std::string>(absl::StrSplit(texts, ',', absl::SkipWhitespace()))) {
    COUNCIL_ASSIGN_OR_RETURN(contacts::v1::Contact contact, Find(std::string(absl::StripAsciiWhitespace(text)), care));
    const bool known = std::any_of(found.begin(), found.end(), [&](const auto& c) { return c.id() == contact.id(); });
    if (!known) found.push_back(std::move(contact));
  }
  if (found.empty()) return absl::InvalidArgumentError("say whom: a name, an e-mail address, or several with commas");
  return found;
}

const contacts::v1::CouncilSeat* SeatOf(const contacts::v1::GetCouncilResponse& council,
                                        const std::string& contact_id) {
  const auto found = std::find_if(council.seats().begin(), council.seats().end(),
                                  [&](const auto& seat) { return seat.contact().id() == contact_id; });
  return found == council.seats().end() ? nullptr : &*found;
}

std::set<std::string> SeatedIds(const contacts::v1::GetCouncilResponse& council) {
  std::set<std::string> ids;
  for (const contacts::v1::CouncilSeat& seat : council.seats()) ids.insert(seat.contact().id());
  return ids;
}

absl::StatusOr<std::vector<ledger::v1::Interaction>> ListInteractions(Client& client,
                                                                      ledger::v1::ListInteractionsRequest request,
                                                                      size_t limit) {
  return WithFreshPages<std::vector<ledger::v1::Interaction>>(
      [&]() -> absl::StatusOr<std::vector<ledger::v1::Interaction>> {
        std::vector<ledger::v1::Interaction> interactions;
        request.clear_page_token();
        do {
          request.set_page_size(static_cast<int>(std::min<size_t>(kPageSize, limit - interactions.size())));
          COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::ListInteractionsResponse page, client.Call(request));
          interactions.insert(interactions.end(), page.interactions().begin(), page.interactions().end());
          request.set_page_token(page.next_page_token());
        } while (!request.page_token().empty() && interactions.size() < limit);
        return interactions;
      });
}

absl::StatusOr<std::vector<ledger::v1::Tie>> ListTies(Client& client,
                                                      const std::vector<contacts::v1::Contact>& contacts,
                                                      bool include_days) {
  return WithFreshPages<std::vector<ledger::v1::Tie>>([&]() -> absl::StatusOr<std::vector<ledger::v1::Tie>> {
    std::vector<ledger::v1::Tie> ties;
    for (size_t start = 0; start < contacts.size(); start += kTiesAtOnce) {
      ledger::v1::ListTiesRequest request;
      request.set_page_size(kPageSize);
      request.set_include_days(include_days);
      for (size_t i = start; i < std::min(contacts.size(), start + kTiesAtOnce); ++i) {
        ledger::v1::TieContact& asked = *request.add_contacts();
        asked.set_contact_id(contacts[i].id());
        *asked.mutable_former_ids() = contacts[i].former_ids();
      }
      do {
        COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::ListTiesResponse page, client.Call(request));
        ties.insert(ties.end(), page.ties().begin(), page.ties().end());
        request.set_page_token(page.next_page_token());
      } while (!request.page_token().empty());
    }
    return ties;
  });
}

}  // namespace council::cli
