#ifndef COUNCIL_TESTS_FAULTS_WORKLOAD_H_
#define COUNCIL_TESTS_FAULTS_WORKLOAD_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/faults/fault_suite.h"

namespace council::test {

// What a workload came to.
struct WorkloadReport {
  std::int64_t acknowledged = 0;   // Writes.
  std::int64_t lost = 0;           // Writes that were acknowledged and are not there.
  std::int64_t doubled = 0;        // Writes that are there more than once.
  std::int64_t stale = 0;          // Balances older than the tokens that were shown.
  std::int64_t late = 0;           // Calls that did not end when their deadline had passed.
  std::int64_t unverified = 0;     // Ledgers whose chain does not verify.
  std::int64_t failed_writes = 0;  // Attempts.
  std::int64_t failed_reads = 0;
  std::set<std::string> other_errors = {};  // Neither UNAVAILABLE nor DEADLINE_EXCEEDED.
  absl::Duration longest_outage;            // The longest time in which an owner had no write acknowledged.
};

// Owners who use the suite without pause, each on a thread of their own: they append to their ledger, now and then make
// a contact, and ask for their balance with the tokens of all that they were told. A write is repeated, with its
// request_id, until it is acknowledged: what a careful client does.
class Workload {
 public:
  explicit Workload(FaultSuite& suite);
  ~Workload();

  // Waits until each owner has made `rounds` more rounds, each with an append and a balance, that succeeded and began
  // after this call; false where that takes longer than `most`.
  bool WaitForSuccesses(int rounds, absl::Duration most);

  // Waits until each owner has had `attempts` more calls answered, well or not.
  bool WaitForAttempts(int attempts, absl::Duration most = absl::Minutes(1));

  // Ends the load and looks at what is stored.
  WorkloadReport Finish();

 private:
  struct Owner;
  using Clock = std::chrono::steady_clock;

  void Use(Owner& owner);
  bool Append(Owner& owner);
  bool CreateContact(Owner& owner);
  bool AskBalance(Owner& owner);
  // Makes attempts until one succeeds; false where the load ends first.
  template <typename Attempt>
  bool UntilAcknowledged(Owner& owner, Attempt attempt);
  void Note(Owner& owner, const absl::Status& status, Clock::time_point began, bool write);
  void CheckStored(Owner& owner, WorkloadReport& report);

  FaultSuite& suite_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  WorkloadReport report_;
  std::vector<std::unique_ptr<Owner>> owners_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_FAULTS_WORKLOAD_H_
