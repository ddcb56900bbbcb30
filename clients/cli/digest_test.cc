#include "clients/cli/digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/html.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A week in which everything is about `name`.
Digest WeekOf(const std::string& name) {
  Digest digest;
  digest.title = "Your council, 4 May to 10 May 2026";
  digest.headline = {"Your council: 79 of 100", "14 seats. Recorded: 100 %."};
  digest.meetings = {{"Tue 5 May 10:00", absl::StrCat(name, " (", name, ")")}};
  digest.unconfirmed = {{"Thu 30 Apr 09:00", name}};
  digest.promises = {{"By Fri 8 May", absl::StrCat("you promised ", name, ": ", name)}};
  digest.steps = {{OneLine(absl::StrCat("Talk with ", name)), OneLine(absl::StrCat("It has been quiet with ", name)),
                   30, 1.24, ""}};
  digest.check_ins = {{"Wed 6 May", name}};
  return digest;
}

size_t CountOf(const std::string& what, const std::string& text) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

// Words of letters, markup, accents, wide characters, controls and broken UTF-8, some of them long.
rc::Gen<std::string> AnyName() {
  const auto parts = rc::gen::element<std::string>("Rosa", " ", "<script>", "&", "\"", "'", "é", "花", "🙂", "\r\n",
                                                   "\xff", "\x1b[31m", std::string(200, 'x'), std::string(200, '"'));
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(parts), [](const std::vector<std::string>& words) {
    std::string name;
    for (const std::string& word : words) name += word;
    return name;
  });
}

TEST(EscapeHtml, LeavesNoMarkup) {
  EXPECT_EQ(EscapeHtml("<script>alert('a & \"b\"')</script>"),
            "&lt;script&gt;alert(&#39;a &amp; &quot;b&quot;&#39;)&lt;/script&gt;");
  EXPECT_EQ(EscapeHtml("Zoë 花 🙂"), "Zoë 花 🙂");
}

TEST(DigestText, NamesEverythingOfTheWeek) {
  const std::string text = RenderDigestText(WeekOf("Hana Satō"));
  EXPECT_EQ(text,
            "Your council, 4 May to 10 May 2026\n"
            "\n"
            "Your council: 79 of 100\n"
            "14 seats. Recorded: 100 %.\n"
            "\n"
            "Meetings\n"
            "  Tue 5 May 10:00: Hana Satō (Hana Satō)\n"
            "\n"
            "Did they take place? council plans\n"
            "  Thu 30 Apr 09:00: Hana Satō\n"
            "\n"
            "Promises\n"
            "  By Fri 8 May: you promised Hana Satō: Hana Satō\n"
            "\n"
            "A step that would help\n"
            "1  Talk with Hana Satō                                     30 min   +1.2\n"
            "   It has been quiet with Hana Satō\n"
            "\n"
            "To talk with, by your own rhythm\n"
            "  Wed 6 May: Hana Satō\n");
}

TEST(Digest, AWeekWithNothingSaysSo) {
  Digest digest;
  digest.title = "Your council, 4 May to 10 May 2026";
  digest.headline = {"Your council: 79 of 100", "14 seats."};
  EXPECT_EQ(RenderDigestText(digest),
            "Your council, 4 May to 10 May 2026\n\nYour council: 79 of 100\n14 seats.\n\nNothing is due this week.\n");
  EXPECT_THAT(RenderDigestHtml(digest), HasSubstr("Nothing is due this week."));
}

TEST(DigestHtml, IsAPageOfItsOwnThatLoadsNothing) {
  const std::string page = RenderDigestHtml(WeekOf("Hana Satō"));
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(page, HasSubstr("<meta charset=\"utf-8\">"));
  for (const char* loads : {"http", "src=", "url(", "<link", "<img", "<script", "color"}) {
    EXPECT_THAT(page, Not(HasSubstr(loads)));
  }
}

TEST(DigestHtml, ShowsMarkupInNamesAsText) {
  const std::string page = RenderDigestHtml(WeekOf("<script>alert(1)</script> & <b>\"Tom\"</b>"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;&quot;Tom&quot;&lt;/b&gt;"));
}

RC_GTEST_PROP(DigestText, NoNameMakesALineWiderThanAMail, ()) {
  const std::string text = RenderDigestText(WeekOf(*AnyName()));
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    RC_ASSERT(DisplayWidth(std::string(line)) <= 72);
    RC_ASSERT(line.find_first_of("\r\x1b\xff") == absl::string_view::npos);
  }
}

RC_GTEST_PROP(DigestHtml, NoNameChangesTheMarkupOrMakesALineLongerThanMailTakes, ()) {
  const std::string page = RenderDigestHtml(WeekOf(*AnyName()));
  const std::string plain = RenderDigestHtml(WeekOf("Rosa"));
  RC_ASSERT(CountOf("<", page) == CountOf("<", plain));
  RC_ASSERT(CountOf(">", page) == CountOf(">", plain));
  for (const absl::string_view line : absl::StrSplit(page, '\n')) RC_ASSERT(line.size() < 998u);
}

}  // namespace
}  // namespace council::cli
