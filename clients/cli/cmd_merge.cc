// council contacts delete, merge and duplicates: fewer contacts.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/people.h"
#include "clients/cli/sure_duplicates.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using contacts::v1::Contact;
using words::As;
using words::Say;

// So many contacts go into another one in one call.
constexpr size_t kMergedAtOnce = 20;

struct DeleteOptions {
  std::vector<std::string> names;
  std::string tag;
  bool yes = false;
};

struct MergeOptions {
  std::string into;
  std::vector<std::string> from;
  bool all = false;
  bool yes = false;
};

// Whether the person means it. `deed` says what it is, how many and who.
absl::Status Confirmed(bool yes, const std::string& question, const std::string& deed, const Session& session) {
  return session.Confirmed(yes, question, "nothing was changed",
                           OneLine(absl::StrCat(deed, " can't be undone: say --yes where nobody can be asked")));
}

std::vector<std::string> NameList(const std::vector<Contact>& contacts) {
  std::vector<std::string> names;
  for (const Contact& contact : contacts) names.push_back(contact.display_name());
  return names;
}

std::string NamesOf(const std::vector<Contact>& contacts) {
  return OneLine(JoinWords(NameList(contacts)));
}

// Does the same to many. What fails for one stops nothing, but a suite that is gone does.
class Many {
 public:
  // Notes what came of it for one. False where there is no use in going on.
  bool Note(const Contact& contact, const absl::Status& status) {
    if (status.ok()) {
      done_.push_back(contact);
    } else if (ExitCodeFor(status) == kExitUnavailable) {
      stopped_ = status;
    } else {
      failed_.emplace_back(contact.display_name(), status);
    }
    return stopped_.ok();
  }

  const std::vector<Contact>& done() const { return done_; }

  nlohmann::ordered_json Skipped() const {
    nlohmann::ordered_json skipped = nlohmann::ordered_json::array();
    for (const auto& [name, status] : failed_) {
      skipped.push_back({{"displayName", name}, {"reason", std::string(status.message())}});
    }
    return skipped;
  }

  void PrintSkipped(const Session& session) const {
    for (const auto& [name, status] : failed_) {
      session.out() << OneLine(Say<"contacts.unchanged">(As<"name">(name), As<"reason">(status.message()))) << '\n';
    }
  }

  absl::StatusOr<int> Code() const {
    if (!stopped_.ok()) return stopped_;
    if (failed_.empty()) return kExitOk;
    return done_.empty() ? ExitCodeFor(failed_.front().second) : kExitPartly;
  }

 private:
  std::vector<Contact> done_;
  std::vector<std::pair<std::string, absl::Status>> failed_;
  absl::Status stopped_;
};

absl::StatusOr<std::vector<Contact>> WhoIsDeleted(const DeleteOptions& options, Session& session) {
  ContactFinder finder(session);
  if (options.names.empty() == options.tag.empty()) {
    return absl::InvalidArgumentError("say either whom (NAMES, parted by commas) or --tag TAG");
  }
  if (!options.names.empty()) return finder.FindAll(absl::StrJoin(options.names, ","), ContactFinder::Care::kStrict);
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook* book, finder.Book());
  std::vector<Contact> tagged;
  for (const Contact& contact : book->contacts()) {
    const auto& tags = contact.tags();
    if (std::any_of(tags.begin(), tags.end(), [&](const auto& tag) { return Fold(tag) == Fold(options.tag); })) {
      tagged.push_back(contact);
    }
  }
  if (tagged.empty()) return absl::NotFoundError(absl::StrCat("nobody has the tag \"", options.tag, "\""));
  return tagged;
}

absl::StatusOr<int> Delete(const DeleteOptions& options, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Contact> chosen, WhoIsDeleted(options, session));
  const std::string count = Count(static_cast<long long>(chosen.size()), "contact");
  std::string question = Say<"contacts.delete.ask">(As<"contact">(DescribeContact(chosen.front())));
  if (chosen.size() > 1) {
    question.clear();
    for (const Contact& contact : chosen) absl::StrAppend(&question, "  ", DescribeContact(contact), "\n");
    absl::StrAppend(&question, Say<"contacts.delete.ask_all">(As<"contacts">(chosen.size())));
  }
  COUNCIL_RETURN_IF_ERROR(
      Confirmed(options.yes, question, absl::StrCat("deleting ", count, " (", NamesOf(chosen), ")"), session));
  Many many;
  for (const Contact& contact : chosen) {
    contacts::v1::DeleteContactRequest request;
    request.set_id(contact.id());
    request.set_etag(contact.etag());
    if (!many.Note(contact, session.client().Call(request).status())) break;
  }
  const std::vector<Contact>& gone = many.done();
  if (session.json()) {
    session.Print({{"deleted", ToJsonArray(gone)}, {"skipped", many.Skipped()}});
    return many.Code();
  }
  if (!gone.empty()) {
    session.out() << OneLine(Say<"contacts.deleted">(As<"contacts">(gone.size()), As<"names">(NameList(gone)))) << '\n';
  }
  many.PrintSkipped(session);
  return many.Code();
}

// Makes one of two or more contacts: the first one stays.
absl::StatusOr<contacts::v1::MergeContactsResponse> MergeGroup(const std::vector<Contact>& group, Session& session) {
  contacts::v1::MergeContactsResponse response;
  for (size_t at = 1; at < group.size(); at += kMergedAtOnce) {
    contacts::v1::MergeContactsRequest request;
    request.set_into_id(group.front().id());
    request.set_request_id(session.NewRequestId());
    for (size_t i = at; i < std::min(group.size(), at + kMergedAtOnce); ++i) request.add_from_ids(group[i].id());
    COUNCIL_ASSIGN_OR_RETURN(response, session.client().Call(request));
  }
  return response;
}

absl::StatusOr<int> MergeAll(bool yes, Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const ContactBook book, ContactBook::Load(session.client()));
  const std::vector<std::vector<Contact>> groups = SureDuplicates(book.contacts());
  std::vector<Contact> people;
  size_t members = 0;
  std::string question;
  for (const std::vector<Contact>& group : groups) {
    people.push_back(group.front());
    members += group.size();
    for (size_t i = 0; i < group.size(); ++i) {
      absl::StrAppend(&question, i == 0 ? "  " : "    and ", DescribeContact(group[i]), "\n");
    }
  }
  absl::StrAppend(&question, Say<"contacts.merge.ask_all">(As<"contacts">(members), As<"people">(people.size())));
  if (!groups.empty()) {
    COUNCIL_RETURN_IF_ERROR(Confirmed(
        yes, question, absl::StrCat("merging ", members, " contacts into ", people.size(), " (", NamesOf(people), ")"),
        session));
  }
  Many many;
  members = 0;
  for (const std::vector<Contact>& group : groups) {
    const absl::StatusOr<contacts::v1::MergeContactsResponse> merged = MergeGroup(group, session);
    if (merged.ok()) members += group.size();
    if (!many.Note(merged.ok() ? merged->contact() : group.front(), merged.status())) break;
  }
  const std::vector<Contact>& done = many.done();
  if (session.json()) {
    session.Print({{"merged", ToJsonArray(done)}, {"skipped", many.Skipped()}});
    return many.Code();
  }
  if (groups.empty()) {
    session.out() << Say<"contacts.merge.none">() << '\n';
  }
  if (!done.empty()) {
    session.out() << Say<"contacts.merged">(As<"contacts">(members), As<"people">(done.size()),
                                            As<"who">(NamesOf(done)))
                  << '\n';
  }
  many.PrintSkipped(session);
  return many.Code();
}

absl::StatusOr<int> Merge(const MergeOptions& options, Session& session) {
  if (options.all != options.into.empty() || options.all != options.from.empty()) {
    return absl::InvalidArgumentError("say either which contacts (INTO FROM …) or --all");
  }
  if (options.all) return MergeAll(options.yes, session);
  ContactFinder finder(session);
  COUNCIL_ASSIGN_OR_RETURN(const Contact kept, finder.Find(options.into, ContactFinder::Care::kStrict));
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Contact> others,
                           finder.FindAll(absl::StrJoin(options.from, ","), ContactFinder::Care::kStrict));
  std::vector<Contact> group = {kept};
  std::vector<std::string> described;
  for (const Contact& other : others) {
    group.push_back(other);
    described.push_back(DescribeContact(other));
  }
  COUNCIL_RETURN_IF_ERROR(
      Confirmed(options.yes, Say<"contacts.merge.ask">(As<"others">(described), As<"contact">(DescribeContact(kept))),
                absl::StrCat("merging ", NamesOf(others), " into ", kept.display_name()), session));
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::MergeContactsResponse response, MergeGroup(group, session));
  if (session.json()) {
    session.Print(ToJson(response));
  } else {
    session.out() << Say<"contacts.merged">(As<"contacts">(group.size()), As<"people">(1),
                                            As<"who">(DescribeContact(response.contact())))
                  << '\n';
  }
  return kExitOk;
}

absl::StatusOr<int> Duplicates(Session& session) {
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::FindDuplicatesResponse response,
                           session.client().Call(contacts::v1::FindDuplicatesRequest()));
  if (session.json()) {
    session.Print(ToJson(response));
    return kExitOk;
  }
  if (response.groups().empty()) {
    session.out() << Say<"contacts.duplicates.none">() << '\n';
    return kExitOk;
  }
  for (const contacts::v1::DuplicateGroup& group : response.groups()) {
    session.out() << OneLine(group.reason()) << ":\n";
    std::string command = "council contacts merge";
    for (const Contact& contact : group.contacts()) {
      session.out() << "  " << DescribeContact(contact) << '\n';
      absl::StrAppend(&command, " ", contact.id());
    }
    session.out() << session.terminal().Styled(Style::kDim, "  " + command) << '\n';
  }
  session.out() << session.terminal().Styled(Style::kDim, Say<"contacts.duplicates.sure">()) << '\n';
  return kExitOk;
}

}  // namespace

void AddMergeCommands(CLI::App& contacts, Command& chosen) {
  const auto deleted = std::make_shared<DeleteOptions>();
  CLI::App* remove = contacts.add_subcommand("delete", "Delete contacts; the ledger keeps its entries");
  remove->add_option("NAMES,--contact", deleted->names,
                     "Who: parts of names or e-mail addresses, or ids, parted by commas");
  remove->add_option("--tag", deleted->tag, "Or everybody with this tag");
  remove->add_flag("--yes", deleted->yes, "Do not ask");
  remove->footer("Example:\n  council contacts delete \"Tom Baker\"\n  council contacts delete --tag newsletter");
  remove->callback([&chosen, deleted] { chosen = [deleted](Session& session) { return Delete(*deleted, session); }; });

  const auto merged = std::make_shared<MergeOptions>();
  CLI::App* merge = contacts.add_subcommand("merge", "Make one contact of several");
  merge->add_option("INTO", merged->into, "The contact that stays; what it says wins");
  merge->add_option("FROM", merged->from, "The others");
  merge->add_flag("--all", merged->all,
                  "Instead: all who have the same name, and an e-mail address or a phone number in common");
  merge->add_flag("--yes", merged->yes, "Do not ask");
  merge->footer(
      "Of two statuses the one that asks for more rest holds: deceased, no-contact, paused, active.\n"
      "Example:\n  council contacts merge rosa@lindqvist.example \"R. Lindqvist\"\n  council contacts merge --all");
  merge->callback([&chosen, merged] { chosen = [merged](Session& session) { return Merge(*merged, session); }; });

  CLI::App* duplicates = contacts.add_subcommand("duplicates", "Contacts that may be one person");
  duplicates->footer("Example:\n  council contacts duplicates");
  duplicates->callback([&chosen] { chosen = Duplicates; });
}

}  // namespace council::cli
