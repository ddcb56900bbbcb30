// What those who run the suite see of it: a Prometheus of its own scrapes the programs while people use them, and
// answers every question of the dashboard and of the alerts.

#include <gmock/gmock.h>
#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "libs/base/read_file.h"
#include "libs/http/http.h"
#include "tests/support/council.h"
#include "tests/support/process.h"

namespace council {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr size_t kMostBytes = 1 << 20;
constexpr absl::Duration kSoon = absl::Minutes(2);

std::string Source(const std::string& path) {
  const auto text = base::ReadFile(absl::StrCat(std::getenv("COUNCIL_SOURCE_DIR"), "/", path), kMostBytes);
  EXPECT_TRUE(text.has_value()) << path;
  return text.value_or("");
}

bool HasPrometheus() {
  int code = 0;
  return test::RunToEnd({.command = {"prometheus", "--version"}}, code).ok() && code == 0;
}

// Somebody who uses the suite, and now and then makes a mistake, until the object ends.
class Traffic {
 public:
  explicit Traffic(test::CouncilSuite& suite) : suite_(suite), thread_([this] { Run(); }) {}
  ~Traffic() {
    ending_ = true;
    thread_.join();
  }

 private:
  void Run() {
    contacts::v1::CreateContactRequest create;
    create.mutable_contact()->set_display_name("Rosa Lindqvist");
    const auto created = test::Call(*suite_.contacts, &contacts::v1::ContactsService::Stub::CreateContact, create);
    EXPECT_TRUE(created.ok()) << created.status();
    if (!created.ok()) return;
    while (!ending_) {
      ledger::v1::AppendInteractionRequest append;
      append.mutable_interaction()->add_contact_ids(created->contact().id());
      *append.mutable_interaction()->mutable_occur_time() = google::protobuf::util::TimeUtil::GetCurrentTime();
      append.mutable_interaction()->set_channel(ledger::v1::CHANNEL_PHONE);
      EXPECT_TRUE(test::Call(*suite_.ledger, &ledger::v1::LedgerService::Stub::AppendInteraction, append).ok());
      for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(test::Call(*suite_.recommendations,
                               &recommendations::v1::RecommendationsService::Stub::GetCouncilBalance, {})
                        .ok());
      }
      contacts::v1::GetContactRequest get;
      get.set_id("018f0000-0000-7000-8000-000000000000");
      EXPECT_FALSE(test::Call(*suite_.contacts, &contacts::v1::ContactsService::Stub::GetContact, get).ok());
    }
  }

  test::CouncilSuite& suite_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

// Scrapes the suite's three programs once a second.
class Prometheus {
 public:
  explicit Prometheus(test::CouncilSuite& suite) {
    std::ofstream config(directory_ / "prometheus.yml");
    config << "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
           << "rule_files: ['" << std::getenv("COUNCIL_SOURCE_DIR") << "/deploy/observability/alerts.yaml']\n"
           << "scrape_configs:\n";
    for (test::CouncilProgram* program : {&suite.contactsd, &suite.ledgerd, &suite.recommendationsd}) {
      const std::string line = program->process().WaitForLine(" metrics at http://").value();
      static const std::regex kLine("(\\w+) metrics at http://([^/]+)/metrics");
      std::smatch match;
      EXPECT_TRUE(std::regex_search(line, match, kLine)) << line;
      config << "  - {job_name: " << match[1] << ", static_configs: [{targets: ['" << match[2] << "']}]}\n";
      figures_.push_back(absl::StrCat("http://", match[2].str(), "/metrics"));
    }
    config.close();
    const int port = test::FreePort();
    url_ = absl::StrCat("http://127.0.0.1:", port);
    process_ = test::Process::Start(
                   {.command = {"prometheus", absl::StrCat("--config.file=", (directory_ / "prometheus.yml").string()),
                                absl::StrCat("--storage.tsdb.path=", (directory_ / "data").string()),
                                absl::StrCat("--web.listen-address=127.0.0.1:", port)}})
                   .value();
    EXPECT_TRUE(process_->WaitForLine("Server is ready to receive web requests").ok()) << process_->output();
  }

  json Get(const std::string& path, const http::Fields& query = {}) const {
    const auto url = http::WithQuery(url_ + path, query);
    const auto response = http::Get(*url);
    EXPECT_TRUE(response.ok()) << response.status();
    if (!response.ok()) return {};
    EXPECT_EQ(response->status, 200) << response->body;
    return json::parse(response->body, nullptr, false);
  }

  // Whether there is an answer with a number in it.
  bool Answers(const std::string& query) const {
    const json answer = Get("/api/v1/query", {{"query", query}});
    for (const json& sample : answer["data"]["result"]) {
      if (sample["value"][1] != "NaN") return true;
    }
    return false;
  }

  const std::vector<std::string>& figures() const { return figures_; }

 private:
  const test::TempDir directory_;
  std::vector<std::string> figures_;
  std::string url_;
  std::unique_ptr<test::Process> process_;
};

std::set<std::string> DashboardQueries() {
  std::set<std::string> queries;
  const json dashboard = json::parse(Source("deploy/observability/dashboard.json"));
  for (const json& panel : dashboard["panels"]) {
    for (const json& target : panel.value("targets", json::array())) {
      queries.insert(
          absl::StrReplaceAll(target["expr"].get<std::string>(),
                              {{"$__rate_interval", "10s"}, {"$job", "contactsd|ledgerd|recommendationsd"}}));
    }
  }
  return queries;
}

class ObservabilityTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasPrometheus()) GTEST_SKIP() << "there is no prometheus here (Debian's package of that name)";
  }
};

TEST_F(ObservabilityTest, EveryQueryOfTheDashboardAndEveryAlertFindsTheSuitesFigures) {
  test::CouncilSuite suite(std::vector<std::string>{"--metrics-listen=127.0.0.1:0"});
  const Prometheus prometheus(suite);
  const Traffic traffic(suite);

  std::set<std::string> unanswered = DashboardQueries();
  EXPECT_GT(unanswered.size(), 30u);
  // What the alerts look at; where there is none the rule would never fire.
  const std::string alerts = Source("deploy/observability/alerts.yaml");
  static const std::regex kMetric("\\b((grpc_server|council|process)_[a-z_]+)");
  for (std::sregex_iterator found(alerts.begin(), alerts.end(), kMetric), end; found != end; ++found) {
    unanswered.insert((*found)[1]);
  }
  const absl::Time deadline = absl::Now() + kSoon;
  while (!unanswered.empty() && absl::Now() < deadline) {
    std::erase_if(unanswered, [&](const std::string& query) { return prometheus.Answers(query); });
  }
  EXPECT_THAT(unanswered, IsEmpty());

  // The alerts can be evaluated, and a suite that is well sets none off.
  const json groups = prometheus.Get("/api/v1/rules")["data"]["groups"];
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_GT(groups[0]["rules"].size(), 5u);
  for (const json& rule : groups[0]["rules"]) {
    EXPECT_EQ(rule["health"], "ok") << rule.dump(2);
    EXPECT_EQ(rule["state"], "inactive") << rule.dump(2);
  }

  // Labels have few values: nothing in the figures is anybody's.
  for (const std::string& url : prometheus.figures()) {
    const std::string text = http::Get(url)->body;
    EXPECT_THAT(text, Not(HasSubstr("\"ada\"")));
    EXPECT_THAT(text, Not(HasSubstr("Rosa")));
  }
}

TEST(RunbookTest, EveryAlertHasAnEntry) {
  const std::string alerts = Source("deploy/observability/alerts.yaml");
  const std::string runbook = Source("docs/runbook.md");
  static const std::regex kAlert("- alert: (\\w+)");
  int count = 0;
  for (std::sregex_iterator found(alerts.begin(), alerts.end(), kAlert), end; found != end; ++found, ++count) {
    EXPECT_THAT(runbook, HasSubstr(absl::StrCat("\n## ", (*found)[1].str(), "\n")));
  }
  EXPECT_GT(count, 5);
}

TEST_F(ObservabilityTest, AlertsFireWhereTheyShouldAndNotBefore) {
  int code = 0;
  const auto output = test::RunToEnd(
      {.command = {"promtool", "test", "rules",
                   absl::StrCat(std::getenv("COUNCIL_SOURCE_DIR"), "/deploy/observability/alerts_test.yaml")}},
      code);
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(code, 0) << *output;
}

}  // namespace
}  // namespace council
