#include "libs/base/uuid.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace council::base {
namespace {

RC_GTEST_PROP(UuidTest, FormatAndParseAreInverse, (const std::array<uint8_t, 16>& bytes)) {
  const auto parsed = ParseUuid(FormatUuid(bytes));
  RC_ASSERT(parsed.ok());
  RC_ASSERT(*parsed == bytes);
}

RC_GTEST_PROP(UuidTest, AnyTextIsParsedOrRefused, (const std::string& text)) {
  const auto parsed = ParseUuid(text);
  if (parsed.ok()) RC_ASSERT(text.size() == 36u);
}

TEST(UuidTest, NewOnesAreOfVersion7AndSortByTime) {
  SeededRandom random(1);
  std::set<std::string> ids;
  std::string before;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = NewUuid(absl::FromUnixMillis(1'700'000'000'000 + i), random);
    EXPECT_EQ(id[14], '7');
    EXPECT_TRUE(id[19] == '8' || id[19] == '9' || id[19] == 'a' || id[19] == 'b') << id;
    EXPECT_LT(before, id);
    before = id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1000u);
}

}  // namespace
}  // namespace council::base
