#include "libs/base/json_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "council/contacts/v1/contacts.pb.h"

namespace council::base {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(JsonLinesTest, AMapGivesTheSameLineHoweverItWasFilled) {
  std::string first;
  for (int round = 0; round < 50; ++round) {
    std::vector<std::string> names;
    for (int i = 0; i < 20; ++i) names.push_back(std::string(1, static_cast<char>('a' + (i * 7 + round) % 20)));
    contacts::v1::Contact contact;
    for (const std::string& name : names) (*contact.mutable_facets())[name] = "value of " + name;
    const auto line = ToJsonLine(contact);
    ASSERT_TRUE(line.ok()) << line.status();
    if (first.empty()) first = *line;
    EXPECT_EQ(*line, first);
  }
  EXPECT_LT(first.find("\"a\""), first.find("\"b\""));
}

RC_GTEST_PROP(JsonLinesTest, WhatWasWrittenIsReadBack, ()) {
  contacts::v1::Contact contact;
  contact.set_display_name(*rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127)));
  contact.set_notes("\n\t\"\\ \xe2\x80\xa8 \xf0\x9f\x8c\x8a");
  (*contact.mutable_facets())["seniority"] = "peer";
  contact.mutable_create_time()->set_seconds(*rc::gen::inRange<int64_t>(-60'000'000'000, 250'000'000'000));
  contact.mutable_create_time()->set_nanos(*rc::gen::inRange(0, 1'000'000) * 1000);
  const auto line = ToJsonLine(contact);
  RC_ASSERT(line.ok());
  RC_ASSERT(line->find('\n') == std::string::npos);
  contacts::v1::Contact read;
  RC_ASSERT(FromJsonLine(*line, read).ok());
  RC_ASSERT(*ToJsonLine(read) == *line);
  RC_ASSERT(read.display_name() == contact.display_name());
}

TEST(JsonLinesTest, WhatIsNoSuchMessageIsRefusedWithoutQuotingIt) {
  const auto read = [](std::string_view line) {
    contacts::v1::Contact contact;
    return FromJsonLine(line, contact);
  };
  EXPECT_TRUE(read("{}").ok());
  for (const char* line : {"", "[]", "{\"displayName\":\"a\"", "{\"secretThing\":1}", "{\"displayName\":{}}", "null{}",
                           "{\"displayName\":\"\xff\"}"}) {
    const absl::Status status = read(line);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << line;
    EXPECT_THAT(std::string(status.message()), HasSubstr("Contact"));
    EXPECT_EQ(status.message().find('\n'), absl::string_view::npos) << status.message();
  }
}

RC_GTEST_PROP(LineCutterTest, LinesAreTheSameHoweverTheyAreCut, ()) {
  const auto lines =
      *rc::gen::container<std::vector<std::string>>(rc::gen::container<std::string>(rc::gen::inRange<char>('a', 'e')));
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  LineCutter cutter(1000);
  std::vector<std::string> read;
  for (size_t at = 0; at < text.size();) {
    const size_t size = *rc::gen::inRange<size_t>(1, 8);
    RC_ASSERT(cutter
                  .Add(std::string_view(text).substr(at, size),
                       [&](std::string_view line) {
                         read.emplace_back(line);
                         return absl::OkStatus();
                       })
                  .ok());
    at += size;
  }
  RC_ASSERT(read == lines);
  RC_ASSERT(cutter.AtEndOfLine());
}

TEST(LineCutterTest, ALineThatIsTooLongOrNotEndedIsKnown) {
  LineCutter cutter(4);
  std::vector<std::string> read;
  const auto take = [&](std::string_view line) {
    read.emplace_back(line);
    return absl::OkStatus();
  };
  EXPECT_TRUE(cutter.Add("abcd\nef", take).ok());
  EXPECT_THAT(read, ElementsAre("abcd"));
  EXPECT_FALSE(cutter.AtEndOfLine());
  EXPECT_EQ(cutter.Add("ghi", take).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace council::base
