#include "services/ledger/import/interaction_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/time/clock.h"
#include "libs/base/proto_time.h"

namespace council::ledger {
namespace {

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

TEST(CleanTextTest, KeepsUtf8ReplacesTheRestAndCutsWithAnEllipsis) {
  EXPECT_EQ(CleanText("grün", 10), "grün");
  EXPECT_EQ(CleanText("a\xFFz", 10), "a\uFFFDz");
  EXPECT_EQ(CleanText("\xC0\x80", 10), "\uFFFD\uFFFD");
  EXPECT_EQ(CleanText("grünes", 4), "grü…");
}

}  // namespace
}  // namespace council::ledger
