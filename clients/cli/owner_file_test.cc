#include "clients/cli/owner_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/temp_dir.h"

namespace council::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class OwnerFileTest : public ::testing::Test {
 protected:
  static std::string Written() {
    std::ostringstream out;
    OwnerFileWriter file(out);
    EXPECT_TRUE(file.Add("ledger", "{\"start\":{}}\n{\"entry\":{\"note\":\"a\"}}\n"));
    EXPECT_TRUE(file.Add("ledger", "{\"entry\":{}}\n"));
    EXPECT_TRUE(file.Add("recommendations", "{\"start\":{}}\n"));
    EXPECT_TRUE(file.Add("contacts", "{\"start\":{}}\n{\"settings\":{}}\n"));
    EXPECT_TRUE(file.Finish());
    return out.str();
  }

  absl::StatusOr<OwnerFile> Check(const std::string& content) {
    const std::string path = (directory_ / "council.jsonl").string();
    std::ofstream(path, std::ios::binary) << content;
    return CheckOwnerFile(path, [](std::int64_t) {});
  }

  std::string Problem(const std::string& content) { return std::string(Check(content).status().message()); }

  const test::TempDir directory_;
};

TEST_F(OwnerFileTest, EachServiceGetsItsOwnLinesBack) {
  const auto file = Check(Written());
  ASSERT_TRUE(file.ok()) << file.status();
  const auto lines_of = [&](std::size_t service) {
    std::int64_t bytes = 0;
    OwnerFileReader reader(*file, service, [&bytes](std::int64_t some) { bytes += some; });
    std::string all;
    for (std::string piece = reader.Next(); !piece.empty(); piece = reader.Next()) all += piece;
    EXPECT_EQ(bytes, file->sections[service].bytes);
    return all;
  };
  EXPECT_EQ(lines_of(0), "{\"start\":{}}\n{\"entry\":{\"note\":\"a\"}}\n{\"entry\":{}}\n");
  EXPECT_EQ(lines_of(1), "{\"start\":{}}\n");
  EXPECT_EQ(lines_of(2), "{\"start\":{}}\n{\"settings\":{}}\n");
  EXPECT_EQ(file->sections[0].first_line, 2);
  EXPECT_EQ(file->sections[1].first_line, 5);
  EXPECT_EQ(file->sections[2].first_line, 6);
}

TEST_F(OwnerFileTest, AFileThatWasCutOffAtAnyByteIsRefused) {
  const std::string whole = Written();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(Check(whole.substr(0, size)).status().code(), absl::StatusCode::kInvalidArgument) << size;
  }
  EXPECT_THAT(Problem(whole.substr(0, whole.size() - 1)), StartsWith("line 8: has no end"));
}

TEST_F(OwnerFileTest, AFileInWhichAnyByteWasChangedIsRefused) {
  const std::string whole = Written();
  const auto property = [&] {
    std::string damaged = whole;
    char& byte = damaged[*rc::gen::inRange<std::size_t>(0, whole.size())];
    byte = static_cast<char>(byte ^ *rc::gen::inRange(1, 256));
    RC_ASSERT(Check(damaged).status().code() == absl::StatusCode::kInvalidArgument);
  };
  EXPECT_TRUE(rc::check(property));
}

TEST_F(OwnerFileTest, WhatIsWrongIsSaidWithItsLine) {
  const std::string whole = Written();
  EXPECT_THAT(Problem("BEGIN:VCARD\n"), StartsWith("line 1: is not the beginning"));
  EXPECT_THAT(Problem(absl::StrReplaceAll(whole, {{"{\"version\":1}", "{\"version\":2}"}})), HasSubstr("version"));
  EXPECT_THAT(Problem(whole + "more\n"), StartsWith("line 9: stands behind the end"));
  EXPECT_THAT(Problem(absl::StrReplaceAll(whole, {{"{\"recommendations\":{\"start\":{}}}\n", ""}})),
              HasSubstr("nothing stands here of recommendations"));
  EXPECT_THAT(Problem(absl::StrReplaceAll(whole, {{"{\"contacts\":{\"settings\":{}}}", "{\"ledger\":{}}"}})),
              StartsWith("line 7: is no record"));
  EXPECT_THAT(Problem(absl::StrReplaceAll(whole, {{"\"note\":\"a\"", "\"note\":\"b\""}})), HasSubstr("damaged"));
  EXPECT_THAT(Problem(absl::StrCat("{\"councilOwner\":{\"version\":1}}\n", std::string(2 << 20, 'x'))),
              StartsWith("line 2: is longer"));
  EXPECT_EQ(CheckOwnerFile("/nowhere/file", [](std::int64_t) {}).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace council::cli
