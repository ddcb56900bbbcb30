#include "services/contacts/import/monica_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "libs/base/status.h"
#include "libs/exports/exports_for_test.h"
#include "services/contacts/contact_rules.h"
#include "services/contacts/import/read_for_test.h"

namespace council::contacts {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(MonicaReaderTest, PeopleComeWithAllThatThereIsAPlaceFor) {
  const std::vector<FileRecord> records = ReadAll(exports::kMonicaExport);
  ASSERT_THAT(records, SizeIs(3)) << "Ida has no card, and Mia is oneself; the last says what is left out";
  ASSERT_TRUE(records[0].contact.has_value());
  EXPECT_THAT(records[0].left_out, IsEmpty());
  const v1::Contact& rosa = *records[0].contact;
  EXPECT_EQ(rosa.vcard_uid(), "c0000000-0000-4000-8000-000000000001");
  EXPECT_EQ(rosa.display_name(), "Rosa Maria Lindqvist");
  EXPECT_THAT(rosa.emails(), ElementsAre("rosa@tidewater.example"));
  EXPECT_THAT(rosa.phones(), ElementsAre("+46 8 123"));
  EXPECT_EQ(rosa.organization(), "Tidewater");
  EXPECT_EQ(rosa.title(), "Head of Research");
  EXPECT_EQ(rosa.location(), "Stockholm, SE");
  EXPECT_EQ(rosa.birthday(), "--05-15");
  EXPECT_EQ(rosa.how_met(), "Met 2010-09-01 through Tom Ash");
  EXPECT_THAT(rosa.tags(), ElementsAre("mentors", "sailing", "starred"));
  EXPECT_EQ(rosa.notes(),
            "Knows everybody in shipping\n\nFood: No shellfish\n\nPet: Buster, dog\n\n"
            "2023-08-15: new job: Leads twelve people now\n\n2023-06-01: Thinks of moving to Malmö");
  EXPECT_THAT(rosa.vcard_properties(),
              ElementsAre("N:Lindqvist;Rosa;Maria;;", "NICKNAME:Rosie", "GENDER:;Woman",
                          "URL:https://www.linkedin.com/in/rosa", "X-SOCIALPROFILE;TYPE=telegram:@rosie",
                          "ADR:;;Strandvägen 1;Stockholm;;11456;SE", "RELATED;TYPE=child;VALUE=text:Ida"));
  EXPECT_EQ(rosa.facets().at("organization"), "Tidewater");
}

TEST(MonicaReaderTest, WhoDiedIsKeptAsSuch) {
  const v1::Contact tom = ReadAll(exports::kMonicaExport)[1].contact.value();
  EXPECT_EQ(tom.status(), v1::CONTACT_STATUS_DECEASED);
  EXPECT_THAT(tom.tags(), ElementsAre("archived"));
  EXPECT_EQ(tom.birthday(), "") << "only his age was known";
  EXPECT_THAT(tom.vcard_properties(), ElementsAre("N:Ash;Tom;;;", "BDAY;VALUE=text:about 1950", "DEATHDATE:20240120"));
}

TEST(MonicaReaderTest, WhoDiedOnADayThatIsNotKnownHasAPropertyThatSaysSo) {
  nlohmann::json file = nlohmann::json::parse(exports::kMonicaExport);
  nlohmann::json& rosa = file["account"]["data"][1]["values"][0]["properties"];
  rosa["is_dead"] = true;
  const v1::Contact contact = ReadAll(file.dump())[0].contact.value();
  EXPECT_EQ(contact.status(), v1::CONTACT_STATUS_DECEASED);
  EXPECT_THAT(contact.vcard_properties(), Contains("DEATHDATE;VALUE=text:unknown"));
}

TEST(MonicaReaderTest, WhatHasNoPlaceIsNamedAndCounted) {
  const FileRecord last = ReadAll(exports::kMonicaExport).back();
  EXPECT_FALSE(last.contact.has_value());
  EXPECT_THAT(
      last.left_out,
      ElementsAre("Not taken over, since there is no place for them here: debts (1), gifts (2), journal entries "
                  "(1), people who have no card of their own (1), photos (1), reminders (1), rhythms to stay in "
                  "touch (1), tasks (1)"));
}

TEST(MonicaReaderTest, ValuesOverALimitAreNamedWithTheContact) {
  nlohmann::json file = nlohmann::json::parse(exports::kMonicaExport);
  nlohmann::json& rosa = file["account"]["data"][1]["values"][0]["properties"];
  rosa["job"] = std::string(300, 'x');
  rosa["tags"] = {std::string(100, 'y'), 7, nullptr, "sailing"};
  const FileRecord record = ReadAll(file.dump(2))[0];
  EXPECT_EQ(record.contact->title(), "");
  EXPECT_THAT(record.contact->tags(), ElementsAre("sailing", "starred"));
  EXPECT_THAT(record.left_out,
              ElementsAre(AllOf(HasSubstr("Rosa Maria Lindqvist: the title has 300"), HasSubstr("200")),
                          HasSubstr("Rosa Maria Lindqvist: the category")));
}

TEST(MonicaReaderTest, CardsOfOtherProgramsWithinAreNotTakenForTheFile) {
  nlohmann::json file = nlohmann::json::parse(exports::kMonicaExport);
  file["account"]["data"][1]["values"][0]["properties"]["vcard"] = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:X\r\nEND:VCARD";
  EXPECT_EQ(DetectFormat(file.dump()).value(), v1::CONTACT_FORMAT_MONICA_JSON);
}

TEST(MonicaReaderTest, AFileThatIsCutOffIsRefused) {
  const std::string text = exports::kMonicaExport;
  const absl::Status refused = ReadContacts(v1::CONTACT_FORMAT_MONICA_JSON, text.substr(0, text.size() / 2),
                                            [](const FileRecord&) { return true; });
  ASSERT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(base::BadRequestOf(refused).field_violations(0).description(), HasSubstr("cut off"));
}

// JSON of any kind, with names and texts of Monica's among them.
nlohmann::json AnyJson(int depth) {
  switch (*rc::gen::inRange(0, depth == 0 ? 6 : 8)) {
    case 0:
      return nullptr;
    case 1:
      return *rc::gen::arbitrary<bool>();
    case 2:
      return *rc::gen::arbitrary<int>();
    case 3:
      return *rc::gen::element<std::string>("2024-01-05T14:00:00.000000Z", "2024-02-31", "contact", "note", "activity",
                                            "d0000000-0000-4000-8000-000000000011", std::string("\0;\n,:", 5), "é🙂",
                                            "");
    case 4:
      return std::string(*rc::gen::inRange<size_t>(0, 12'000), *rc::gen::element('a', ';', '\n', ','));
    case 5:
      return *rc::gen::arbitrary<double>();
    case 6: {
      nlohmann::json array = nlohmann::json::array();
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) array.push_back(AnyJson(depth - 1));
      return array;
    }
    default: {
      nlohmann::json object = nlohmann::json::object();
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
        object[*rc::gen::element<std::string>("uuid", "properties", "data", "type", "values", "created_at", "date",
                                              "body", "name", "tags", "is_dead")] = AnyJson(depth - 1);
      }
      return object;
    }
  }
}

// The fixture with some of its values replaced by others of any kind.
void Disturb(nlohmann::json& value) {
  if (*rc::gen::inRange(0, 25) == 0) {
    value = AnyJson(3);
  } else if (value.is_structured()) {
    for (nlohmann::json& member : value) Disturb(member);
  }
}

RC_GTEST_PROP(MonicaReaderProperty, WhateverStandsWhereContactsAreWithinTheirLimits, ()) {
  nlohmann::json file = nlohmann::json::parse(exports::kMonicaExport);
  for (nlohmann::json& collection : file["account"]["data"]) {
    for (nlohmann::json& value : collection["values"]) Disturb(value);
  }
  const std::string text = file.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  int contacts = 0;
  const absl::Status read = ReadMonicaJson(text, [&](const FileRecord& record) {
    RC_ASSERT(record.contact.has_value() || !record.left_out.empty());
    if (!record.contact.has_value()) return true;
    ++contacts;
    v1::Contact contact = *record.contact;
    NormalizeContact(contact);
    base::FieldViolations violations;
    ValidateContact(contact, "contact", {}, violations);
    RC_ASSERT(violations.empty());
    return true;
  });
  RC_ASSERT(read.ok());
  RC_ASSERT(contacts <= 4);
}

}  // namespace
}  // namespace council::contacts
