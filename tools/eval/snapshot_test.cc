#include "tools/eval/snapshot.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"

namespace council::eval {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::int64_t kDay = 86'400;

std::string Written(const test::TempDir& directory, const std::string& text) {
  const std::string path = (directory / "table.csv").string();
  std::ofstream(path) << text;
  return path;
}

TEST(EventFile, ColumnsAreFoundByNameAndEventsComeInOrderEachOnce) {
  const test::TempDir directory;
  const std::string path = Written(directory,
                                   "\xEF\xBB\xBFunix_seconds,note,to,from\r\n"
                                   "30,x,b,a\r\n20,\"x,y\",c,a\r\n30,x,b,a\r\n25,x,a,a\r\n31,late,b,a\r\n");
  Names names;
  const auto events = ReadEvents(path, 30, names);
  ASSERT_TRUE(events.ok()) << events.status();
  ASSERT_THAT(*events, SizeIs(2));
  EXPECT_EQ((*events)[0].seconds, 20);
  EXPECT_EQ((*events)[1].to, names.NumberOf("b"));
}

TEST(EventFile, WhatIsWrongIsNamedByFileLineAndColumn) {
  const test::TempDir directory;
  Names names;
  const auto said = [&](const std::string& text) {
    return std::string(ReadEvents(Written(directory, text), kNoEnd, names).status().message());
  };
  EXPECT_THAT(said("from,to,unix_seconds\na,b,1\na,b,soon\n"),
              HasSubstr("table.csv:3: unix_seconds: \"soon\" is not a whole number"));
  EXPECT_THAT(said("from,to,unix_seconds\na,b\n"), HasSubstr("table.csv:2: unix_seconds: is missing"));
  EXPECT_THAT(said("from,to,unix_seconds\n,b,1\n"), HasSubstr("table.csv:2: from: is empty"));
  EXPECT_THAT(said("from,when\n"), HasSubstr("table.csv:1: the header has no column to"));
  EXPECT_THAT(said(""), HasSubstr("has no header"));
  EXPECT_THAT(std::string(ReadPairs("/none.csv", names).status().message()), HasSubstr("/none.csv: can't be read"));
}

TEST(Snapshot, AMessageToManyIsOneEntryThatSaysLittleToEachOfThem) {
  // One writes to two, three and four in one second; a day later two answers.
  const std::vector<Event> events = {{.seconds = 0, .from = 1, .to = 2},
                                     {.seconds = 0, .from = 1, .to = 3},
                                     {.seconds = 0, .from = 1, .to = 4},
                                     {.seconds = kDay, .from = 2, .to = 1}};
  const Snapshot snapshot = LookBackAt(events, kDay);
  ASSERT_THAT(snapshot.ties, SizeIs(6));
  for (const EgoTie& tie : snapshot.ties) {
    EXPECT_DOUBLE_EQ(tie.tie.days(0).parted_entries(), 1.0 / 3);
    EXPECT_EQ(tie.tie.days_size(), tie.ego + tie.alter == 3 ? 2 : 1);
  }
}

TEST(Snapshot, NothingAfterTheMomentIsSeenButInWhatLivedOn) {
  const std::vector<Event> events = {{.seconds = 0, .from = 1, .to = 2},
                                     {.seconds = 1, .from = 1, .to = 3},
                                     {.seconds = 5, .from = 3, .to = 1},
                                     {.seconds = 9, .from = 2, .to = 1}};
  const Snapshot snapshot = LookBackAt(events, 2, 5);
  ASSERT_THAT(snapshot.ties, SizeIs(4));
  for (const EgoTie& tie : snapshot.ties) {
    EXPECT_EQ(tie.tie.days(0).entries(), 1);
    EXPECT_EQ(tie.alive, tie.ego == 3 || tie.alter == 3);
  }
}

TEST(Snapshot, PairsKeepTheirOrderEvenWithoutEventsOrTwice) {
  const std::vector<Event> events = {{.seconds = 0, .from = 1, .to = 2}};
  const std::vector<Pair> pairs = {
      {.ego_number = 2, .alter_number = 1}, {.ego_number = 7, .alter_number = 8}, {.ego_number = 2, .alter_number = 1}};
  const Snapshot snapshot = TiesOf(events, 10, pairs);
  ASSERT_THAT(snapshot.ties, SizeIs(3));
  EXPECT_EQ(snapshot.ties[0].tie.days_size(), 1);
  EXPECT_EQ(snapshot.ties[1].tie.days_size(), 0);
  EXPECT_EQ(snapshot.ties[2].tie.days_size(), 1);
}

}  // namespace
}  // namespace council::eval
