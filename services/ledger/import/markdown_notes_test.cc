#include "services/ledger/import/markdown_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'781'524'800);  // 2026-06-15 12:00 UTC.

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

ImportedFile Read(const std::string& text, absl::TimeZone zone = absl::UTCTimeZone()) {
  auto file = ReadMarkdownNotes(text, {.file_name = "Anna Berger.md", .time_zone = zone, .now = kNow});
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : ImportedFile();
}

TEST(MarkdownNotesTest, EachDateIsARecordAtNoonOfItsDay) {
  const absl::TimeZone zone = Zone("Pacific/Auckland");
  const ImportedFile file = Read("Introduction\n## 2026-03-14\nLunch.\n- 2026-03-14: and a call\n", zone);
  ASSERT_THAT(file.happened, SizeIs(2));
  EXPECT_THAT(file.skipped, IsEmpty());
  const ImportedRecord& lunch = file.happened[0];
  EXPECT_EQ(base::FromProto(lunch.content.occur_time()),
            absl::FromCivil(absl::CivilSecond(2026, 3, 14, 12, 0, 0), zone));
  EXPECT_EQ(lunch.content.note(), "Lunch.");
  EXPECT_EQ(lunch.content.source(), "markdown");
  EXPECT_EQ(lunch.line, 2);
  EXPECT_EQ(lunch.uid, file.happened[1].uid);
  EXPECT_EQ(lunch.recurrence_id, "2026-03-14/1");
  EXPECT_EQ(file.happened[1].recurrence_id, "2026-03-14/2");
  EXPECT_THAT(file.complete_uids, ElementsAre(lunch.uid));
  ASSERT_THAT(lunch.people, SizeIs(1));
  EXPECT_EQ(lunch.people[0].name, "Anna Berger");
  EXPECT_THAT(file.also_known_as, ElementsAre(Pair(lunch.people[0].address, ElementsAre("anna berger"))));
}

TEST(MarkdownNotesTest, APersonIsLookedForByUidThenAddressesThenName) {
  const ImportedFile file =
      Read("---\nuid: ID-1\nemail: Anna@Example.com\nemails: [b@example.com]\n---\n# Anna\n2026-03-14\n");
  EXPECT_THAT(file.also_known_as.begin()->second, ElementsAre("id-1", "anna@example.com", "b@example.com", "anna"));
  EXPECT_EQ(Read("# Anna\n2026-03-14\n").happened[0].uid,
            Read("---\nemail: anna@example.com\n---\n# ANNA\n2026-03-14 more\n").happened[0].uid)
      << "an address that is written down later doubles nothing";
}

TEST(MarkdownNotesTest, WhatIsNotTakenIsSaid) {
  const ImportedFile file = Read(absl::StrCat("2026-06-15 today\n2026-06-16 tomorrow\n03/04/2026 either\n2026-01-02 ",
                                              std::string(4'001, 'x'), "\n2026-02-30 never\n"));
  EXPECT_THAT(file.left_out, ElementsAre(Pair("of a day to come", 1)));
  ASSERT_THAT(file.skipped, SizeIs(3));
  EXPECT_EQ(file.skipped[0].line(), 3);
  EXPECT_THAT(file.skipped[0].reason(), HasSubstr("either order"));
  EXPECT_EQ(file.skipped[1].line(), 4);
  EXPECT_THAT(file.skipped[1].reason(), HasSubstr("has 4001 characters"));
  EXPECT_EQ(file.skipped[2].line(), 5);
  ASSERT_THAT(file.happened, SizeIs(2));
  EXPECT_EQ(CountCharacters(file.happened[1].content.note()), kMaxNoteCharacters);
}

TEST(MarkdownNotesTest, AFileThatMayNotSayAllTakesNothingBack) {
  EXPECT_THAT(Read("").complete_uids, IsEmpty());
  EXPECT_THAT(Read("# Anna\ntext\n").complete_uids, IsEmpty());
  EXPECT_THAT(Read("2026-01-02\n03/04/2026\n").complete_uids, IsEmpty());
  EXPECT_THAT(Read("2026-01-02\n2026-12-02 to come\n").complete_uids, SizeIs(1));
}

TEST(MarkdownNotesTest, NotesAboutNobodyOrWithFrontMatterThatIsNoneAreRefused) {
  EXPECT_EQ(base::BadRequestOf(ReadMarkdownNotes("2026-01-02\n", {.file_name = "", .now = kNow}).status())
                .field_violations(0)
                .field(),
            "options.file_name");
  EXPECT_EQ(ReadMarkdownNotes("---\n- a\n---\n", {.file_name = "a.md", .now = kNow}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

RC_GTEST_PROP(MarkdownNotesTest, EveryRecordIsAnEntryThatMayBeAppendedAndHasItsOwnId, ()) {
  const auto line = rc::gen::element<std::string>("2026-01-02", "## 1 January 2020 – a", "- 0001-01-01: b",
                                                  "**9999-12-31** c", "text", "", "\x01\xFF", "3/4/2026", "# Anna");
  std::string text;
  for (const std::string& one : *rc::gen::container<std::vector<std::string>>(line)) absl::StrAppend(&text, one, "\n");
  const std::string zone = *rc::gen::element<std::string>("UTC", "Pacific/Kiritimati", "America/New_York");
  const ImportedFile file = Read(text, Zone(zone));
  std::set<std::string> ids;
  for (const ImportedRecord& record : file.happened) {
    v1::Interaction entry = record.content;
    entry.add_contact_ids("0190a000-0000-7000-8000-000000000001");
    base::FieldViolations violations;
    ValidateInteraction(entry, "interaction", kNow, violations);
    RC_ASSERT(violations.empty());
    RC_ASSERT(ids.insert(record.recurrence_id).second);
  }
}

}  // namespace
}  // namespace council::ledger
