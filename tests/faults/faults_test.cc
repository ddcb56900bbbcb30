// What breaks around and inside the suite, under load: nothing acknowledged is lost or doubled, no balance is older
// than its token, no call outlives its deadline, and ten seconds after the cause is gone all is well again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "tests/faults/fault_suite.h"
#include "tests/faults/workload.h"

namespace council::test {
namespace {

using ::testing::IsEmpty;

// Rounds of each owner before a fault and after it.
constexpr int kRounds = 20;
// Calls of each owner that a fault must have met before its cause goes away.
constexpr int kAttemptsInFault = 4;
constexpr absl::Duration kWellAgain = absl::Seconds(10);
constexpr absl::Duration kLongestWarmUp = absl::Minutes(1);

// One line a fault, printed when all have been tried.
class Table : public ::testing::Environment {
 public:
  struct Row {
    std::string fault;
    WorkloadReport report;
    absl::Duration well_again;
  };

  static void Add(Row row) { rows().push_back(std::move(row)); }

  void TearDown() override {
    std::printf("\n%-58s %12s %5s %8s %11s %14s %13s %12s\n", "fault", "acknowledged", "lost", "doubled", "stale reads",
                "longest outage", "well again in", "failed calls");
    for (const Row& row : rows()) {
      std::printf("%-58s %12ld %5ld %8ld %11ld %12.2f s %11.2f s %12ld\n", row.fault.c_str(), row.report.acknowledged,
                  row.report.lost, row.report.doubled, row.report.stale,
                  absl::ToDoubleSeconds(row.report.longest_outage), absl::ToDoubleSeconds(row.well_again),
                  row.report.failed_writes + row.report.failed_reads);
    }
  }

 private:
  static std::vector<Row>& rows() {
    static std::vector<Row> rows;
    return rows;
  }
};

const auto* const kTable = ::testing::AddGlobalTestEnvironment(new Table);

class FaultsTest : public ::testing::Test {
 protected:
  // Runs the load, lets `strike` happen under it, waits until every owner has felt it, lets `mend` take the cause away
  // and waits until all is well.
  static WorkloadReport Try(const std::string& fault, FaultSuite& suite, const std::function<void()>& strike,
                            const std::function<void()>& mend) {
    Workload workload(suite);
    EXPECT_TRUE(workload.WaitForSuccesses(kRounds, kLongestWarmUp)) << "it was not well before the fault";
    strike();
    EXPECT_TRUE(workload.WaitForAttempts(kAttemptsInFault)) << "calls hang";
    mend();
    const absl::Time mended = absl::Now();
    EXPECT_TRUE(workload.WaitForSuccesses(1, kWellAgain)) << "not well again within " << kWellAgain;
    const absl::Duration well_again = absl::Now() - mended;
    EXPECT_TRUE(workload.WaitForSuccesses(kRounds, kLongestWarmUp));
    WorkloadReport report = workload.Finish();
    EXPECT_GT(report.acknowledged, 0);
    EXPECT_EQ(report.lost, 0);
    EXPECT_EQ(report.doubled, 0);
    EXPECT_EQ(report.stale, 0);
    EXPECT_EQ(report.late, 0) << "calls outlived their deadline";
    EXPECT_EQ(report.unverified, 0) << "ledgers whose chain does not verify";
    EXPECT_THAT(report.other_errors, IsEmpty());
    Table::Add({fault, report, well_again});
    return report;
  }

  static WorkloadReport KillAndRestart(const std::string& name, FaultSuite::Copies& (FaultSuite::*copies)()) {
    FaultSuite suite({});
    CouncilProgram& program = *(suite.*copies)().front();
    return Try(
        name + " killed and started again", suite, [&] { program.process().Kill(); }, [&] { program.Restart(); });
  }

  static void KillOneOfTwo(const std::string& name, FaultSuite::Copies& (FaultSuite::*copies)()) {
    FaultSuite suite({.copies = 2});
    CouncilProgram& program = *(suite.*copies)().front();
    Try(
        "one of two copies of " + name + " killed", suite, [&] { program.process().Kill(); }, [] {});
  }
};

TEST_F(FaultsTest, ContactsKilled) {
  EXPECT_GT(KillAndRestart("contactsd", &FaultSuite::contactsd).failed_writes, 0);
}

TEST_F(FaultsTest, LedgerKilled) {
  EXPECT_GT(KillAndRestart("ledgerd", &FaultSuite::ledgerd).failed_writes, 0);
}

TEST_F(FaultsTest, RecommendationsKilled) {
  EXPECT_GT(KillAndRestart("recommendationsd", &FaultSuite::recommendationsd).failed_reads, 0);
}

TEST_F(FaultsTest, OneOfTwoCopiesOfContactsKilled) {
  KillOneOfTwo("contactsd", &FaultSuite::contactsd);
}

TEST_F(FaultsTest, OneOfTwoCopiesOfTheLedgerKilled) {
  KillOneOfTwo("ledgerd", &FaultSuite::ledgerd);
}

TEST_F(FaultsTest, OneOfTwoCopiesOfRecommendationsKilled) {
  KillOneOfTwo("recommendationsd", &FaultSuite::recommendationsd);
}

TEST_F(FaultsTest, PostgresStoppedAndStartedAgain) {
  FaultSuite suite({});
  Try(
      "PostgreSQL stopped and started again", suite, [&] { suite.primary().Stop(); },
      [&] { suite.primary().Restart(); });
}

TEST_F(FaultsTest, PostgresCrashed) {
  FaultSuite suite({});
  Try(
      "PostgreSQL killed and started again", suite, [&] { suite.primary().Kill(); },
      [&] { suite.primary().Restart(); });
}

TEST_F(FaultsTest, PostgresFrozen) {
  FaultSuite suite({});
  Try(
      "PostgreSQL frozen", suite, [&] { suite.primary().Freeze(); }, [&] { suite.primary().Thaw(); });
}

TEST_F(FaultsTest, PostgresSwitchedToThePromotedStandby) {
  FaultSuite suite({.standby = true});
  Try(
      "PostgreSQL switched to a promoted standby", suite, [&] { suite.primary().Kill(); },
      [&] { suite.standby().Promote(); });
}

// Redis holds nothing that can't be computed: without it no call fails.
void ExpectNoFailure(const WorkloadReport& report) {
  EXPECT_EQ(report.failed_writes, 0);
  EXPECT_EQ(report.failed_reads, 0);
}

TEST_F(FaultsTest, RedisKilled) {
  FaultSuite suite({.copies = 2});
  ExpectNoFailure(Try(
      "Redis killed and started again empty", suite, [&] { suite.redis().Kill(); }, [&] { suite.redis().Restart(); }));
}

TEST_F(FaultsTest, RedisEmptied) {
  FaultSuite suite({.copies = 2});
  ExpectNoFailure(Try(
      "Redis restarted empty at once", suite, [&] { suite.redis().Restart(); }, [] {}));
}

TEST_F(FaultsTest, RedisFrozen) {
  FaultSuite suite({.copies = 2});
  ExpectNoFailure(Try(
      "Redis frozen", suite, [&] { suite.redis().Freeze(); }, [&] { suite.redis().Thaw(); }));
}

TEST_F(FaultsTest, RedisFull) {
  FaultSuite suite({});
  ExpectNoFailure(Try(
      "Redis full to its memory limit", suite,
      [&] {
        suite.redis().Run({"CONFIG", "SET", "maxmemory", "1"});
      },
      [&] {
        suite.redis().Run({"CONFIG", "SET", "maxmemory", "0"});
      }));
}

TEST_F(FaultsTest, LedgerFrozenBehindRecommendations) {
  FaultSuite suite({});
  Process& ledgerd = suite.ledgerd().front()->process();
  Try(
      "ledgerd frozen behind recommendationsd", suite, [&] { ledgerd.Signal(SIGSTOP); },
      [&] { ledgerd.Signal(SIGCONT); });
}

}  // namespace
}  // namespace council::test
