#include "clients/cli/promises.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "clients/cli/dates.h"
#include "clients/cli/text.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

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
  const std::string names = book.NamesOf(record.contact_ids());
  std::string text =
      record.promise().by_me() ? absl::StrCat("You promised ", names, ": ") : absl::StrCat(names, " promised you: ");
  // Where it was erased nothing of it is left but that there was one.
  absl::StrAppend(&text, record.promise().text().empty() ? "(erased)" : record.promise().text());
  absl::CivilDay due;
  if (absl::ParseCivilTime(record.promise().due_day(), &due)) {
    absl::StrAppend(&text, ", by ", FormatDay(absl::FromCivil(due, session.zone()), session.Now(), session.zone()));
  }
  return OneLine(text);
}

}  // namespace council::cli
