// The command line against a suite that speaks TLS, and what it says where that does not come about.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/cli/command_line.h"
#include "tests/support/certificates.h"

namespace council::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int kUnavailable = 5;

class CliTlsTest : public ::testing::Test {
 protected:
  // A suite in one process that shows a certificate for these names.
  void Serve(const std::string& names) {
    const Certificate certificate = ca_.Issue({.names = names});
    suite_ = std::make_unique<CouncilProgram>(
        "councild", std::vector<std::string>{absl::StrCat("--storage=sqlite:", (directory_ / "suite").string()),
                                             "--tls-cert=" + certificate.certificate, "--tls-key=" + certificate.key});
  }
  std::string Server() const { return "--server=" + suite_->address(); }

  // What a run that can't reach the suite says.
  std::string Unreachable(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"contacts", "--owner=ines", Server()});
    const CommandResult result = council_.Run(std::move(arguments));
    EXPECT_EQ(result.code, kUnavailable) << result.out;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    return result.err;
  }

  const CertificateAuthority ca_;
  const CertificateAuthority other_ca_;
  const TempDir directory_;
  const CommandLine council_;
  std::unique_ptr<CouncilProgram> suite_;
};

TEST_F(CliTlsTest, TheSuiteIsReachedWithItsCaFromTheFlagOrTheConfigurationFile) {
  Serve("IP:127.0.0.1");
  const CommandResult added =
      council_.Run({"contacts", "add", "Rosa Lind", "--owner=ines", Server(), "--ca=" + ca_.certificate()});
  EXPECT_EQ(added.code, 0) << added.err;

  WriteFile(council_.directory() / "config/council/config.toml",
            absl::StrCat("server = \"", suite_->address(), "\"\nca = \"", ca_.certificate(), "\"\nowner = \"ines\"\n"));
  const CommandResult listed = council_.Run({"contacts"});
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("Rosa Lind"));
}

TEST_F(CliTlsTest, ACertificateOfAnUnknownCaIsNamedAsSuch) {
  Serve("IP:127.0.0.1");
  EXPECT_THAT(Unreachable({"--tls"}), AllOf(HasSubstr("certificate"), HasSubstr("--ca FILE")));
  EXPECT_THAT(Unreachable({"--ca=" + other_ca_.certificate()}), HasSubstr("not in " + other_ca_.certificate()));
}

TEST_F(CliTlsTest, ACertificateForAnotherNameIsNamedAsSuch) {
  Serve("DNS:elsewhere.test");
  EXPECT_THAT(Unreachable({"--ca=" + ca_.certificate()}),
              AllOf(HasSubstr(suite_->address()), HasSubstr("another name")));
}

TEST_F(CliTlsTest, WhereOneSideSpeaksTlsAndTheOtherNotItSaysSo) {
  Serve("IP:127.0.0.1");
  EXPECT_THAT(Unreachable({}), HasSubstr("say --tls or --ca FILE"));
  suite_ = std::make_unique<CouncilProgram>(
      "councild", std::vector<std::string>{absl::StrCat("--storage=sqlite:", (directory_ / "clear").string())});
  EXPECT_THAT(Unreachable({"--tls"}), HasSubstr("does not speak gRPC over TLS"));
}

}  // namespace
}  // namespace council::test
