#include "services/contacts/import/csv_reader.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/status.h"
#include "libs/csv/csv_table.h"
#include "services/contacts/import/read_for_test.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kLinkedIn[] =
    "\xEF\xBB\xBFNotes:\r\n"
    "\"When exporting your connection data, you may notice that some of the email addresses are missing. You will only "
    "see "
    "email addresses for connections who have allowed their connections to see or download their email address.\"\r\n"
    "\r\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
    "Anna,\"Berger, PhD\",https://www.linkedin.com/in/anna-berger,,\"Berger, Klein & Co.\",\"Partner, Research\",12 "
    "Mar 2024\r\n"
    ",,,,,,03 Jan 2023\r\n"
    "Łukasz,Żak,https://www.linkedin.com/in/lzak,lukasz@example.com,Widgets,CTO,1 Sep 2019\r\n";

TEST(CsvReaderTest, LinkedInConnectionsBecomeContacts) {
  const std::vector<FileRecord> records = ReadAll(kLinkedIn);
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_EQ(records[0].line, 5);
  const v1::Contact& anna = *records[0].contact;
  EXPECT_EQ(anna.display_name(), "Anna Berger, PhD");
  EXPECT_EQ(anna.organization(), "Berger, Klein & Co.");
  EXPECT_EQ(anna.title(), "Partner, Research");
  EXPECT_EQ(anna.how_met(), "LinkedIn connection since 2024-03-12");
  EXPECT_EQ(anna.vcard_uid(), "https://www.linkedin.com/in/anna-berger");
  EXPECT_THAT(anna.emails(), IsEmpty());
  EXPECT_EQ(anna.facets().at("organization"), "Berger, Klein & Co.");
  EXPECT_THAT(anna.vcard_properties(),
              ElementsAre("URL:https://www.linkedin.com/in/anna-berger", "N:Berger\\, PhD;Anna;;;"));
  EXPECT_FALSE(records[1].contact.has_value());
  EXPECT_EQ(records[1].line, 6);
  EXPECT_THAT(records[1].left_out, ElementsAre(HasSubstr("no name")));
  EXPECT_EQ(records[2].contact->display_name(), "Łukasz Żak");
  EXPECT_THAT(records[2].contact->emails(), ElementsAre("lukasz@example.com"));
  EXPECT_EQ(records[2].contact->how_met(), "LinkedIn connection since 2019-09-01");
}

TEST(CsvReaderTest, GoogleOlderLayoutIsRead) {
  const std::vector<FileRecord> records = ReadAll(
      "Name,Given Name,Additional Name,Family Name,Yomi Name,Birthday,Location,Notes,Group Membership,E-mail 1 - Type,"
      "E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,"
      "Organization 1 - Name,Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department,"
      "Website 1 - Value\n"
      "Anna Berger,Anna,,Berger,,--03-22,Berlin,\"First line\nSecond, \"\"quoted\"\"\",* myContacts ::: Mentors ::: "
      "Club,* Work,"
      "anna@example.com ::: a.berger@example.com,Home,anna@home.example,Mobile,+49 151 1 ::: +49 151 2,,Example "
      "AG,,Head,"
      "Research,http://example.com/anna\n"
      ",,,,,,,,* myContacts,,,,,,,,,,,,\n"
      "Tom,Tom,,,,,,,,,,,,,,,,,,,\n");
  ASSERT_THAT(records, SizeIs(3));
  const v1::Contact& anna = *records[0].contact;
  EXPECT_EQ(anna.display_name(), "Anna Berger");
  EXPECT_THAT(anna.emails(), ElementsAre("anna@example.com", "a.berger@example.com", "anna@home.example"));
  EXPECT_THAT(anna.phones(), ElementsAre("+49 151 1", "+49 151 2"));
  EXPECT_THAT(anna.tags(), ElementsAre("Mentors", "Club"));
  EXPECT_EQ(anna.organization(), "Example AG");
  EXPECT_EQ(anna.title(), "Head");
  EXPECT_EQ(anna.location(), "Berlin");
  EXPECT_EQ(anna.birthday(), "--03-22");
  EXPECT_EQ(anna.notes(), "First line\nSecond, \"quoted\"");
  EXPECT_EQ(records[1].line, 4) << "the first row takes two lines";
  EXPECT_FALSE(records[1].contact.has_value());
  EXPECT_EQ(records[2].contact->display_name(), "Tom");
}

TEST(CsvReaderTest, GoogleNewerLayoutIsRead) {
  const std::vector<FileRecord> records = ReadAll(
      "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name "
      "Suffix,"
      "Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
      "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,"
      "Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,"
      "Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,Website 1 - Value\r\n"
      "Anna,Maria,Berger,,,,Dr.,,Annie,,Example AG,Head,,1980-03-22,Likes tea,https://photo.example/1,Mentors ::: * "
      "myContacts,* Work,anna@example.com,Mobile,+49 151 1,Home,\"Long Street 1\nBerlin\",Long Street 1,Berlin,,,10115,"
      "Germany,,,\r\n");
  ASSERT_THAT(records, SizeIs(1));
  const v1::Contact& anna = *records[0].contact;
  EXPECT_EQ(anna.display_name(), "Dr. Anna Maria Berger");
  EXPECT_EQ(anna.organization(), "Example AG");
  EXPECT_EQ(anna.title(), "Head");
  EXPECT_EQ(anna.location(), "Berlin, Germany");
  EXPECT_EQ(anna.birthday(), "1980-03-22");
  EXPECT_THAT(anna.tags(), ElementsAre("Mentors"));
  EXPECT_THAT(anna.vcard_properties(),
              ElementsAre("N:Berger;Anna;Maria;Dr.;", "ADR:;;Long Street 1;Berlin;;10115;Germany", "NICKNAME:Annie"));
}

TEST(CsvReaderTest, RowsThatCannotBeReadStopNothing) {
  const std::string header = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n";
  const std::vector<FileRecord> records =
      ReadAll(absl::StrCat(header, "Anna,Berger,,anna@example.com,,,\n", "\"Open,Quote,,,,,\n",
                           "Tom,Ash,,tom@example.com,,,\n", "a,b,c,d,e,f,g,h,i\n", "Eva,Moos,,eva@example.com,,,"));
  ASSERT_THAT(records, SizeIs(5));
  EXPECT_EQ(records[0].contact->display_name(), "Anna Berger");
  EXPECT_EQ(records[1].line, 3);
  EXPECT_THAT(records[1].left_out, ElementsAre("a quote is opened and not closed"));
  EXPECT_EQ(records[2].line, 4);
  EXPECT_EQ(records[2].contact->display_name(), "Tom Ash");
  EXPECT_EQ(records[3].line, 5);
  EXPECT_THAT(records[3].left_out, ElementsAre("the row has 9 fields, the header 7"));
  EXPECT_EQ(records[4].contact->display_name(), "Eva Moos");
}

TEST(CsvReaderTest, Latin1FilesAreRead) {
  const std::vector<FileRecord> records =
      ReadAll("First Name,Last Name,URL,Email Address,Company,Position,Connected On\rRen\xE9,M\xFCller,,,,,\r");
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].contact->display_name(), "René Müller");
}

TEST(CsvTableTest, AFileOfOpenQuotesIsGivenUp) {
  std::string file;
  for (int i = 0; i < 200'000; ++i) file.append("\"a\n");
  int rows = 0;
  csv::ForEachCsvRow(file, [&rows](const csv::CsvRow& row) {
    EXPECT_FALSE(row.broken.empty());
    ++rows;
    return true;
  });
  EXPECT_EQ(rows, 101);
}

TEST(ContactFileTest, FormatIsFoundOutFromTheContent) {
  EXPECT_EQ(DetectFormat(kLinkedIn).value(), v1::CONTACT_FORMAT_LINKEDIN_CSV);
  EXPECT_EQ(DetectFormat("Name,Given Name,Group Membership\n").value(), v1::CONTACT_FORMAT_GOOGLE_CSV);
  EXPECT_EQ(DetectFormat("First Name,Last Name,Organization Name,Labels\n").value(), v1::CONTACT_FORMAT_GOOGLE_CSV);
  EXPECT_EQ(DetectFormat("\n begin:vcard\n").value(), v1::CONTACT_FORMAT_VCARD);
  for (const char* other : {"", "hello", "a,b,c\n1,2,3\n", "BEGIN:VCALENDAR\r\n"}) {
    EXPECT_EQ(DetectFormat(other).status().code(), absl::StatusCode::kInvalidArgument) << other;
  }
}

TEST(CsvTableTest, LineLongerThanAnyRowIsBrokenAndTheNextIsRead) {
  std::string commas;
  commas.resize(60'000'000, ',');
  std::vector<csv::CsvRow> rows;
  const std::string open = "a,\"b\n" + commas + "\nc,d\n";
  csv::ForEachCsvRow(absl::StrCat(commas, "\n", open), [&rows](csv::CsvRow row) {
    rows.push_back(std::move(row));
    return true;
  });
  ASSERT_THAT(rows, SizeIs(4));
  EXPECT_EQ(rows[0].line, 1);
  EXPECT_THAT(rows[0].broken, HasSubstr("256 KiB"));
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_THAT(rows[1].broken, HasSubstr("quote"));
  EXPECT_THAT(rows[2].broken, HasSubstr("256 KiB"));
  EXPECT_THAT(rows[3].fields, ElementsAre("c", "d"));
}

}  // namespace
}  // namespace council::contacts
