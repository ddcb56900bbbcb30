// ledgerd is killed under load, again and again: nothing that it acknowledged is lost, and nothing is there twice.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/council.h"

namespace council::test {
namespace {

using ledger::v1::Interaction;
using ledger::v1::LedgerService;

constexpr int kKills = 20;
constexpr int kWriters = 8;
constexpr int kEntriesBetweenKills = 200;
constexpr char kContact[] = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

// Writers that append without pause and repeat each request, with the same request_id, until it is acknowledged: what a
// careful client does.
class Writers {
 public:
  explicit Writers(const CouncilProgram& ledgerd) {
    for (int i = 0; i < kWriters; ++i) {
      threads_.emplace_back([this, i, channel = ledgerd.Connect()] { Write(i, *LedgerService::NewStub(channel)); });
    }
  }
  ~Writers() { Stop(); }

  void Stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  // Waits until `more` entries were acknowledged since the call.
  [[nodiscard]] bool WaitForMore(size_t more) {
    std::unique_lock lock(mutex_);
    const size_t target = acknowledged_.size() + more;
    return changed_.wait_for(lock, std::chrono::minutes(2), [&] { return acknowledged_.size() >= target; });
  }

  // By request_id, each request that was ever sent; the answer where one came, after Stop.
  const std::map<std::string, Interaction>& acknowledged() const { return acknowledged_; }
  const std::set<std::string>& sent() const { return sent_; }
  int64_t retries() const { return retries_; }

 private:
  void Write(int writer, LedgerService::Stub& stub) {
    for (int n = 0; !stopping_; ++n) {
      ledger::v1::AppendInteractionRequest request;
      request.set_request_id(absl::StrCat("writer-", writer, "-", n));
      Interaction& talk = *request.mutable_interaction();
      talk.add_contact_ids(kContact);
      talk.set_depth(ledger::v1::INTERACTION_DEPTH_CONVERSATION);
      talk.set_note(request.request_id());
      {
        const std::lock_guard lock(mutex_);
        sent_.insert(request.request_id());
      }
      while (!stopping_) {
        const auto answer = Call(stub, &LedgerService::Stub::AppendInteraction, request,
                                 {.timeout = absl::Seconds(10), .wait_for_ready = true});
        if (answer.ok()) {
          const std::lock_guard lock(mutex_);
          acknowledged_[request.request_id()] = answer->interaction();
          changed_.notify_all();
          break;
        }
        // Nothing but its absence may be told to a client while it is killed.
        EXPECT_TRUE(absl::IsUnavailable(answer.status()) || absl::IsDeadlineExceeded(answer.status()))
            << answer.status();
        ++retries_;
      }
    }
  }

  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> retries_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Interaction> acknowledged_;
  std::set<std::string> sent_;
  std::vector<std::thread> threads_;
};

std::vector<Interaction> AllEntries(LedgerService::Stub& stub) {
  std::vector<Interaction> entries;
  ledger::v1::ListInteractionsRequest request;
  request.set_page_size(500);
  request.set_include_corrected(true);
  do {
    const auto page = Call(stub, &LedgerService::Stub::ListInteractions, request);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) break;
    entries.insert(entries.end(), page->interactions().begin(), page->interactions().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return entries;
}

TEST(LedgerCrashTest, KilledTwentyTimesUnderLoadItLosesNoAcknowledgedEntryAndDoublesNone) {
  const TempDir directory;
  CouncilProgram ledgerd("ledgerd", {absl::StrCat("--storage=sqlite:", (directory / "ledger.db").string())});
  Writers writers(ledgerd);
  for (int kill = 0; kill < kKills; ++kill) {
    ASSERT_TRUE(writers.WaitForMore(kEntriesBetweenKills)) << "after kill " << kill;
    ledgerd.Restart();  // SIGKILL first, in the middle of the writers' calls
  }
  ASSERT_TRUE(writers.WaitForMore(kEntriesBetweenKills)) << "after the last kill";
  writers.Stop();
  EXPECT_GT(writers.retries(), 0) << "no call was ever interrupted, so nothing was shown";

  const auto stub = LedgerService::NewStub(ledgerd.Connect());
  std::map<std::string, Interaction> stored;
  std::set<int64_t> sequences;
  for (const Interaction& entry : AllEntries(*stub)) {
    EXPECT_TRUE(stored.emplace(entry.note(), entry).second) << entry.note() << " is there twice";
    EXPECT_TRUE(sequences.insert(entry.sequence()).second);
    EXPECT_TRUE(writers.sent().contains(entry.note())) << entry.note() << " was never sent";
  }
  for (const auto& [request_id, entry] : writers.acknowledged()) {
    const auto found = stored.find(request_id);
    ASSERT_NE(found, stored.end()) << request_id << " was acknowledged and is lost";
    EXPECT_EQ(found->second.SerializeAsString(), entry.SerializeAsString()) << request_id << " has changed";
  }
  ASSERT_FALSE(sequences.empty());
  EXPECT_EQ(*sequences.begin(), 1);
  EXPECT_EQ(*sequences.rbegin(), static_cast<int64_t>(sequences.size())) << "the sequence has gaps";

  const auto verified = Call(*stub, &LedgerService::Stub::VerifyLedger, ledger::v1::VerifyLedgerRequest());
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_TRUE(verified->verified()) << verified->problem();
  EXPECT_EQ(verified->entries(), static_cast<int64_t>(stored.size()));

  RecordProperty("acknowledged", static_cast<int>(writers.acknowledged().size()));
  RecordProperty("retries", static_cast<int>(writers.retries()));
}

}  // namespace
}  // namespace council::test
