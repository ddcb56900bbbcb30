#include "libs/sql/sqlite_connection.h"

#include <SQLiteCpp/Exception.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <optional>
#include <string>

#include "libs/sql/engine_status.h"
#include "tests/support/temp_dir.h"

namespace council::sql {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SqliteConnectionTest : public ::testing::Test {
 protected:
  test::TempDir directory_;
  SqliteConnection connection_{(directory_ / "a.db").string(), SqliteConnection::Mode::kReadWrite, absl::Seconds(1)};
};

TEST_F(SqliteConnectionTest, ValuesComeBackAsTheyWereBound) {
  connection_.Execute("CREATE TABLE v (i INTEGER, r REAL, t TEXT, b BLOB, e BLOB, n INTEGER) STRICT");
  const std::string bytes("\0\1\377", 3);
  connection_.Prepare("INSERT INTO v VALUES (?, ?, ?, ?, ?, ?)")
      .Bind(std::int64_t{1} << 60, 0.1, "text", Blob{bytes}, Blob{}, std::optional<int>())
      .Run();
  Statement select = connection_.Prepare("SELECT i, r, t, b, e, n FROM v");
  ASSERT_TRUE(select.Step());
  EXPECT_EQ(select.GetInt(0), std::int64_t{1} << 60);
  EXPECT_EQ(select.GetDouble(1), 0.1);
  EXPECT_EQ(select.GetText(2), "text");
  EXPECT_EQ(select.GetBlob(3), bytes);
  EXPECT_FALSE(select.IsNull(4));
  EXPECT_EQ(select.GetBlob(4), "");
  EXPECT_TRUE(select.IsNull(5));
  EXPECT_FALSE(select.Step());
}

TEST_F(SqliteConnectionTest, OneTextCanBeInUseTwiceAtATime) {
  connection_.Execute("CREATE TABLE v (i INTEGER) STRICT; INSERT INTO v VALUES (1), (2)");
  Statement outer = connection_.Prepare("SELECT i FROM v ORDER BY i");
  ASSERT_TRUE(outer.Step());
  Statement inner = connection_.Prepare("SELECT i FROM v ORDER BY i");
  ASSERT_TRUE(inner.Step());
  EXPECT_EQ(inner.GetInt(0), 1);
  ASSERT_TRUE(outer.Step());
  EXPECT_EQ(outer.GetInt(0), 2);
}

TEST_F(SqliteConnectionTest, AStatementThatFailedCanBeUsedAgain) {
  connection_.Execute("CREATE TABLE v (i INTEGER PRIMARY KEY) STRICT");
  const auto insert = [this](int i) { connection_.Prepare("INSERT INTO v VALUES (?)").Bind(i).Run(); };
  insert(1);
  EXPECT_THROW(insert(1), SQLite::Exception);
  insert(2);
}

TEST_F(SqliteConnectionTest, ErrorsSayTheCodeAndNeverWhatIsStored) {
  connection_.Execute("CREATE TABLE v (t TEXT UNIQUE) STRICT; INSERT INTO v VALUES ('secret')");
  try {
    connection_.Prepare("INSERT INTO v VALUES (?)").Bind("secret").Run();
    FAIL();
  } catch (const SQLite::Exception& error) {
    const absl::Status status = StatusOfException(error);
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
    EXPECT_THAT(status.message(), HasSubstr("2067"));
    EXPECT_THAT(status.message(), Not(HasSubstr("secret")));
    EXPECT_THAT(status.message(), Not(HasSubstr("v.t")));
  }
}

TEST_F(SqliteConnectionTest, TheFileIsReadableByItsAccountAlone) {
  struct stat info {};
  ASSERT_EQ(::stat((directory_ / "a.db").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600);
}

}  // namespace
}  // namespace council::sql
