#include "clients/cli/steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "absl/strings/str_split.h"
#include "clients/cli/text.h"
#include "google/protobuf/descriptor.h"
#include "libs/base/proto_time.h"

namespace council::cli {
namespace {

using recommendations::v1::Recommendation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromCivil(absl::CivilSecond(2026, 5, 4, 9, 30, 0), absl::UTCTimeZone());

Step Describe(const Recommendation& recommendation) {
  return DescribeStep(
      recommendation, [](const std::string& id) { return "Name of " + id; }, kNow, absl::UTCTimeZone());
}

TEST(DescribeStep, EachKindSaysWhatToDoWithWhom) {
  const google::protobuf::EnumDescriptor& kinds = *recommendations::v1::RecommendationKind_descriptor();
  std::set<std::string> seen;
  for (int i = 0; i < kinds.value_count(); ++i) {
    Recommendation recommendation;
    recommendation.set_kind(static_cast<recommendations::v1::RecommendationKind>(kinds.value(i)->number()));
    recommendation.add_contact_ids("a");
    recommendation.add_contact_ids("b");
    const std::string what = Describe(recommendation).what;
    EXPECT_THAT(what, HasSubstr("Name of a"));
    EXPECT_TRUE(seen.insert(what).second) << what;
    recommendation.clear_contact_ids();
    EXPECT_FALSE(Describe(recommendation).what.empty());
  }
}

TEST(DescribeStep, AnIntroductionNamesBoth) {
  Recommendation recommendation;
  recommendation.set_kind(recommendations::v1::RECOMMENDATION_KIND_INTRODUCE);
  recommendation.add_contact_ids("a");
  recommendation.add_contact_ids("b");
  EXPECT_EQ(Describe(recommendation).what, "Introduce Name of a and Name of b");
}

TEST(DescribeStep, SaysWhatWasAnswered) {
  Recommendation recommendation;
  EXPECT_EQ(Describe(recommendation).answer, "");
  recommendation.set_response(recommendations::v1::RECOMMENDATION_RESPONSE_DISMISS);
  EXPECT_EQ(Describe(recommendation).answer, "dismissed");
  recommendation.set_response(recommendations::v1::RECOMMENDATION_RESPONSE_SNOOZE);
  *recommendation.mutable_snooze_until() = base::ToProto(kNow + absl::Hours(24 * 14));
  EXPECT_EQ(Describe(recommendation).answer, "snoozed until Mon 18 May");
}

TEST(FewerTexts, NameNoKindThatTellsHowOneFeelsWhereOthersMaySeeTheScreen) {
  google::protobuf::RepeatedPtrField<recommendations::v1::KindAnswers> kinds;
  kinds.Add()->set_kind(recommendations::v1::RECOMMENDATION_KIND_REST);
  kinds.Add()->set_kind(recommendations::v1::RECOMMENDATION_KIND_GIVE_BACK);
  EXPECT_THAT(FewerTexts(kinds, /*discreet=*/false), SizeIs(2));
  EXPECT_THAT(FewerTexts(kinds, /*discreet=*/true), ElementsAre(HasSubstr("give-back")));
}

TEST(SignedPoints, HasItsSignAndNoMinusZero) {
  EXPECT_EQ(SignedPoints(1.24), "+1.2");
  EXPECT_EQ(SignedPoints(-0.36), "−0.4");
  EXPECT_EQ(SignedPoints(-0.04), "0.0");
  EXPECT_EQ(SignedPoints(0), "0.0");
}

TEST(GainText, CallsASmallGainSmall) {
  EXPECT_EQ(GainText(0.8), "+0.8");
  EXPECT_EQ(GainText(0.04), "<0.1");
  EXPECT_EQ(GainText(0.05), "+0.1");
  EXPECT_EQ(GainText(-0.3), "−0.3");
}

TEST(RenderSteps, PutsMinutesAndGainOnTheRight) {
  Terminal terminal;
  terminal.width = 60;
  const std::string text =
      RenderSteps({{"Talk with Hana", "It has been quiet for 229 days, and you mean to talk every 42.", 30, 1.2, ""},
                   {"Introduce Rosa and Tom", "They should meet.", 5, -0.3, "accepted"}},
                  terminal);
  EXPECT_EQ(text,
            "1  Talk with Hana                              30 min   +1.2\n"
            "   It has been quiet for 229 days, and you mean to talk\n"
            "   every 42.\n"
            "2  Introduce Rosa and Tom                       5 min   −0.3\n"
            "   They should meet.\n"
            "   (accepted)\n");
}

RC_GTEST_PROP(RenderSteps, NoLineIsWiderThanTheTerminal, ()) {
  Terminal terminal;
  terminal.width = *rc::gen::inRange(40, 200);
  const auto words = rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                                      "Rosa", " ", "花", "é", "🙂", std::string(90, 'x'))),
                                  [](const std::vector<std::string>& parts) {
                                    std::string text;
                                    for (const std::string& part : parts) text += part;
                                    return text;
                                  });
  std::vector<Step> steps;
  for (int i = 0; i < *rc::gen::inRange(0, 12); ++i) {
    steps.push_back({*words, *words, *rc::gen::inRange(5, 500), *rc::gen::inRange(-99, 99) / 7.0, ""});
  }
  for (const absl::string_view line : absl::StrSplit(RenderSteps(steps, terminal), '\n')) {
    RC_ASSERT(DisplayWidth(std::string(line)) <= terminal.width);
  }
}

}  // namespace
}  // namespace council::cli
