#include "services/ledger/import/interaction_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "libs/base/proto_time.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

ImportedFile Read(const std::string& text) {
  auto file = ReadInteractionTable(text, {.now = absl::FromUnixSeconds(1'780'000'000)});
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : ImportedFile();
}

TEST(InteractionTableTest, EveryColumnIsRead) {
  const ImportedFile file = Read(
      "\xEF\xBB\xBF"
      "Date,Contact,Channel,Depth,Domains,Energy,Duration Minutes,Given,Received,Note\r\n"
      "2026-01-02 10:30,ann@x.org; Bob@x.org,in person,Counsel,career;mental,-1,45,advice:3;introduction,support,"
      "\"a, \"\"b\"\"\"\r\n");
  ASSERT_THAT(file.skipped, SizeIs(0));
  ASSERT_THAT(file.happened, SizeIs(1));
  const v1::Interaction& content = file.happened[0].content;
  EXPECT_EQ(file.happened[0].line, 2);
  EXPECT_EQ(file.happened[0].people[1].address, "bob@x.org");
  EXPECT_EQ(content.channel(), v1::CHANNEL_IN_PERSON);
  EXPECT_EQ(content.depth(), v1::INTERACTION_DEPTH_COUNSEL);
  EXPECT_EQ(content.domains_size(), 2);
  EXPECT_EQ(content.energy(), -1);
  EXPECT_EQ(content.duration().seconds(), 45 * 60);
  ASSERT_EQ(content.benefits_size(), 3);
  EXPECT_EQ(content.benefits(0).weight(), 3);
  EXPECT_EQ(content.benefits(1).kind(), v1::BENEFIT_KIND_INTRODUCTION);
  EXPECT_EQ(content.benefits(2).direction(), v1::BENEFIT_DIRECTION_RECEIVED);
  EXPECT_EQ(content.note(), "a, \"b\"");
}

TEST(InteractionTableTest, ARowThatCannotBeReadIsReportedByLineAndStopsNothing) {
  const ImportedFile file = Read(
      "contact,date,energy,received\n"
      "ann@x.org,yesterday,,\n"
      "ann@x.org,2026-01-02,7,\n"
      "ann@x.org,2026-01-02,,praise\n"
      ",2026-01-02,,\n"
      "ann@x.org,2099-01-02,,\n"
      "ann@x.org,2026-01-02,0,\n");
  ASSERT_THAT(file.skipped, SizeIs(5));
  EXPECT_EQ(file.skipped[1].line(), 3);
  EXPECT_THAT(file.skipped[1].reason(), ::testing::HasSubstr("energy"));
  ASSERT_THAT(file.happened, SizeIs(1));
  EXPECT_TRUE(file.happened[0].content.has_energy());
}

TEST(InteractionTableTest, EqualRowsAreToldApartByTheirOrdinalAndReorderedColumnsChangeNothing) {
  const ImportedFile a = Read("contact,date\nann@x.org,2026-01-02\nann@x.org,2026-01-02\n");
  ASSERT_THAT(a.happened, SizeIs(2));
  EXPECT_EQ(a.happened[0].uid, a.happened[1].uid);
  EXPECT_NE(a.happened[0].recurrence_id, a.happened[1].recurrence_id);
  const ImportedFile b = Read("date,contact\n2026-01-02,ann@x.org\n");
  EXPECT_EQ(b.happened[0].uid, a.happened[0].uid);
}

TEST(InteractionTableTest, ATableWithoutTheRequiredColumnsIsRefused) {
  for (const char* text : {"", "name,date\nx,2026-01-02\n", "contact\nann@x.org\n"}) {
    EXPECT_EQ(ReadInteractionTable(text, {}).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(InteractionTableTest, ATableOfMoreRowsThanAnyIsRefused) {
  std::string table = "date,contact\n";
  for (int i = 0; i < 100'000; ++i) table += "x\n";
  EXPECT_TRUE(ReadInteractionTable(table, {.now = absl::Now()}).ok());
  const absl::Status refused = ReadInteractionTable(table + "x\n", {.now = absl::Now()}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
}

ImportedFile ReadNamed(const std::string& text, csv::ColumnTargets columns) {
  auto file = ReadInteractionTable(text, {.now = absl::FromUnixSeconds(1'780'000'000), .columns = std::move(columns)});
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : ImportedFile();
}

TEST(InteractionTableTest, ColumnsOfOtherNamesAreReadAndRowsWithoutADateLeftOut) {
  const ImportedFile file = ReadNamed(
      "My people\n"
      "Name;E-Mail;Last seen;Note;Given\n"
      "Ann Lee;ann@x.org;14.03.2026;likes tea;Ann\n"
      "Bob;;;;\n"
      "Cy;cy@x.org;2026-03-15 18:30;;\n"
      "Di;di@x.org;03/04/2026;;\n",
      {{"name", "contact"}, {"E-Mail", "contact"}, {"last seen", "date"}});
  EXPECT_THAT(file.left_out, ElementsAre(Pair("without a date", 1)));
  ASSERT_THAT(file.skipped, SizeIs(1));
  EXPECT_EQ(file.skipped[0].line(), 6);
  EXPECT_THAT(file.skipped[0].reason(), HasSubstr("either order"));
  ASSERT_THAT(file.happened, SizeIs(2));
  const ImportedRecord& ann = file.happened[0];
  EXPECT_EQ(absl::FormatTime(base::FromProto(ann.content.occur_time()), absl::UTCTimeZone()),
            "2026-03-14T12:00:00+00:00");
  EXPECT_EQ(ann.content.note(), "") << "a note in an address book is one on the person";
  ASSERT_THAT(ann.people, SizeIs(1)) << "several columns name one person";
  EXPECT_EQ(ann.people[0].name, "Ann Lee");
  EXPECT_THAT(file.also_known_as.at(ann.people[0].address), ElementsAre("ann lee", "ann@x.org"));
}

TEST(InteractionTableTest, ATalkOfATableWithNamedColumnsIsKnownByPersonAndTimeHoweverTheyAreWritten) {
  const csv::ColumnTargets columns = {{"Name", "contact"}, {"Mail", "contact"}, {"Seen", "date"}, {"About", "note"}};
  const std::string header = "Name,Mail,Seen,About\n";
  const auto uid_of = [&](const std::string& row) { return ReadNamed(header + row, columns).happened.at(0).uid; };
  const std::string uid = uid_of("Ann,,2026-03-14,");
  EXPECT_EQ(uid_of("ANN,ann@x.org,14 March 2026,tea"), uid);
  EXPECT_NE(uid_of("Ann,,2026-03-15,"), uid);
  EXPECT_NE(uid_of("Bob,,2026-03-14,"), uid);
  const ImportedFile twice = ReadNamed(header + "Ann,a@x.org,2026-03-14,\nAnn,b@x.org,2026-03-14,\n", columns);
  EXPECT_NE(twice.happened.at(0).recurrence_id, twice.happened.at(1).recurrence_id);
  EXPECT_NE(twice.happened.at(0).people.at(0).address, twice.happened.at(1).people.at(0).address);
}

TEST(InteractionTableTest, DateAndContactCountByTheirOwnNamesWhereNoneIsNamedForThem) {
  EXPECT_THAT(ReadNamed("Contact,Seen\nann@x.org,2026-03-14\n", {{"Seen", "date"}}).happened, SizeIs(1));
  EXPECT_THAT(ReadNamed("Date,Who\n2026-03-14,ann@x.org; bob@x.org\n", {{"Who", "contact"}}).happened.at(0).people,
              SizeIs(2));
  const absl::Status refused =
      ReadInteractionTable("Seen\n2026-03-14\n", {.now = absl::Now(), .columns = {{"Seen", "date"}}}).status();
  EXPECT_THAT(std::string(refused.message()), HasSubstr("must say which columns are date and contact"));
}

TEST(InteractionTableTest, AWrongMappingIsNamedWithWhatWouldBeRight) {
  const auto wrong = [](csv::ColumnTargets columns) {
    return std::string(
        ReadInteractionTable("Name,Seen\n", {.now = absl::Now(), .columns = std::move(columns)}).status().message());
  };
  EXPECT_THAT(
      wrong({{"Seen", "touch"}}),
      HasSubstr("options.columns[\"Seen\"]: there is no column \"touch\"; there are date, occur_time, contact"));
  EXPECT_THAT(wrong({{"Name", "date"}, {"Seen", "date"}}), HasSubstr("date is the column \"Name\" already"));
  EXPECT_THAT(wrong({{"Met", "date"}}), HasSubstr("the file has no such column; its columns are \"Name\", \"Seen\""));
}

TEST(CleanTextTest, KeepsUtf8ReplacesTheRestAndCutsWithAnEllipsis) {
  EXPECT_EQ(CleanText("grün", 10), "grün");
  EXPECT_EQ(CleanText("a\xFFz", 10), "a\uFFFDz");
  EXPECT_EQ(CleanText("\xC0\x80", 10), "\uFFFD\uFFFD");
  EXPECT_EQ(CleanText("grünes", 4), "grü…");
}

}  // namespace
}  // namespace council::ledger
