// What an ordinary week asks of the command line: people before talks, promises, screens that others see.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "tests/cli/cli_fixtures.h"

namespace council::test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class WeekTest : public CliTest {};

TEST_F(WeekTest, APromiseIsMadeListedAndDone) {
  Add("Rosa Lindqvist");
  Add("Tom Baker");
  const CommandResult made = council_.Run({"promise", "rosa", "the paper on pricing", "--by", "tomorrow"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, StartsWith("You promised Rosa Lindqvist: the paper on pricing, by tomorrow"));
  Expect(0, {"promise", "tom", "an introduction to Ida", "--theirs"});

  const CommandResult listed = council_.Run({"promises"});
  EXPECT_THAT(listed.out, AllOf(HasSubstr("1  You promised Rosa Lindqvist: the paper on pricing"),
                                HasSubstr("2  Tom Baker promised you: an introduction to Ida")));
  EXPECT_THAT(council_.Run({}).out, HasSubstr("You promised Rosa Lindqvist: the paper on pricing, by tomorrow"));
  EXPECT_THAT(council_.Run({"show", "rosa"}).out, HasSubstr("the paper on pricing"));
  EXPECT_THAT(council_.Run({"promises", "tom"}).out, Not(HasSubstr("Rosa")));

  EXPECT_EQ(council_.Run({"promises"}).code, 0);
  const CommandResult done = council_.Run({"done", "1"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, StartsWith("Done: You promised Rosa Lindqvist"));
  EXPECT_THAT(council_.Json({"promises"})["promises"], SizeIs(1));
  EXPECT_THAT(council_.Json({"promises", "--all"})["promises"], SizeIs(2));
  Expect(0, {"undo"});
  EXPECT_THAT(council_.Json({"promises"})["promises"], SizeIs(2)) << "undo opens it again";
}

TEST_F(WeekTest, APromiseIsNoTalkButMovesTheReminder) {
  Add("Rosa");
  Expect(0, {"promise", "rosa", "the paper"});
  const nlohmann::json tie = council_.Json({"ties", "rosa"})["ties"][0];
  EXPECT_EQ(tie["entries"], "1");
  EXPECT_EQ(tie["touches"], "0");
}

TEST_F(WeekTest, WhatIsWrongWithAPromiseIsSaid) {
  Add("Rosa");
  EXPECT_EQ(council_.Run({"promise", "rosa", "the paper", "--by", "someday"}).code, 2);
  EXPECT_EQ(council_.Run({"promise", "rosa"}).code, 2);
  EXPECT_EQ(council_.Run({"done", "1"}).code, 3);
  EXPECT_EQ(council_.Run({"done", "no-such-promise"}).code, 3);
  EXPECT_EQ(council_.Run({"promise", "nobody", "the paper"}).code, 3);
}

TEST_F(WeekTest, APersonIsShownWithWhatMattersBeforeATalk) {
  Expect(0, {"contacts", "add", "Rosa Lindqvist", "--title", "Head of Pricing", "--org", "Norr AB", "--how-met",
             "at a fair", "--notes", "plays the cello"});
  Expect(0, {"seat", "rosa", "--as", "mentor", "--every", "6w"});
  for (const char* day : {"3d", "30d", "60d"}) {
    Expect(0, {"log", "rosa", "pricing", "--on", day, "--received", "advice", "--energy", "good"});
  }
  const CommandResult shown = council_.Run({"show", "rosa"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  for (const char* part :
       {"Rosa Lindqvist · Head of Pricing · Norr AB", "met: at a fair", "Seat: mentor · every 6 weeks · next about",
        "3 talks", "Rosa Lindqvist advised you three times", "You received advice 3 times", "pricing",
        "plays the cello"}) {
    EXPECT_THAT(shown.out, HasSubstr(part));
  }
  EXPECT_EQ(council_.Json({"show", "rosa"})["tie"]["touches"], "3");
  EXPECT_EQ(council_.Run({"show", "nobody"}).code, 3);
}

TEST_F(WeekTest, PrepIsShortAndTakesSeveral) {
  Add("Rosa");
  Add("Tom");
  Expect(0, {"log", "rosa", "pricing", "--on", "3d"});
  const CommandResult prep = council_.Run({"prep", "rosa,tom"});
  EXPECT_EQ(prep.code, 0) << prep.err;
  EXPECT_THAT(prep.out,
              AllOf(ContainsRegex("Rosa\n  Last: .*pricing"), HasSubstr("Tom\n  Nothing is written down yet.")));
  EXPECT_THAT(council_.Json({"prep", "rosa,tom"})["people"], SizeIs(2));
  const CommandResult next = council_.Run({"prep"});
  EXPECT_EQ(next.code, 3) << next.out;
  EXPECT_THAT(next.err, HasSubstr("no meeting is planned"));
}

TEST_F(WeekTest, TheDigestAsksForNobodyTwice) {
  for (const char* name : {"Rosa", "Tom"}) {
    Add(name);
    Expect(0, {"seat", name, "--every", "2w", "--since", "100d"});
  }
  Expect(0, {"log", "rosa", "--on", "40d", "--depth", "conversation"});
  // Due in the coming days, and no step yet.
  Expect(0, {"log", "tom", "--on", "12d", "--depth", "conversation"});
  const nlohmann::json digest = council_.Json({"digest"});
  ASSERT_THAT(digest["recommendations"], SizeIs(1)) << digest;
  EXPECT_EQ(digest["recommendations"][0]["kind"], "RECOMMENDATION_KIND_RECONNECT");
  ASSERT_THAT(digest["checkIns"], SizeIs(1)) << digest;
  EXPECT_NE(digest["checkIns"][0]["contactId"], digest["recommendations"][0]["contactIds"][0]);
  // Both are in the calendar.
  EXPECT_THAT(council_.Json({"calendar", "--weeks=2"})["checkIns"], SizeIs(2));
}

TEST_F(WeekTest, StartWithoutATerminalSaysWhatToRunInstead) {
  const CommandResult start = council_.Run({"start"});
  EXPECT_EQ(start.code, 2) << start.out;
  EXPECT_THAT(start.err, AllOf(HasSubstr("council import"), HasSubstr("council propose"), HasSubstr("council seat")));
}

TEST_F(WeekTest, WhereOthersSeeTheScreenNoNoteEnergyOrScoreIsOnIt) {
  Expect(0, {"contacts", "add", "Rosa", "--notes", "planted-secret", "--title", "Head"});
  Expect(0, {"contacts", "add", "Tom", "--email", "tom@example.com"});
  for (const char* name : {"rosa", "tom"}) Expect(0, {"seat", name, "--as", "mentor", "--every", "2w"});
  for (const char* day : {"3d", "9d", "20d", "40d"}) {
    Expect(0, {"log", "rosa", "planted-secret", "--on", day, "--energy", "drained", "--depth", "update"});
    Expect(0, {"log", "tom", "planted-secret", "--on", day, "--energy", "energized"});
  }
  const std::vector<std::vector<std::string>> screens = {
      {},
      {"contacts"},
      {"show", "rosa"},
      {"prep", "rosa,tom"},
      {"seat"},
      {"talks"},
      {"talks", "--all"},
      {"ties"},
      {"correct", "last", "--energy", "tired", "--note", "planted-secret-2"},
      {"plans"},
      {"promises"},
      {"advice"},
      {"advice", "--all"},
      {"balance"},
      {"balance", "--explain", "energy"},
      {"history"},
      {"hindsight"},
      {"review"},
      {"introductions"},
      {"digest"},
      {"digest", "--html"},
      {"propose"},
      {"try", "--drop", "rosa"},
      {"settings"},
      {"access"},
      {"verify"}};
  const std::regex told(
      "planted-secret|drain|tired|tiring|less often|KIND_REST|energiz(ed|ing)|[0-9] points?\\b|[Bb]alance "
      "[0-9]|[Ss]core [0-9]");
  for (const std::vector<std::string>& screen : screens) {
    for (const bool json : {false, true}) {
      std::vector<std::string> arguments = screen;
      arguments.emplace_back("--discreet");
      if (json) arguments.emplace_back("--output=json");
      const CommandResult result = council_.Run(arguments);
      std::smatch found;
      EXPECT_FALSE(std::regex_search(result.out, found, told))
          << testing::PrintToString(arguments) << " told \"" << found.str() << "\":\n"
          << result.out;
      if (json) {
        EXPECT_THAT(result.out, Not(HasSubstr("\"score\""))) << testing::PrintToString(arguments);
      }
    }
  }
}

TEST_F(WeekTest, TheSettingIsDiscreetToo) {
  Add("Rosa");
  Expect(0, {"log", "rosa", "planted-secret"});
  EXPECT_THAT(council_.Run({"talks"}).out, HasSubstr("planted-secret"));
  Expect(0, {"settings", "--screen", "discreet"});
  EXPECT_THAT(council_.Run({"talks"}).out, Not(HasSubstr("planted-secret")));
  EXPECT_THAT(council_.Run({"talks", "--no-discreet"}).out, HasSubstr("planted-secret"));
}

}  // namespace
}  // namespace council::test
