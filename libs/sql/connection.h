// One connection to a SQLite database, with its prepared statements kept.
#ifndef COUNCIL_LIBS_SQL_CONNECTION_H_
#define COUNCIL_LIBS_SQL_CONNECTION_H_

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

namespace council::sql {

// Marks bytes that are bound as a BLOB; plain strings are bound as TEXT.
struct Blob {
  std::string_view bytes;
};

// A prepared statement on loan from its connection: it is given back, reset and without bindings, when this goes away.
//
//     Statement select = connection.Prepare("SELECT sealed FROM entries WHERE owner = ? AND sequence = ?");
//     select.Bind(Blob{owner}, sequence);
//     while (select.Step()) Use(select.GetBlob(0));
//
// Functions throw SQLite::Exception where the database fails; SqliteDatabase maps what leaves a work to absl::Status.
// What is bound must live until the last Step: it is not copied.
class Statement {
 public:
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;

  // Binds all parameters, in order: Blob, strings, integers, doubles, optionals of these and nullptr (NULL).
  template <typename... Values>
  Statement& Bind(const Values&... values) {
    int index = 0;
    (BindOne(++index, values), ...);
    return *this;
  }

  // Goes to the next row; false when there is none.
  bool Step() { return statement_->executeStep(); }

  // Runs a statement that yields no rows; returns how many rows it changed.
  int Run() { return statement_->exec(); }

  // Makes the statement ready to be bound and run again.
  void Reset();

  // Columns of the current row, from 0. The views live until the next Step or Reset.
  bool IsNull(int column) const { return statement_->isColumnNull(column); }
  std::int64_t GetInt(int column) const { return statement_->getColumn(column).getInt64(); }
  double GetDouble(int column) const { return statement_->getColumn(column).getDouble(); }
  std::string_view GetBlob(int column) const;
  std::string_view GetText(int column) const { return GetBlob(column); }

 private:
  friend class Connection;
  Statement(SQLite::Statement* borrowed, bool* in_use) : statement_(borrowed), in_use_(in_use) {}
  explicit Statement(std::unique_ptr<SQLite::Statement> owned) : owned_(std::move(owned)), statement_(owned_.get()) {}

  void BindOne(int index, Blob value);
  void BindOne(int index, std::string_view value);
  void BindOne(int index, const std::string& value) { BindOne(index, std::string_view(value)); }
  void BindOne(int index, const char* value) { BindOne(index, std::string_view(value)); }
  void BindOne(int index, std::int64_t value) { statement_->bind(index, value); }
  void BindOne(int index, int value) { statement_->bind(index, value); }
  void BindOne(int index, bool value) { statement_->bind(index, value ? 1 : 0); }
  void BindOne(int index, double value) { statement_->bind(index, value); }
  void BindOne(int index, std::nullptr_t) { statement_->bind(index); }
  template <typename Value>
  void BindOne(int index, const std::optional<Value>& value) {
    if (value.has_value()) {
      BindOne(index, *value);
    } else {
      BindOne(index, nullptr);
    }
  }

  std::unique_ptr<SQLite::Statement> owned_;  // Set where the cache had no free copy.
  SQLite::Statement* statement_;
  bool* in_use_ = nullptr;  // In the connection's cache; null where the statement is owned.
};

// A connection in WAL mode with synchronous=FULL and foreign keys on. Not thread-safe: used by one thread at a time.
class Connection {
 public:
  enum class Mode { kReadWrite, kReadOnly };

  // Opens the database, and creates it in kReadWrite mode, readable and writable by this account alone.
  // Throws SQLite::Exception where that fails. A lock held by another process is waited for, `busy_timeout` at most.
  Connection(const std::string& path, Mode mode, absl::Duration busy_timeout);

  // The statement of this text, prepared at its first use and kept.
  Statement Prepare(std::string_view sql);

  // Runs statements that take no parameters and yield no rows, such as DDL. Nothing is kept of them.
  void Execute(const std::string& sql) { database_.exec(sql); }

  // Whether a transaction is open. SQLite ends one by itself after some errors, such as a full disk.
  bool InTransaction() const;

  SQLite::Database& database() { return database_; }

 private:
  struct Cached {
    std::unique_ptr<SQLite::Statement> statement;
    bool in_use = false;
  };

  SQLite::Database database_;
  absl::flat_hash_map<std::string, std::unique_ptr<Cached>> cache_;
};

// The status for an error of SQLite: UNAVAILABLE (STORAGE_UNAVAILABLE) where the storage cannot be reached or written
// (locked, full, I/O errors), DATA_LOSS (DATA_DAMAGED) for a corrupt file, ALREADY_EXISTS for a broken constraint,
// which a store that relies on one gives its own meaning, else INTERNAL. The message has the extended result code and
// nothing else, since SQLite's own messages may quote what was stored.
absl::Status StatusOfSqlite(const SQLite::Exception& error);

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_CONNECTION_H_
