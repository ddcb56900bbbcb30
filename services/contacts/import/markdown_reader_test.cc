#include "services/contacts/import/markdown_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<FileRecord> Read(const std::string& file, const std::string& file_name = "anna.md") {
  std::vector<FileRecord> records;
  const auto take = [&records](FileRecord record) {
    records.push_back(std::move(record));
    return true;
  };
  const absl::Status read =
      ReadContacts(v1::CONTACT_FORMAT_MARKDOWN, file, take, {.columns = {}, .file_name = file_name});
  EXPECT_TRUE(read.ok()) << read;
  return records;
}

TEST(MarkdownReaderTest, FrontMatterAndIntroductionBecomeTheContact) {
  const std::vector<FileRecord> records = Read(
      "---\n"
      "name: Anna Berger\n"
      "uid: anna-1\n"
      "email: anna@example.com\n"
      "phones:\n"
      "- 0151 1234\n"
      "- \"+49 30 1\"\n"
      "company: Acme\n"
      "role: Head of Research\n"
      "location: Kiel\n"
      "birthday: 14 March 1980\n"
      "tags: [mentor, '#club']\n"
      "created: 2020-01-01\n"
      "---\n"
      "Met through [[Tom]].\n"
      "\n"
      "## 2026-03-14\n"
      "Lunch.\n");
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].line, 1);
  EXPECT_THAT(records[0].left_out, IsEmpty());
  const v1::Contact& anna = *records[0].contact;
  EXPECT_EQ(anna.display_name(), "Anna Berger");
  EXPECT_EQ(anna.vcard_uid(), "anna-1");
  EXPECT_THAT(anna.emails(), ElementsAre("anna@example.com"));
  EXPECT_THAT(anna.phones(), ElementsAre("0151 1234", "+49 30 1"));
  EXPECT_EQ(anna.organization(), "Acme");
  EXPECT_EQ(anna.title(), "Head of Research");
  EXPECT_EQ(anna.location(), "Kiel");
  EXPECT_EQ(anna.birthday(), "1980-03-14");
  EXPECT_THAT(anna.tags(), ElementsAre("mentor", "club"));
  EXPECT_EQ(anna.notes(), "Met through [[Tom]].");
}

TEST(MarkdownReaderTest, TheFileNameIsTheNameOfTheLastResort) {
  EXPECT_EQ(Read("Some text\n", "Anna-Berger.md")[0].contact->display_name(), "Anna-Berger");
  EXPECT_EQ(Read("# Anna\n", "x.md")[0].contact->display_name(), "Anna");
  const std::vector<FileRecord> nobody = Read("Some text\n", "");
  ASSERT_THAT(nobody, SizeIs(1));
  EXPECT_FALSE(nobody[0].contact.has_value());
  EXPECT_THAT(nobody[0].left_out, ElementsAre(HasSubstr("no name")));
}

TEST(MarkdownReaderTest, WhatIsLeftOutIsSaid) {
  std::string text;
  for (int i = 0; i < 10'001; ++i) text += "é";
  const std::vector<FileRecord> records =
      Read(absl::StrCat("---\ncompany: [Acme, Widgets]\naddress:\n  city: Kiel\n---\n", text, "\n"));
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0].line, 4);
  EXPECT_FALSE(records[0].contact.has_value());
  EXPECT_THAT(records[1].left_out, ElementsAre("the front matter has a second organization: left out",
                                               HasSubstr("has 10001 characters: what is beyond 10000")));
  EXPECT_EQ(records[1].contact->organization(), "Acme");
  EXPECT_EQ(records[1].contact->notes().size(), 20'000);
}

TEST(MarkdownReaderTest, FrontMatterThatIsNoYamlIsRefused) {
  const auto take = [](const FileRecord&) { return true; };
  const absl::Status refused = ReadMarkdown("---\nname: a: b\n---\n", "anna.md", take);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("line 2"));
}

}  // namespace
}  // namespace council::contacts
