// What callers say is found nowhere but in sealed rows: markers are planted in every text that the API takes, and then
// looked for in all that the programs and their storages leave behind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/http/http.h"
#include "tests/privacy/markers.h"
#include "tests/privacy/planting.h"
#include "tests/support/council.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"

namespace council::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kServices[] = {"contacts", "ledger", "recommendations"};

std::string ContentsOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The markers in all files of a directory, each behind the file's name.
std::vector<std::string> MarkersUnder(const fs::path& directory) {
  std::vector<std::string> found;
  for (const auto& file : fs::recursive_directory_iterator(directory)) {
    if (!file.is_regular_file()) continue;
    for (const std::string& marker : MarkersIn(ContentsOf(file.path()))) {
      found.push_back(absl::StrCat(file.path().string(), ": ", marker));
    }
  }
  return found;
}

std::string RunTool(const std::vector<std::string>& command, int expected_code = 0) {
  int code = -1;
  const auto output = RunToEnd({.command = command}, code);
  EXPECT_TRUE(output.ok()) << command[0] << ": " << output.status();
  EXPECT_EQ(code, expected_code) << command[0] << ": " << output.value_or("");
  return output.value_or("");
}

TEST(MarkersTest, AreFoundAsTextInHexadecimalDigitsAndInBase64) {
  const std::string marker = NewMarker();
  EXPECT_THAT(MarkersIn(absl::StrCat("ab", marker, "cd")), Not(IsEmpty()));
  EXPECT_THAT(MarkersIn(absl::AsciiStrToUpper(marker)), Not(IsEmpty()));
  EXPECT_THAT(MarkersIn(absl::BytesToHexString(marker)), Not(IsEmpty()));
  for (const char* before : {"", "x", "xy"}) {
    EXPECT_THAT(MarkersIn(absl::Base64Escape(before + marker)), Not(IsEmpty())) << before;
  }
  EXPECT_THAT(MarkersIn("a plant"), IsEmpty());
}

// Three programs that say and write down all they ever do, with the keyring beside them or without keys.
class Programs {
 public:
  // `storage` is what --storage takes, by service.
  Programs(const TempDir& directory, const std::string& keys, const std::map<std::string, std::string>& storage)
      : keys_(keys),
        redis_({"--appendonly", "yes", "--appendfsync", "always", "--dir", directory.path()}),
        contactsd_("contactsd", FlagsOf(directory, storage.at("contacts"))),
        ledgerd_("ledgerd", FlagsOf(directory, storage.at("ledger"))),
        recommendationsd_("recommendationsd",
                          FlagsOf(directory, storage.at("recommendations"),
                                  {"--contacts=" + contactsd_.address(), "--ledger=" + ledgerd_.address()})),
        planting_(contactsd_, ledgerd_, recommendationsd_) {}

  Planting& planting() { return planting_; }

  // What Prometheus reads.
  std::string Metrics() {
    std::string pages;
    for (CouncilProgram* program : all()) {
      const auto line = program->process().WaitForLine("metrics at ");
      EXPECT_TRUE(line.ok()) << line.status();
      const auto page = http::Get(line->substr(line->find("http://")));
      EXPECT_TRUE(page.ok()) << page.status();
      absl::StrAppend(&pages, page.ok() ? page->body : "");
    }
    return pages;
  }

  // What the programs print.
  std::string Output() {
    std::string output;
    for (CouncilProgram* program : all()) absl::StrAppend(&output, program->process().output());
    return output;
  }

  void Stop() {
    for (CouncilProgram* program : all()) {
      const auto code = program->process().Terminate();
      EXPECT_TRUE(code.ok() && *code == 0) << code.status();
    }
  }

 private:
  std::vector<CouncilProgram*> all() { return {&contactsd_, &ledgerd_, &recommendationsd_}; }

  std::vector<std::string> FlagsOf(const TempDir& directory, const std::string& storage,
                                   std::vector<std::string> flags = {}) const {
    flags.insert(flags.end(), {"--storage=" + storage, "--keys=" + keys_, "--cache=" + redis_.url(),
                               absl::StrCat("--erasures=", (directory / "erasures.jsonl").string()),
                               "--metrics-listen=127.0.0.1:0", "--log-format=json", "--log-level=trace"});
    return flags;
  }

  const std::string keys_;
  RedisServer redis_;
  CouncilProgram contactsd_;
  CouncilProgram ledgerd_;
  CouncilProgram recommendationsd_;
  Planting planting_;
};

class NoLeaksTest : public ::testing::Test {
 protected:
  std::map<std::string, std::string> SqliteStorages() const {
    std::map<std::string, std::string> storages;
    for (const char* service : kServices) {
      storages[service] = absl::StrCat("sqlite:", (directory_ / service).string(), ".db");
    }
    return storages;
  }

  // Of a database that is migrated for all three.
  static std::map<std::string, std::string> PostgresStorages(const PostgresServer& server,
                                                             const std::string& database) {
    std::map<std::string, std::string> storages;
    for (const char* service : kServices) {
      Migrate(absl::StrCat(service, "d"), server.AdminUrl(database));
      storages[service] = server.ServiceUrl(database);
    }
    return storages;
  }

  // No program serves what lies in the storages with other keys than `keys`, or with none; with `keys` it does.
  void ExpectOpenedBy(const std::string& keys, const std::map<std::string, std::string>& storages) const {
    for (const std::string& other : {std::string("none"), MakeKeyring(apart_ / "other.json")}) {
      for (const char* service : kServices) {
        std::vector<std::string> command = {ProgramPath(absl::StrCat(service, "d")), "--listen=127.0.0.1:0",
                                            "--auth=insecure-dev", "--storage=" + storages.at(service),
                                            "--keys=" + other};
        if (std::string(service) == "recommendations") {
          command.insert(command.end(),
                         {"--contacts=127.0.0.1:1", "--ledger=127.0.0.1:1", "--cache=redis://127.0.0.1:1"});
        }
        EXPECT_THAT(RunTool(command, 1), HasSubstr("keyring")) << service;
      }
    }
    const CouncilProgram contactsd("contactsd", {"--storage=" + storages.at("contacts"), "--keys=" + keys});
  }

  const TempDir apart_;      // where keyrings are
  const TempDir directory_;  // where all else is
};

TEST_F(NoLeaksTest, NothingThatCallersSayIsInClearInWhatSqliteRedisLogsAndMetricsHold) {
  const std::string keys = MakeKeyring(apart_ / "keyring.json");
  Programs programs(directory_, keys, SqliteStorages());
  programs.planting().PlantEverywhere();
  EXPECT_THAT(programs.planting().MissingInExports(), IsEmpty());
  EXPECT_THAT(MarkersIn(programs.Metrics()), IsEmpty());
  EXPECT_THAT(MarkersUnder(directory_.path()), IsEmpty()) << "with the logs that SQLite and Redis write";
  programs.Stop();
  EXPECT_THAT(MarkersIn(programs.Output()), IsEmpty());
  EXPECT_THAT(MarkersUnder(directory_.path()), IsEmpty());
  ExpectOpenedBy(keys, SqliteStorages());
}

TEST_F(NoLeaksTest, NothingThatCallersSayIsInClearInWhatPostgresHoldsHearsAndDumps) {
  PostgresServer server({"log_statement=all"});
  const std::string database = server.CreateDatabase();
  const std::string keys = MakeKeyring(apart_ / "keyring.json");
  Programs programs(directory_, keys, PostgresStorages(server, database));
  programs.planting().PlantEverywhere();
  EXPECT_THAT(programs.planting().MissingInExports(), IsEmpty());
  EXPECT_THAT(MarkersIn(programs.Metrics()), IsEmpty());
  programs.Stop();
  EXPECT_THAT(MarkersIn(programs.Output()), IsEmpty());
  EXPECT_THAT(MarkersUnder(directory_.path()), IsEmpty());
  const std::string log = server.Log();
  EXPECT_THAT(MarkersIn(log), IsEmpty());
  EXPECT_THAT(log, HasSubstr("parameters: $1 = ")) << "all that the server is told is looked at";
  server.Sql(database, "CHECKPOINT");
  EXPECT_THAT(MarkersUnder(server.Sql(database, "SHOW data_directory")), IsEmpty()) << "with the write-ahead log";

  server.Sql(database, "CREATE ROLE council_backup LOGIN BYPASSRLS; GRANT pg_read_all_data TO council_backup");
  const std::string dump = (apart_ / "council.sql").string();
  RunTool({"pg_dump", "--file=" + dump,
           absl::StrCat("--dbname=postgresql://council_backup@127.0.0.1:", server.port(), "/", database)});
  EXPECT_THAT(MarkersIn(ContentsOf(dump)), IsEmpty());
  const std::string restored = server.CreateDatabase();
  RunTool({"psql", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--file=" + dump,
           absl::StrCat("--dbname=postgresql://postgres@127.0.0.1:", server.port(), "/", restored)});
  ExpectOpenedBy(keys, PostgresStorages(server, restored));
}

// The same without keys, which shows that the tests above look where it would be found.
TEST_F(NoLeaksTest, WithoutKeysWhatCallersSayIsInTheStoragesAndStillNotInLogsAndMetrics) {
  {
    Programs programs(directory_, "none", SqliteStorages());
    programs.planting().PlantEverywhere();
    EXPECT_THAT(MarkersIn(programs.Metrics()), IsEmpty());
    programs.Stop();
    EXPECT_THAT(MarkersIn(programs.Output()), IsEmpty());
  }
  for (const char* service : {"contacts", "ledger"}) {
    const std::string database = (directory_ / service).string() + ".db";
    EXPECT_THAT(MarkersIn(ContentsOf(database) + ContentsOf(database + "-wal")), Not(IsEmpty())) << service;
  }
}

}  // namespace
}  // namespace council::test
