#include "libs/base/random.h"

#include <gtest/gtest.h>

namespace council::base {
namespace {

TEST(RandomTest, OneSeedGivesOneSequence) {
  SeededRandom a(7);
  SeededRandom b(7);
  SeededRandom c(8);
  const std::string bytes = a.Bytes(100);
  EXPECT_EQ(bytes, b.Bytes(100));
  EXPECT_NE(bytes, c.Bytes(100));
  EXPECT_NE(bytes, a.Bytes(100));
}

TEST(RandomTest, SystemBytesDiffer) {
  SystemRandom random;
  EXPECT_EQ(random.Bytes(0).size(), 0u);
  EXPECT_NE(random.Bytes(32), random.Bytes(32));
}

}  // namespace
}  // namespace council::base
