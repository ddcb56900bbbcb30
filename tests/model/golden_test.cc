// The twenty worked councils of docs/score.md.

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/model/scenario.h"

namespace council::testing {
namespace {

using common::v1::CouncilRole;
using ledger::v1::BENEFIT_DIRECTION_GIVEN;
using ledger::v1::BENEFIT_DIRECTION_RECEIVED;
using ledger::v1::BENEFIT_KIND_ADVICE;
using ledger::v1::BENEFIT_KIND_INTRODUCTION;

constexpr double kTolerance = 1e-9;
constexpr absl::Duration kToday = absl::ZeroDuration();

// Values in the order of the table: size, roles, diversity, energy, reciprocity, depth, vitality, engagement, reach.
using Row = std::vector<double>;
const Row kWeights = {15, 10, 15, 15, 15, 10, 5, 10, 5};

double Mean(const Row& values, size_t begin, size_t end) {
  double product = 1;
  double weights = 0;
  for (size_t i = begin; i < end; ++i) weights += kWeights[i];
  for (size_t i = begin; i < end; ++i) product *= std::pow((values[i] + 0.1) / 1.1, kWeights[i] / weights);
  return 100 * (1.1 * product - 0.1);
}

struct Worked {
  Scenario council;
  Row values;
};

std::string Name(int i) {
  return (i < 10 ? "p0" : "p") + std::to_string(i);
}

// `seats` people, each with two of the five roles, in turn, and one of six functions, in turn.
Scenario People(int seats, absl::Duration seated_for = Days(365)) {
  Scenario scenario;
  for (int i = 0; i < seats; ++i) {
    auto& seat = scenario.AddSeat(Name(i), seated_for);
    seat.mutable_seat()->add_roles(static_cast<CouncilRole>(1 + (2 * i) % 5));
    seat.mutable_seat()->add_roles(static_cast<CouncilRole>(1 + (2 * i + 1) % 5));
    (*seat.mutable_contact()->mutable_facets())["function"] = std::string(1, static_cast<char>('a' + i % 6));
  }
  return scenario;
}

// The same, and with each there was an entry that says nothing but that they met.
Scenario InTouch(int seats, absl::Duration age = kToday) {
  Scenario scenario = People(seats);
  for (int i = 0; i < seats; ++i) scenario.AddEntry(age, {Name(i)});
  return scenario;
}

void ForEachSeat(Scenario& scenario, const std::function<void(contacts::v1::CouncilSeat&)>& change) {
  for (auto& seat : *scenario.council.mutable_seats()) change(seat);
}

void ForEachEntry(Scenario& scenario, const std::function<void(ledger::v1::Interaction&)>& change) {
  for (auto& entry : scenario.entries) change(entry);
}

// Half of the seats stand for career, the others in turn for the physical, the mental and the emotional.
void GiveDomains(Scenario& scenario) {
  for (int i = 0; i < scenario.council.seats_size(); ++i) {
    const int domain = i % 2 == 0 ? 1 : 2 + (i / 2) % 3;
    scenario.council.mutable_seats(i)->mutable_seat()->add_domains(static_cast<common::v1::LifeDomain>(domain));
  }
}

Worked OneMentorFirstDay() {
  Scenario council;
  council.AddSeat("mia", kToday).mutable_seat()->add_roles(common::v1::COUNCIL_ROLE_MENTOR);
  return {council, {1.0 / 144, 0.1, 0, 0.5, 0, 0, 1.0 / 6, 0, 0}};
}

Worked FourForEverything() {
  Scenario council = InTouch(4);
  ForEachSeat(council, [](auto& seat) {
    seat.mutable_seat()->clear_roles();
    for (int role = 1; role <= 5; ++role) seat.mutable_seat()->add_roles(static_cast<CouncilRole>(role));
  });
  return {council, {1.0 / 9, 0.8, 4.0 / 6, 0.5, 0, 0, 4.0 / 6, 0, 0}};
}

Worked OneRole() {
  Scenario council = InTouch(12);
  ForEachSeat(council, [](auto& seat) {
    seat.mutable_seat()->clear_roles();
    seat.mutable_seat()->add_roles(common::v1::COUNCIL_ROLE_MENTOR);
  });
  return {council, {1, 0.2, 1, 0.5, 0, 0, 1, 0, 0}};
}

Worked OneFunctionTwoPlaces() {
  Scenario council = InTouch(12);
  for (int i = 0; i < 12; ++i) {
    auto& facets = *council.council.mutable_seats(i)->mutable_contact()->mutable_facets();
    facets["function"] = "law";
    facets["location"] = i < 6 ? "north" : "south";
  }
  return {council, {1, 1, 0.5, 0.5, 0, 0, 1, 0, 0}};
}

Worked AllKnowEachOther() {
  Scenario council = InTouch(12);
  for (int i = 0; i < 12; ++i) {
    for (int j = 0; j < i; ++j) council.Acquaint(Name(i), Name(j));
  }
  return {council, {1, 1, 0.5, 0.5, 0, 0, 1, 0, 0}};
}

Worked FunctionOfNineKnown() {
  Scenario council = InTouch(12);
  for (int i = 0; i < 12; ++i) {
    auto& facets = *council.council.mutable_seats(i)->mutable_contact()->mutable_facets();
    facets.clear();
    if (i < 9) facets["function"] = std::string(1, static_cast<char>('a' + i % 3));
    facets["location"] = "north";
  }
  return {council, {1, 1, 1.0 / 3, 0.5, 0, 0, 1, 0, 0}};
}

Worked AllEnergize() {
  Scenario council = InTouch(12);
  ForEachEntry(council, [](auto& entry) { entry.set_energy(2); });
  return {council, {1, 1, 1, 0.9, 0, 0, 1, 0, 0}};
}

Worked OneFriendTenTimes() {
  Scenario council = InTouch(12);
  for (int i = 0; i < 10; ++i) council.AddEntry(kToday, {Name(0)}).set_energy(2);
  return {council, {1, 1, 1, 5.5 / 7, 0, 0, 1, 0, 0}};
}

Worked OneTires() {
  Scenario council = InTouch(12);
  ForEachEntry(council, [](auto& entry) { entry.set_energy(2); });
  council.entries.front().set_energy(-2);
  return {council, {1, 1, 1, 12.5 / 16, 0, 0, 1, 0, 0}};
}

Worked GiveAndTake() {
  Scenario council = InTouch(12);
  ForEachEntry(council, [](auto& entry) {
    AddBenefit(entry, BENEFIT_DIRECTION_GIVEN, BENEFIT_KIND_ADVICE, 3);
    AddBenefit(entry, BENEFIT_DIRECTION_RECEIVED, BENEFIT_KIND_ADVICE, 3);
  });
  return {council, {1, 1, 1, 0.5, 1, 0, 1, 0, 0}};
}

Worked GiveToSomeTakeFromOthers() {
  Scenario council = InTouch(12);
  for (size_t i = 0; i < 12; ++i) {
    AddBenefit(council.entries[i], i < 6 ? BENEFIT_DIRECTION_GIVEN : BENEFIT_DIRECTION_RECEIVED, BENEFIT_KIND_ADVICE,
               3);
  }
  return {council, {1, 1, 1, 0.5, 0.5, 0, 1, 0, 0}};
}

Worked Conversations() {
  Scenario council = InTouch(12);
  ForEachEntry(council, [](auto& entry) { entry.set_depth(ledger::v1::INTERACTION_DEPTH_CONVERSATION); });
  return {council, {1, 1, 1, 0.5, 0, 2.0 / 3, 1, 0, 0}};
}

Worked AnHourEach() {
  Scenario council = InTouch(12);
  GiveDomains(council);
  ForEachEntry(council, [](auto& entry) { entry.mutable_duration()->set_seconds(3600); });
  return {council, {1, 1, 1, 0.5, 0, 0, 1, 0.8, 0}};
}

Worked AllCareerThreeIntroductions() {
  Scenario council = InTouch(12);
  ForEachEntry(council, [](auto& entry) {
    entry.mutable_duration()->set_seconds(3600);
    entry.add_domains(common::v1::LIFE_DOMAIN_CAREER);
  });
  for (size_t i = 0; i < 3; ++i) {
    AddBenefit(council.entries[i], BENEFIT_DIRECTION_RECEIVED, BENEFIT_KIND_INTRODUCTION, 1);
  }
  return {council, {1, 1, 1, 0.5, 0, 0, 1, 0, 0.6}};
}

Worked Everything() {
  Scenario council = InTouch(12);
  GiveDomains(council);
  ForEachEntry(council, [](auto& entry) {
    entry.mutable_duration()->set_seconds(3600);
    entry.set_depth(ledger::v1::INTERACTION_DEPTH_COUNSEL);
    entry.set_energy(2);
    AddBenefit(entry, BENEFIT_DIRECTION_GIVEN, BENEFIT_KIND_INTRODUCTION, 3);
    AddBenefit(entry, BENEFIT_DIRECTION_RECEIVED, BENEFIT_KIND_INTRODUCTION, 3);
  });
  return {council, {1, 1, 1, 0.9, 1, 1, 1, 0.8, 1}};
}

// In the order of the table.
std::vector<Worked> WorkedCouncils() {
  return {
      {Scenario(), {0, 0, 0, 0, 0, 0, 0, 0, 0}},
      OneMentorFirstDay(),
      {People(12, kToday), {1, 1, 1, 0.5, 0, 0, 1, 0, 0}},
      FourForEverything(),
      {InTouch(6), {0.25, 1, 1, 0.5, 0, 0, 1, 0, 0}},
      {InTouch(12, Days(60)), {0.5625, 1, 1, 0.5, 0, 0, 0.5, 0, 0}},
      {InTouch(24), {0.5625, 1, 1, 0.5, 0, 0, 1, 0, 0}},
      OneRole(),
      OneFunctionTwoPlaces(),
      AllKnowEachOther(),
      FunctionOfNineKnown(),
      AllEnergize(),
      OneFriendTenTimes(),
      OneTires(),
      GiveAndTake(),
      GiveToSomeTakeFromOthers(),
      Conversations(),
      AnHourEach(),
      AllCareerThreeIntroductions(),
      Everything(),
  };
}

Row ValuesInOrder(const recommendations::v1::CouncilBalance& balance) {
  Row values;
  for (const auto& component : balance.components()) values.push_back(component.value());
  return values;
}

TEST(GoldenTest, TwentyCouncilsScoreAsWorkedByHand) {
  const std::vector<Worked> councils = WorkedCouncils();
  ASSERT_EQ(councils.size(), 20u);
  for (size_t i = 0; i < councils.size(); ++i) {
    SCOPED_TRACE("council " + std::to_string(i + 1));
    const auto balance = councils[i].council.Balance();
    const Row& expected = councils[i].values;
    EXPECT_THAT(ValuesInOrder(balance), ::testing::Pointwise(::testing::DoubleNear(kTolerance), expected));
    EXPECT_NEAR(balance.score(), Mean(expected, 0, 9), kTolerance);
    EXPECT_NEAR(balance.structure(), Mean(expected, 0, 3), kTolerance);
    EXPECT_NEAR(balance.practice(), Mean(expected, 3, 9), kTolerance);
  }
}

// Rows "| 7 | what it is | size | … | reach | structure | practice | score |".
std::map<size_t, Row> DocumentedTable() {
  std::map<size_t, Row> table;
  std::ifstream document(std::filesystem::path(std::getenv("COUNCIL_SOURCE_DIR")) / "docs/score.md");
  for (std::string line; std::getline(document, line);) {
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    size_t number = 0;
    if (cells.size() != 16 || !absl::SimpleAtoi(cells[1], &number)) continue;
    for (size_t i = 3; i < 15; ++i) {
      double value = -1;
      EXPECT_TRUE(absl::SimpleAtod(cells[i], &value)) << line;
      table[number].push_back(value);
    }
  }
  return table;
}

TEST(GoldenTest, TableOfTheDocumentShowsWhatIsComputed) {
  const std::map<size_t, Row> table = DocumentedTable();
  const std::vector<Worked> councils = WorkedCouncils();
  ASSERT_EQ(table.size(), councils.size());
  for (size_t i = 0; i < councils.size(); ++i) {
    SCOPED_TRACE("council " + std::to_string(i + 1));
    const auto balance = councils[i].council.Balance();
    Row shown = ValuesInOrder(balance);
    for (double& value : shown) value = std::round(value * 1000) / 1000;
    for (const double points : {balance.structure(), balance.practice(), balance.score()}) {
      shown.push_back(std::round(points * 10) / 10);
    }
    EXPECT_THAT(table.at(i + 1), ::testing::Pointwise(::testing::DoubleNear(1e-6), shown));
  }
}

}  // namespace
}  // namespace council::testing
