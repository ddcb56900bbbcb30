#include "libs/sql/revisions.h"

#include <map>
#include <tuple>

#include "libs/base/status.h"
#include "libs/sql/in_list.h"

namespace council::sql {

absl::StatusOr<std::vector<std::int64_t>> RevisionsOf(Database& database, const std::string& table,
                                                      std::span<const std::string> hashes, absl::Time deadline) {
  std::map<std::string, std::int64_t> known;
  COUNCIL_RETURN_IF_ERROR(database.Read(hashes, deadline, [&](Connection& connection) {
    for (const InList& some : InList::Split(hashes)) {
      Statement select =
          connection.Prepare("SELECT owner, revision FROM " + table + " WHERE owner IN " + some.placeholders());
      some.Bind(select, std::tuple(), std::tuple());
      while (select.Step()) known[std::string(select.GetBlob(0))] = select.GetInt(1);
    }
    return absl::OkStatus();
  }));
  std::vector<std::int64_t> revisions;
  revisions.reserve(hashes.size());
  for (const std::string& hash : hashes) revisions.push_back(known[hash]);
  return revisions;
}

}  // namespace council::sql
