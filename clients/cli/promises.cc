#include "clients/cli/promises.h"

#include "absl/strings/string_view.h"
#include "clients/cli/dates.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Say;

constexpr int kPageSize = 1000;

}  // namespace

absl::StatusOr<std::vector<ledger::v1::PromiseRecord>> ListPromises(Client& client, bool include_closed) {
  ledger::v1::ListPromisesRequest request;
  request.set_include_closed(include_closed);
  request.set_page_size(kPageSize);
  std::vector<ledger::v1::PromiseRecord> promises;
  do {
    COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::ListPromisesResponse page, client.Call(request));
    promises.insert(promises.end(), page.promises().begin(), page.promises().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return promises;
}

std::string PromiseText(const ledger::v1::PromiseRecord& record, const ContactBook& book, const Session& session) {
  std::vector<std::string> names;
  for (const std::string& id : record.contact_ids()) names.push_back(book.NameOf(id));
  const std::string& text = record.promise().text();
  const std::string due = FormatIsoDay(record.promise().due_day(), session.Now(), session.zone(), session.language());
  const absl::string_view by = due.empty() ? "none" : "day";
  // Where it was erased nothing of it is left but that there was one.
  const bool known = !text.empty();
  return OneLine(record.promise().by_me() ? Say<"promise.by_me">(As<"names">(names), As<"known">(known),
                                                                 As<"text">(text), As<"due">(by), As<"day">(due))
                                          : Say<"promise.by_them">(As<"names">(names), As<"known">(known),
                                                                   As<"text">(text), As<"due">(by), As<"day">(due)));
}

}  // namespace council::cli
