#include "clients/cli/wrapped_output.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

std::string Wrapped(const std::string& text, int width) {
  std::stringbuf to;
  WrappedOutput wrapped(to, width);
  std::ostream(&wrapped) << text << std::flush;
  return to.str();
}

TEST(WrappedOutputTest, ALineGoesOnAtAWordAsFarInAsItBegan) {
  EXPECT_EQ(Wrapped("  Rosa advised you three times\nsince May\n", 16),
            "  Rosa advised\n  you three\n  times\nsince May\n");
  EXPECT_EQ(Wrapped("a  table   row\n", 14), "a  table   row\n");
  EXPECT_EQ(Wrapped("Zieliński 佐藤 花\n", 14), "Zieliński 佐藤\n花\n");
}

TEST(WrappedOutputTest, CodesTakeNoRoomAndAQuestionKeepsItsLastSpace) {
  EXPECT_EQ(Wrapped("\033[1mRosa\033[0m and \033[2mTom\033[0m\n", 12), "\033[1mRosa\033[0m and \033[2mTom\033[0m\n");
  EXPECT_EQ(Wrapped("A seat? ", 20), "A seat? ");
}

TEST(WrappedOutputTest, AWordLongerThanALineIsLeftToTheTerminal) {
  EXPECT_EQ(Wrapped("head: 0123456789abcdef\n", 10), "head:\n0123456789abcdef\n");
}

RC_GTEST_PROP(WrappedOutputTest, NoLineIsTooLongAndNoWordIsLost, ()) {
  const int width = *rc::gen::inRange(12, 60);
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('a', 'z'))));
  std::string text;
  for (const std::string& word : words) text += word.substr(0, 12) + " ";
  const std::string wrapped = Wrapped(text + "\n", width);
  const std::vector<std::string> lines = absl::StrSplit(wrapped, '\n');
  for (const std::string& line : lines) RC_ASSERT(DisplayWidth(line) <= width);
  RC_ASSERT(std::vector<std::string>(absl::StrSplit(wrapped, absl::ByAnyChar(" \n"), absl::SkipEmpty())) ==
            std::vector<std::string>(absl::StrSplit(text, ' ', absl::SkipEmpty())));
}

}  // namespace
}  // namespace council::cli
