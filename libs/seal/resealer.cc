#include "libs/seal/resealer.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "libs/base/status.h"

namespace council::seal {
namespace {

using sql::Blob;
using sql::Connection;
using sql::Statement;
using Value = SealedTable::Value;

constexpr int kPage = 200;
constexpr absl::Duration kWait = absl::Seconds(5);
constexpr std::size_t kMostNoted = 100'000;

// "(a, b)" of the key's columns, or of as many parameters.
std::string KeyOf(const SealedTable& table, bool parameters) {
  return absl::StrCat("(",
                      absl::StrJoin(table.key, ", ",
                                    [parameters](std::string* out, const SealedTable::Column& column) {
                                      out->append(parameters ? "?" : column.name);
                                    }),
                      ")");
}

std::string PageOf(const SealedTable& table, bool first) {
  std::string columns;
  std::string order = "1";
  for (const SealedTable::Column& column : table.key) absl::StrAppend(&columns, column.name, ", ");
  if (!table.key.empty()) order = columns.substr(0, columns.size() - 2);
  return absl::StrCat("SELECT ", columns, "sealed FROM ", table.name, " WHERE owner = ?",
                      first ? "" : absl::StrCat(" AND ", KeyOf(table, false), " > ", KeyOf(table, true)), " ORDER BY ",
                      order, " LIMIT ?");
}

// Binds values whose number is known only here.
class Binder {
 public:
  explicit Binder(Statement& statement) : statement_(statement) {}
  Binder& Add(std::string_view bytes) {
    statement_.BindAt(++parameters_, Blob{bytes});
    return *this;
  }
  Binder& Add(std::int64_t value) {
    statement_.BindAt(++parameters_, value);
    return *this;
  }
  Binder& Add(const std::vector<Value>& key) {
    for (const Value& value : key) {
      std::visit([this](const auto& one) { Add(one); }, value);
    }
    return *this;
  }

 private:
  Statement& statement_;
  int parameters_ = 0;
};

}  // namespace

Resealer::Resealer(sql::Database& database, const Sealer& sealer, std::string owners, std::vector<SealedTable> tables,
                   const base::Clock& clock)
    : database_(database),
      sealer_(sealer),
      owners_(std::move(owners)),
      tables_(std::move(tables)),
      clock_(clock),
      thread_([this] { Run(); }) {}

Resealer::~Resealer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void Resealer::Note(const std::string& owner_hash) {
  const absl::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  if (noted_.size() >= kMostNoted) noted_.clear();
  absl::Time& until = noted_.try_emplace(owner_hash, absl::InfinitePast()).first->second;
  if (now < until) return;
  until = now + kPause;
  waiting_.push_back(owner_hash);
}

void Resealer::Run() {
  const auto called = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !waiting_.empty(); };
  while (true) {
    std::string owner_hash;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&called));
      if (stopping_) return;
      owner_hash = std::move(waiting_.front());
      waiting_.pop_front();
    }
    // The next use of a stale row, after the pause, tries again.
    if (const absl::Status status = Reseal(owner_hash); !status.ok()) {
      spdlog::warn("rows of an owner are not all sealed anew yet: {}", absl::StatusCodeToString(status.code()));
    }
  }
}

absl::Status Resealer::Reseal(const std::string& owner_hash) {
  bool changed = false;
  for (const SealedTable& table : tables_) COUNCIL_RETURN_IF_ERROR(ResealTable(owner_hash, table, changed));
  // What the log still has of before goes now, or where it is in use with its next checkpoint.
  if (changed) database_.ClearLog().IgnoreError();
  return absl::OkStatus();
}

absl::Status Resealer::ResealTable(const std::string& owner_hash, const SealedTable& table, bool& changed) {
  std::vector<Value> after;
  for (int found = kPage; found == kPage;) {
    std::vector<Row> stale;
    const auto read = [&](Connection& connection) -> absl::Status {
      stale.clear();
      found = 0;
      Statement select = connection.Prepare(PageOf(table, after.empty()));
      Binder(select).Add(owner_hash).Add(after).Add(std::int64_t{kPage});
      std::vector<Value> last = after;
      for (; select.Step(); ++found) {
        Row row;
        int column = 0;
        for (const SealedTable::Column& key : table.key) {
          if (key.type == SealedTable::Column::Type::kInteger) {
            row.key.emplace_back(select.GetInt(column++));
          } else {
            row.key.emplace_back(std::string(select.GetBlob(column++)));
          }
        }
        last = row.key;
        COUNCIL_ASSIGN_OR_RETURN(const bool is_stale, sealer_.IsStale(owner_hash, select.GetBlob(column)));
        if (!is_stale) continue;
        row.sealed = select.GetBlob(column);
        stale.push_back(std::move(row));
      }
      after = std::move(last);
      return absl::OkStatus();
    };
    COUNCIL_RETURN_IF_ERROR(database_.Read(owner_hash, absl::Now() + kWait, read));
    changed = changed || !stale.empty();
    COUNCIL_RETURN_IF_ERROR(ResealRows(owner_hash, table, stale));
    if (table.key.empty()) break;
  }
  return absl::OkStatus();
}

absl::Status Resealer::ResealRows(const std::string& owner_hash, const SealedTable& table, std::vector<Row>& rows) {
  for (Row& row : rows) {
    const std::string row_id = table.row_id(row.key);
    // One that can't be opened is reported to whoever needs it.
    const auto opened = sealer_.Open(owner_hash, table.name, row_id, row.sealed);
    if (!opened.ok() && absl::IsDataLoss(opened.status())) continue;
    COUNCIL_RETURN_IF_ERROR(opened.status());
    COUNCIL_ASSIGN_OR_RETURN(row.resealed, sealer_.Seal(owner_hash, table.name, row_id, *opened));
  }
  std::erase_if(rows, [](const Row& row) { return row.resealed.empty(); });
  if (rows.empty()) return absl::OkStatus();
  std::string update = absl::StrCat("UPDATE ", table.name, " SET sealed = ? WHERE owner = ?");
  for (const SealedTable::Column& column : table.key) absl::StrAppend(&update, " AND ", column.name, " = ?");
  absl::StrAppend(&update, " AND sealed = ?");
  return database_.Write(owner_hash, [&](Connection& connection) {
    connection
        .Prepare(absl::StrCat("SELECT 1 FROM ", owners_, " WHERE owner = ?", std::string(connection.for_update())))
        .Bind(Blob{owner_hash})
        .Step();
    Statement statement = connection.Prepare(update);
    for (const Row& row : rows) {
      Binder(statement).Add(row.resealed).Add(owner_hash).Add(row.key).Add(row.sealed);
      statement.Run();
      statement.Reset();
    }
    return absl::OkStatus();
  });
}

}  // namespace council::seal
