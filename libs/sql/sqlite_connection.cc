#include "libs/sql/sqlite_connection.h"

#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace council::sql {
namespace {

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

class SqliteConnection::Prepared final : public PreparedStatement {
 public:
  Prepared(SQLite::Database& database, const std::string& sql) : statement_(database, sql) {}

  void Bind(int parameter, Blob value) override {
    // A null pointer would bind NULL, an empty blob is another thing.
    statement_.bindNoCopy(parameter, static_cast<const void*>(value.bytes.empty() ? "" : value.bytes.data()),
                          static_cast<int>(value.bytes.size()));
  }
  void Bind(int parameter, std::string_view value) override { statement_.bind(parameter, std::string(value)); }
  void Bind(int parameter, std::int64_t value) override { statement_.bind(parameter, value); }
  void Bind(int parameter, double value) override { statement_.bind(parameter, value); }
  void BindNull(int parameter) override { statement_.bind(parameter); }
  bool Step() override { return statement_.executeStep(); }
  int Run() override { return statement_.exec(); }
  void Reset() noexcept override {
    // A failed step is reported by the step; reset would report it again.
    statement_.tryReset();
    statement_.clearBindings();
  }
  bool IsNull(int column) const override { return statement_.isColumnNull(column); }
  std::int64_t GetInt(int column) const override { return statement_.getColumn(column).getInt64(); }
  double GetDouble(int column) const override { return statement_.getColumn(column).getDouble(); }
  std::string_view GetBlob(int column) const override {
    const SQLite::Column value = statement_.getColumn(column);
    const void* bytes = value.getBlob();
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(value.getBytes())};
  }

 private:
  SQLite::Statement statement_;
};

SqliteConnection::SqliteConnection(const std::string& path, Mode mode, absl::Duration busy_timeout)
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

SqliteConnection::~SqliteConnection() = default;

Statement SqliteConnection::Prepare(std::string_view sql) {
  const auto found = cache_.find(absl::string_view(sql.data(), sql.size()));
  if (found != cache_.end() && !found->second->on_loan) return Statement(*found->second);
  auto prepared = std::make_unique<Prepared>(database_, std::string(sql));
  if (found != cache_.end()) return Statement(std::move(prepared));
  return Statement(*cache_.emplace(std::string(sql), std::move(prepared)).first->second);
}

bool SqliteConnection::InTransaction() const {
  return sqlite3_get_autocommit(database_.getHandle()) == 0;
}

}  // namespace council::sql
