// A client that knows nothing of this repository, `buf curl`, finds its way by reflection alone.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "tests/support/council.h"

namespace council::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

constexpr char kContacts[] = "council.contacts.v1.ContactsService";
constexpr char kLedger[] = "council.ledger.v1.LedgerService";
constexpr char kRecommendations[] = "council.recommendations.v1.RecommendationsService";

class BufCurlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* source = std::getenv("COUNCIL_SOURCE_DIR");
    ASSERT_NE(source, nullptr);
    buf_ = std::filesystem::path(source) / "node_modules/.bin/buf";
    if (!std::filesystem::exists(buf_)) GTEST_SKIP() << "buf is not installed; `make setup` installs it";
    suite_ = std::make_unique<CouncilSuite>();
  }

  std::string Buf(const std::vector<std::string>& arguments, int wanted_exit_code = 0) {
    ProcessOptions options{.command = {buf_, "curl", "--http2-prior-knowledge", "--protocol=grpc"},
                           .environment = {"XDG_CACHE_HOME=" + (suite_->directory / "cache").string()}};
    options.command.insert(options.command.end(), arguments.begin(), arguments.end());
    int exit_code = -1;
    const auto output = RunToEnd(std::move(options), exit_code);
    EXPECT_TRUE(output.ok()) << output.status();
    if (wanted_exit_code == 0) {
      EXPECT_EQ(exit_code, 0) << *output;
    } else {
      EXPECT_NE(exit_code, 0) << *output;
    }
    return output.value_or("");
  }

  json Call(const CouncilProgram& program, const std::string& service, const std::string& method, const json& request,
            int wanted_exit_code = 0) {
    const std::string output = Buf({"--header=x-council-owner: ada", "--data=" + request.dump(),
                                    absl::StrCat("http://", program.address(), "/", service, "/", method)},
                                   wanted_exit_code);
    json answer = json::parse(output, nullptr, false);
    EXPECT_FALSE(answer.is_discarded()) << output;
    return answer;
  }

  std::filesystem::path buf_;
  std::unique_ptr<CouncilSuite> suite_;
};

TEST_F(BufCurlTest, ListsTheServicesByReflection) {
  const std::pair<CouncilProgram*, const char*> programs[] = {
      {&suite_->contactsd, kContacts}, {&suite_->ledgerd, kLedger}, {&suite_->recommendationsd, kRecommendations}};
  for (const auto& [program, service] : programs) {
    EXPECT_THAT(Buf({"--list-services", "http://" + program->address()}), HasSubstr(service));
  }
  EXPECT_THAT(Buf({"--list-methods", "http://" + suite_->ledgerd.address()}),
              HasSubstr(absl::StrCat(kLedger, "/AppendInteraction")));
}

TEST_F(BufCurlTest, CreatesAContactAppendsAnInteractionAndReadsABalance) {
  const json created = Call(suite_->contactsd, kContacts, "CreateContact",
                            {{"contact", {{"displayName", "Rosa Lind"}, {"emails", {"rosa@example.org"}}}}});
  const std::string id = created["contact"]["id"];
  const json seated = Call(suite_->contactsd, kContacts, "SeatContact",
                           {{"contactId", id}, {"seat", {{"roles", {"COUNCIL_ROLE_MENTOR"}}}}});
  const json appended = Call(
      suite_->ledgerd, kLedger, "AppendInteraction",
      {{"interaction",
        {{"contactIds", {id}},
         {"channel", "CHANNEL_IN_PERSON"},
         {"depth", "INTERACTION_DEPTH_COUNSEL"},
         {"domains", {"LIFE_DOMAIN_CAREER"}},
         {"benefits", {{{"direction", "BENEFIT_DIRECTION_RECEIVED"}, {"kind", "BENEFIT_KIND_ADVICE"}, {"weight", 3}}}},
         {"energy", 2},
         {"duration", "1800s"}}},
       {"requestId", "first"}});
  EXPECT_EQ(appended["interaction"]["sequence"], "1");
  const json answer = Call(suite_->recommendationsd, kRecommendations, "GetCouncilBalance",
                           {{"atLeastAsFresh", {seated["token"], appended["token"]}}});
  const json& balance = answer["balance"];
  EXPECT_GT(balance["score"].get<double>(), 0);
  EXPECT_EQ(balance["components"].size(), 9u);
  EXPECT_EQ(balance["ledgerRevision"], "1");
}

TEST_F(BufCurlTest, AWrongRequestIsToldWhatIsWrongWithEachField) {
  const json error = Call(suite_->ledgerd, kLedger, "AppendInteraction",
                          {{"interaction", {{"energy", 9}, {"benefits", {{{"weight", 7}}}}}}}, 1);
  EXPECT_EQ(error["code"], "invalid_argument");
  google::rpc::BadRequest bad_request;
  for (const json& detail : error["details"]) {
    if (detail["type"] != "google.rpc.BadRequest") continue;
    std::string bytes;
    ASSERT_TRUE(absl::Base64Unescape(detail["value"].get<std::string>(), &bytes));
    ASSERT_TRUE(bad_request.ParseFromString(bytes));
  }
  std::vector<std::string> fields;
  for (const auto& violation : bad_request.field_violations()) fields.push_back(violation.field());
  EXPECT_THAT(fields, IsSupersetOf({"interaction.contact_ids", "interaction.energy", "interaction.benefits[0].weight"}))
      << error.dump(2);
}

}  // namespace
}  // namespace council::test
