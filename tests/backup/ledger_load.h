#ifndef COUNCIL_TESTS_BACKUP_LEDGER_LOAD_H_
#define COUNCIL_TESTS_BACKUP_LEDGER_LOAD_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/council.h"

namespace council::test {

// Owners who append to their ledgers without pause, and what was acknowledged to each, in order. They stop at the first
// failure: what they were told by then counts.
class LedgerLoad {
 public:
  static constexpr int kOwners = 4;

  explicit LedgerLoad(const CouncilProgram& ledgerd);
  ~LedgerLoad() { Stop(); }
  LedgerLoad(const LedgerLoad&) = delete;
  LedgerLoad& operator=(const LedgerLoad&) = delete;

  // Waits until every owner was told of `more` entries since the call; false where that takes a minute.
  [[nodiscard]] bool WaitForMore(std::size_t more);

  // By owner, the answers so far.
  using Answers = std::map<std::string, std::vector<ledger::v1::AppendInteractionResponse>>;
  Answers acknowledged() const;

  void Stop();

  // What the owner sent as their entry `number`, from 0.
  static ledger::v1::AppendInteractionRequest RequestOf(std::size_t number);

 private:
  void Write(const std::string& owner, ledger::v1::LedgerService::Stub& stub);

  mutable std::mutex mutex_;
  absl::Status ended_;  // Why a writer wrote no more.
  std::condition_variable changed_;
  Answers acknowledged_;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace council::test

#endif  // COUNCIL_TESTS_BACKUP_LEDGER_LOAD_H_
