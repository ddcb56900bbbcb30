// Cases worked by an independent implementation of the model.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "nlohmann/json.hpp"
#include "tests/model/scenario.h"

namespace council::testing {
namespace {

using Json = nlohmann::json;

constexpr double kTolerance = 1e-9;

// Enum value from its name without the prefix of its type.
template <typename Enum, typename Parse>
Enum Parsed(const std::string& prefix, const std::string& name, Parse parse) {
  Enum value;
  EXPECT_TRUE(parse(prefix + name, &value)) << name;
  return value;
}

common::v1::LifeDomain Domain(const std::string& name) {
  return Parsed<common::v1::LifeDomain>("LIFE_DOMAIN_", name, common::v1::LifeDomain_Parse);
}

void ReadSeat(const std::string& id, const Json& json, Scenario& scenario) {
  auto& seat = scenario.AddSeat(id, Days(json.at("first_seated_days_ago").get<double>()),
                                Days(json.at("cadence_days").get<double>()));
  for (const std::string role : json.at("roles")) {
    seat.mutable_seat()->add_roles(
        Parsed<common::v1::CouncilRole>("COUNCIL_ROLE_", role, common::v1::CouncilRole_Parse));
  }
  for (const std::string domain : json.at("domains")) seat.mutable_seat()->add_domains(Domain(domain));
  for (const auto& [name, value] : json.at("facets").items()) {
    (*seat.mutable_contact()->mutable_facets())[name] = value.get<std::string>();
  }
}

void ReadEntry(const Json& json, Scenario& scenario) {
  auto& entry =
      scenario.AddEntry(Days(json.at("days_ago").get<double>()), json.at("contacts").get<std::vector<std::string>>());
  if (json.contains("channel")) {
    entry.set_channel(Parsed<ledger::v1::Channel>("CHANNEL_", json["channel"], ledger::v1::Channel_Parse));
  }
  if (json.contains("depth")) {
    entry.set_depth(
        Parsed<ledger::v1::InteractionDepth>("INTERACTION_DEPTH_", json["depth"], ledger::v1::InteractionDepth_Parse));
  }
  for (const std::string& domain : json.value("domains", std::vector<std::string>())) entry.add_domains(Domain(domain));
  if (json.contains("energy")) entry.set_energy(json["energy"].get<int>());
  if (json.contains("minutes")) {
    *entry.mutable_duration() = base::ToProto(absl::Minutes(json["minutes"].get<double>()));
  }
  for (const Json& benefit : json.value("benefits", Json::array())) {
    AddBenefit(entry,
               Parsed<ledger::v1::BenefitDirection>("BENEFIT_DIRECTION_", benefit.at("direction"),
                                                    ledger::v1::BenefitDirection_Parse),
               Parsed<ledger::v1::BenefitKind>("BENEFIT_KIND_", benefit.at("kind"), ledger::v1::BenefitKind_Parse),
               benefit.value("weight", 0), benefit.value("contact", ""));
  }
}

TEST(WorkedCasesTest, EveryCaseAgreesToABillionth) {
  const std::filesystem::path cases = std::filesystem::path(std::getenv("COUNCIL_SOURCE_DIR")) / "../shared/data/score";
  if (!std::filesystem::exists(cases)) GTEST_SKIP() << "no worked cases at " << cases;
  int read = 0;
  for (const auto& file : std::filesystem::directory_iterator(cases)) {
    if (file.path().extension() != ".json") continue;
    SCOPED_TRACE(file.path().filename().string());
    const Json json = Json::parse(std::ifstream(file.path()));
    Scenario scenario;
    for (const auto& [id, seat] : json.at("seats").items()) ReadSeat(id, seat, scenario);
    for (const Json& pair : json.at("acquaintances")) scenario.Acquaint(pair.at(0), pair.at(1));
    for (const Json& entry : json.at("entries")) ReadEntry(entry, scenario);

    const auto balance = scenario.Balance();
    const Json& expected = json.at("expected");
    EXPECT_NEAR(balance.score(), expected.at("score").get<double>(), kTolerance);
    EXPECT_NEAR(balance.structure(), expected.at("structure").get<double>(), kTolerance);
    EXPECT_NEAR(balance.practice(), expected.at("practice").get<double>(), kTolerance);
    EXPECT_NEAR(balance.confidence(), expected.at("confidence").get<double>(), kTolerance);
    for (const auto& [name, value] : Values(balance)) {
      EXPECT_NEAR(value, expected.at("components").at(name).get<double>(), kTolerance) << name;
    }
    ++read;
  }
  EXPECT_EQ(read, 7);
}

}  // namespace
}  // namespace council::testing
