// council access: who read or changed what is kept about oneself.

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/dates.h"
#include "clients/cli/errors.h"
#include "clients/cli/json_output.h"
#include "clients/cli/table.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

struct Access {
  const char* service;
  common::v1::AccessRecord record;
};

// The newest records of one service, `limit` at most.
template <typename Request>
absl::Status Read(const char* service, size_t limit, Client& client, std::vector<Access>& accesses) {
  constexpr size_t kLargestPage = 1000;
  Request request;
  for (size_t left = limit; left > 0;) {
    request.set_page_size(static_cast<int>(std::min(left, kLargestPage)));
    COUNCIL_ASSIGN_OR_RETURN(auto page, client.Call(request));
    for (common::v1::AccessRecord& record : *page.mutable_records()) accesses.push_back({service, std::move(record)});
    if (page.next_page_token().empty()) break;
    left -= std::min(left, static_cast<size_t>(page.records_size()));
    request.set_page_token(page.next_page_token());
  }
  return absl::OkStatus();
}

absl::StatusOr<int> ListAccess(int most, Session& session) {
  const auto limit = static_cast<size_t>(most);
  std::vector<Access> accesses;
  Client& client = session.client();
  COUNCIL_RETURN_IF_ERROR(Read<contacts::v1::ListAccessRequest>("contacts", limit, client, accesses));
  COUNCIL_RETURN_IF_ERROR(Read<ledger::v1::ListAccessRequest>("ledger", limit, client, accesses));
  COUNCIL_RETURN_IF_ERROR(Read<recommendations::v1::ListAccessRequest>("recommendations", limit, client, accesses));
  std::ranges::stable_sort(accesses, [](const Access& a, const Access& b) {
    return base::FromProto(a.record.time()) > base::FromProto(b.record.time());
  });
  const bool more = accesses.size() > limit;
  if (more) accesses.resize(limit);
  if (session.json()) {
    auto records = nlohmann::ordered_json::array();
    for (const Access& access : accesses) {
      auto record = ToJson(access.record);
      record["service"] = access.service;
      records.push_back(std::move(record));
    }
    session.Print({{"records", records}});
    return kExitOk;
  }
  Table table({{"when"}, {"what", Table::kFlexible}, {"where"}, {"who", Table::kFlexible}, {"calls", Table::kRight}});
  for (const Access& access : accesses) {
    const absl::Time time = base::FromProto(access.record.time());
    table.Add({absl::StrCat(FormatDay(time, session.Now(), session.zone(), session.language()), " ",
                            absl::FormatTime("%H:%M", time, session.zone())),
               access.record.method(), access.service,
               access.record.client() == "owner" ? "you" : access.record.client(),
               absl::StrCat(access.record.calls())});
  }
  session.out() << table.Render(session.terminal());
  if (more) {
    session.out() << session.terminal().Styled(Style::kDim,
                                               absl::StrCat("The latest ", limit, " of 90 days; more with --limit"))
                  << '\n';
  }
  return kExitOk;
}

}  // namespace

void AddAccessCommand(CLI::App& app, Command& chosen) {
  const auto limit = std::make_shared<int>(30);
  CLI::App* access = app.add_subcommand("access", "Who read or changed what is kept about you, newest first");
  access->add_option("--limit", *limit, "How many lines at most")->check(CLI::Range(1, 100'000))->capture_default_str();
  access->footer(
      "Calls of one hour stand together, writes to contacts one by one. Records are kept for 90 days.\n"
      "Example:\n  council access");
  access->callback([&chosen, limit] { chosen = [limit](Session& session) { return ListAccess(*limit, session); }; });
}

}  // namespace council::cli
