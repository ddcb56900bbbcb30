// One connection to a database, with its prepared statements kept: SQLite or PostgreSQL, spoken to in the same SQL.
#ifndef COUNCIL_LIBS_SQL_CONNECTION_H_
#define COUNCIL_LIBS_SQL_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace council::sql {

enum class Engine { kSqlite, kPostgres };

// Marks bytes that are bound as a BLOB (SQLite) or bytea (PostgreSQL); plain strings are bound as text.
struct Blob {
  std::string_view bytes;
};

// What an engine does for one prepared statement. Columns count from 0, parameters from 1.
class PreparedStatement {
 public:
  virtual ~PreparedStatement() = default;

  virtual void Bind(int parameter, Blob value) = 0;
  virtual void Bind(int parameter, std::string_view value) = 0;
  virtual void Bind(int parameter, std::int64_t value) = 0;
  virtual void Bind(int parameter, double value) = 0;
  virtual void BindNull(int parameter) = 0;
  virtual bool Step() = 0;
  virtual int Run() = 0;
  virtual void Reset() noexcept = 0;
  virtual bool IsNull(int column) const = 0;
  virtual std::int64_t GetInt(int column) const = 0;
  virtual double GetDouble(int column) const = 0;
  virtual std::string_view GetBlob(int column) const = 0;

  bool on_loan = false;  // Kept by the connection; given to at most one Statement at a time.
};

// A prepared statement on loan from its connection: it is given back, reset and without bindings, when this goes away.
//
//     Statement select = connection.Prepare("SELECT sealed FROM entries WHERE owner = ? AND sequence = ?");
//     select.Bind(Blob{owner}, sequence);
//     while (select.Step()) Use(select.GetBlob(0));
//
// Functions throw what the engine's library throws where the database fails (SQLite::Exception, pqxx::failure); the
// Database maps what leaves a work to absl::Status. What is bound must live until the last Step: it need not be copied.
class Statement {
 public:
  explicit Statement(PreparedStatement& lent) : statement_(&lent) { lent.on_loan = true; }
  explicit Statement(std::unique_ptr<PreparedStatement> owned) : owned_(std::move(owned)), statement_(owned_.get()) {}
  ~Statement() {
    if (statement_ == nullptr || owned_ != nullptr) return;
    statement_->Reset();
    statement_->on_loan = false;
  }
  Statement(Statement&& other) noexcept
      : owned_(std::move(other.owned_)), statement_(std::exchange(other.statement_, nullptr)) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;

  // Binds all parameters, in order: Blob, strings, integers, doubles, optionals of these and nullptr (NULL).
  template <typename... Values>
  Statement& Bind(const Values&... values) {
    int parameter = 0;
    (BindOne(++parameter, values), ...);
    return *this;
  }

  // Binds one parameter, from 1, where their number is not known before.
  template <typename Value>
  Statement& BindAt(int parameter, const Value& value) {
    BindOne(parameter, value);
    return *this;
  }

  // Goes to the next row; false when there is none. PostgreSQL sends all rows at the first step: a walk over many goes
  // in pages.
  bool Step() { return statement_->Step(); }

  // Runs a statement that yields no rows; returns how many rows it changed.
  int Run() { return statement_->Run(); }

  // Makes the statement ready to be bound and run again.
  void Reset() { statement_->Reset(); }

  // Columns of the current row, from 0. The views live until the next Step or Reset.
  bool IsNull(int column) const { return statement_->IsNull(column); }
  std::int64_t GetInt(int column) const { return statement_->GetInt(column); }
  double GetDouble(int column) const { return statement_->GetDouble(column); }
  std::string_view GetBlob(int column) const { return statement_->GetBlob(column); }
  std::string_view GetText(int column) const { return statement_->GetBlob(column); }

 private:
  void BindOne(int parameter, Blob value) { statement_->Bind(parameter, value); }
  void BindOne(int parameter, std::string_view value) { statement_->Bind(parameter, value); }
  void BindOne(int parameter, const std::string& value) { statement_->Bind(parameter, std::string_view(value)); }
  void BindOne(int parameter, const char* value) { statement_->Bind(parameter, std::string_view(value)); }
  void BindOne(int parameter, std::int64_t value) { statement_->Bind(parameter, value); }
  void BindOne(int parameter, int value) { statement_->Bind(parameter, std::int64_t{value}); }
  void BindOne(int parameter, bool value) { statement_->Bind(parameter, std::int64_t{value ? 1 : 0}); }
  void BindOne(int parameter, double value) { statement_->Bind(parameter, value); }
  void BindOne(int parameter, std::nullptr_t) { statement_->BindNull(parameter); }
  template <typename Value>
  void BindOne(int parameter, const std::optional<Value>& value) {
    if (value.has_value()) {
      BindOne(parameter, *value);
    } else {
      BindOne(parameter, nullptr);
    }
  }

  std::unique_ptr<PreparedStatement> owned_;  // Set where the connection had no free copy.
  PreparedStatement* statement_;
};

// Not thread-safe: used by one thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;

  // The statement of this text, prepared at its first use and kept. Parameters are written `?`, or `?1`, `?2` … where
  // one stands more than once; a question mark stands nowhere else in the text.
  // Texts are few and constant: all are kept.
  virtual Statement Prepare(std::string_view sql) = 0;

  // Runs statements that take no parameters and yield no rows, such as DDL. Nothing is kept of them.
  virtual void Execute(const std::string& sql) = 0;

  // For the few statements that the engines need to be told differently.
  virtual Engine engine() const = 0;

  // " FOR UPDATE" where rows must be locked by the statement that reads them; nothing on SQLite, whose writers are
  // alone as it is.
  std::string_view for_update() const { return engine() == Engine::kPostgres ? " FOR UPDATE" : ""; }
};

}  // namespace council::sql

#endif  // COUNCIL_LIBS_SQL_CONNECTION_H_
