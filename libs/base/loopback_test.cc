#include "libs/base/loopback.h"

#include "gtest/gtest.h"

namespace council::base {
namespace {

TEST(LoopbackTest, OnlyThisMachinesOwnAddressesAreLoopback) {
  for (const char* local : {"127.0.0.1:80", "127.9.9.9:0", "[::1]:5", "localhost:7", "unix:/tmp/x"}) {
    EXPECT_TRUE(IsLoopbackAddress(local)) << local;
  }
  for (const char* open : {"0.0.0.0:80", "[::]:80", "10.0.0.1:80", ":80", "80", "*:80", "example.com:80", "::1:80", "",
                           "127.0.0.1.example.com:80", "localhost.example.com:1"}) {
    EXPECT_FALSE(IsLoopbackAddress(open)) << open;
  }
}

}  // namespace
}  // namespace council::base
