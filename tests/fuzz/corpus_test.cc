// Every target over its corpus: hand-written seeds, and inputs by which something was found.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "tests/fuzz/targets.h"

namespace council::fuzz {
namespace {

namespace fs = std::filesystem;

struct Target {
  const char* name;
  void (*run)(std::string_view input);
};

constexpr Target kTargets[] = {
    {"vcard", &Vcard},
    {"contacts_csv", &ContactsCsv},
    {"monica", &Monica},
    {"dex", &Dex},
    {"calendar", &Calendar},
    {"ledger_table", &LedgerTable},
    {"mail", &Mail},
    {"markdown", &Markdown},
    {"tokens", &Tokens},
    {"access_token", &AccessToken},
    {"key_set", &KeySet},
    {"redis_replies", &RedisReplies},
    {"redis_url", &RedisUrl},
    {"requests", &Requests},
    {"owner_state", &OwnerState},
};

fs::path Corpus() {
  return fs::path(std::getenv("COUNCIL_SOURCE_DIR")) / "tests" / "fuzz" / "corpus";
}

class CorpusTest : public ::testing::TestWithParam<Target> {};

TEST_P(CorpusTest, NoInputBreaksTheTarget) {
  int inputs = 0;
  for (const auto& entry : fs::directory_iterator(Corpus() / GetParam().name)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string input(std::istreambuf_iterator<char>(file), {});
    SCOPED_TRACE(entry.path().filename().string());
    GetParam().run(input);
    // Cut off anywhere it is read too.
    GetParam().run(std::string_view(input).substr(0, input.size() / 2));
    ++inputs;
  }
  EXPECT_GE(inputs, 3);
}

INSTANTIATE_TEST_SUITE_P(All, CorpusTest, ::testing::ValuesIn(kTargets),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST(CorpusDirectoryTest, EveryDirectoryBelongsToATarget) {
  std::set<std::string> names;
  for (const Target& target : kTargets) names.insert(target.name);
  for (const auto& entry : fs::directory_iterator(Corpus())) {
    EXPECT_TRUE(names.contains(entry.path().filename().string())) << entry.path();
  }
}

}  // namespace
}  // namespace council::fuzz
