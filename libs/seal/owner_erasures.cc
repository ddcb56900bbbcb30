#include "libs/seal/owner_erasures.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "libs/base/status.h"

namespace council::seal {
namespace {

using sql::Blob;
using sql::Connection;

// Rows of one table that one write erases.
constexpr int kStep = 1000;

// SQLite's tables without rowid have no other handle on "some rows" than their keys.
std::string RemovalOf(const std::string& table, const std::string& key) {
  if (key.empty()) return absl::StrCat("DELETE FROM ", table, " WHERE owner = ?1");
  return absl::StrCat("DELETE FROM ", table, " WHERE owner = ?1 AND (", key, ") IN (SELECT ", key, " FROM ", table,
                      " WHERE owner = ?1 LIMIT ", kStep, ")");
}

}  // namespace

void OwnerErasures::Begin(Connection& connection, const std::string& owner_hash) {
  connection.Prepare("INSERT INTO erasures (owner) VALUES (?) ON CONFLICT (owner) DO NOTHING")
      .Bind(Blob{owner_hash})
      .Run();
}

absl::Status OwnerErasures::Finish(const std::string& owner_hash) {
  if (keys_.erasures != nullptr) {
    COUNCIL_RETURN_IF_ERROR(keys_.erasures->Add({.owner_hash = owner_hash, .contact_ids = {}}));
  }
  COUNCIL_RETURN_IF_ERROR(DestroyKeys(owner_hash));
  for (const auto& [table, key] : tables_.rows) {
    const std::string removal = RemovalOf(table, key);
    int erased = kStep;
    while (erased == kStep) {
      COUNCIL_RETURN_IF_ERROR(database_.Write(owner_hash, [&](Connection& connection) {
        erased = connection.Prepare(removal).Bind(Blob{owner_hash}).Run();
        return absl::OkStatus();
      }));
    }
  }
  COUNCIL_RETURN_IF_ERROR(database_.Write(owner_hash, [&](Connection& connection) {
    if (!tables_.finished.empty()) connection.Prepare(tables_.finished).Bind(Blob{owner_hash}).Run();
    connection.Prepare("DELETE FROM erasures WHERE owner = ?").Bind(Blob{owner_hash}).Run();
    return absl::OkStatus();
  }));
  // All is gone but for copies in a log that is in use, which goes with its next checkpoint.
  database_.ClearLog().IgnoreError();
  return absl::OkStatus();
}

absl::Status OwnerErasures::DestroyKeys(const std::string& owner_hash) {
  return keys_.owners == nullptr ? absl::OkStatus() : keys_.owners->Destroy(owner_hash);
}

absl::Status OwnerErasures::FinishAll() {
  std::vector<std::string> unfinished;
  const auto read = [&unfinished](Connection& connection) {
    sql::Statement select =
        connection.Prepare(connection.engine() == sql::Engine::kPostgres ? "SELECT owner FROM unfinished_erasures()"
                                                                         : "SELECT owner FROM erasures");
    while (select.Step()) unfinished.emplace_back(select.GetBlob(0));
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(database_.Read(sql::Owners::None(), absl::InfiniteFuture(), read));
  for (const std::string& owner_hash : unfinished) COUNCIL_RETURN_IF_ERROR(Finish(owner_hash));
  return absl::OkStatus();
}

}  // namespace council::seal
