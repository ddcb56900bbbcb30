// The command line against a suite that lets an owner call seldom: it waits, and nothing is lost.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/http/http.h"
#include "tests/cli/command_line.h"

namespace council::test {
namespace {

using ::testing::HasSubstr;

class RateTest : public ::testing::Test {
 protected:
  // As many calls as one heavy one costs, then one each 25 ms.
  RateTest()
      : councild_("councild", {"--storage=sqlite:" + directory_.path().string(), "--rate=40", "--rate-burst=10",
                               "--metrics-listen=127.0.0.1:0"}) {}

  CommandResult Run(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.end(), {"--server=" + councild_.address(), "--owner=ada"});
    return council_.Run(std::move(arguments), input);
  }

  // What Prometheus would read.
  std::string Metrics() {
    const auto line = councild_.process().WaitForLine("metrics at ");
    EXPECT_TRUE(line.ok()) << line.status();
    const auto response = http::Get(line->substr(line->find("http://")));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->body : "";
  }

  const TempDir directory_;
  CouncilProgram councild_;
  CommandLine council_;
};

TEST_F(RateTest, ManyLinesGoInWhateverTheRate) {
  EXPECT_EQ(Run({"contacts", "add", "Rosa Lindqvist"}).code, 0);
  // One line that is refused makes the program send every line of its batch by itself.
  std::string lines = R"({"contacts": ["rosa"], "on": "3d", "note": ")" + std::string(4001, 'x') + "\"}\n";
  constexpr int kLines = 60;
  for (int i = 1; i <= kLines; ++i) {
    absl::StrAppend(&lines, R"({"contacts": ["rosa"], "on": "3d", "note": "talk )", i, "\"}\n");
  }
  const CommandResult logged = Run({"log", "--from=-"}, lines);
  EXPECT_EQ(logged.code, 6) << logged.err;
  EXPECT_THAT(logged.out, HasSubstr(absl::StrCat(kLines, " talks logged")));
  EXPECT_FALSE(absl::StrContains(Metrics(), "council_rate_limited_calls_total 0"));
}

TEST_F(RateTest, FilesAreTakenWhateverTheRate) {
  const std::string file =
      WriteFile(council_.directory() / "cards.vcf", "BEGIN:VCARD\nVERSION:4.0\nFN:Rosa Lindqvist\nEND:VCARD\n");
  // Each import costs all that may be called at once.
  for (int i = 0; i < 4; ++i) {
    const CommandResult imported = Run({"import", file, file});
    EXPECT_EQ(imported.code, 0) << imported.err;
  }
  EXPECT_THAT(Run({"export", "contacts"}).out, HasSubstr("Rosa Lindqvist"));
  EXPECT_FALSE(absl::StrContains(Metrics(), "council_rate_limited_calls_total 0"));
}

}  // namespace
}  // namespace council::test
