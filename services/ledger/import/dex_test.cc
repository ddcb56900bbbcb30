#include "services/ledger/import/dex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/exports/exports_for_test.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;

const absl::Time kNow = absl::FromUnixSeconds(1'781'524'800);  // 2026-06-15 12:00 UTC.

TEST(DexTest, WhoWasSeenIsARecordOfThatDay) {
  const auto file = ReadDex(exports::kDexExport, {.now = kNow});
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->left_out, ElementsAre(Pair("of a time to come", 1)));
  ASSERT_THAT(file->skipped, SizeIs(2));
  EXPECT_EQ(file->skipped[1].line(), 7);
  EXPECT_THAT(file->skipped[1].reason(), HasSubstr("last seen: must be a day"));
  ASSERT_THAT(file->happened, SizeIs(1));
  const ImportedRecord& rosa = file->happened[0];
  EXPECT_EQ(rosa.line, 2);
  EXPECT_THAT(rosa.uid, StartsWith("dex:"));
  EXPECT_THAT(rosa.uid, Not(HasSubstr("rosa"))) << "an erasure leaves it";
  EXPECT_EQ(rosa.recurrence_id, "2024-01-05");
  EXPECT_EQ(rosa.content.source(), "dex");
  EXPECT_EQ(rosa.content.channel(), v1::CHANNEL_UNSPECIFIED);
  EXPECT_EQ(base::FromProto(rosa.content.occur_time()), absl::FromUnixSeconds(1'704'463'200));
  ASSERT_THAT(rosa.people, SizeIs(1));
  EXPECT_EQ(rosa.people[0].name, "Rosa Lindqvist");
  EXPECT_THAT(
      file->also_known_as.at(rosa.people[0].address),
      ElementsAre("https://www.linkedin.com/in/rosa", "rosa@tidewater.example", "rosa@home.example", "rosa lindqvist"));
}

TEST(DexTest, AFileOfMoreRowsThanAnyIsRefused) {
  std::string table = "Name,Last Seen\n";
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&table, "Rosa,2024-01-05\n");
  const auto all = ReadDex(table, {.now = kNow});
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_THAT(all->happened, SizeIs(1)) << "all rows say the same";
  EXPECT_EQ(ReadDex(table + "Tom,\n", {.now = kNow}).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReadDex("a,b\n", {.now = kNow}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace council::ledger
