#include "services/contacts/import/vcard_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/contacts/import/read_for_test.h"

namespace council::contacts {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Card(const std::string& properties, const std::string& version = "3.0") {
  return absl::StrCat("BEGIN:VCARD\r\nVERSION:", version, "\r\n", properties, "END:VCARD\r\n");
}

v1::Contact ReadOne(const std::string& properties, const std::string& version = "3.0") {
  const std::vector<FileRecord> records = ReadAll(Card(properties, version));
  EXPECT_THAT(records, SizeIs(1));
  if (records.size() != 1 || !records[0].contact.has_value()) {
    ADD_FAILURE() << "no contact read";
    return {};
  }
  EXPECT_THAT(records[0].left_out, IsEmpty());
  return *records[0].contact;
}

TEST(VcardReaderTest, FieldsAreTakenFromTheirProperties) {
  const v1::Contact contact = ReadOne(
      "FN:Anna Berger\r\nN:Berger;Anna;;;\r\nEMAIL;TYPE=WORK:anna@example.com\r\nitem1.EMAIL:anna@home.example\r\n"
      "item1.X-ABLabel:_$!<Home>!$_\r\nTEL;TYPE=CELL:+49 151 2345\r\nORG:Example AG\r\nTITLE:Head of Research\r\n"
      "ADR;TYPE=WORK:;;Long Street 1;Berlin;;10115;Germany\r\nNOTE:First\\nSecond\\, and last\r\n"
      "BDAY:19800322\r\nUID:urn:uuid:42\r\nCATEGORIES:mentors,club\r\nTZ:+0100\r\n");
  EXPECT_EQ(contact.display_name(), "Anna Berger");
  EXPECT_THAT(contact.emails(), ElementsAre("anna@example.com", "anna@home.example"));
  EXPECT_THAT(contact.phones(), ElementsAre("+49 151 2345"));
  EXPECT_EQ(contact.organization(), "Example AG");
  EXPECT_EQ(contact.title(), "Head of Research");
  EXPECT_EQ(contact.location(), "Berlin, Germany");
  EXPECT_EQ(contact.notes(), "First\nSecond, and last");
  EXPECT_EQ(contact.birthday(), "1980-03-22");
  EXPECT_EQ(contact.vcard_uid(), "urn:uuid:42");
  EXPECT_THAT(contact.tags(), ElementsAre("mentors", "club"));
  EXPECT_EQ(contact.facets().at("organization"), "Example AG");
  EXPECT_EQ(contact.facets().at("location"), "Berlin, Germany");
  EXPECT_THAT(contact.vcard_properties(), Contains("TZ:+0100"));
  EXPECT_THAT(contact.vcard_properties(), Contains("N:Berger;Anna;;;"));
  EXPECT_THAT(contact.vcard_properties(), Contains("item1.X-ABLABEL:_$!<Home>!$_"));
}

TEST(VcardReaderTest, QuotedPrintableIsDecodedAcrossSoftBreaks) {
  const std::string soft = "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BC=\r\nrgen M=C3=BCller\r\n";
  EXPECT_EQ(ReadOne(soft, "2.1").display_name(), "Jürgen Müller");
  const std::string bare = "FN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:J=FCr=\r\ngen\r\n";
  EXPECT_EQ(ReadOne(bare, "2.1").display_name(), "Jürgen");
}

TEST(VcardReaderTest, BytesOfOtherCharsetsBecomeUtf8) {
  EXPECT_EQ(ReadOne("FN:Ren\xE9 M\xFCller\r\n", "2.1").display_name(), "René Müller");
  EXPECT_EQ(ReadOne("FN;CHARSET=ISO-8859-1:Ren\xE9\r\n", "2.1").display_name(), "René");
  EXPECT_EQ(ReadOne("FN;CHARSET=ISO-8859-2:\xA3ukasz\r\n", "2.1").display_name(), "Łukasz");
  EXPECT_EQ(ReadOne("FN;CHARSET=KLINGON:Ren\xE9\r\n", "2.1").display_name(), "René");
  EXPECT_EQ(ReadOne("FN;CHARSET=ISO-8859-1:Ren\xC3\xA9\r\n", "2.1").display_name(), "René")
      << "UTF-8 in spite of its label";
}

TEST(VcardReaderTest, FilesInUtf16AreRead) {
  std::string utf16 = "\xFF\xFE";
  for (const char c : Card("FN:Anna\r\n")) utf16.append({c, '\0'});
  const std::vector<FileRecord> records = ReadAll(utf16);
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].contact->display_name(), "Anna");
}

TEST(VcardReaderTest, LinesMayBeFoldedWithinACharacterAndEndInAnyWay) {
  const std::string folded = Card("FN:Ren\xC3\r\n \xA9 Du\r\n\tpont\r\nNOTE:one\r\n  two\r\n");
  for (const char* line_end : {"\r\n", "\n", "\r"}) {
    const std::vector<FileRecord> records = ReadAll(absl::StrReplaceAll(folded, {{"\r\n", line_end}}));
    ASSERT_THAT(records, SizeIs(1));
    EXPECT_EQ(records[0].contact->display_name(), "René Dupont");
    EXPECT_EQ(records[0].contact->notes(), "one two");
  }
}

TEST(VcardReaderTest, NameComesFromWhatTheCardHas) {
  EXPECT_EQ(ReadOne("N:Lovelace;Ada;King;Dr.;jr\r\n").display_name(), "Dr. Ada King Lovelace jr");
  EXPECT_EQ(ReadOne("FN:\r\nN:;;;;\r\nNICKNAME:Ada\r\n").display_name(), "Ada");
  EXPECT_EQ(ReadOne("EMAIL:ada@example.com\r\n").display_name(), "ada@example.com");
  EXPECT_EQ(ReadOne("ORG:Engines Ltd\r\n").display_name(), "Engines Ltd");
}

TEST(VcardReaderTest, WhatAFieldCannotHoldIsKept) {
  const v1::Contact contact = ReadOne(
      "FN:Anna\r\nORG:Example AG;Research\r\nORG:Club\r\nTITLE:Head\r\nTITLE:Chair\r\nBDAY:circa 1980\r\n"
      "TEL;VALUE=uri;TYPE=\"work,voice\":tel:+1-418-656-9254;ext=102\r\nX-SPOUSE:Tom\\, of course\r\n",
      "4.0");
  EXPECT_EQ(contact.organization(), "Example AG");
  EXPECT_EQ(contact.title(), "Head");
  EXPECT_EQ(contact.birthday(), "");
  EXPECT_THAT(contact.phones(), ElementsAre("+1-418-656-9254 ext. 102"));
  EXPECT_THAT(contact.vcard_properties(), ElementsAre("ORG:Example AG;Research", "ORG:Club", "TITLE:Chair",
                                                      "BDAY:circa 1980", "X-SPOUSE:Tom\\, of course"));
}

TEST(VcardReaderTest, BirthdaysMayLackTheYear) {
  EXPECT_EQ(ReadOne("FN:A\r\nBDAY:--0229\r\n", "4.0").birthday(), "--02-29");
  EXPECT_EQ(ReadOne("FN:A\r\nBDAY:1980-03-22T00:00:00Z\r\n").birthday(), "1980-03-22");
  EXPECT_EQ(ReadOne("FN:A\r\nBDAY:1980-02-31\r\n").birthday(), "") << "no such day";
}

TEST(VcardReaderTest, ADayOfDeathSaysThatTheyHaveDiedAndIsKept) {
  const v1::Contact contact = ReadOne("FN:Anna\r\nDEATHDATE;VALUE=text:circa 1998\r\n", "4.0");
  EXPECT_EQ(contact.status(), v1::CONTACT_STATUS_DECEASED);
  EXPECT_THAT(contact.vcard_properties(), ElementsAre("DEATHDATE;VALUE=text:circa 1998"));
  EXPECT_EQ(ReadOne("FN:Anna\r\nDEATHDATE:\r\n", "4.0").status(), v1::CONTACT_STATUS_UNSPECIFIED);
}

TEST(VcardReaderTest, PhotosAndOtherBinaryContentAreLeftOut) {
  const std::string photo(200'000, 'A');
  const v1::Contact contact = ReadOne(absl::StrCat("FN:Anna\r\nPHOTO;ENCODING=b;TYPE=JPEG:", photo, "\r\n ", photo,
                                                   "\r\nKEY;X509;ENCODING=BASE64:\r\n    MIID\r\n    QQ==\r\n\r\n"
                                                   "LOGO:data:image/png;base64,AAAA\r\nTITLE:Head\r\n"));
  EXPECT_EQ(contact.title(), "Head");
  EXPECT_THAT(contact.vcard_properties(), IsEmpty());
}

TEST(VcardReaderTest, ACardThatCannotBeReadStopsNothing) {
  const std::vector<FileRecord> records = ReadAll(
      absl::StrCat("stray text\r\n", Card("FN:One\r\n"), "BEGIN:VCARD\r\nFN:Lost\r\n", Card("NOTE:nobody\r\n"),
                   Card("FN:Two\r\ngarbage\r\n"), Card("FN:Friends\r\nKIND:group\r\n"), "BEGIN:VCARD\r\nFN:Cut"));
  ASSERT_THAT(records, SizeIs(7));
  EXPECT_EQ(records[0].line, 1);
  EXPECT_THAT(records[0].left_out, ElementsAre(HasSubstr("outside of a card")));
  EXPECT_EQ(records[1].line, 2);
  EXPECT_EQ(records[1].contact->display_name(), "One");
  EXPECT_EQ(records[2].line, 6);
  EXPECT_THAT(records[2].left_out, ElementsAre(HasSubstr("no END:VCARD")));
  EXPECT_EQ(records[3].line, 8);
  EXPECT_THAT(records[3].left_out, ElementsAre(HasSubstr("no name")));
  EXPECT_EQ(records[4].contact->display_name(), "Two");
  EXPECT_THAT(records[4].left_out, ElementsAre(HasSubstr("not a property")));
  EXPECT_THAT(records[5].left_out, ElementsAre(HasSubstr("a group of contacts")));
  EXPECT_FALSE(records[5].contact.has_value());
  EXPECT_THAT(records[6].left_out, ElementsAre(HasSubstr("no END:VCARD")));
}

TEST(VcardReaderTest, ACardWithinACardIsPassedOver) {
  const v1::Contact contact = ReadOne(
      "FN:Anna\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:Tom\r\nEMAIL:tom@example.com\r\nEND:VCARD\r\nTITLE:Head\r\n", "2.1");
  EXPECT_EQ(contact.display_name(), "Anna");
  EXPECT_EQ(contact.title(), "Head");
  EXPECT_THAT(contact.emails(), IsEmpty());
}

TEST(VcardReaderTest, ValuesOverTheirLimitAreLeftOutAndNamed) {
  const std::vector<FileRecord> records =
      ReadAll(Card(absl::StrCat("FN:Anna\r\nNOTE:", std::string(10'001, 'x'), "\r\n")));
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].contact->display_name(), "Anna");
  EXPECT_EQ(records[0].contact->notes(), "");
  EXPECT_THAT(records[0].left_out, ElementsAre("the note has 10001 characters, at most 10000 are kept: left out"));
}

TEST(VcardReaderTest, PropertiesWithThousandsOfParametersCostNothing) {
  std::string property = "EMAIL";
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&property, ";TYPE=a", i);
  const std::vector<FileRecord> records = ReadAll(Card(absl::StrCat("FN:Anna\r\n", property, ":a@example.com\r\n")));
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_THAT(records[0].left_out, SizeIs(1));
}

// The library's time grows with the square of these: tens of thousands take it minutes.
TEST(VcardReaderTest, PropertiesWithThousandsOfPartsCostNothing) {
  for (const auto& [name, separator] : {std::pair("X-LIST:", ";"), std::pair("CATEGORIES:", ",")}) {
    std::string property = name;
    for (int i = 0; i < 100'000; ++i) absl::StrAppend(&property, "a", separator);
    const std::vector<FileRecord> records = ReadAll(Card(absl::StrCat("FN:Anna\r\n", property, "\r\n")));
    ASSERT_THAT(records, SizeIs(1));
    EXPECT_THAT(records[0].left_out, SizeIs(1));
  }
}

TEST(VcardReaderTest, PropertiesLongerThanAnyThatIsKeptAreLeftOutAndSaidSo) {
  std::string lines = absl::StrCat("FN:Anna\r\nNOTE:", std::string(300'000, 'x'), "\r\nX-FOLDED:1\r\n");
  for (int i = 0; i < 10; ++i) absl::StrAppend(&lines, " ", std::string(30'000, 'y'), "\r\n");
  const std::vector<FileRecord> records = ReadAll(Card(lines + "TITLE:Head\r\n"));
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].contact->title(), "Head");
  EXPECT_THAT(records[0].left_out, ElementsAre(HasSubstr("2 properties of the card are too long")));
}

TEST(VcardReaderTest, CardOfMillionsOfPropertiesIsKeptToItsFirst) {
  std::string lines = "FN:Anna\r\n";
  for (int i = 0; i < 2'000'000; ++i) lines += "x\r\n";
  const std::vector<FileRecord> records = ReadAll(Card(lines));
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].contact->display_name(), "Anna");
  ASSERT_THAT(records[0].left_out, SizeIs(21));
  EXPECT_THAT(records[0].left_out[0], HasSubstr("1998002 properties of the card are too long, or too many"));
  EXPECT_THAT(records[0].left_out[20], HasSubstr("more values"));
}

}  // namespace
}  // namespace council::contacts
