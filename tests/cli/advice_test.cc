// The advice on the command line, for the sample person and for someone who has only just begun.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libical/ical.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/cli/cli_fixtures.h"

namespace council::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class AdviceTest : public SampleTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(SampleTest::SetUp());
    ASSERT_NO_FATAL_FAILURE(ImportAll());
  }

  // The steps as "KIND name", best first.
  std::vector<std::string> Steps(const nlohmann::json& recommendations) {
    std::map<std::string, std::string> names;
    const nlohmann::json contacts = council_.Json({"contacts"})["contacts"];
    for (const nlohmann::json& contact : contacts) {
      names[contact["id"].get<std::string>()] = contact["displayName"].get<std::string>();
    }
    std::vector<std::string> steps;
    for (const nlohmann::json& step : recommendations) {
      const std::string kind = step["kind"].get<std::string>().substr(std::string("RECOMMENDATION_KIND_").size());
      steps.push_back(absl::StrCat(kind, " ", names[step["contactIds"][0].get<std::string>()]));
    }
    return steps;
  }
  nlohmann::json Advice(const std::string& flag) { return council_.Json({"advice", flag})["recommendations"]; }

  std::set<std::string> ContactsOf(const nlohmann::json& items, const char* field) {
    std::set<std::string> ids;
    for (const nlohmann::json& item : items) ids.insert(item[field].get<std::string>());
    return ids;
  }
  std::string IdOf(const std::string& name) {
    return council_.Json({"contacts", name})["contacts"][0]["id"].get<std::string>();
  }
};

TEST_F(AdviceTest, StepsAreAboutWhatIsOff) {
  const std::vector<std::string> steps = Steps(Advice("--limit=100"));
  EXPECT_THAT(steps, Contains("RECONNECT Hana Satō"));
  EXPECT_THAT(steps, Contains("REST Jonas Petersen"));
  const std::vector<std::string> gifts = Steps(Advice("--kind=give-back"));
  EXPECT_THAT(gifts, Contains("GIVE_BACK Rosa Lindqvist"));
  for (const std::string& step : gifts) EXPECT_THAT(step, HasSubstr("GIVE_BACK"));
  const CommandResult printed = council_.Run({"advice"});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(printed.out, AllOf(HasSubstr("1  "), HasSubstr("Talk with Hana Satō"), HasSubstr("30 min")));
}

TEST_F(AdviceTest, HindsightShowsWhatWasAdvisedAndWhatWasDone) {
  EXPECT_THAT(council_.Run({"hindsight"}).out, HasSubstr("No step was advised in this time"));
  ASSERT_EQ(council_.Run({"advice", "--limit=100"}).code, 0);
  ASSERT_EQ(council_.Run({"log", "hana", "--depth=conversation"}).code, 0);
  const CommandResult printed = council_.Run({"hindsight"});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(printed.out, AllOf(HasSubstr("you followed"), HasSubstr("Talk with Hana"), HasSubstr("done"),
                                 HasSubstr("open"), HasSubstr("reconnect")));
  const nlohmann::json records = council_.Json({"hindsight"})["records"];
  const auto hana = std::find_if(records.begin(), records.end(), [this](const nlohmann::json& record) {
    return record["recommendation"]["kind"] == "RECOMMENDATION_KIND_RECONNECT" &&
           record["recommendation"]["contactIds"][0] == IdOf("hana");
  });
  ASSERT_NE(hana, records.end());
  EXPECT_EQ((*hana)["outcome"], "HINDSIGHT_OUTCOME_DONE");
  EXPECT_THAT((*hana)["doneBy"], SizeIs(1));
  EXPECT_EQ(council_.Json({"hindsight", "--until", "today"})["records"].size(), records.size());
  EXPECT_EQ(council_.Run({"hindsight", "--since", "2020-01-01"}).code, 2);
}

TEST_F(AdviceTest, StepsAreAnsweredByTheNumbersOfTheLastPrintedList) {
  EXPECT_EQ(council_.Run({"advice", "dismiss", "1"}).code, 3) << "nothing was listed yet";
  const nlohmann::json before = Advice("--limit=4");
  ASSERT_THAT(before, SizeIs(4));
  ASSERT_EQ(council_.Run({"advice"}).code, 0);

  const CommandResult dismissed = council_.Run({"advice", "dismiss", "1"});
  EXPECT_EQ(dismissed.code, 0) << dismissed.err;
  EXPECT_THAT(dismissed.out, HasSubstr("dismissed"));
  // A list for a script in between numbers nothing anew.
  EXPECT_THAT(ContactsOf(Advice("--limit=100"), "id"), Not(Contains(before[0]["id"])));
  EXPECT_THAT(council_.Run({"advice", "snooze", "2", "6w"}).out, HasSubstr("snoozed until"));
  EXPECT_THAT(council_.Run({"advice", "accept", "3"}).out, HasSubstr("accepted"));
  EXPECT_EQ(council_.Run({"advice", "dismiss", "--id", before[3]["id"].get<std::string>()}).code, 0);
  const std::set<std::string> open = ContactsOf(Advice("--limit=100"), "id");
  for (const nlohmann::json& step : before) EXPECT_THAT(open, Not(Contains(step["id"])));

  std::map<std::string, std::string> answers;
  for (const nlohmann::json& step : Advice("--all")) answers[step["id"]] = step["response"];
  EXPECT_EQ(answers[before[0]["id"]], "RECOMMENDATION_RESPONSE_DISMISS");
  EXPECT_EQ(answers[before[1]["id"]], "RECOMMENDATION_RESPONSE_SNOOZE");
  EXPECT_EQ(answers[before[2]["id"]], "RECOMMENDATION_RESPONSE_ACCEPT");
  EXPECT_EQ(answers[before[3]["id"]], "RECOMMENDATION_RESPONSE_DISMISS");
}

TEST_F(AdviceTest, AnAnswerToNoStepSaysHowToName) {
  ASSERT_EQ(council_.Run({"advice"}).code, 0);
  EXPECT_EQ(council_.Run({"advice", "dismiss", "99"}).code, 3);
  EXPECT_EQ(council_.Run({"advice", "dismiss", "0"}).code, 3);
  EXPECT_EQ(council_.Run({"advice", "dismiss", "hana"}).code, 2);
  EXPECT_EQ(council_.Run({"advice", "dismiss"}).code, 2);
  EXPECT_EQ(council_.Run({"advice", "dismiss", "1", "--id=x"}).code, 2);
  EXPECT_EQ(council_.Run({"advice", "snooze", "1", "soon"}).code, 2);
  EXPECT_EQ(council_.Run({"advice", "why", "--id=gone"}).code, 3);
  EXPECT_EQ(council_.Run({"advice", "--kind=pray"}).code, 2);
}

TEST_F(AdviceTest, WhyShowsTheEntriesBehindAStep) {
  const nlohmann::json given = Advice("--kind=give-back")[0];
  ASSERT_THAT(given["evidence"], Not(IsEmpty()));
  const nlohmann::json why = council_.Json({"advice", "why", "--id", given["id"].get<std::string>()});
  ASSERT_EQ(why["interactions"].size(), given["evidence"].size());
  for (size_t i = 0; i < given["evidence"].size(); ++i) {
    EXPECT_EQ(why["interactions"][i]["sequence"], given["evidence"][i]);
  }
  ASSERT_EQ(council_.Run({"advice", "--kind=give-back"}).code, 0);
  const CommandResult printed = council_.Run({"advice", "why", "1"});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr(given["evidence"][0].get<std::string>()));
}

TEST_F(AdviceTest, TheDigestIsTextOrAPageAndFitsAMail) {
  const CommandResult text = council_.Run({"digest"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("Your council: "), HasSubstr("Meetings\n"), HasSubstr("Hana Satō")));
  for (const absl::string_view line : absl::StrSplit(text.out, '\n')) EXPECT_LE(line.size(), 80u) << line;

  const std::filesystem::path file = council_.directory() / "digest.html";
  ASSERT_EQ(council_.Run({"digest", "--html", "--out", file.string()}).code, 0);
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const std::string page = ReadFile(file);
  EXPECT_THAT(page, AllOf(HasSubstr("<!DOCTYPE html>"), HasSubstr("Hana Satō"), HasSubstr("</html>")));

  const nlohmann::json json = council_.Json({"digest"});
  EXPECT_LE(json["recommendations"].size(), 3u);
  EXPECT_EQ(json["balance"]["seats"], 14);
  EXPECT_THAT(json["plans"], Not(IsEmpty()));
}

TEST_F(AdviceTest, AYearIsTextOrAPageWithPlotsOrJson) {
  const CommandResult text = council_.Run({"review"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(StartsWith("Your council in "), HasSubstr("\nFaded\n"), HasSubstr("The score was ")));

  const std::filesystem::path file = council_.directory() / "review.html";
  const CommandResult written = council_.Run({"review", "--html", file.string()});
  ASSERT_EQ(written.code, 0) << written.err;
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const std::string page = ReadFile(file);
  EXPECT_THAT(page, AllOf(HasSubstr("id=\"score-title\""), HasSubstr("Hana Satō"), HasSubstr("</html>")));
  EXPECT_THAT(council_.Run({"review", "--html", "-"}).out, StartsWith("<!DOCTYPE html>"));

  const nlohmann::json json = council_.Json({"review"});
  EXPECT_GT(json["talks"], 0);
  EXPECT_EQ(json["months"].back()["balance"]["componentValues"].size(), 9u);
  EXPECT_THAT(council_.Run({"review", "1990"}).out, HasSubstr("Nothing is written down for 1990."));
  EXPECT_EQ(council_.Run({"review", "9999"}).code, 2);
  EXPECT_EQ(council_.Run({"review", "--html", "-", "--output=json"}).code, 2);
}

TEST_F(AdviceTest, TheCalendarIsReadAsOneAndNeverComesBack) {
  const std::string file = (council_.directory() / "check-ins.ics").string();
  ASSERT_EQ(council_.Run({"calendar", "--weeks=8", "--out", file}).code, 0);
  const std::string text = ReadFile(file);
  const std::unique_ptr<icalcomponent, void (*)(icalcomponent*)> calendar(icalparser_parse_string(text.c_str()),
                                                                          icalcomponent_free);
  ASSERT_NE(calendar, nullptr);
  EXPECT_EQ(icalcomponent_count_errors(calendar.get()), 0);
  EXPECT_EQ(static_cast<size_t>(icalcomponent_count_components(calendar.get(), ICAL_VEVENT_COMPONENT)),
            council_.Json({"calendar", "--weeks=8"})["checkIns"].size());
  EXPECT_THAT(text, AllOf(HasSubstr("SUMMARY:Talk with H. S.\r\n"), Not(HasSubstr("Hana"))));

  const size_t talks = Talks().size();
  const nlohmann::json imported = council_.Json({"import", file});
  EXPECT_EQ(imported["files"][0]["interactions"]["created"], 0);
  EXPECT_EQ(imported["files"][0]["interactions"]["plans"], 0);
  EXPECT_EQ(Talks().size(), talks);
  EXPECT_EQ(council_.Run({"calendar", "--weeks=0"}).code, 2);

  EXPECT_THAT(text, Not(HasSubstr("STATUS:CANCELLED")));
  const std::string uid = absl::StrCat("UID:", IdOf("hana"), "@council\r\n");
  ASSERT_EQ(council_.Run({"unseat", "hana"}).code, 0);
  EXPECT_THAT(council_.Run({"calendar", "--weeks=8"}).out,
              AllOf(HasSubstr(uid), HasSubstr("STATUS:CANCELLED\r\n"), Not(HasSubstr("H. S."))));
}

TEST_F(AdviceTest, TheCheckInsOfWhoWasDeletedOrMergedAreCancelled) {
  const std::string deleted = IdOf("hana");
  const std::string merged = IdOf("rosa");
  const std::string before = council_.Run({"calendar", "--weeks=52"}).out;
  EXPECT_THAT(before, AllOf(HasSubstr(deleted), HasSubstr(merged), Not(HasSubstr("STATUS:CANCELLED"))));
  ASSERT_EQ(council_.Run({"contacts", "delete", "hana", "--yes"}).code, 0);
  ASSERT_EQ(council_.Run({"contacts", "merge", "jonas", "rosa", "--yes"}).code, 0);

  const auto cancelled = [this]() -> std::set<std::string> {
    std::set<std::string> uids;
    const std::string text = council_.Run({"calendar"}).out;
    for (const absl::string_view event : absl::StrSplit(text, "BEGIN:VEVENT\r\n")) {
      if (!absl::StrContains(event, "STATUS:CANCELLED\r\n")) continue;
      uids.emplace(event.substr(event.find("UID:"), event.find('\r', event.find("UID:")) - event.find("UID:")));
    }
    return uids;
  };
  const std::set<std::string> both = {absl::StrCat("UID:", deleted, "@council"),
                                      absl::StrCat("UID:", merged, "@council")};
  EXPECT_EQ(cancelled(), both);
  EXPECT_EQ(cancelled(), both) << "the first file may not have been imported";
}

TEST_F(AdviceTest, ATalkMovesTheNextDate) {
  const auto day = [this]() -> std::string {
    const nlohmann::json check_ins = council_.Json({"calendar", "--weeks=52"})["checkIns"];
    for (const nlohmann::json& check_in : check_ins) {
      if (check_in["contactId"] == IdOf("hana")) return check_in["day"];
    }
    return "";
  };
  const std::string before = day();
  ASSERT_NE(before, "");
  ASSERT_EQ(council_.Run({"log", "hana", "--depth=exchange"}).code, 0);
  const std::string after = day();
  EXPECT_GT(after, before);
  // What happened earlier and is written down later moves nothing.
  const CommandResult earlier = council_.Run({"log", "hana", "--on=3w"});
  EXPECT_THAT(earlier.out, HasSubstr("next about"));
  EXPECT_EQ(day(), after);
}

TEST_F(AdviceTest, WithWhomNoContactIsWantedIsNowhere) {
  ASSERT_EQ(council_.Run({"contacts", "edit", "hana", "--status", "no-contact"}).code, 0);
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{}, {"advice", "--all"}, {"digest"}, {"calendar"}, {"propose"}, {"introductions"}}) {
    const CommandResult result = council_.Run(command);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, AllOf(Not(HasSubstr("Hana")), Not(HasSubstr("H. S."))));
  }
}

TEST_F(AdviceTest, AProposalHoldsToWhoIsPinnedAndWhoIsNot) {
  const nlohmann::json proposal = council_.Json({"propose", "--pin=rosa,hana", "--without=jonas", "--size=14"});
  ASSERT_THAT(proposal["seats"], SizeIs(14));
  std::set<std::string> seated;
  for (const nlohmann::json& seat : proposal["seats"]) {
    seated.insert(seat["contact"]["displayName"].get<std::string>());
    EXPECT_NE(seat["reason"], "");
  }
  EXPECT_THAT(seated, AllOf(Contains("Rosa Lindqvist"), Contains("Hana Satō"), Not(Contains("Jonas Petersen"))));
  EXPECT_GT(proposal["balance"]["score"], proposal["current"]["score"]);

  const CommandResult printed = council_.Run({"propose"});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(printed.out,
              AllOf(HasSubstr("The best found: "), HasSubstr("→"), HasSubstr(" new "), HasSubstr("council seat '")));
  EXPECT_EQ(council_.Run({"propose", "--size=many"}).code, 2);
  EXPECT_EQ(council_.Run({"propose", "--pin=nobody"}).code, 3);
}

TEST_F(AdviceTest, ATrialShowsWhatWouldMoveAndChangesNothing) {
  const nlohmann::json today = council_.Json({"balance"})["balance"];
  const nlohmann::json trial = council_.Json({"try", "--drop=jonas", "--talk=lukas,chiara"});
  EXPECT_NEAR(trial["before"]["score"].get<double>(), today["score"].get<double>(), 0.001) << "a moment later";
  EXPECT_EQ(trial["after"]["seats"], 13);
  const CommandResult printed = council_.Run({"try", "--drop=jonas", "--talk=lukas"});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(printed.out, AllOf(HasSubstr("Jonas Petersen had no seat"), HasSubstr("you talked with Lukas Ebert"),
                                 HasSubstr("energy"), HasSubstr("→")));
  EXPECT_EQ(council_.Json({"balance"})["balance"]["contactsRevision"], today["contactsRevision"]);
  EXPECT_EQ(council_.Json({"balance"})["balance"]["ledgerRevision"], today["ledgerRevision"]);

  EXPECT_EQ(council_.Run({"try"}).code, 2);
  EXPECT_EQ(council_.Run({"try", "--add=hana"}).code, 2) << "has a seat already";
  EXPECT_EQ(council_.Run({"try", "--add=hana", "--as=mentor"}).code, 0);
  EXPECT_EQ(council_.Run({"try", "--drop=sofie"}).code, 2) << "has none";
  EXPECT_EQ(council_.Run({"try", "--as=mentor"}).code, 2);
  EXPECT_EQ(council_.Run({"try", "--talk=nobody"}).code, 3);
}

TEST_F(AdviceTest, AComponentIsTracedToItsEntries) {
  const nlohmann::json explained = council_.Json({"balance", "--explain=reciprocity"});
  EXPECT_EQ(explained["component"]["name"], "reciprocity");
  ASSERT_THAT(explained["evidence"], Not(IsEmpty()));
  const CommandResult printed = council_.Run({"balance", "--explain=reciprocity"});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr(absl::StrCat(
                               "#", explained["evidence"][0]["interaction"]["sequence"].get<std::string>(), " ")));
  EXPECT_EQ(council_.Run({"balance", "--explain=luck"}).code, 2);
}

TEST_F(AdviceTest, TheOverviewHasAtMostThreeStepsAndNoScore) {
  const nlohmann::json overview = council_.Json({});
  EXPECT_EQ(Steps(overview["recommendations"]), Steps(Advice("--limit=3")));
  EXPECT_THAT(overview["recommendations"], SizeIs(3));
  const CommandResult printed = council_.Run({});
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(printed.out, AllOf(HasSubstr("You could\n"), Not(HasSubstr("of 100"))));
}

TEST_F(CliTest, AdviceForSomeoneWhoHasNothingYetSaysWhatWouldHelp) {
  for (const char* command : {"advice", "digest", "calendar", "propose", "introductions"}) {
    const CommandResult result = council_.Run({command});
    EXPECT_EQ(result.code, 0) << command << ": " << result.err;
    EXPECT_FALSE(result.out.empty()) << command;
  }
}

TEST_F(CliTest, ASeatTellsWhenNothingLoggedShowsItsRole) {
  Add("Rosa");
  EXPECT_THAT(council_.Run({"seat", "rosa", "--as=mentor"}).out, Not(HasSubstr("shows")));
  for (int i = 0; i < 5; ++i) ASSERT_EQ(council_.Run({"log", "rosa", "--received=support"}).code, 0);
  EXPECT_THAT(council_.Run({"seat", "rosa", "--as=mentor,supporter"}).out,
              HasSubstr("Nothing logged shows mentor yet"));
  ASSERT_EQ(council_.Run({"log", "rosa", "--received=advice"}).code, 0);
  EXPECT_THAT(council_.Run({"seat", "rosa", "--as=mentor"}).out, Not(HasSubstr("shows")));
}

}  // namespace
}  // namespace council::test
