// What others ask for touches no key of Ada's in Redis.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/isolation/scene.h"
#include "tests/support/process.h"

namespace council::test {
namespace {

using nlohmann::json;
using ::testing::SizeIs;

class CacheIsolationTest : public ::testing::Test {
 protected:
  // The keys in Redis by what comes before "}:", which is the owner's, and what comes after it.
  std::map<std::string, std::set<std::string>> Keys() const {
    std::map<std::string, std::set<std::string>> keys;
    for (const absl::string_view key :
         absl::StrSplit(scene_.suite().redis.Run({"KEYS", "*"}), '\n', absl::SkipEmpty())) {
      // By which a service sees that it is told of changes; of nobody.
      if (absl::StartsWith(key, "council:probe:")) continue;
      const std::pair<std::string, std::string> parts = absl::StrSplit(key, absl::MaxSplits("}:", 1));
      keys[parts.first].insert(parts.second);
    }
    return keys;
  }

  // The keys once so many owners have a balance there, and the revisions that it is of: they are written in passing.
  std::map<std::string, std::set<std::string>> KeysOf(size_t owners) const {
    for (const absl::Time end = absl::Now() + absl::Seconds(20); absl::Now() < end;) {
      auto keys = Keys();
      const auto complete = [](const auto& of_owner) { return of_owner.second.size() == 3; };
      if (keys.size() == owners && std::all_of(keys.begin(), keys.end(), complete)) return keys;
    }
    return Keys();
  }

  json BalanceOf(const Person& person) const {
    const json fresh = {{"atLeastAsFresh",
                         {scene_.front().Get(person.header, "ContactsService.GetRevision", json::object())["token"]}}};
    return scene_.front().Get(person.header, "RecommendationsService.GetCouncilBalance", fresh)["balance"];
  }

  const Scene scene_{nullptr};
};

TEST_F(CacheIsolationTest, EachOwnersKeysAreTheirOwn) {
  const auto before = KeysOf(1);
  ASSERT_THAT(before, SizeIs(1));
  const std::string tag_of_ada = before.begin()->first;
  EXPECT_TRUE(absl::StartsWith(tag_of_ada, "council:{")) << tag_of_ada;

  const Twins others = scene_.Settled("a colleague, and the same subject of another tenant",
                                      scene_.issuer().Token("acme", "eve"), scene_.issuer().Token("globex", "ada"));
  const auto keys = KeysOf(3);
  ASSERT_THAT(keys, SizeIs(3)) << "two of the same name in two tenants are two";
  for (const auto& [tag, of_owner] : keys) EXPECT_EQ(of_owner, before.begin()->second) << tag;

  auto monitor = Process::Start({.command = {"redis-cli", "-p", absl::StrCat(scene_.suite().redis.port()), "MONITOR"}});
  ASSERT_TRUE(monitor.ok()) << monitor.status();
  ASSERT_TRUE((*monitor)->WaitForLine("OK").ok());
  for (const Person* other : {&others.one, &others.other}) {
    scene_.front().Get(other->header, "RecommendationsService.GetCouncilBalance", json::object());
    const json tokens = {scene_.ada().values.at("contacts_token")};
    scene_.front().Ask(other->header, "RecommendationsService.GetCouncilBalance",
                       json({{"atLeastAsFresh", tokens}}).dump());
    scene_.front().Get(other->header, "ContactsService.UnseatContact", {{"contactId", other->values.at("mine")}});
    EXPECT_EQ(BalanceOf(*other)["seats"], 3);
    scene_.front().Get(other->header, "RecommendationsService.EraseOwner", {{"confirmation", "erase all my data"}});
  }
  scene_.suite().redis.Run({"ECHO", "all is asked"});
  ASSERT_TRUE((*monitor)->WaitForLine("all is asked").ok());
  size_t of_others = 0;
  for (const absl::string_view line : absl::StrSplit((*monitor)->output(), '\n')) {
    for (const auto& [tag, of_owner] : keys) of_others += tag != tag_of_ada && absl::StrContains(line, tag) ? 1 : 0;
    EXPECT_FALSE(absl::StrContains(line, tag_of_ada)) << line;
  }
  EXPECT_GT(of_others, 0);
  EXPECT_EQ(BalanceOf(scene_.ada())["seats"], 4);
}

}  // namespace
}  // namespace council::test
