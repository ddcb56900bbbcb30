#include "clients/cli/find_contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace council::cli {
namespace {

using contacts::v1::Contact;
using testing::ElementsAre;

Contact Named(const std::string& name, const std::string& email = "") {
  Contact contact;
  contact.set_id(name);
  contact.set_display_name(name);
  if (!email.empty()) contact.add_emails(email);
  return contact;
}

std::vector<std::string> NamesOf(const std::vector<Contact>& contacts) {
  std::vector<std::string> names;
  for (const Contact& contact : contacts) names.push_back(contact.display_name());
  return names;
}

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

TEST(BestMatches, AnnIsAnnBeforeAnnikaBeforeJohanna) {
  const std::vector<Contact> all = {Named("Johanna Beck"), Named("Annika Falk"), Named("Ann Miller")};
  EXPECT_THAT(NamesOf(BestMatches("ann", all)), ElementsAre("Ann Miller"));
  EXPECT_THAT(NamesOf(BestMatches("anni", all)), ElementsAre("Annika Falk"));
  EXPECT_THAT(NamesOf(BestMatches("hanna", all)), ElementsAre("Johanna Beck"));
  EXPECT_THAT(NamesOf(BestMatches("xaver", all)), ElementsAre());
}

TEST(BestMatches, TheWholeNameWinsOverLongerNames) {
  EXPECT_THAT(NamesOf(BestMatches("ann miller", {Named("Ann Miller Smith"), Named("Ann Miller")})),
              ElementsAre("Ann Miller"));
}

TEST(BestMatches, KeepsAllThatMatchEquallyWell) {
  EXPECT_THAT(NamesOf(BestMatches("chi", {Named("Chiara Marchetti"), Named("Rosa"), Named("Chinedu Obi")})),
              ElementsAre("Chiara Marchetti", "Chinedu Obi"));
}

TEST(MatchName, WordsMayComeInAnyOrderAndCut) {
  const Contact contact = Named("Grace Muthoni Wanjiru", "g.wanjiru@lab.example");
  EXPECT_EQ(MatchName("wanjiru grace", contact), NameMatch::kWholeWord);
  EXPECT_EQ(MatchName("gra wan", contact), NameMatch::kWordStart);
  EXPECT_EQ(MatchName("G.Wanjiru@Lab.example", contact), NameMatch::kExact);
  EXPECT_EQ(MatchName("g.wan", contact), NameMatch::kWordStart);
  EXPECT_EQ(MatchName("lab.example", contact), NameMatch::kInside);
  EXPECT_EQ(MatchName("grace grace", contact), NameMatch::kNone);
}

TEST(MatchName, AccentsAndHyphensDoNotMatter) {
  EXPECT_EQ(MatchName("sato", Named("Hana Satō")), NameMatch::kWholeWord);
  EXPECT_EQ(MatchName("ling", Named("Mei-Ling Tan")), NameMatch::kWholeWord);
  EXPECT_EQ(MatchName("花", Named("佐藤 花")), NameMatch::kWholeWord);
  EXPECT_EQ(MatchName(" ", Named("Rosa")), NameMatch::kNone);
}

TEST(Decide, TheOnlySeatedOneIsMeant) {
  std::vector<Candidate> candidates = {{Named("Ann A"), false, kNow - absl::Hours(1)}, {Named("Ann B"), true}};
  ASSERT_EQ(Decide(candidates, kNow), 0u);
  EXPECT_EQ(candidates[0].contact.display_name(), "Ann B");
}

TEST(Decide, AmongEqualsTheOnlyOneMetLatelyIsMeant) {
  std::vector<Candidate> candidates = {{Named("Ann A"), true, kNow - absl::Hours(24 * 90)},
                                       {Named("Ann B"), true, kNow - absl::Hours(24 * 5)},
                                       {Named("Ann C"), false, kNow - absl::Hours(24)}};
  const std::optional<size_t> meant = Decide(candidates, kNow);
  ASSERT_TRUE(meant);
  EXPECT_EQ(candidates[*meant].contact.display_name(), "Ann B");
}

TEST(Decide, TwoMetLatelyStayAmbiguousAndAreListedNewestFirst) {
  std::vector<Candidate> candidates = {{Named("Ann A"), false, kNow - absl::Hours(48)},
                                       {Named("Ann B")},
                                       {Named("Ann C"), false, kNow - absl::Hours(24)}};
  EXPECT_FALSE(Decide(candidates, kNow));
  EXPECT_EQ(candidates[0].contact.display_name(), "Ann C");
  EXPECT_EQ(candidates[2].contact.display_name(), "Ann B");
}

RC_GTEST_PROP(BestMatches, EveryoneIsFoundByTheirWholeName, ()) {
  const auto name =
      *rc::gen::suchThat(rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcXYZ -'"))),
                         [](const std::string& text) { return text.find_first_not_of(' ') != std::string::npos; });
  const std::vector<Contact> all = {Named("somebody else"), Named(name)};
  RC_ASSERT(MatchName(name, all[1]) == NameMatch::kExact);
}

RC_GTEST_PROP(BestMatches, ABetterMatchIsNeverPassedOver, ()) {
  const auto names = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab "))));
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab ")));
  std::vector<Contact> all;
  for (const std::string& name : names) all.push_back(Named(name));
  const std::vector<Contact> best = BestMatches(text, all);
  for (const Contact& found : best) {
    for (const Contact& contact : all) RC_ASSERT(MatchName(text, contact) <= MatchName(text, found));
  }
}

}  // namespace
}  // namespace council::cli
