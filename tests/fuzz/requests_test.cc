// Scripts made up from the corpus' with a fixed seed: what `make fuzz TARGET=requests` does for as long as one likes,
// here for a few hundred, without a compiler that says which of them reach new code.

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/fuzz/corpus.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/script_mutator.h"
#include "tests/fuzz/targets.h"

namespace council::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kScripts = 200;
constexpr int kMostChanges = 6;

TEST(RequestsTest, NoMadeUpScriptBreaksTheSuite) {
  spdlog::set_level(spdlog::level::err);
  std::vector<std::string> seeds;
  for (const auto& [name, input] : CorpusOf("requests")) seeds.push_back(input);
  ASSERT_FALSE(seeds.empty());
  // What ends the process leaves its script there, for the corpus.
  const fs::path under_way = fs::path(::testing::TempDir()) / absl::StrCat("council-script-", ::getpid());
  std::cout << "the script under way: " << under_way << std::endl;
  std::size_t calls = 0;
  for (unsigned number = 0; number < kScripts; ++number) {
    std::minstd_rand random(number + 1);
    const auto change_a_byte = [&random](const std::string& text) {
      std::string changed = text;
      const std::size_t at = random() % (text.size() + 1);
      const char byte = static_cast<char>(random());
      if (at < text.size() && random() % 2 == 0) {
        changed[at] = byte;
      } else {
        changed.insert(at, 1, byte);
      }
      return changed;
    };
    ScriptMutator mutator(number + 1, change_a_byte);
    std::vector<ScriptCall> script = ParseScript(seeds[number % seeds.size()]);
    for (auto changes = 1 + random() % kMostChanges; changes > 0; --changes) mutator.Mutate(script);
    const std::string text = FormatScript(script);
    std::ofstream(under_way, std::ios::binary) << text;
    Requests(text);
    calls += ParseScript(text).size();
  }
  fs::remove(under_way);
  EXPECT_GT(calls, kScripts) << "scripts that can't be read again show nothing";
}

}  // namespace
}  // namespace council::fuzz
