#include "libs/sql/engine_status.h"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <pqxx/except>
#include <string>
#include <string_view>
#include <typeinfo>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"

namespace council::sql {
namespace {

using base::Error;

absl::Status Unavailable(absl::string_view message) {
  return Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_STORAGE_UNAVAILABLE, message);
}

absl::Status OfSqlite(const SQLite::Exception& error) {
  const int code = error.getExtendedErrorCode() > 0 ? error.getExtendedErrorCode() : error.getErrorCode();
  const std::string message = absl::StrCat("storage error: sqlite ", code);
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_NOMEM:
      return Unavailable(message);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED, message);
    case SQLITE_TOOBIG:
      return Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED, message);
    case SQLITE_CONSTRAINT:
      return absl::AlreadyExistsError(message);
    default:
      return Error(absl::StatusCode::kInternal, common::v1::ERROR_REASON_INTERNAL, message);
  }
}

// By SQLSTATE (PostgreSQL's documentation, appendix A); empty where the server had no say: the connection was lost.
absl::Status OfPostgres(const std::string& state) {
  const std::string message = absl::StrCat("storage error: SQLSTATE ", state.empty() ? "none" : state);
  const auto in_class = [&state](absl::string_view prefix) { return absl::StartsWith(state, prefix); };
  // Connection, resources, operator's intervention, the server's own system, a transaction that must be tried again, a
  // lock not had in time, a standby.
  if (state.empty() || in_class("08") || in_class("53") || in_class("57") || in_class("58") || in_class("40") ||
      state == "55P03" || state == "25006") {
    return Unavailable(message);
  }
  if (in_class("XX")) return Error(absl::StatusCode::kDataLoss, common::v1::ERROR_REASON_DATA_DAMAGED, message);
  if (in_class("54")) {
    return Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED, message);
  }
  if (in_class("23")) return absl::AlreadyExistsError(message);
  return Error(absl::StatusCode::kInternal, common::v1::ERROR_REASON_INTERNAL, message);
}

}  // namespace

absl::Status StatusOfException(const std::exception& error) {
  if (const auto* sqlite = dynamic_cast<const SQLite::Exception*>(&error)) return OfSqlite(*sqlite);
  if (const auto* postgres = dynamic_cast<const pqxx::sql_error*>(&error)) return OfPostgres(postgres->sqlstate());
  if (dynamic_cast<const pqxx::transaction_rollback*>(&error) != nullptr) return OfPostgres("40000");
  if (dynamic_cast<const pqxx::failure*>(&error) != nullptr) return OfPostgres("");
  return Error(absl::StatusCode::kInternal, common::v1::ERROR_REASON_INTERNAL,
               absl::StrCat("storage error: exception of type ", typeid(error).name()));
}

}  // namespace council::sql
