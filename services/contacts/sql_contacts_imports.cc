// SqlContactsRows: what imports did.

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/base/status.h"
#include "services/contacts/sql_contacts_rows.h"

namespace council::contacts {
namespace {

using sql::Blob;
using sql::Statement;

constexpr char kTable[] = "imports";
// Rows of a page of a walk: each may hold hundreds of contacts.
constexpr int kPage = 20;

}  // namespace

std::string ImportRowId(std::string_view import, int64_t part) {
  return absl::StrCat(absl::string_view(import.data(), import.size()), part);
}

absl::StatusOr<std::vector<KeptImport>> SqlContactsRows::Imports() {
  Statement select = connection_.Prepare(
      "SELECT import_id, MIN(time), COUNT(*), SUM(LENGTH(sealed)) FROM imports WHERE owner = ? GROUP BY import_id "
      "ORDER BY 2 DESC, 1 DESC");
  select.Bind(Blob{owner_hash_});
  std::vector<KeptImport> imports;
  while (select.Step()) {
    imports.push_back({.id = IdOf(select.GetBlob(0)),
                       .time = absl::FromUnixMicros(select.GetInt(1)),
                       .parts = select.GetInt(2),
                       .bytes = select.GetInt(3)});
  }
  return imports;
}

absl::StatusOr<std::optional<storage::v1::StoredImport>> SqlContactsRows::ImportPart(const std::string& import_id,
                                                                                     int64_t part) {
  const std::string import = RowOf(import_id);
  Statement select = connection_.Prepare("SELECT sealed FROM imports WHERE owner = ? AND import_id = ? AND part = ?");
  select.Bind(Blob{owner_hash_}, Blob{import}, part);
  if (!select.Step()) return std::nullopt;
  storage::v1::StoredImport what;
  COUNCIL_RETURN_IF_ERROR(Open(kTable, ImportRowId(import, part), select.GetBlob(0), what));
  return what;
}

absl::Status SqlContactsRows::PutImportPart(const std::string& import_id, absl::Time time, int64_t part,
                                            const storage::v1::StoredImport& what) {
  storage::v1::StoredImport stored = what;
  stored.set_version(1);
  const std::string import = RowOf(import_id);
  COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, Seal(kTable, ImportRowId(import, part), stored));
  connection_
      .Prepare(
          "INSERT INTO imports (owner, import_id, part, time, sealed) VALUES (?, ?, ?, ?, ?) "
          "ON CONFLICT (owner, import_id, part) DO UPDATE SET sealed = excluded.sealed")
      .Bind(Blob{owner_hash_}, Blob{import}, part, absl::ToUnixMicros(time), Blob{sealed})
      .Run();
  return absl::OkStatus();
}

absl::Status SqlContactsRows::DeleteImport(const std::string& import_id) {
  const std::string import = RowOf(import_id);
  connection_.Prepare("DELETE FROM imports WHERE owner = ? AND import_id = ?")
      .Bind(Blob{owner_hash_}, Blob{import})
      .Run();
  return absl::OkStatus();
}

absl::Status SqlContactsRows::ForgetInImports(const std::vector<std::string>& ids) {
  struct Part {
    std::string import;
    int64_t number = 0;
    storage::v1::StoredImport what;
  };
  const absl::flat_hash_set<std::string> them(ids.begin(), ids.end());
  const auto is_of_them = [&them](const storage::v1::ImportedContact& contact) {
    return them.contains(contact.contact_id());
  };
  std::string import;
  int64_t number = -1;
  for (int rows = kPage; rows == kPage;) {
    std::vector<Part> changed;
    {
      Statement select = connection_.Prepare(
          "SELECT import_id, part, sealed FROM imports WHERE owner = ? AND (import_id, part) > (?, ?) "
          "ORDER BY import_id, part LIMIT ?");
      const std::string after = import;
      select.Bind(Blob{owner_hash_}, Blob{after}, number, kPage);
      for (rows = 0; select.Step(); ++rows) {
        import = select.GetBlob(0);
        number = select.GetInt(1);
        storage::v1::StoredImport what;
        const absl::Status opened = Open(kTable, ImportRowId(import, number), select.GetBlob(2), what);
        // What nobody can open tells nobody anything.
        if (absl::IsDataLoss(opened)) continue;
        COUNCIL_RETURN_IF_ERROR(opened);
        auto& contacts = *what.mutable_contacts();
        const auto end = std::remove_if(contacts.begin(), contacts.end(), is_of_them);
        if (end == contacts.end()) continue;
        contacts.erase(end, contacts.end());
        changed.push_back({.import = import, .number = number, .what = std::move(what)});
      }
    }
    for (const Part& part : changed) {
      COUNCIL_ASSIGN_OR_RETURN(const std::string sealed,
                               Seal(kTable, ImportRowId(part.import, part.number), part.what));
      connection_.Prepare("UPDATE imports SET sealed = ? WHERE owner = ? AND import_id = ? AND part = ?")
          .Bind(Blob{sealed}, Blob{owner_hash_}, Blob{part.import}, part.number)
          .Run();
    }
  }
  return absl::OkStatus();
}

}  // namespace council::contacts
