#include "clients/cli/column_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace council::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(ColumnMapTest, AMapIsPartedForBothServices) {
  const auto map = ParseColumnMap({"Name=display_name", " E-Mail = email ", "a=b=note", "Last seen=touch"});
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_THAT(map->contacts, ElementsAre(Pair("E-Mail", "email"), Pair("Name", "display_name"), Pair("a=b", "note")));
  EXPECT_THAT(map->interactions,
              ElementsAre(Pair("E-Mail", "contact"), Pair("Last seen", "date"), Pair("Name", "contact")));
}

TEST(ColumnMapTest, WithoutTouchThereIsNothingForTheLedger) {
  const auto map = ParseColumnMap({"First=given_name", "Last=family_name"});
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_THAT(map->interactions, IsEmpty());
}

TEST(ColumnMapTest, WhatIsWrongIsSaid) {
  const auto wrong = [](const std::vector<std::string>& texts) {
    const auto map = ParseColumnMap(texts);
    EXPECT_EQ(map.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(map.status().message());
  };
  EXPECT_THAT(wrong({"Name"}), HasSubstr("\"Name\" is not HEADER=FIELD"));
  EXPECT_THAT(wrong({"=email"}), HasSubstr("is not HEADER=FIELD"));
  EXPECT_THAT(wrong({"Name="}), HasSubstr("is not HEADER=FIELD"));
  EXPECT_THAT(wrong({"Name=display_name", "Name=tag"}), HasSubstr("\"Name\" comes twice"));
  EXPECT_THAT(wrong({"A=touch", "A=tag"}), HasSubstr("\"A\" comes twice"));
  EXPECT_THAT(wrong({"A=touch", "B=touch", "Name=display_name"}), HasSubstr("\"A\" and \"B\" can't both be touch"));
  EXPECT_THAT(wrong({"A=touch", "First=given_name", "Last=family_name"}),
              HasSubstr("one column must say who it was, by itself: display_name, email or uid (given_name"));
}

}  // namespace
}  // namespace council::cli
