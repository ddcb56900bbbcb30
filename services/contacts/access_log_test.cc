#include "services/contacts/access_log.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/clock.h"

namespace council::contacts {
namespace {

// Sums the reads that it is given, until it fails.
class CountingStore final : public ContactsStore {
 public:
  const std::string& lineage() const override { return lineage_; }
  absl::Status Read(const base::Owner&, absl::Time, absl::FunctionRef<absl::Status(ContactsSnapshot&)>) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<int64_t> Write(const base::Owner&, absl::FunctionRef<absl::Status(ContactsTransaction&)>) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<std::vector<int64_t>> Revisions(std::span<const base::Owner>, absl::Time) override {
    return absl::UnimplementedError("");
  }
  absl::Status AddReads(std::span<const ReadCount> reads, absl::Time) override {
    if (writes_left == 0) return absl::UnavailableError("down");
    --writes_left;
    for (const ReadCount& read : reads) calls[read.owner.subject] += read.access.calls();
    return absl::OkStatus();
  }

  int writes_left = 0;
  std::map<std::string, int> calls;

 private:
  const std::string lineage_;
};

TEST(AccessLogTest, CountsEachReadOnceWhereStorageFailsHalfWay) {
  constexpr int kOwners = 350;
  CountingStore store;
  const base::ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  {
    AccessLog log(store, clock);
    for (int i = 0; i < kOwners; ++i) {
      log.CountRead({"acme", absl::StrCat(i)}, "GetContact", "owner");
      log.CountRead({"acme", absl::StrCat(i)}, "GetContact", "owner");
    }
    store.writes_left = 2;
    EXPECT_EQ(log.Flush().code(), absl::StatusCode::kUnavailable);
    log.CountRead({"acme", "7"}, "GetContact", "owner");
    store.writes_left = 100;
    EXPECT_TRUE(log.Flush().ok());
  }
  EXPECT_EQ(store.calls.size(), kOwners);
  for (const auto& [owner, calls] : store.calls) EXPECT_EQ(calls, owner == "7" ? 3 : 2) << owner;
}

}  // namespace
}  // namespace council::contacts
