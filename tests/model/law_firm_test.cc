// The model on real people without a ledger: the figures that docs/law-firm.md speaks of.

#include "tools/eval/law_firm.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/eval/law_firm_report.h"

namespace council::eval {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr double kRounding = 1e-9;

class LawFirmTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!std::filesystem::exists(Folder())) return;
    auto read = ReadLawFirm(Folder());
    ASSERT_TRUE(read.ok()) << read.status();
    firm = *std::move(read);
    councils = CouncilsOf(firm);
  }

  void SetUp() override {
    if (!std::filesystem::exists(Folder())) GTEST_SKIP() << Folder() << " is not there";
  }

  static std::string Folder() { return std::string(std::getenv("COUNCIL_SOURCE_DIR")) + "/../shared/data/networks"; }

  const Lawyer& LawyerOf(const LawyerCouncil& council) { return firm.lawyers[static_cast<size_t>(council.lawyer)]; }

  // Of those lawyers for whom `which` holds.
  double Mean(const std::function<bool(const LawyerCouncil&)>& which,
              const std::function<double(const LawyerCouncil&)>& figure) {
    double sum = 0;
    int lawyers = 0;
    for (const LawyerCouncil& council : councils) {
      if (!which(council)) continue;
      sum += figure(council);
      ++lawyers;
    }
    return sum / lawyers;
  }

  static inline LawFirm firm;
  static inline std::vector<LawyerCouncil> councils;
};

double Structure(const LawyerCouncil& council) {
  return council.balance().structure();
}

double Diversity(const LawyerCouncil& council) {
  return council.balance().components(2).value();
}

TEST_F(LawFirmTest, EveryoneIsReadWithAllTies) {
  EXPECT_THAT(firm.lawyers, SizeIs(71));
  EXPECT_THAT(firm.advice, SizeIs(892));
  EXPECT_THAT(firm.cowork, SizeIs(1104));
  EXPECT_THAT(firm.friends, SizeIs(575));
  EXPECT_THAT(councils, SizeIs(71));
}

TEST_F(LawFirmTest, WithoutALedgerTheStructureIsJudgedAndThePracticeUnrecorded) {
  for (const LawyerCouncil& council : councils) {
    const auto& balance = council.balance();
    EXPECT_FALSE(balance.practice_recorded());
    EXPECT_LT(balance.practice(), 10);
    EXPECT_NEAR(balance.confidence(), 0.4, kRounding);
    EXPECT_EQ(balance.seats(), council.named);
    for (int i = 3; i < balance.components_size(); ++i) EXPECT_EQ(balance.components(i).coverage(), 0);
  }
}

TEST_F(LawFirmTest, StructureTellsTheFirmApart) {
  const auto [lowest, highest] =
      std::minmax_element(councils.begin(), councils.end(),
                          [](const LawyerCouncil& a, const LawyerCouncil& b) { return Structure(a) < Structure(b); });
  EXPECT_LT(Structure(*lowest), 10);
  EXPECT_GT(Structure(*highest), 75);
  const auto all = [](const LawyerCouncil&) { return true; };
  const auto usual = [](const LawyerCouncil& c) { return c.named >= 12 && c.named <= 18; };
  EXPECT_GT(Mean(usual, Structure), Mean(all, Structure) + 5);
  // The smaller office works across the two, and the larger one mostly within itself.
  const auto in_office = [this](int office) {
    return [this, office](const LawyerCouncil& c) { return LawyerOf(c).office == office; };
  };
  EXPECT_GT(Mean(in_office(2), Diversity), Mean(in_office(1), Diversity) + 0.05);
}

TEST_F(LawFirmTest, ProposalsHoldToTheirSizeAndAreBetter) {
  for (const LawyerCouncil& council : councils) {
    const auto& proposal = council.proposal;
    EXPECT_GE(proposal.seats_size(), std::min(12, council.tied));
    EXPECT_LE(proposal.seats_size(), 18);
    EXPECT_GE(proposal.balance().score(), council.balance().score() - kRounding);
    EXPECT_GE(proposal.balance().structure(), council.balance().structure() - kRounding);
    for (const auto& seat : proposal.seats()) EXPECT_THAT(seat.reason(), HasSubstr(seat.contact().display_name()));
  }
}

TEST_F(LawFirmTest, ReportHasALineForEachLawyer) {
  std::ostringstream out;
  WriteLawFirmReport(firm, councils, out);
  const std::string report = out.str();
  const std::string lawyers = report.substr(report.find("## Each lawyer"));
  EXPECT_EQ(std::count(lawyers.begin(), lawyers.end(), '\n'), 71 + 4);
}

TEST(LawFirmFilesTest, FolderThatIsNotThereIsSaid) {
  EXPECT_EQ(ReadLawFirm("/nowhere").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace council::eval
