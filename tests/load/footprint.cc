// What an owner takes: fills a storage through the real services with owners of so many contacts and so many years of
// entries, and prints rows and bytes of each table for one owner, what Redis holds, and what processor time and memory
// the programs took to fill it and under calls after that. docs/scaling.md and docs/operating.md ("Scaling") have its
// figures.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/load/owner_of_years.h"
#include "tests/support/council.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"

namespace council::test {
namespace {

constexpr const char* kServices[] = {"contacts", "ledger", "recommendations"};

std::string Tool(const std::vector<std::string>& command) {
  int code = 0;
  const auto output = RunToEnd({.command = command}, code, absl::Minutes(10));
  if (!output.ok() || code != 0) {
    throw std::runtime_error(absl::StrCat(command[0], ": ", output.value_or(output.status().ToString())));
  }
  return *output;
}

// A storage that three services share, of either engine.
class Storage {
 public:
  virtual ~Storage() = default;
  virtual std::string Of(const std::string& service) = 0;
  // Lines of table|rows|bytes|bytes of indexes, of all owners.
  virtual std::string Tables(const std::string& service) = 0;
  // Bytes that the write-ahead log has had so far, where they can be asked for.
  virtual std::optional<double> LogBytes() { return std::nullopt; }
};

class SqliteStorage final : public Storage {
 public:
  std::string Of(const std::string& service) override { return absl::StrCat("sqlite:", Path(service)); }

  std::string Tables(const std::string& service) override {
    std::string lines;
    const std::string names =
        Tool({"sqlite3", Path(service), "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"});
    for (const std::string& name : std::vector<std::string>(absl::StrSplit(names, '\n', absl::SkipEmpty()))) {
      const std::string size = absl::StrCat(
          "(SELECT coalesce(sum(s.pgsize), 0) FROM dbstat s JOIN sqlite_master m ON m.name = s.name WHERE m.tbl_name = "
          "'",
          name, "'");
      lines += Tool({"sqlite3", Path(service),
                     absl::StrCat("SELECT '", name, "', (SELECT count(*) FROM ", name, "), ", size, "), ", size,
                                  " AND m.type = 'index')")});
    }
    return lines;
  }

 private:
  std::string Path(const std::string& service) const { return (directory_ / (service + ".db")).string(); }

  const TempDir directory_;
};

class PostgresStorage final : public Storage {
 public:
  PostgresStorage() : database_(server_.CreateDatabase()) {
    for (const char* service : kServices) {
      Tool({ProgramPath(absl::StrCat(service, "d")), "migrate", "--storage=" + server_.AdminUrl(database_),
            "--service-role=council_service"});
    }
  }

  std::string Of(const std::string&) override { return server_.ServiceUrl(database_); }

  std::string Tables(const std::string& service) override {
    server_.Sql(database_, "VACUUM");
    return server_.Sql(
        database_,
        absl::StrCat("SELECT c.relname, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', "
                     "n.nspname, c.relname), true, true, '')))[1]::text, pg_total_relation_size(c.oid), "
                     "pg_indexes_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                     "WHERE c.relkind = 'r' AND n.nspname = '",
                     service, "' ORDER BY c.relname"));
  }

  std::optional<double> LogBytes() override {
    double bytes = 0;
    std::string text = server_.Sql(database_, "SELECT pg_current_wal_lsn() - '0/0'");
    if (!absl::SimpleAtod(text, &bytes)) throw std::runtime_error("can't read " + text);
    return bytes;
  }

 private:
  PostgresServer server_;
  const std::string database_;
};

void PrintTables(Storage& storage, int owners) {
  std::printf("| service | table | rows | bytes | of them indexes |\n|---|---|---|---|---|\n");
  double all_rows = 0;
  double all_bytes = 0;
  for (const char* service : kServices) {
    for (const std::string& line :
         std::vector<std::string>(absl::StrSplit(storage.Tables(service), '\n', absl::SkipEmpty()))) {
      const std::vector<std::string> fields = absl::StrSplit(line, '|');
      std::vector<double> numbers(4);
      for (std::size_t i = 1; i < fields.size() && i < numbers.size(); ++i) {
        if (!absl::SimpleAtod(fields[i], &numbers[i])) throw std::runtime_error("can't read " + line);
      }
      if (numbers[1] < owners) continue;  // Of the storage, or empty.
      std::printf("| %s | %s | %.0f | %.0f | %.0f |\n", service, fields[0].c_str(), numbers[1] / owners,
                  numbers[2] / owners, numbers[3] / owners);
      all_rows += numbers[1] / owners;
      all_bytes += numbers[2] / owners;
    }
  }
  std::printf("| | **all** | **%.0f** | **%.0f** | |\n", all_rows, all_bytes);
}

struct Program {
  const char* name;
  const Process* process;
  absl::Duration processor{};  // That is printed already.
};

// What each program took since the last time, for each of so many times that something was done.
void PrintUse(double times, std::vector<Program>& programs) {
  std::printf("| program | processor time each | most memory so far |\n|---|---|---|\n");
  for (Program& program : programs) {
    const ProcessUse use = program.process->Use();
    std::printf("| %s | %.2f ms | %.0f MiB |\n", program.name,
                absl::ToDoubleMilliseconds(use.processor - program.processor) / times,
                static_cast<double>(use.peak_memory) / (1 << 20));
    program.processor = use.processor;
  }
}

// All owners at once do `work`, which is something so many times, one after the other.
void Measure(const char* what, int times, Storage& storage, std::vector<OwnerOfYears>& owners,
             std::vector<Program>& programs, const std::function<void(OwnerOfYears&)>& work) {
  const std::optional<double> log_before = storage.LogBytes();
  const absl::Time start = absl::Now();
  std::vector<std::thread> threads;
  for (OwnerOfYears& owner : owners) threads.emplace_back([&owner, &work] { work(owner); });
  for (std::thread& thread : threads) thread.join();
  const double all = times * static_cast<double>(owners.size());
  std::printf("\n%s: %.0f a second, %zu owners at once", what, all / absl::ToDoubleSeconds(absl::Now() - start),
              owners.size());
  if (log_before.has_value()) {
    std::printf(", %.0f bytes of write-ahead log each", (*storage.LogBytes() - *log_before) / all);
  }
  std::printf("\n");
  PrintUse(all, programs);
}

void PrintRedis(const RedisServer& redis, int owners) {
  const std::string port = absl::StrCat(redis.port());
  const std::string keys = Tool({"redis-cli", "-p", port, "--scan"});
  double bytes = 0;
  int count = 0;
  for (const std::string& key : std::vector<std::string>(absl::StrSplit(keys, '\n', absl::SkipEmpty()))) {
    double size = 0;
    std::string text = Tool({"redis-cli", "-p", port, "MEMORY", "USAGE", key});
    if (!absl::SimpleAtod(text, &size)) continue;  // Gone meanwhile.
    if (count++ < 5) std::printf("    %s: %.0f bytes\n", key.c_str(), size);
    bytes += size;
  }
  std::printf("Redis: %.1f keys and %.0f bytes an owner\n", static_cast<double>(count) / owners, bytes / owners);
}

int Main(int argc, char** argv) {
  constexpr int kTimes = 200;
  CLI::App app("Rows and bytes of an owner, by table, and what the programs take.");
  std::string engine = "sqlite";
  int owners = 10;
  bool sealed = false;
  OwnerOfYears::Options options;
  app.add_option("--engine", engine)->check(CLI::IsMember({"sqlite", "postgres"}))->capture_default_str();
  app.add_option("--owners", owners)->check(CLI::Range(1, 10'000))->capture_default_str();
  app.add_flag("--sealed", sealed, "with keys, as deployed; else in clear");
  app.add_option("--contacts", options.contacts)->check(CLI::Range(20, 20'000))->capture_default_str();
  app.add_option("--years", options.years)->check(CLI::Range(1, 100))->capture_default_str();
  app.add_option("--entries-a-week", options.entries_a_week)->check(CLI::Range(1, 1000))->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  std::unique_ptr<Storage> storage;
  if (engine == "sqlite") {
    storage = std::make_unique<SqliteStorage>();
  } else {
    storage = std::make_unique<PostgresStorage>();
  }
  RedisServer redis;
  const std::string cache = "--cache=" + redis.url();
  const TempDir directory;
  const std::string keys = "--keys=" + (sealed ? MakeKeyring(directory / "keyring.json") : "none");
  {
    CouncilProgram contactsd("contactsd", {"--storage=" + storage->Of("contacts"), cache, keys});
    CouncilProgram ledgerd("ledgerd", {"--storage=" + storage->Of("ledger"), cache, keys});
    CouncilProgram recommendationsd("recommendationsd",
                                    {"--storage=" + storage->Of("recommendations"), cache, keys,
                                     "--contacts=" + contactsd.address(), "--ledger=" + ledgerd.address()});
    std::vector<Program> programs = {{.name = "contactsd", .process = &contactsd.process()},
                                     {.name = "ledgerd", .process = &ledgerd.process()},
                                     {.name = "recommendationsd", .process = &recommendationsd.process()}};
    std::printf("start:\n");
    PrintUse(1, programs);
    std::vector<OwnerOfYears> all;
    for (int i = 0; i < owners; ++i) {
      all.emplace_back(absl::StrCat("owner-", i), options);
      all.back().Fill(contactsd, ledgerd, recommendationsd);
    }
    std::printf("\nfilling, an owner at a time:\n");
    PrintUse(owners, programs);
    std::printf("\n%s, %s: %d owners, each with %d contacts and %d years of %d entries a week; of one owner:\n\n",
                engine.c_str(), sealed ? "sealed" : "in clear", owners, options.contacts, options.years,
                options.entries_a_week);
    PrintTables(*storage, owners);
    std::printf("\n");
    PrintRedis(redis, owners);
    Measure("single appends", kTimes, *storage, all, programs,
            [&](OwnerOfYears& owner) { owner.AppendOneByOne(ledgerd, kTimes); });
    Measure("an append, the balance after it and a contact", kTimes, *storage, all, programs,
            [&](OwnerOfYears& owner) { owner.UseOneByOne(contactsd, ledgerd, recommendationsd, kTimes); });
    for (CouncilProgram* program : {&recommendationsd, &ledgerd, &contactsd}) {
      if (!program->process().Terminate().ok()) throw std::runtime_error("a program does not end");
    }
  }
  return 0;
}

}  // namespace
}  // namespace council::test

int main(int argc, char** argv) {
  try {
    return council::test::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
