#include "clients/cli/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "clients/cli/bars.h"
#include "clients/cli/table.h"

namespace council::cli {
namespace {

Terminal TerminalOfWidth(int width) {
  Terminal terminal;
  terminal.width = width;
  return terminal;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// Texts of letters, spaces, accents, wide characters and broken UTF-8.
rc::Gen<std::string> AnyText() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                          "a", "B", " ", "é", "e\u0301", "ß", "花", "🙂", "\xff", "\t", "…", "word", "\x1b[31m")),
                      [](const std::vector<std::string>& parts) {
                        std::string text;
                        for (const std::string& part : parts) text += part;
                        return text;
                      });
}

TEST(Fold, ForgetsCaseAccentsAndSpareSpace) {
  EXPECT_EQ(Fold("  Tomasz  Zieliński "), "tomasz zielinski");
  EXPECT_EQ(Fold("Søren ØSTERGÅRD"), "soren ostergard");
  EXPECT_EQ(Fold("Nguyễn Thị Mai"), "nguyen thi mai");
  EXPECT_EQ(Fold("佐藤 花"), "佐藤 花");
  EXPECT_EQ(Fold(""), "");
}

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth("Rosa"), 4);
  EXPECT_EQ(DisplayWidth("Satō"), 4);
  EXPECT_EQ(DisplayWidth("佐藤"), 4);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
}

TEST(Truncate, EndsInAnEllipsisOnlyWhereSomethingIsCut) {
  EXPECT_EQ(Truncate("Rosa", 4), "Rosa");
  EXPECT_EQ(Truncate("Rosa Lindqvist", 6), "Rosa…");
  EXPECT_EQ(Truncate("佐藤花子", 4), "佐…");
}

RC_GTEST_PROP(Truncate, NeverGivesMoreColumnsThanAsked, ()) {
  const std::string text = *AnyText();
  const int columns = *rc::gen::inRange(1, 40);
  RC_ASSERT(DisplayWidth(Truncate(text, columns)) <= columns);
}

TEST(Wrap, BreaksAtSpacesAndLongWordsAnywhere) {
  EXPECT_EQ(Wrap("fourteen seats, one lapsed", 14), (std::vector<std::string>{"fourteen", "seats, one", "lapsed"}));
  EXPECT_EQ(Wrap("abcdefghij", 4), (std::vector<std::string>{"abcd", "efgh", "ij"}));
  EXPECT_EQ(Wrap("", 10), std::vector<std::string>{""});
  EXPECT_EQ(Wrap("Recorded: 65\u00a0%", 13), (std::vector<std::string>{"Recorded:", "65\u00a0%"}));
  EXPECT_EQ(DisplayWidth("65\u00a0%"), 4);
}

TEST(ShellWord, IsReadByAShellAsWhatItWas) {
  EXPECT_EQ(ShellWord("Satō"), "Satō");
  EXPECT_EQ(ShellWord("rosa@lindqvist.example"), "rosa@lindqvist.example");
  std::string command = "printf '%s\n'";
  std::string texts;
  for (const char* text :
       {"Tom Baker", "O'Neil", "\"T\"", "$HOME", "`id`", "a\\b", "*", "~", "", "#", "a;b", "=ls", "!x"}) {
    command += " " + ShellWord(text);
    texts += std::string(text) + "\n";
  }
  FILE* shell = popen(command.c_str(), "r");
  ASSERT_NE(shell, nullptr);
  std::string read(2 * texts.size(), '\0');
  read.resize(fread(read.data(), 1, read.size(), shell));
  EXPECT_EQ(pclose(shell), 0);
  EXPECT_EQ(read, texts);
}

RC_GTEST_PROP(Wrap, LosesNothingAndKeepsToTheWidth, ()) {
  const std::string text = *AnyText();
  const int columns = *rc::gen::inRange(2, 30);
  std::string joined;
  for (const std::string& line : Wrap(text, columns)) {
    RC_ASSERT(DisplayWidth(line) <= columns);
    joined += line;
  }
  const auto without_spaces = [](std::string s) {
    std::erase(s, ' ');
    return s;
  };
  RC_ASSERT(without_spaces(joined) == without_spaces(text));
}

TEST(OneLine, LetsNobodySteerTheTerminal) {
  EXPECT_EQ(OneLine("red\x1b[31m and\r\nnext"), "red [31m and next");
  EXPECT_EQ(OneLine("\xff"), "\uFFFD");
}

TEST(JoinWords, ReadsAsASentence) {
  EXPECT_EQ(JoinWords({}), "");
  EXPECT_EQ(JoinWords({"Rosa"}), "Rosa");
  EXPECT_EQ(JoinWords({"Rosa", "Tom", "Ann"}), "Rosa, Tom and Ann");
  EXPECT_EQ(Count(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(Count(2, "entry", "entries"), "2 entries");
}

TEST(Bar, FillsInEighths) {
  EXPECT_EQ(Bar(0, 4), "░░░░");
  EXPECT_EQ(Bar(1, 4), "████");
  EXPECT_EQ(Bar(0.5, 4), "██░░");
  EXPECT_EQ(Bar(0.40625, 4), "█▋░░");
  EXPECT_EQ(Bar(7, 2), "██");
  EXPECT_EQ(Bar(std::nan(""), 2), "░░");
}

RC_GTEST_PROP(Bar, HasTheWidthThatWasAsked, ()) {
  const int columns = *rc::gen::inRange(1, 60);
  const double value = *rc::gen::inRange(-100, 300) / 200.0;
  RC_ASSERT(DisplayWidth(Bar(value, columns)) == columns);
}

TEST(Table, CutsTheWidestFlexibleColumn) {
  Table table({{"#", Table::kRight}, {"whom", Table::kFlexible}, {"when"}});
  table.Add({"7", "Miguel Ferreira da Costa", "yesterday"});
  table.Add({"12", "Ana", "today"});
  EXPECT_EQ(table.Render(TerminalOfWidth(28)),
            " #  whom           when\n"
            " 7  Miguel Ferre…  yesterday\n"
            "12  Ana            today\n");
}

TEST(Table, CutsNamesLast) {
  Table table({{"name", Table::kName}, {"title", Table::kFlexible}});
  table.Add({"Miguel Ferreira da Costa", "Lead Data Scientist"});
  EXPECT_EQ(table.Render(TerminalOfWidth(40)),
            "name                      title\nMiguel Ferreira da Costa  Lead Data Sci…\n");
  EXPECT_EQ(table.Render(TerminalOfWidth(24)), "name              title\nMiguel Ferreira…  Lead…\n");
}

TEST(Table, SetsColumnsBelowTheirRowRatherThanCutNames) {
  Table table({{"name", Table::kName},
               {"e-mail", Table::kFlexible, Table::kBelowIfNarrow},
               {"last talk"},
               {"given", Table::kRight, Table::kBelowIfNarrow}});
  table.Add({"Miguel Ferreira da Costa", "miguel@example.com", "yesterday", "3"});
  table.Add({"Rosa", "", "today", "–"});
  EXPECT_EQ(table.Render(TerminalOfWidth(56)),
            "name                      e-mail        last talk  given\n"
            "Miguel Ferreira da Costa  miguel@exam…  yesterday      3\n"
            "Rosa                                    today          –\n");
  EXPECT_EQ(table.Render(TerminalOfWidth(55)),
            "name                      last talk\n"
            "Miguel Ferreira da Costa  yesterday\n"
            "      miguel@example.com · 3 given\n"
            "Rosa                      today\n");
}

TEST(Table, SetsDetailsBelowTheirRow) {
  Table table({{"whom"}, {"when"}});
  table.Add({"Rosa", "today"});
  table.AddDetail("received advice. We spoke about pricing, again");
  table.Add({"Tom", "today"});
  EXPECT_EQ(table.Render(TerminalOfWidth(40)),
            "whom  when\nRosa  today\n      received advice. We spoke about\n      pricing, again\nTom   today\n");
}

TEST(Table, LeavesOutColumnsThatNobodyFills) {
  Table table({{"name"}, {"title"}, {"talks", Table::kRight}});
  table.Add({"Rosa", "", "3"});
  EXPECT_EQ(table.Render(TerminalOfWidth(80)), "name  talks\nRosa      3\n");
}

RC_GTEST_PROP(Table, FitsTheTerminalWhateverIsInIt, ()) {
  Table table({{"a", Table::kFlexible}, {"b", Table::kName}, {"c", Table::kFlexible, Table::kBelowIfNarrow}});
  const auto rows = *rc::gen::container<std::vector<std::vector<std::string>>>(
      rc::gen::container<std::vector<std::string>>(3, AnyText()));
  for (const auto& row : rows) table.Add(row);
  const int width = *rc::gen::inRange(40, 120);
  for (const std::string& line : LinesOf(table.Render(TerminalOfWidth(width)))) RC_ASSERT(DisplayWidth(line) <= width);
}

}  // namespace
}  // namespace council::cli
