#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/messagepattern.h>
#include <unicode/unistr.h>

#include <map>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "libs/words/language.h"

namespace council::words {
namespace {

using ::testing::HasSubstr;

std::string Utf8(const icu::UnicodeString& text) {
  std::string utf8;
  return text.toUTF8String(utf8);
}

// What a pattern itself says of its arguments.
struct Used {
  std::set<UMessagePatternArgType> types;
  // The words among which it chooses.
  std::set<std::string> choices;
};

std::map<std::string, Used> ArgumentsOf(const icu::MessagePattern& pattern) {
  std::map<std::string, Used> used;
  std::vector<std::pair<std::string, UMessagePatternArgType>> open;
  for (int32_t i = 0; i < pattern.countParts(); ++i) {
    const icu::MessagePattern::Part& part = pattern.getPart(i);
    switch (part.getType()) {
      case UMSGPAT_PART_TYPE_ARG_START: {
        const std::string name = Utf8(pattern.getSubstring(pattern.getPart(i + 1)));
        used[name].types.insert(part.getArgType());
        open.emplace_back(name, part.getArgType());
        break;
      }
      case UMSGPAT_PART_TYPE_ARG_LIMIT:
        open.pop_back();
        break;
      case UMSGPAT_PART_TYPE_ARG_SELECTOR:
        if (open.back().second == UMSGPAT_ARG_TYPE_SELECT) {
          used[open.back().first].choices.insert(Utf8(pattern.getSubstring(part)));
        }
        break;
      default:
        break;
    }
  }
  return used;
}

// Whether a pattern may use a value of a kind in a way.
bool MayBe(Kind kind, UMessagePatternArgType type) {
  switch (kind) {
    case Kind::kChoice:
      return type == UMSGPAT_ARG_TYPE_SELECT;
    case Kind::kNumber:
      return type == UMSGPAT_ARG_TYPE_PLURAL || type == UMSGPAT_ARG_TYPE_NONE;
    case Kind::kDecimal:
      return type == UMSGPAT_ARG_TYPE_PLURAL || type == UMSGPAT_ARG_TYPE_SIMPLE;
    default:
      return type == UMSGPAT_ARG_TYPE_NONE;
  }
}

// The values that a parameter is tried with. `lists` and `texts` outlive them.
std::vector<Value> ExtremesOf(const Parameter& parameter, const std::set<std::string>& choices) {
  static const std::vector<std::string> texts = {
      "Ann", "", std::string(500, 'x'), "שרה כהן", "محمد", "O'Neil {name} '{' }# %s", "名前 😀"};
  static const std::vector<std::vector<std::string>> lists = {
      {}, {"Ann"}, {"שרה", "{Bob}"}, {"Ann", "", "Cho"}, std::vector<std::string>(20, "Dee")};
  std::vector<Value> values;
  switch (parameter.kind) {
    case Kind::kName:
    case Kind::kText:
      values.assign(texts.begin(), texts.end());
      break;
    case Kind::kNames:
      values.assign(lists.begin(), lists.end());
      break;
    case Kind::kChoice:
      values.assign(choices.begin(), choices.end());
      break;
    case Kind::kNumber:
      for (const int64_t number : {0, 1, 2, 3, 7, 12, 13, 1'000'000}) values.emplace_back(number);
      break;
    case Kind::kDecimal:
      for (const double number : {0.0, 0.04, 1.0, 2.5, -1.5, 1e6}) values.emplace_back(number);
      break;
    case Kind::kMinutes:
      for (const int minutes : {0, 1, 30, 600}) values.emplace_back(absl::Minutes(minutes));
      break;
    default:
      for (const auto& day : {absl::CivilDay(1, 1, 1), absl::CivilDay(2026, 2, 28), absl::CivilDay(9999, 12, 31)}) {
        values.emplace_back(day);
      }
  }
  return values;
}

// What no sentence may have, whatever its values; those are plain words here.
void ExpectReadsWell(const std::string& text, const Sentence& sentence) {
  static const std::regex wrong(
      "[{}]|# |#$|  |^ | $| [.,;:?!%]|[,;][.,;?!]|\\.\\.|\\bnan\\b|\\binf\\b|"
      "(^|[^.,0-9])1 (?!is\\b|has\\b|was\\b|yes\\b|press\\b)[a-z]+s\\b");
  std::smatch found;
  EXPECT_FALSE(std::regex_search(text, found, wrong))
      << sentence.id << ": \"" << text << "\" has \"" << found.str() << '"';
  EXPECT_FALSE(text.empty()) << sentence.id;
}

class EverySentence : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Places, EverySentence, ::testing::Values("C", "de_DE.UTF-8", "en_US.UTF-8", "en_IN"));

TEST(CatalogueTest, NoTwoSentencesHaveOneId) {
  std::set<absl::string_view> ids;
  for (const Sentence& sentence : kCatalogue) EXPECT_TRUE(ids.insert(sentence.id).second) << sentence.id;
}

TEST(CatalogueTest, PatternsTakeTheParametersThatTheyDeclareAndNoOthers) {
  for (const Sentence& sentence : kCatalogue) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::MessagePattern pattern(icu::UnicodeString::fromUTF8(std::string(sentence.pattern)), nullptr, status);
    ASSERT_TRUE(U_SUCCESS(status)) << sentence.id << ": " << u_errorName(status);
    const std::map<std::string, Used> used = ArgumentsOf(pattern);
    EXPECT_EQ(used.size(), sentence.parameter_count) << sentence.id;
    for (const auto& [name, how] : used) {
      const Parameter* parameter = sentence.Find(name);
      ASSERT_NE(parameter, nullptr) << sentence.id << " does not declare " << name;
      for (const UMessagePatternArgType type : how.types) {
        EXPECT_TRUE(MayBe(parameter->kind, type)) << sentence.id << ", " << name;
      }
    }
  }
}

TEST_P(EverySentence, ReadsWellWithExtremeValues) {
  constexpr int kRounds = 200;
  const Language language(GetParam());
  std::mt19937 random(1);
  for (size_t place = 0; place < kCatalogue.size(); ++place) {
    const Sentence& sentence = kCatalogue[place];
    UErrorCode status = U_ZERO_ERROR;
    const icu::MessagePattern pattern(icu::UnicodeString::fromUTF8(std::string(sentence.pattern)), nullptr, status);
    std::map<std::string, Used> used = ArgumentsOf(pattern);
    std::vector<std::vector<Value>> extremes;
    for (size_t i = 0; i < sentence.parameter_count; ++i) {
      const Parameter& parameter = sentence.parameters[i];
      extremes.push_back(ExtremesOf(parameter, used[std::string(parameter.name)].choices));
    }
    for (int round = 0; round < kRounds; ++round) {
      std::vector<NamedValue> values;
      for (size_t i = 0; i < extremes.size(); ++i) {
        values.push_back({sentence.parameters[i].name, extremes[i][random() % extremes[i].size()]});
      }
      std::string text = language.Render(place, values);
      for (const NamedValue& value : values) {
        const auto* given = std::get_if<absl::string_view>(&value.value);
        const bool stands = sentence.Find(value.name)->kind != Kind::kChoice && given != nullptr && !given->empty();
        // As it was given, to the byte. What braces it has are its own.
        if (stands) text = absl::StrReplaceAll(text, {{*given, "Ann"}});
      }
      ExpectReadsWell(absl::StrReplaceAll(text, {{"{Bob}", "Bob"}}), sentence);
      if (HasFailure()) break;
    }
  }
}

TEST(LanguageTest, ValuesComeThroughUnharmed) {
  for (const std::string name :
       {"O'Neil", "{0}", "{name}", "'{'", "a # b", "%s", "שרה כהן", "محمد", "名前 😀", "a\nb"}) {
    EXPECT_EQ(Say<"propose.why.energy">(As<"name">(name)), absl::StrCat("Talks with ", name, " lift you"));
  }
  EXPECT_EQ(Say<"propose.why.energy">(As<"name">("A\xff")), "Talks with A\uFFFD lift you");
}

TEST(LanguageTest, NobodyWithoutANameIsSomeone) {
  EXPECT_EQ(Say<"propose.why.energy">(As<"name">("")), "Talks with someone lift you");
  EXPECT_EQ(Say<"propose.why.reciprocity">(As<"name">(""), As<"way">("received")), "Someone helps you");
}

std::string Introduce(const Language& language, const std::vector<std::string>& names) {
  return language.Say<"step.introduce">(As<"names">(names));
}

TEST(LanguageTest, DaysNumbersAndListsFollowThePlace) {
  const absl::CivilDay day(2026, 12, 7);
  const std::vector<std::string> three = {"Ann", "Bob", "Cho"};
  for (const char* plain : {"", "C", "C.UTF-8", "POSIX", "de", "en_GB.UTF-8", "fr_FR.UTF-8", "xx_YY", "_", "en_"}) {
    const Language language(plain);
    EXPECT_EQ(language.Say<"day.date">(As<"day">(day)), "7 December 2026") << plain;
    EXPECT_EQ(language.Say<"day.weekday">(As<"day">(day)), "Mon 7 Dec") << plain;
    EXPECT_EQ(language.Say<"day.short">(As<"day">(day)), "7 Dec 2026") << plain;
    EXPECT_EQ(Introduce(language, three), "Introduce Ann, Bob and Cho") << plain;
    EXPECT_THAT(language.Say<"balance.reach">(As<"introductions">(1234.5)), HasSubstr("1,234.5")) << plain;
  }
  const Language american("en_US.UTF-8");
  EXPECT_EQ(american.Say<"day.date">(As<"day">(day)), "December 7, 2026");
  EXPECT_EQ(Introduce(american, three), "Introduce Ann, Bob, and Cho");
  EXPECT_THAT(Language("de_DE").Say<"balance.reach">(As<"introductions">(1234.5)), HasSubstr("1.234,5"));
}

TEST(LanguageTest, DaysAreGregorianInEveryYear) {
  EXPECT_EQ(Say<"day.date">(As<"day">(absl::CivilDay(1, 1, 1))), "1 January 1");
  EXPECT_EQ(Say<"day.date">(As<"day">(absl::CivilDay(1582, 10, 4))), "4 October 1582");
  EXPECT_EQ(Say<"day.date">(As<"day">(absl::CivilDay(9999, 12, 31))), "31 December 9999");
  EXPECT_EQ(Say<"day.weekday">(As<"day">(absl::CivilDay(2026, 9, 1))), "Tue 1 Sep");
}

}  // namespace
}  // namespace council::words
