// Every target over its corpus: hand-written seeds, and inputs by which something was found.

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "tests/fuzz/corpus.h"
#include "tests/fuzz/targets.h"

namespace council::fuzz {
namespace {

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

class CorpusTest : public ::testing::TestWithParam<Target> {};

TEST_P(CorpusTest, NoInputBreaksTheTarget) {
  int inputs = 0;
  for (const auto& [name, input] : CorpusOf(GetParam().name)) {
    SCOPED_TRACE(name);
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
  for (const auto& entry : std::filesystem::directory_iterator(CorpusDirectory())) {
    EXPECT_TRUE(names.contains(entry.path().filename().string())) << entry.path();
  }
}

}  // namespace
}  // namespace council::fuzz
