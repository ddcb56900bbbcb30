#include "tests/cli/cli_fixtures.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "tests/support/process.h"

namespace council::test {

std::unique_ptr<CouncilSuite> CliTest::suite;

void CliTest::SetUpTestSuite() {
  suite = std::make_unique<CouncilSuite>();
}

void CliTest::TearDownTestSuite() {
  suite.reset();
}

CliTest::CliTest() : council_(*suite, ::testing::UnitTest::GetInstance()->current_test_info()->name()) {}

void CliTest::Add(const std::string& name, const std::string& email) {
  std::vector<std::string> arguments = {"contacts", "add", name};
  if (!email.empty()) arguments.push_back("--email=" + email);
  const CommandResult result = council_.Run(arguments);
  ASSERT_EQ(result.code, 0) << result.err;
}

void CliTest::Expect(int code, const std::vector<std::string>& arguments) {
  const CommandResult result = council_.Run(arguments);
  ASSERT_EQ(result.code, code) << arguments[0] << ":\n" << result.out << result.err;
}

void SampleTest::SetUp() {
  const char* source = std::getenv("COUNCIL_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "run the test through ctest";
  int code = 0;
  const auto rendered = RunToEnd(
      {.command = {absl::StrCat(source, "/samples/render"), (council_.directory() / "sample").string()}}, code);
  ASSERT_TRUE(rendered.ok() && code == 0) << rendered.status();
}

void SampleTest::ImportAll() {
  Expect(0, {"settings", "--my-email", "ines.marchetti@tidewater.example,ines@marchetti.example", "--time-zone",
             "Europe/Berlin", "--hours", "4"});
  Expect(0, {"import", File("contacts.vcf"), File("Connections.csv")});
  Expect(0, {"seat", "--from", File("council.jsonl")});
  Expect(0, {"import", File("calendar.ics")});
  Expect(0, {"log", "--from", File("log.jsonl")});
}

}  // namespace council::test
