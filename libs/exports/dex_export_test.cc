#include "libs/exports/dex_export.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "libs/exports/exports_for_test.h"

namespace council::exports {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

std::vector<DexPerson> ReadAll(const std::string& text) {
  std::vector<DexPerson> people;
  const absl::Status read = ForEachDexPerson(text, [&people](DexPerson person) {
    people.push_back(std::move(person));
    return true;
  });
  EXPECT_TRUE(read.ok()) << read;
  return people;
}

TEST(DexExportTest, EveryColumnIsRead) {
  const std::vector<DexPerson> people = ReadAll(kDexExport);
  ASSERT_THAT(people, SizeIs(5));
  const DexPerson& rosa = people[0];
  EXPECT_EQ(rosa.line, 2);
  EXPECT_EQ(rosa.name, "Rosa Lindqvist");
  EXPECT_EQ(rosa.uid, "https://www.linkedin.com/in/rosa");
  EXPECT_EQ(rosa.title, "Head of Research");
  EXPECT_EQ(rosa.organization, "Tidewater");
  EXPECT_EQ(rosa.location, "Stockholm");
  EXPECT_EQ(rosa.birthday, "1980-05-15");
  EXPECT_EQ(rosa.last_seen, "2024-01-05T14:00:00.000Z");
  EXPECT_THAT(rosa.emails, ElementsAre("rosa@tidewater.example", "rosa@home.example"));
  EXPECT_THAT(rosa.phones, ElementsAre("+46 8 123"));
  EXPECT_THAT(rosa.tags, ElementsAre("Mentors", "Sailing"));
  EXPECT_THAT(rosa.notes, ElementsAre("Knows everybody\nin shipping"));
  EXPECT_THAT(rosa.profiles,
              ElementsAre(Pair("linkedin", "https://www.linkedin.com/in/rosa"), Pair("twitter", "@rosie")));
  EXPECT_THAT(rosa.others, ElementsAre(Pair("Next Reminder At", "2024-03-01"), Pair("Favorite Color", "blue")));
  EXPECT_EQ(people[3].line, 6) << "notes take two lines";
  EXPECT_EQ(people[3].broken, "the row is empty");
}

TEST(DexExportTest, ColumnsAreKnownHoweverTheyAreWritten) {
  const std::vector<DexPerson> people = ReadAll(
      "\xEF\xBB\xBF"
      "id,full_name,EMAIL 1,Email 1 - Label,work email,Mobile,birthday (current year),last_seen_at\n"
      "42,Rosa L,a@x.org,Home,b@x.org;c@x.org,+46 1,2026-05-15,2024-01-05\n");
  ASSERT_THAT(people, SizeIs(1));
  EXPECT_EQ(people[0].uid, "42");
  EXPECT_EQ(people[0].name, "Rosa L");
  EXPECT_EQ(people[0].birthday, "--05-15");
  EXPECT_THAT(people[0].emails, ElementsAre("a@x.org", "b@x.org", "c@x.org"));
  EXPECT_THAT(people[0].phones, ElementsAre("+46 1"));
  EXPECT_THAT(people[0].others, IsEmpty());
}

TEST(DexExportTest, ProfilesAtLinkedInAreWrittenAsLinkedInDoes) {
  for (const char* profile : {"rosa", "linkedin.com/in/rosa", "www.linkedin.com/in/rosa/",
                              "https://www.linkedin.com/in/rosa", "https://www.linkedin.com/in/rosa/"}) {
    EXPECT_EQ(ReadAll(std::string("Name,LinkedIn URL,Last Seen\nRosa,") + profile + ",\n")[0].uid,
              "https://www.linkedin.com/in/rosa")
        << profile;
  }
}

TEST(DexExportTest, OtherTablesAreRefused) {
  EXPECT_TRUE(LooksLikeDex(kDexExport));
  for (const char* text : {"", "a,b\n", "First Name,Last Name,URL,Connected On\n", "Name,Given Name,Group Membership\n",
                           "date,contact,note\n", "Last Seen\n"}) {
    EXPECT_FALSE(LooksLikeDex(text)) << text;
    EXPECT_EQ(ForEachDexPerson(text, [](const DexPerson&) { return true; }).code(), absl::StatusCode::kInvalidArgument)
        << text;
  }
}

RC_GTEST_PROP(DexExportProperty, AnyFieldsAreReadWithoutWhiteSpaceAtTheirEnds, ()) {
  const auto field =
      rc::gen::container<std::string>(rc::gen::element('a', ' ', ',', ';', '"', '\n', '-', '/', '1', '@'));
  std::string text = "Name,Email,Phone,LinkedIn,Birthday (current year),Groups,Last Seen,x\n";
  for (int i = 0; i < 8; ++i) text += *field + (i < 7 ? "," : "\n");
  for (const DexPerson& person : ReadAll(text)) {
    for (const std::vector<std::string>& values : {person.emails, person.phones, person.tags, person.notes}) {
      for (const std::string& value : values) {
        RC_ASSERT(!value.empty());
        RC_ASSERT(value.front() != ' ' && value.back() != ' ');
      }
    }
  }
}

}  // namespace
}  // namespace council::exports
