#include "libs/exports/monica_export.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "libs/base/status.h"
#include "libs/exports/exports_for_test.h"

namespace council::exports {
namespace {

using ::testing::SizeIs;

MonicaExport Parsed(const std::string& text) {
  auto parsed = MonicaExport::Parse(text);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return *std::move(parsed);
}

TEST(MonicaExportTest, PeopleAreReadWithoutOnesOwnCard) {
  const MonicaExport file = Parsed(kMonicaExport);
  ASSERT_THAT(file.people(), SizeIs(3));
  const MonicaPerson& rosa = file.people()[0];
  EXPECT_EQ(rosa.uuid, "c0000000-0000-4000-8000-000000000001");
  EXPECT_EQ(rosa.name, "Rosa Maria Lindqvist");
  EXPECT_EQ(file.NameOf("c0000000-0000-4000-8000-000000000003"), "Ida");
  EXPECT_EQ(file.NameOf("c0000000-0000-4000-8000-000000000404"), "");
  std::vector<std::string> fields;
  for (const MonicaContactField& field : file.ContactFieldsOf(*rosa.record)) {
    fields.push_back(field.kind + " " + field.value);
  }
  EXPECT_EQ(fields, (std::vector<std::string>{"email rosa@tidewater.example", "phone +46 8 123",
                                              "linkedin https://www.linkedin.com/in/rosa", "telegram @rosie"}));
  EXPECT_EQ(file.KindNameOf(*rosa.record, "gender"), "Woman");
  EXPECT_EQ(file.KindNameOf(*ValuesOf(*rosa.record, "life_event")[0], "type"), "new job");
  EXPECT_EQ(file.account().dump().find("iVBORw0KGgo"), std::string::npos) << "photos are not kept";
}

TEST(MonicaExportTest, WhatIsNoExportOfMonicaIsRefused) {
  for (const char* text :
       {"", "[]", "7", "{}", R"({"account": []})", R"({"account": {"data": {}}})", R"({"account": {"data": []}})"}) {
    EXPECT_EQ(MonicaExport::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_TRUE(LooksLikeMonica(kMonicaExport));
  EXPECT_TRUE(LooksLikeMonica("\xEF\xBB\xBF\n{\"exported_by\": \"x\", \"account\": {"));
  for (const char* text : {"", "{}", "[\"account\", \"app_version\"]", "BEGIN:VCARD", "{\"contact\": {}}"}) {
    EXPECT_FALSE(LooksLikeMonica(text)) << text;
  }
}

TEST(MonicaExportTest, ValuesOfAnotherKindThanTheyShouldBeAreTakenAsMissing) {
  const MonicaExport file = Parsed(
      R"({"account": {"data": [7, {"type": 7}, {"type": "contact", "values": "x"}, {"type": "contact", "values":
          [7, null, [], {"uuid": 7, "properties": {"first_name": 8, "last_name": [], "is_dead": "1"}, "data": {}}]}],
          "properties": [], "instance": {"genders": 7, "activity_types": [7]}}})");
  ASSERT_THAT(file.people(), SizeIs(4));
  EXPECT_EQ(file.people()[0].name, "");
  EXPECT_EQ(file.people()[3].uuid, "7");
  EXPECT_EQ(file.people()[3].name, "8");
  EXPECT_TRUE(TruthOf(PropertiesOf(*file.people()[3].record), "is_dead", false));
  EXPECT_TRUE(TruthOf(PropertiesOf(*file.people()[3].record), "is_active", true));
}

}  // namespace
}  // namespace council::exports
