#include "libs/audit/access_log.h"

#include <gtest/gtest.h>

#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"

namespace council::audit {
namespace {

// Sums the calls that it is given, until it fails.
class CountingStore final : public AccessStore {
 public:
  absl::Status AddAccesses(const base::Owner& owner, std::span<const storage::v1::StoredAccess> counted,
                           absl::Time) override {
    if (owner.subject == damaged) return absl::DataLossError("damaged");
    if (writes_left == 0) return absl::UnavailableError("down");
    --writes_left;
    for (const storage::v1::StoredAccess& access : counted) calls[owner.subject] += access.calls();
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<storage::v1::StoredAccess>> ListAccesses(const base::Owner&, std::size_t, std::string&,
                                                                      absl::Time) override {
    return std::vector<storage::v1::StoredAccess>();
  }

  int writes_left = 0;
  std::string damaged;
  std::map<std::string, int> calls;
};

TEST(AccessLogTest, CountsEachCallOnceWhereStorageFailsHalfWay) {
  constexpr int kOwners = 350;
  CountingStore store;
  const base::ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  {
    AccessLog log(store, clock);
    for (int i = 0; i < kOwners; ++i) {
      log.Record({"acme", absl::StrCat(i)}, "GetContact", "owner");
      log.Record({"acme", absl::StrCat(i)}, "GetContact", "owner");
    }
    store.writes_left = 200;
    EXPECT_EQ(log.Flush().code(), absl::StatusCode::kUnavailable);
    log.Record({"acme", "7"}, "GetContact", "owner");
    store.writes_left = 1000;
    EXPECT_TRUE(log.Flush().ok());
  }
  EXPECT_EQ(store.calls.size(), kOwners);
  for (const auto& [owner, calls] : store.calls) EXPECT_EQ(calls, owner == "7" ? 3 : 2) << owner;
}

TEST(AccessLogTest, OneOwnersDamageHoldsNobodyElseUp) {
  CountingStore store;
  store.writes_left = 1000;
  store.damaged = "bea";
  const base::ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  AccessLog log(store, clock);
  for (const char* owner : {"ada", "bea", "cid"}) log.Record({"acme", owner}, "GetContact", "owner");
  std::string position;
  EXPECT_TRUE(log.List({"acme", "ada"}, 10, position, absl::InfiniteFuture()).ok());
  EXPECT_EQ(store.calls.size(), 1u) << "others' counts are not written in one's own call";
  EXPECT_TRUE(log.Flush().ok());
  EXPECT_EQ(store.calls, (std::map<std::string, int>{{"ada", 1}, {"cid", 1}}));
}

}  // namespace
}  // namespace council::audit
