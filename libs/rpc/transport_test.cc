#include "libs/rpc/transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <vector>

#include "libs/rpc/tls_files.h"
#include "tests/support/certificates.h"

namespace council::rpc {
namespace {

using test::Certificate;
using test::CertificateAuthority;
using ::testing::AllOf;
using ::testing::HasSubstr;

class TransportTest : public testing::Test {
 protected:
  // Why the program would not start; empty where it would.
  std::string Serve(const TlsFlags& flags, const std::string& listen = "0.0.0.0:0") {
    return std::string(ServerTransport(flags, listen, clock_).status().message());
  }
  std::string ServeWith(const Certificate& certificate) {
    return Serve({.certificate = certificate.certificate, .key = certificate.key});
  }
  std::string Call(const std::string& address, const std::string& ca, const TlsFlags& flags = {}) {
    return std::string(ChannelTo("--contacts", address, ca, flags, clock_).status().message());
  }
  std::string File(const std::string& name, const std::string& text) {
    std::string path = directory_ / name;
    std::ofstream(path) << text;
    EXPECT_EQ(chmod(path.c_str(), 0600), 0);
    return path;
  }

  const test::TempDir directory_;
  const CertificateAuthority ca_;
  const Certificate own_ = ca_.Issue();
  base::ManualClock clock_{absl::Now() + absl::Hours(1)};  // behind the moment at which any certificate is made
};

TEST_F(TransportTest, BeyondLoopbackNothingIsServedInClear) {
  for (const char* listen : {"0.0.0.0:0", "[::]:0", "192.0.2.1:7420", "council.example:7420", ":7420"}) {
    EXPECT_THAT(Serve({}, listen), AllOf(HasSubstr(listen), HasSubstr("--tls-cert"), HasSubstr("--tls-key")));
    EXPECT_EQ(Serve({.certificate = own_.certificate, .key = own_.key}, listen), "");
  }
  for (const char* listen : {"127.0.0.1:0", "[::1]:0", "localhost:0", "unix:/run/council.sock"}) {
    EXPECT_EQ(Serve({}, listen), "");
  }
}

TEST_F(TransportTest, FlagsThatNeedEachOtherAreAskedForTogether) {
  EXPECT_THAT(Serve({.certificate = own_.certificate}), HasSubstr("--tls-key"));
  EXPECT_THAT(Serve({.key = own_.key}), HasSubstr("--tls-cert"));
  TlsFlags flags{.certificate = own_.certificate, .key = own_.key, .client_ca = ca_.certificate()};
  EXPECT_THAT(Serve(flags), HasSubstr("--tls-peers"));
  flags.peers = {"recommendationsd.test"};
  EXPECT_EQ(Serve(flags), "");
  EXPECT_THAT(Serve({.client_ca = ca_.certificate(), .peers = {"a"}}, "127.0.0.1:0"), HasSubstr("--tls-cert"));
}

TEST_F(TransportTest, FilesThatAreNotWhatTheyShouldBeAreNamedWithTheirFlag) {
  const std::string garbage = File("garbage.pem", "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n");
  const std::string missing = directory_ / "missing.pem";
  EXPECT_THAT(ServeWith({missing, own_.key}), AllOf(HasSubstr("--tls-cert: " + missing), HasSubstr("No such file")));
  EXPECT_THAT(ServeWith({own_.certificate, missing}),
              AllOf(HasSubstr("--tls-key: " + missing), HasSubstr("No such file")));
  EXPECT_THAT(ServeWith({directory_.path(), own_.key}), HasSubstr("--tls-cert"));
  EXPECT_THAT(ServeWith({garbage, own_.key}), AllOf(HasSubstr("--tls-cert"), HasSubstr("no certificate")));
  EXPECT_THAT(ServeWith({own_.certificate, garbage}), AllOf(HasSubstr("--tls-key"), HasSubstr("no private key")));
  EXPECT_THAT(ServeWith({own_.certificate, ca_.Issue().key}),
              AllOf(HasSubstr("--tls-key"), HasSubstr("is not the key of")));
  EXPECT_THAT(Serve({.certificate = own_.certificate, .key = own_.key, .client_ca = garbage, .peers = {"a"}}),
              AllOf(HasSubstr("--tls-client-ca: " + garbage), HasSubstr("no certificate")));
}

TEST_F(TransportTest, AKeyThatEveryAccountMayReadIsRefused) {
  ASSERT_EQ(chmod(own_.key.c_str(), 0644), 0);
  EXPECT_THAT(ServeWith(own_), AllOf(HasSubstr("--tls-key"), HasSubstr("every account"), HasSubstr("chmod")));
  ASSERT_EQ(chmod(own_.key.c_str(), 0640), 0);
  EXPECT_EQ(ServeWith(own_), "");
}

TEST_F(TransportTest, ACertificateOutOfItsTimeIsRefused) {
  clock_.Advance(absl::Hours(24 * 10));
  EXPECT_THAT(ServeWith(own_), HasSubstr("has expired"));
  clock_.Set(absl::Now() - absl::Hours(24));
  EXPECT_THAT(ServeWith(own_), HasSubstr("is not valid before"));
}

TEST_F(TransportTest, ACertificateForAnotherPurposeIsRefused) {
  EXPECT_THAT(ServeWith(ca_.Issue({.usage = "clientAuth"})), HasSubstr("serverAuth"));
  const Certificate server_only = ca_.Issue({.usage = "serverAuth"});
  EXPECT_EQ(ServeWith(server_only), "");
  EXPECT_THAT(Call("127.0.0.1:1", ca_.certificate(), {.certificate = server_only.certificate, .key = server_only.key}),
              HasSubstr("clientAuth"));
}

TEST_F(TransportTest, ServicesOnOtherMachinesAreCalledOverTlsAlone) {
  for (const char* address :
       {"contacts.example:7421", "dns:///contacts.example:7421", "10.0.0.1:7421", "ipv4:127.0.0.1:7421,10.0.0.1:7421",
        "dns://192.0.2.53/localhost:7421", "unixbox.example:7421"}) {
    EXPECT_THAT(Call(address, ""), AllOf(HasSubstr("--contacts"), HasSubstr("--tls-ca"))) << address;
    EXPECT_EQ(Call(address, ca_.certificate(), {.certificate = own_.certificate, .key = own_.key}), "") << address;
  }
  for (const char* address : {"127.0.0.1:7421", "localhost:7421", "dns:///localhost:7421", "[::1]:7421",
                              "ipv4:127.0.0.1:7421,127.0.0.1:7422", "unix:/run/contacts.sock"}) {
    EXPECT_EQ(Call(address, ""), "") << address;
  }
}

TEST_F(TransportTest, WhoCallsOtherServicesShowsACertificate) {
  EXPECT_THAT(Call("127.0.0.1:1", ca_.certificate()), AllOf(HasSubstr("--tls-ca"), HasSubstr("--tls-cert")));
}

}  // namespace
}  // namespace council::rpc
