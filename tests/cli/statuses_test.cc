// How one stands to people, on the command line: pauses, partings, and contacts that become fewer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "tests/cli/cli_fixtures.h"

namespace council::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class StatusesTest : public CliTest {
 protected:
  // What a command that ends well prints.
  std::string Out(const std::vector<std::string>& arguments) {
    const CommandResult result = council_.Run(arguments);
    EXPECT_EQ(result.code, 0) << arguments[0] << ":\n" << result.err;
    return result.out;
  }

  // The day that a text says the next talk is about; empty where it says none.
  static std::string NextIn(const std::string& text) {
    static const auto* const kNext =
        new std::regex("next about (today|tomorrow|[A-Z][a-z]{2} \\d+ [A-Z][a-z]{2}|\\d+ [A-Z][a-z]{2} \\d{4})");
    std::smatch match;
    return std::regex_search(text, match, *kNext) ? match[1].str() : "";
  }
};

TEST_F(StatusesTest, AChangeOfStatusSaysWhatItMeans) {
  Add("Rosa");
  Expect(0, {"seat", "rosa", "--as=mentor,sponsor", "--domain=career", "--every=6w", "--at-most=63d"});
  EXPECT_EQ(Out({"contacts", "edit", "rosa", "--status=no-contact"}),
            "Rosa leaves your council; what you shared stays.\n");
  Expect(1, {"seat", "rosa"});
  EXPECT_EQ(Out({"contacts", "edit", "rosa", "--status=deceased", "--title=Head"}),
            "Rosa: title changed.\nRosa is left out of what is to come; what you shared stays.\n");
  EXPECT_EQ(Out({"contacts", "edit", "rosa", "--status=active"}),
            "Rosa is active again; council seat Rosa gives a seat.\n");

  Expect(0, {"seat", "rosa", "--as=mentor,sponsor", "--domain=career", "--every=6w", "--at-most=63d"});
  Expect(0, {"contacts", "edit", "rosa", "--status=no-contact"});
  EXPECT_EQ(Out({"contacts", "edit", "rosa", "--status=active"}),
            "Rosa is active again. Rosa had a seat as mentor and sponsor, every 6 weeks; council seat Rosa --as "
            "mentor,sponsor --domain career --every 6w --at-most 9w gives it back.\n");
}

TEST_F(StatusesTest, APauseTakesWordsForItsDayAndNoDayThatHasCome) {
  Add("Rosa");
  EXPECT_THAT(Out({"contacts", "edit", "rosa", "--paused-until=6w"}), HasSubstr("Rosa is left alone until "));
  EXPECT_EQ(council_.Json({"contacts"})["contacts"][0]["status"], "CONTACT_STATUS_PAUSED");
  EXPECT_THAT(Out({"contacts"}), AllOf(HasSubstr("status"), HasSubstr("paused until ")));
  EXPECT_THAT(Out({"show", "rosa"}), HasSubstr("paused until "));
  EXPECT_EQ(Out({"contacts", "edit", "rosa", "--paused-until", "tomorrow"}), "Rosa is left alone until tomorrow.\n");
  for (const char* day : {"2020-01-31", "today", "yesterday", "someday"}) {
    const CommandResult result = council_.Run({"contacts", "edit", "rosa", "--paused-until", day});
    EXPECT_EQ(result.code, 2) << result.out;
    EXPECT_THAT(result.err, HasSubstr("paused_until: ")) << day;
  }
  EXPECT_EQ(Out({"contacts", "edit", "rosa", "--status=active"}), "Rosa is active again.\n");
  EXPECT_THAT(Out({"contacts"}), Not(HasSubstr("status"))) << "nobody's says anything";
  EXPECT_EQ(Out({"contacts", "edit", "rosa", "--status=paused"}),
            "Rosa is left alone until you say --status active.\n");

  Expect(0, {"contacts", "edit", "rosa", "--status=deceased"});
  Expect(2, {"contacts", "edit", "rosa", "--paused-until=6w"});
  EXPECT_EQ(council_.Json({"contacts"})["contacts"][0]["status"], "CONTACT_STATUS_DECEASED") << "no day revives";
}

TEST_F(StatusesTest, TheNextTalkIsAboutOneDayWhereverItIsSaid) {
  Add("Rosa");
  Expect(0, {"seat", "rosa", "--as=mentor"});
  for (const char* day : {"38d", "28d", "18d"}) Expect(0, {"log", "rosa", "--on", day});
  // The rhythm is that of the past gaps, since none was set.
  const std::string next = NextIn(Out({"log", "rosa", "--on=8d"}));
  EXPECT_THAT(next, Not(IsEmpty()));
  EXPECT_EQ(NextIn(Out({"show", "rosa"})), next);
  EXPECT_THAT(Out({"seat"}), HasSubstr(next));
  EXPECT_EQ(NextIn(Out({"seat", "rosa", "--as=mentor"})), next);

  const std::string until = Out({"contacts", "edit", "rosa", "--paused-until=20d"});
  const std::string paused = NextIn(Out({"log", "rosa", "--on=7d"}));
  EXPECT_EQ(until, "Rosa is left alone until " + paused + ".\n");
  EXPECT_EQ(NextIn(Out({"show", "rosa"})), paused);
  EXPECT_THAT(Out({"seat"}), HasSubstr(paused));
  EXPECT_EQ(NextIn(Out({"seat", "rosa", "--as=mentor"})), paused);

  Expect(0, {"contacts", "edit", "rosa", "--status=active"});
  Expect(0, {"contacts", "edit", "rosa", "--status=paused"});
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"log", "rosa", "--on=90d"}, {"show", "rosa"}, {"seat", "rosa", "--as=mentor"}}) {
    EXPECT_EQ(NextIn(Out(command)), "") << command[0];
  }
}

TEST_F(StatusesTest, OfWhoHasDiedTheHistoryIsToldAndNothingThatIsToCome) {
  Add("Rosa");
  Expect(0, {"seat", "rosa", "--as=mentor", "--every=2w"});
  for (const char* day : {"3d", "30d", "60d"}) Expect(0, {"log", "rosa", "pricing", "--on", day, "--received=advice"});
  Expect(0, {"promise", "rosa", "the paper"});
  EXPECT_THAT(Out({"show", "rosa"}), AllOf(HasSubstr("Seat:"), HasSubstr("the paper")));
  Expect(0, {"contacts", "edit", "rosa", "--status=deceased"});

  const std::string shown = Out({"show", "rosa"});
  EXPECT_THAT(shown, AllOf(HasSubstr("Rosa · has died"), HasSubstr("3 talks, the first in "), HasSubstr("pricing"),
                           HasSubstr("You received advice 3 times")));
  EXPECT_THAT(shown, AllOf(Not(HasSubstr("likely")), Not(HasSubstr("Promises")), Not(HasSubstr("Seat:")),
                           Not(HasSubstr("next about")), Not(HasSubstr("Worth a word"))));
  EXPECT_THAT(council_.Json({"show", "rosa"})["promises"], IsEmpty());
  EXPECT_THAT(Out({"prep", "rosa"}), AllOf(HasSubstr("Rosa · has died"), Not(HasSubstr("Promises"))));
  EXPECT_THAT(Out({"contacts"}), HasSubstr("has died"));
}

TEST_F(StatusesTest, PromisesRestWithWhomNoContactIsWantedAndStayWithTheOthers) {
  Add("Rosa");
  Add("Tom");
  Expect(0, {"promise", "rosa", "the paper", "--by=tomorrow"});
  Expect(0, {"promise", "rosa,tom", "the minutes", "--by=tomorrow"});
  Expect(0, {"contacts", "edit", "rosa", "--status=no-contact"});
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{}, {"digest"}}) {
    EXPECT_THAT(council_.Run(command).out,
                AllOf(HasSubstr("ou promised Tom: the minutes"), Not(HasSubstr("the paper")), Not(HasSubstr("Rosa"))));
  }
  EXPECT_THAT(Out({"promises"}), AllOf(HasSubstr("the minutes"), Not(HasSubstr("the paper"))));
  EXPECT_THAT(council_.Json({"promises"})["promises"], SizeIs(1));
  EXPECT_THAT(Out({"promises", "--all"}), AllOf(HasSubstr("the minutes"), HasSubstr("the paper")));
}

TEST_F(StatusesTest, AllWhoAreSurelyOnePersonAreMergedAtOnceAndKeepTheirStatus) {
  Add("Rosa Lindqvist", "rosa@lindqvist.example");
  Expect(0, {"contacts", "add", "Lindqvist, Rosa", "--email=ROSA@lindqvist.example", "--phone=+46 8 123 456"});
  Expect(0, {"contacts", "add", "Rosa Lindqvist", "--phone=+468123456", "--status=no-contact"});
  Add("Anna Lindqvist", "rosa@lindqvist.example");
  EXPECT_THAT(Out({"contacts", "duplicates"}), HasSubstr("council contacts merge --all"));

  const CommandResult refused = council_.Run({"contacts", "merge", "--all"});
  EXPECT_EQ(refused.code, 2) << refused.out;
  EXPECT_THAT(refused.err, HasSubstr("merging 3 contacts into 1 ("));
  EXPECT_THAT(council_.Json({"contacts"})["contacts"], SizeIs(4));

  EXPECT_THAT(Out({"contacts", "merge", "--all", "--yes"}), HasSubstr("3 contacts are one now: "));
  const nlohmann::json left = council_.Json({"contacts", "rosa lindqvist"})["contacts"];
  int people = 0;
  for (const nlohmann::json& contact : left) {
    if (contact["displayName"] == "Anna Lindqvist") continue;
    ++people;
    EXPECT_EQ(contact["status"], "CONTACT_STATUS_NO_CONTACT");
  }
  EXPECT_EQ(people, 1);
  EXPECT_THAT(Out({"contacts", "merge", "--all", "--yes"}), HasSubstr("No two contacts"));
  Expect(2, {"contacts", "merge"});
  Expect(2, {"contacts", "merge", "rosa"});
  Expect(2, {"contacts", "merge", "rosa", "anna", "--all"});
}

TEST_F(StatusesTest, SeveralAreDeletedByNameOrTag) {
  for (const char* name : {"Ann", "Tom", "Ida", "Eva"}) Add(name);
  for (const char* name : {"ida", "eva"}) Expect(0, {"contacts", "edit", name, "--tag=newsletter"});
  const CommandResult refused = council_.Run({"contacts", "delete", "ann,tom"});
  EXPECT_EQ(refused.code, 2) << refused.out;
  EXPECT_THAT(refused.err, HasSubstr("deleting 2 contacts (Ann and Tom)"));
  Expect(3, {"contacts", "delete", "ann,nobody", "--yes"});
  EXPECT_THAT(council_.Json({"contacts"})["contacts"], SizeIs(4)) << "all or none are found";
  EXPECT_EQ(Out({"contacts", "delete", "ann, tom", "--yes"}),
            "2 contacts are deleted: Ann and Tom; the ledger keeps its entries.\n");

  Expect(2, {"contacts", "delete", "--yes"});
  Expect(2, {"contacts", "delete", "ida", "--tag=newsletter", "--yes"});
  Expect(3, {"contacts", "delete", "--tag=family", "--yes"});
  const nlohmann::json deleted = council_.Json({"contacts", "delete", "--tag=Newsletter", "--yes"});
  EXPECT_THAT(deleted["deleted"], SizeIs(2));
  EXPECT_THAT(deleted["skipped"], IsEmpty());
  EXPECT_THAT(council_.Json({"contacts"})["contacts"], IsEmpty());
}

}  // namespace
}  // namespace council::test
