#include "clients/cli/transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_dir.h"

namespace council::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(TransportTest, BeyondThisMachineThereIsTlsAlone) {
  const auto transport = Transport::Create(false, "");
  ASSERT_TRUE(transport.ok());
  for (const char* address : {"127.0.0.1:1", "[::1]:1", "localhost:1", "unix:/tmp/council.sock"}) {
    EXPECT_FALSE(transport->UsesTls(address)) << address;
  }
  for (const char* address : {"192.0.2.1:1", "council.example:443", "localhost.example:1", "dns:///localhost:1", ""}) {
    EXPECT_TRUE(transport->UsesTls(address)) << address;
  }
}

TEST(TransportTest, OnThisMachineThereIsTlsWhereItIsAskedFor) {
  const auto transport = Transport::Create(true, "");
  ASSERT_TRUE(transport.ok());
  EXPECT_TRUE(transport->UsesTls("127.0.0.1:1"));
  EXPECT_FALSE(transport->UsesTls("unix:/tmp/council.sock"));
}

TEST(TransportTest, AFileOfCasMustBeOne) {
  const test::TempDir directory;
  const std::string path = directory / "ca.pem";
  EXPECT_THAT(Transport::Create(true, path).status().message(), AllOf(HasSubstr("--ca"), HasSubstr("can't be read")));
  std::ofstream(path) << "not a certificate\n";
  EXPECT_THAT(Transport::Create(true, path).status().message(),
              AllOf(HasSubstr("--ca"), HasSubstr("holds no certificate")));
}

}  // namespace
}  // namespace council::cli
