#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "clients/cli/discretion.h"
#include "clients/cli/review_html.h"
#include "clients/cli/review_text.h"
#include "clients/cli/review_words.h"
#include "clients/cli/svg_plots.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"

namespace council::cli {
namespace {

using ledger::v1::BENEFIT_DIRECTION_GIVEN;
using ledger::v1::BENEFIT_DIRECTION_RECEIVED;
using recommendations::v1::BalancePoint;
using recommendations::v1::GetReviewResponse;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

google::protobuf::Timestamp On(int year, int month, int day) {
  return base::ToProto(absl::FromCivil(absl::CivilDay(year, month, day), absl::UTCTimeZone()));
}

GetReviewResponse Year(const std::string& last_day, int months) {
  GetReviewResponse review;
  review.set_year(2025);
  review.set_first_day("2025-01-01");
  review.set_last_day(last_day);
  review.set_time_zone("UTC");
  for (int i = 1; i <= months; ++i) {
    review.add_months()->set_month(absl::FormatCivilTime(absl::CivilMonth(2025, i)));
  }
  return review;
}

BalancePoint Balance(double score, double confidence) {
  BalancePoint point;
  point.set_score(score);
  point.set_structure(score + 5);
  point.set_practice(score - 5);
  point.set_confidence(confidence);
  for (int i = 0; i < 9; ++i) point.add_component_values(score / 100);
  return point;
}

// Something of everything: with "rosa", "zoe" and "tom".
GetReviewResponse FullYear() {
  GetReviewResponse review = Year("2025-12-31", 12);
  review.set_talks(5);
  review.set_hours(2.5);
  for (const char* id : {"zoe", "rosa", "tom"}) review.add_met_ids(id);
  review.add_newly_met_ids("zoe");
  review.mutable_months(2)->set_talks(5);
  review.mutable_months(2)->set_people(3);
  review.mutable_months(2)->set_hours(2.5);
  *review.mutable_balance_before() = Balance(40, 0.4);
  for (int i = 0; i < 12; ++i) *review.mutable_months(i)->mutable_balance() = Balance(50 + i, 0.9);
  review.add_joined_ids("zoe");
  review.add_left_ids("tom");
  for (const char* id : {"tom", "rosa"}) {
    review.add_faded()->set_contact_id(id);
    *review.mutable_faded()->rbegin()->mutable_last_time() = On(2025, 3, 3);
  }
  for (const auto direction : {BENEFIT_DIRECTION_GIVEN, BENEFIT_DIRECTION_RECEIVED}) {
    recommendations::v1::BenefitTimes& times = *review.add_benefits();
    times.set_direction(direction);
    times.set_kind(ledger::v1::BENEFIT_KIND_ADVICE);
    times.set_times(direction == BENEFIT_DIRECTION_GIVEN ? 1 : 3);
    recommendations::v1::ReviewIntroduction& introduction = *review.add_introductions();
    introduction.set_direction(direction);
    introduction.set_contact_id("rosa");
    introduction.set_introduced_contact_id("zoe");
    *introduction.mutable_occur_time() = On(2025, 5, 1);
    if (direction == BENEFIT_DIRECTION_RECEIVED) *introduction.mutable_talk_time() = On(2026, 1, 12);
  }
  recommendations::v1::HindsightKind& kind = *review.add_advice();
  kind.mutable_answers()->set_kind(recommendations::v1::RECOMMENDATION_KIND_RECONNECT);
  kind.set_given(4);
  kind.set_followed(3);
  kind.set_measured(3);
  kind.set_mean_expected_gain(1.5);
  kind.set_mean_actual_gain(2);
  return review;
}

std::string NameOfThree(const std::string& id) {
  static const std::map<std::string, std::string> names = {{"rosa", "Rosa"}, {"tom", "Tom"}, {"zoe", "Zoë"}};
  return names.at(id);
}

// On a terminal where no sentence is broken.
std::string TextOf(const GetReviewResponse& review, bool discreet = false) {
  Terminal terminal;
  terminal.width = 120;
  return RenderReviewText(review, NameOfThree, terminal, discreet);
}

size_t CountOf(const std::string& what, const std::string& text) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

// What is wrong with `page` as XML behind its first line; empty where nothing is.
std::string WrongMarkup(const std::string& page) {
  std::vector<std::string> open;
  for (size_t at = page.find('\n'); at < page.size(); ++at) {
    if (page[at] == '&') {
      const size_t end = page.find(';', at);
      if (end == std::string::npos || end - at > 6) return "& of no entity";
    }
    if (page[at] == '>') return "> of no tag";
    if (page[at] != '<') continue;
    const size_t end = page.find('>', at);
    if (end == std::string::npos) return "< of no tag";
    const std::string tag = page.substr(at + 1, end - at - 1);
    if (absl::StrContains(tag, "<") || CountOf("\"", tag) % 2 != 0) return absl::StrCat("tag ", tag);
    at = end;
    if (tag.starts_with("/")) {
      if (open.empty() || open.back() != tag.substr(1)) return absl::StrCat("end of ", tag);
      open.pop_back();
    } else if (!tag.ends_with("/")) {
      open.push_back(tag.substr(0, tag.find(' ')));
    }
  }
  return open.empty() ? "" : absl::StrCat(open.back(), " has no end");
}

TEST(ReviewText, TellsTheYearPeopleByTheirNamesAndFiguresAsTheyAre) {
  const std::string text = TextOf(FullYear());
  EXPECT_THAT(text, ::testing::StartsWith("Your council in 2025\n\nTalks\n"));
  for (const char* line : {
           "You had 5 talks with 3 people, about 2.5 hours.\n",
           "For the first time in your ledger you talked with Zoë.\n",
           "With: Rosa, Tom, Zoë\n",
           "Seats\nJoined: Zoë.\nLeft: Tom.\n",
           "Faded\nBy the end of 2025 you had not been in touch with Rosa since 3 March.\n"
           "By the end of 2025 you had not been in touch with Tom since 3 March.\n",
           "Given once, received 3 times.\n",
           "2 introductions, of which 1 led to a talk.\n",
           "You introduced Zoë to Rosa on 1 May; no talk with both is recorded since.\n",
           "Rosa introduced you to Zoë on 1 May; your first talk with Zoë was on 12 January 2026.\n",
           "The score was 61 of 100 at the end of December; when the year began less than half of it was recorded.\n",
           "Of 4 steps that Council advised you followed 3.\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  // Of what was not recorded nothing is said, of seats it is.
  EXPECT_THAT(text, ::testing::ContainsRegex("size +40 +→ +61 +\\+21"));
  EXPECT_THAT(text, ::testing::ContainsRegex("energy +– +→ +61\n"));
}

TEST(ReviewText, SaysOnceForAYearInWhichNothingIsWritten) {
  EXPECT_EQ(
      TextOf(Year("2025-12-31", 12)),
      "Your council in 2025\nNothing is written down for 2025. council log NAME writes down a talk, council import "
      "brings those of your calendar.\n");
  EXPECT_EQ(CountOf("<p>", RenderReviewHtml(Year("2025-12-31", 12), NameOfThree, false)), 1u);
}

TEST(ReviewText, HasALineForEachSideOfWhichNothingIsKnown) {
  GetReviewResponse review = Year("2025-03-14", 3);
  review.set_talks(1);
  review.set_hours(5.0 / 60);
  review.add_met_ids("rosa");
  review.add_newly_met_ids("rosa");
  const std::string text = TextOf(review);
  for (const char* line : {"Your council in 2025, up to 14 March\n", "You had 1 talk with 1 person, about 5 minutes.\n",
                           "It was the first time in your ledger.\n", "Nobody joined and nobody left.\n",
                           "No tie that was alive when the year began has faded.\n",
                           "Nothing given or received is written down;", "No introduction is written down.\n",
                           "Nobody had a seat at the end of any month:", "No step was advised in 2025;"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  *review.add_faded()->mutable_last_time() = On(2024, 11, 3);
  review.mutable_faded(0)->set_contact_id("tom");
  EXPECT_THAT(TextOf(review), HasSubstr("You have not been in touch with Tom since 3 November 2024.\n"));
}

TEST(ReviewText, ClaimsNoScoreOfWhatIsNotRecorded) {
  GetReviewResponse review = Year("2025-02-10", 2);
  *review.mutable_months(1)->mutable_balance() = Balance(20, 0.4);
  EXPECT_THAT(TextOf(review), AllOf(HasSubstr("Less than half of what the score rests on was recorded on 10 February:"),
                                    Not(HasSubstr("The score was"))));
  *review.mutable_months(1)->mutable_balance() = Balance(20, 0.5);
  EXPECT_THAT(TextOf(review), HasSubstr("The score was 20 of 100 on 10 February.\n"));
  *review.mutable_balance_before() = Balance(30, 0.5);
  review.mutable_balance_before()->set_model_version(1);
  EXPECT_THAT(TextOf(review), AllOf(HasSubstr("The score was 30 of 100 when the year began and 20 on 10 February.\n"),
                                    HasSubstr("It is computed in another way since:")));
}

TEST(Review, HidesScoresWhereOthersMaySeeTheScreen) {
  GetReviewResponse review = FullYear();
  review.add_advice()->mutable_answers()->set_kind(recommendations::v1::RECOMMENDATION_KIND_REST);
  for (const std::string& shown : {TextOf(review, /*discreet=*/true), RenderReviewHtml(review, NameOfThree, true)}) {
    EXPECT_THAT(shown, AllOf(HasSubstr(ScoresHiddenText("review")), HasSubstr("reconnect"), HasSubstr("Zoë")));
    for (const char* hidden : {"of 100", "score ", "+1.5", "+2.0", "energy", "rest"}) {
      EXPECT_THAT(shown, Not(HasSubstr(hidden))) << hidden;
    }
  }
}

TEST(ReviewHtml, IsAWellFormedPageOfItsOwnThatLoadsNothing) {
  const std::string page = RenderReviewHtml(FullYear(), NameOfThree, false);
  EXPECT_EQ(WrongMarkup(page), "");
  EXPECT_THAT(page, AllOf(HasSubstr("<html lang=\"en\">"), HasSubstr("<meta charset=\"utf-8\"/>")));
  for (const char* loads : {"http", "src", "href", "<link", "<img", "<script", "@import", "on=\"", "red"}) {
    EXPECT_THAT(page, Not(::testing::ContainsRegex(absl::StrCat("[^a-z]", loads)))) << loads;
  }
  // Its own hatching is the only thing that it refers to.
  EXPECT_EQ(CountOf("url(", page), CountOf("url(#benefits-hatch)", page));
}

TEST(ReviewHtml, HasAPlotOfEachSideWithItsTitleItsFiguresAndATable) {
  const std::string page = RenderReviewHtml(FullYear(), NameOfThree, false);
  const size_t plots = CountOf("<svg", page);
  EXPECT_EQ(plots, 2u + 1 + 1 + 9) << "talks and hours, benefits, the score, nine sides";
  for (const char* once_each : {"role=\"img\"", "<desc id=", "<figcaption>"})
    EXPECT_EQ(CountOf(once_each, page), plots);
  EXPECT_EQ(CountOf("<title", page), plots + 1);
  EXPECT_EQ(CountOf("<table>", page), 5u);
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">March</th><td>5</td><td>3</td><td>2.5</td>"));
  for (const char* side : kComponentNames) EXPECT_THAT(page, HasSubstr(absl::StrCat("id=\"side-", side, "-title\"")));
}

TEST(ReviewWords, PeopleStandInTheOrderOfTheirNames) {
  GetReviewResponse review;
  for (const char* id : {"zoe", "tom", "rosa"}) review.add_met_ids(id);
  EXPECT_THAT(SortedNames(review.met_ids(), NameOfThree), ElementsAre("Rosa", "Tom", "Zoë"));
}

TEST(SvgPlots, TakeAnyFigures) {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const PlotHead head = {.id = "a", .title = "<b>", .description = "1 & 2"};
  std::vector<PlotPoint> points = {{"a", -5}, {"b", std::nullopt}, {"c", 1000}, {"d", nan}};
  for (const std::string& plot :
       {BarPlot(head, {}), BarPlot(head, {{"a", -1, "-1"}, {"b", inf, "∞"}, {"c", nan, "?"}, {"d", 0, "0"}}),
        PairPlot(head, "one", "two", {}), PairPlot(head, "one", "two", {{"a", -1, 0}, {"b", 2'000'000'000, 1}}),
        LinePlot(head, {}, PlotSize::kFull), LinePlot(head, {{"a", 5}}, PlotSize::kSmall),
        LinePlot(head, points, PlotSize::kFull)}) {
    EXPECT_EQ(WrongMarkup(absl::StrCat("\n", plot)), "") << plot;
    EXPECT_THAT(plot, AllOf(Not(HasSubstr("nan")), Not(HasSubstr("inf")), HasSubstr("&lt;b&gt;")));
  }
}

// Words of letters, markup, accents, wide characters, controls and broken UTF-8, some of them long.
rc::Gen<std::string> AnyName() {
  const auto parts = rc::gen::element<std::string>("Rosa", " ", "<b>", "</p>", "&", "\"", "'", "é", "花", "🙂",
                                                   "\r\n", "\xff", "\x1b[31m", "\x01", std::string(200, 'x'));
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(parts), [](const std::vector<std::string>& words) {
    std::string name;
    for (const std::string& word : words) name += word;
    return name;
  });
}

RC_GTEST_PROP(ReviewText, NoNameMakesALineWiderThanTheTerminal, ()) {
  const std::string name = *AnyName();
  Terminal terminal;
  terminal.width = *rc::gen::inRange(70, 120);
  const std::string text = RenderReviewText(
      FullYear(), [&name](const std::string&) { return name; }, terminal, false);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    RC_ASSERT(DisplayWidth(std::string(line)) <= terminal.width);
    RC_ASSERT(line.find_first_of("\r\x1b\x01\xff") == absl::string_view::npos);
  }
}

RC_GTEST_PROP(ReviewHtml, NoNameChangesTheMarkup, ()) {
  const std::string name = *AnyName();
  const std::string page = RenderReviewHtml(
      FullYear(), [&name](const std::string&) { return name; }, false);
  RC_ASSERT(WrongMarkup(page).empty());
  RC_ASSERT(CountOf("<", page) == CountOf("<", RenderReviewHtml(FullYear(), NameOfThree, false)));
  RC_ASSERT(page.find_first_of("\r\x1b\x01\xff") == std::string::npos);
}

}  // namespace
}  // namespace council::cli
