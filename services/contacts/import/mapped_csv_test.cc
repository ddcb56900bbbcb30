#include "services/contacts/import/mapped_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "libs/base/status.h"

namespace council::contacts {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<FileRecord> Read(const std::string& file, const csv::ColumnTargets& columns) {
  const absl::Status valid = ValidateColumns(columns, {});
  EXPECT_TRUE(valid.ok()) << valid;
  std::vector<FileRecord> records;
  const auto take = [&records](FileRecord record) {
    records.push_back(std::move(record));
    return true;
  };
  const absl::Status read = ReadContacts(v1::CONTACT_FORMAT_CSV, file, take, {.columns = columns, .file_name = ""});
  EXPECT_TRUE(read.ok()) << read;
  return records;
}

// What is wrong, as field and description in one line each.
std::string Violations(const absl::Status& status) {
  EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_INVALID_FIELD);
  const google::rpc::BadRequest bad = base::BadRequestOf(status);
  return absl::StrJoin(bad.field_violations(), "\n", [](std::string* out, const auto& violation) {
    absl::StrAppend(out, violation.field(), ": ", violation.description());
  });
}

std::string Wrong(const csv::ColumnTargets& columns) {
  return Violations(ValidateColumns(columns, {}));
}

TEST(MappedCsvTest, EveryFieldIsTaken) {
  const std::vector<FileRecord> records = Read(
      "My address book\n"
      "\n"
      "Full Name,First,Last,Mail,Work Mail,Tel,Employer,Job,City,Met,Groups,Remarks,Born,Id,Industry,Shoe size\n"
      "Anna Berger,Anna,Berger,anna@example.com; a@home.example,anna@acme.example,0151 1;0151 2,Acme,Head,Kiel,"
      "Sailing,mentor; club,\"Likes tea; hates coffee\",14.03.1980,id-1,energy,39\n"
      ",Tom,Ash,,,,,,,,,,sometime,,,\n",
      {{"full name", "display_name"},
       {"First", "given_name"},
       {"Last", "family_name"},
       {"Mail", "email"},
       {"Work Mail", "email"},
       {"Tel", "phone"},
       {"Employer", "organization"},
       {"Job", "title"},
       {"City", "location"},
       {"Met", "how_met"},
       {"Groups", "tag"},
       {"Remarks", "note"},
       {"Born", "birthday"},
       {"Id", "uid"},
       {"Industry", "facet.industry"}});
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0].line, 4);
  EXPECT_THAT(records[0].left_out, IsEmpty());
  const v1::Contact& anna = *records[0].contact;
  EXPECT_EQ(anna.display_name(), "Anna Berger");
  EXPECT_THAT(anna.emails(), ElementsAre("anna@example.com", "a@home.example", "anna@acme.example"));
  EXPECT_THAT(anna.phones(), ElementsAre("0151 1", "0151 2"));
  EXPECT_EQ(anna.organization(), "Acme");
  EXPECT_EQ(anna.title(), "Head");
  EXPECT_EQ(anna.location(), "Kiel");
  EXPECT_EQ(anna.how_met(), "Sailing");
  EXPECT_THAT(anna.tags(), ElementsAre("mentor", "club"));
  EXPECT_EQ(anna.notes(), "Likes tea; hates coffee");
  EXPECT_EQ(anna.birthday(), "1980-03-14");
  EXPECT_EQ(anna.vcard_uid(), "id-1");
  EXPECT_EQ(anna.facets().at("industry"), "energy");
  EXPECT_EQ(anna.facets().at("organization"), "Acme");
  EXPECT_THAT(anna.vcard_properties(), ElementsAre("N:Berger;Anna;;;"));
  const v1::Contact& tom = *records[1].contact;
  EXPECT_EQ(tom.display_name(), "Tom Ash");
  EXPECT_THAT(tom.vcard_properties(), ElementsAre("BDAY;VALUE=text:sometime", "N:Ash;Tom;;;"));
}

TEST(MappedCsvTest, SemicolonsTabsAndLatin1AreRead) {
  for (const char* delimiter : {",", ";", "\t"}) {
    const std::vector<FileRecord> records = Read(absl::StrReplaceAll("Name|Ort\nRen\xE9|\"K\xF6ln, S\xFC"
                                                                     "d; links\"\n",
                                                                     {{"|", delimiter}}),
                                                 {{"Name", "display_name"}, {"Ort", "location"}});
    ASSERT_THAT(records, SizeIs(1));
    EXPECT_EQ(records[0].contact->display_name(), "René");
    EXPECT_EQ(records[0].contact->location(), "Köln, Süd; links");
  }
}

TEST(MappedCsvTest, CommasInATextDoNotMakeASemicolonTableOneOfCommas) {
  const std::vector<FileRecord> records = Read("By: me, myself, I\nName;About\nAnna;tea, cake, and, so, on\n",
                                               {{"Name", "display_name"}, {"About", "note"}});
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].contact->notes(), "tea, cake, and, so, on");
}

TEST(MappedCsvTest, RowsThatCannotBeReadStopNothing) {
  const std::vector<FileRecord> records = Read("Name,Age\nAnna,1\n,\nTom,1,2\n,3\nEva\n", {{"Name", "display_name"}});
  ASSERT_THAT(records, SizeIs(5));
  EXPECT_THAT(records[1].left_out, ElementsAre("the row is empty"));
  EXPECT_THAT(records[2].left_out, ElementsAre("the row has 3 fields, the header 2"));
  EXPECT_THAT(records[3].left_out, ElementsAre(HasSubstr("no name")));
  EXPECT_EQ(records[4].line, 6);
  EXPECT_EQ(records[4].contact->display_name(), "Eva");
}

TEST(MappedCsvTest, AWrongMappingIsNamedWithWhatWouldBeRight) {
  EXPECT_THAT(Wrong({}), HasSubstr("options.columns: is required"));
  EXPECT_THAT(
      Wrong({{"Name", "name"}}),
      AllOf(HasSubstr("options.columns[\"Name\"]: there is no field \"name\"; there are display_name, given_name"),
            HasSubstr("uid and facet.NAME"), HasSubstr("options.columns: must say which column is the name")));
  EXPECT_THAT(Wrong({{"Mail", "email"}}), HasSubstr("must say which column is the name"));
  EXPECT_THAT(Wrong({{"A", "display_name"}, {"B", "title"}, {"C", "title"}}),
              HasSubstr("options.columns[\"C\"]: title is the column \"B\" already"));
  EXPECT_THAT(Wrong({{"Name", "display_name"}, {"name ", "tag"}}), HasSubstr("names a column twice"));
  EXPECT_THAT(Wrong({{"Name", "display_name"}, {"Faith", "facet.religion"}}),
              HasSubstr("options.columns[\"Faith\"].facets[\"religion\"]: facets of health"));
  EXPECT_THAT(Wrong({{"Name", "display_name"}, {"Age", "facet.generation"}}), HasSubstr("off until the tenant"));
  EXPECT_TRUE(ValidateColumns({{"Name", "display_name"}, {"Age", "facet.generation"}}, {"generation"}).ok());
  EXPECT_TRUE(ValidateColumns({{"Vorname", "given_name"}}, {}).ok());
}

TEST(MappedCsvTest, AColumnThatTheFileLacksIsNamedWithThoseThatThereAre) {
  const auto take = [](const FileRecord&) { return true; };
  const std::string missing =
      Violations(ReadContacts(v1::CONTACT_FORMAT_CSV, "Addresses\nName,E-Mail\nAnna,a@example.com\n", take,
                              {.columns = {{"Name", "display_name"}, {"Mail", "email"}}, .file_name = ""}));
  EXPECT_EQ(missing, "options.columns[\"Mail\"]: the file has no such column; its columns are \"Name\", \"E-Mail\"");
  EXPECT_FALSE(
      ReadContacts(v1::CONTACT_FORMAT_CSV, "", take, {.columns = {{"Name", "display_name"}}, .file_name = ""}).ok());
}

RC_GTEST_PROP(MappedCsvTest, ColumnsInAnyOrderGiveTheSameContact, ()) {
  const std::vector<std::pair<std::string, std::string>> cells = {
      {"display_name", "Anna"}, {"email", "a@example.com"}, {"title", "Head, of \"it\""}, {"tag", "x;y"}};
  std::vector<std::size_t> order = {0, 1, 2, 3};
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);
  csv::ColumnTargets columns;
  std::vector<std::string> header;
  std::vector<std::string> row;
  for (const std::size_t i : order) {
    columns[absl::StrCat("Column ", i)] = cells[i].first;
    header.push_back(absl::StrCat("COLUMN ", i));
    row.push_back(absl::StrCat("\"", absl::StrReplaceAll(cells[i].second, {{"\"", "\"\""}}), "\""));
  }
  const auto records = Read(absl::StrCat(absl::StrJoin(header, ","), "\n", absl::StrJoin(row, ","), "\n"), columns);
  RC_ASSERT(records.size() == 1U);
  const v1::Contact& contact = *records[0].contact;
  RC_ASSERT(contact.display_name() == "Anna");
  RC_ASSERT(contact.emails(0) == "a@example.com");
  RC_ASSERT(contact.title() == "Head, of \"it\"");
  RC_ASSERT(contact.tags_size() == 2);
}

}  // namespace
}  // namespace council::contacts
