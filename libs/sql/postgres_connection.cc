#include "libs/sql/postgres_connection.h"

#include <libpq-fe.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <pqxx/binarystring>
#include <pqxx/result>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "libs/base/loopback.h"
#include "libs/base/status.h"

namespace council::sql {
// A parameter as text, which PostgreSQL takes for every type; nothing is NULL.
struct PostgresParameter {
  std::optional<std::string> text;
};
}  // namespace council::sql

namespace pqxx {
template <>
struct string_traits<council::sql::PostgresParameter> {
  static constexpr const char* name() noexcept { return "parameter"; }
  static constexpr bool has_null() noexcept { return true; }
  static bool is_null(const council::sql::PostgresParameter& parameter) { return !parameter.text.has_value(); }
  static std::string to_string(const council::sql::PostgresParameter& parameter) { return *parameter.text; }
};
}  // namespace pqxx

namespace council::sql {
namespace {

constexpr pqxx::oid kByteaType = 17;
// For the answer to come back after the server's own limit has ended a statement.
constexpr std::chrono::seconds kGrace{1};

std::string HexOf(std::string_view bytes) {
  return absl::StrCat("\\x", absl::BytesToHexString({bytes.data(), bytes.size()}));
}

// "… = ? …" as "… = $1 …", and "?2" as "$2".
std::string WithDollars(std::string_view sql) {
  std::string text;
  int next = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] != '?') {
      text += sql[i];
    } else if (i + 1 < sql.size() && absl::ascii_isdigit(static_cast<unsigned char>(sql[i + 1]))) {
      text += '$';
    } else {
      absl::StrAppend(&text, "$", ++next);
    }
  }
  return text;
}

std::string SessionSettings(const PostgresConnectionOptions& options) {
  return absl::StrCat("SET search_path = ", options.schema,
                      "; SET bytea_output = 'hex'; SET client_min_messages = 'warning'; SET row_security = on"
                      "; SET statement_timeout = ",
                      absl::ToInt64Milliseconds(options.statement_timeout),
                      "; SET lock_timeout = ", absl::ToInt64Milliseconds(options.statement_timeout),
                      "; SET idle_in_transaction_session_timeout = ", absl::ToInt64Milliseconds(options.idle_timeout));
}

// Whether the server is on this machine: every host that is named is loopback or the directory of a socket. Where none
// is named the environment may name one.
bool IsLocal(const absl::flat_hash_map<std::string, std::string>& settings) {
  bool named = false;
  for (const char* keyword : {"host", "hostaddr"}) {
    const auto found = settings.find(keyword);
    if (found == settings.end()) continue;
    for (const absl::string_view host : absl::StrSplit(found->second, ',')) {
      named = true;
      if (!absl::StartsWith(host, "/") && !absl::StartsWith(host, "@") && !base::IsLoopbackHost(std::string(host))) {
        return false;
      }
    }
  }
  return named;
}

// libpq left alone encrypts if the server likes to, and believes any certificate.
absl::Status RequireTls(absl::flat_hash_map<std::string, std::string>& settings) {
  const std::string& mode = settings.emplace("sslmode", "verify-full").first->second;
  if (mode == "verify-full" || mode == "verify-ca") return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("sslmode=", mode,
                                                 " does not make sure which server answers, and this one is not on "
                                                 "this machine: leave it out (verify-full) or say "
                                                 "verify-ca, and name the file with its CA as sslrootcert"));
}

// The address as libpq wants it, or an exception that a connection's maker must be ready for anyway.
std::string ConnectionStringOrThrow(const std::string& url) {
  auto text = PostgresConnectionString(url);
  if (!text.ok()) throw pqxx::broken_connection(std::string(text.status().message()));
  return *std::move(text);
}

}  // namespace

absl::StatusOr<std::string> PostgresConnectionString(absl::string_view url) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
      PQconninfoParse(std::string(url).c_str(), nullptr), &PQconninfoFree);
  if (parsed == nullptr) {
    return absl::InvalidArgumentError(
        "the storage must be postgresql://USER[:PASSWORD]@HOST[:PORT][,HOST[:PORT]…]/DATABASE");
  }
  absl::flat_hash_map<std::string, std::string> settings = {
      {"target_session_attrs", "read-write"}, {"connect_timeout", "2"},
      {"application_name", "council"},        {"keepalives_idle", "10"},
      {"keepalives_interval", "5"},           {"keepalives_count", "3"},
      {"tcp_user_timeout", "10000"},
  };
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) settings[option->keyword] = option->val;
  }
  if (!IsLocal(settings)) COUNCIL_RETURN_IF_ERROR(RequireTls(settings));
  std::string text;
  for (const auto& [keyword, value] : settings) {
    absl::StrAppend(&text, keyword, "='", absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}), "' ");
  }
  return text;
}

std::string ByteaArray(const std::vector<std::string_view>& values) {
  std::string text = "{";
  for (const std::string_view value : values) {
    absl::StrAppend(&text, text.size() > 1 ? "," : "", "\"\\", HexOf(value), "\"");
  }
  return text + "}";
}

// Says, as long as it lives, that the server is waited for.
class PostgresConnection::Watched {
 public:
  explicit Watched(PostgresConnection& connection) : connection_(connection) {
    connection_.overdue_ = (std::chrono::steady_clock::now() + connection_.statement_limit_).time_since_epoch().count();
  }
  ~Watched() { connection_.overdue_ = 0; }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

 private:
  PostgresConnection& connection_;
};

class PostgresConnection::Prepared final : public PreparedStatement {
 public:
  Prepared(PostgresConnection& connection, std::string name) : connection_(connection), name_(std::move(name)) {}

  const std::string& name() const { return name_; }

  void Bind(int parameter, Blob value) override { At(parameter).text = HexOf(value.bytes); }
  void Bind(int parameter, std::string_view value) override { At(parameter).text = std::string(value); }
  void Bind(int parameter, std::int64_t value) override { At(parameter).text = absl::StrCat(value); }
  void Bind(int parameter, double value) override { At(parameter).text = absl::StrFormat("%.17g", value); }
  void BindNull(int parameter) override { At(parameter).text.reset(); }

  bool Step() override {
    if (!result_.has_value()) {
      result_ = Execute();
      next_row_ = 0;
    }
    blobs_.clear();
    return next_row_++ < result_->size();
  }

  int Run() override { return static_cast<int>(Execute().affected_rows()); }

  void Reset() noexcept override {
    parameters_.clear();
    result_.reset();
    blobs_.clear();
  }

  bool IsNull(int column) const override { return Field(column).is_null(); }
  std::int64_t GetInt(int column) const override { return Field(column).as<std::int64_t>(0); }
  double GetDouble(int column) const override { return Field(column).as<double>(0); }
  std::string_view GetBlob(int column) const override {
    const pqxx::field field = Field(column);
    if (field.is_null()) return {};
    const std::string_view text(field.c_str(), field.size());
    if (field.type() != kByteaType) return text;
    if (blobs_.size() < result_->columns()) blobs_.resize(result_->columns());
    std::optional<std::string>& blob = blobs_[static_cast<std::size_t>(column)];
    if (!blob.has_value()) blob = absl::HexStringToBytes({text.data() + 2, text.size() - 2});
    return *blob;
  }

 private:
  PostgresParameter& At(int parameter) {
    const auto index = static_cast<std::size_t>(parameter) - 1;
    if (index >= parameters_.size()) parameters_.resize(index + 1);
    return parameters_[index];
  }

  pqxx::field Field(int column) const { return (*result_)[next_row_ - 1][static_cast<pqxx::row::size_type>(column)]; }

  pqxx::result Execute() {
    const Watched watched(connection_);
    return connection_.session_->exec_prepared(name_, pqxx::prepare::make_dynamic_params(parameters_));
  }

  PostgresConnection& connection_;
  const std::string name_;
  std::vector<PostgresParameter> parameters_;
  std::optional<pqxx::result> result_;
  pqxx::result::size_type next_row_ = 0;
  mutable std::vector<std::optional<std::string>> blobs_;  // Of the current row, as far as they were asked for.
};

PostgresConnection::PostgresConnection(const PostgresConnectionOptions& options)
    : statement_limit_(absl::ToChronoNanoseconds(options.statement_timeout) + kGrace),
      connection_(ConnectionStringOrThrow(options.url)),
      socket_(connection_.sock()),
      session_(std::in_place, connection_) {
  Execute(SessionSettings(options));
}

PostgresConnection::~PostgresConnection() = default;

Statement PostgresConnection::Prepare(std::string_view sql) {
  auto found = cache_.find(absl::string_view(sql.data(), sql.size()));
  if (found == cache_.end()) {
    const std::string name = absl::StrCat("s", cache_.size());
    connection_.prepare(name, WithDollars(sql));
    found = cache_.emplace(std::string(sql), std::make_unique<Prepared>(*this, name)).first;
  }
  Prepared& cached = *found->second;
  if (!cached.on_loan) return Statement(cached);
  // The rows of a statement under way are here already: the server's side of it can be used again.
  return Statement(std::make_unique<Prepared>(*this, cached.name()));
}

void PostgresConnection::Execute(const std::string& sql) {
  const Watched watched(*this);
  session_->exec(sql);
}

bool PostgresConnection::SeemsAlive() const {
  char byte = 0;
  return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void PostgresConnection::EndIfOverdue(std::chrono::steady_clock::time_point now) {
  const auto overdue = overdue_.load();
  if (overdue != 0 && now.time_since_epoch().count() > overdue) ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace council::sql
