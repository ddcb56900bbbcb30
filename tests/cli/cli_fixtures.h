#ifndef COUNCIL_TESTS_CLI_CLI_FIXTURES_H_
#define COUNCIL_TESTS_CLI_CLI_FIXTURES_H_

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/command_line.h"

namespace council::test {

// The command line of one owner, against a suite that all tests of a suite of tests share.
class CliTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  // Every test is an owner of its own.
  CliTest();

  void Add(const std::string& name, const std::string& email = "");
  // Runs a command that ends with `code`.
  void Expect(int code, const std::vector<std::string>& arguments);
  // A file of the test's with that text, by its name in the test's directory; the path.
  std::string Write(const std::string& name, const std::string& text) {
    return WriteFile(council_.directory() / name, text);
  }
  // The entries, newest first.
  nlohmann::json Talks() { return council_.Json({"talks"})["interactions"]; }

  static std::unique_ptr<CouncilSuite> suite;
  CommandLine council_;
};

// The sample person, from files to the balance, as the first run shows it.
class SampleTest : public CliTest {
 protected:
  void SetUp() override;
  std::string File(const std::string& name) { return (council_.directory() / "sample" / name).string(); }
  void ImportAll();
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_CLI_CLI_FIXTURES_H_
