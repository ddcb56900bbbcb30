#include "libs/sql/connection.h"

#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"

namespace council::sql {
namespace {

// Statements are few and their texts constant; a text built at run time must not fill the memory.
constexpr std::size_t kMaxCachedStatements = 256;

// SQLite counts its memory under one lock for the whole process unless it is told not to before its first use.
void ConfigureOnce() {
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(configured);
}

// SQLite gives a new file the mode that the umask leaves; what is in it is nobody else's to read.
const std::string& CreatedPrivately(const std::string& path) {
  ConfigureOnce();
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
  return path;
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : owned_(std::move(other.owned_)),
      statement_(std::exchange(other.statement_, nullptr)),
      in_use_(std::exchange(other.in_use_, nullptr)) {}

Statement::~Statement() {
  if (in_use_ == nullptr) return;
  statement_->tryReset();
  statement_->clearBindings();
  *in_use_ = false;
}

void Statement::Reset() {
  // A failed step is reported by the step; reset would report it again.
  statement_->tryReset();
  statement_->clearBindings();
}

std::string_view Statement::GetBlob(int column) const {
  const SQLite::Column value = statement_->getColumn(column);
  const void* bytes = value.getBlob();
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(value.getBytes())};
}

void Statement::BindOne(int index, Blob value) {
  // A null pointer would bind NULL, an empty blob is another thing.
  statement_->bindNoCopy(index, static_cast<const void*>(value.bytes.empty() ? "" : value.bytes.data()),
                         static_cast<int>(value.bytes.size()));
}

void Statement::BindOne(int index, std::string_view value) {
  statement_->bind(index, std::string(value));
}

Connection::Connection(const std::string& path, Mode mode, absl::Duration busy_timeout)
    : database_(mode == Mode::kReadWrite ? CreatedPrivately(path) : path,
                SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX | (mode == Mode::kReadWrite ? SQLite::OPEN_CREATE : 0),
                static_cast<int>(absl::ToInt64Milliseconds(busy_timeout))) {
  if (mode == Mode::kReadWrite) {
    // The answer of the pragma is the mode that holds now: some file systems cannot do WAL.
    SQLite::Statement wal(database_, "PRAGMA journal_mode = WAL");
    if (!wal.executeStep() || wal.getColumn(0).getString() != "wal") {
      throw SQLite::Exception("no write-ahead log", SQLITE_CANTOPEN);
    }
  } else {
    database_.exec("PRAGMA query_only = ON");
  }
  // 16 MiB: a checkpoint waits for the disk several times, and all writers wait for it.
  database_.exec("PRAGMA wal_autocheckpoint = 4096");
  database_.exec("PRAGMA synchronous = FULL");
  database_.exec("PRAGMA foreign_keys = ON");
  database_.exec("PRAGMA secure_delete = ON");  // What was erased must not linger in free pages.
  database_.exec("PRAGMA temp_store = MEMORY");
  database_.exec("PRAGMA cache_size = -32768");
  database_.exec("PRAGMA trusted_schema = OFF");
}

Statement Connection::Prepare(std::string_view sql) {
  auto found = cache_.find(absl::string_view(sql.data(), sql.size()));
  if (found == cache_.end()) {
    auto statement = std::make_unique<SQLite::Statement>(database_, std::string(sql));
    if (cache_.size() >= kMaxCachedStatements) return Statement(std::move(statement));
    auto cached = std::make_unique<Cached>();
    cached->statement = std::move(statement);
    found = cache_.emplace(std::string(sql), std::move(cached)).first;
  }
  Cached& cached = *found->second;
  if (cached.in_use) return Statement(std::make_unique<SQLite::Statement>(database_, std::string(sql)));
  cached.in_use = true;
  return Statement(cached.statement.get(), &cached.in_use);
}

bool Connection::InTransaction() const {
  return sqlite3_get_autocommit(database_.getHandle()) == 0;
}

absl::Status StatusOfSqlite(const SQLite::Exception& error) {
  using base::Error;
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
      return Error(absl::StatusCode::kUnavailable, common::v1::ERROR_REASON_STORAGE_UNAVAILABLE, message);
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

}  // namespace council::sql
