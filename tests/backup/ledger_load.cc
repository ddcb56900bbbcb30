#include "tests/backup/ledger_load.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "absl/strings/str_cat.h"

namespace council::test {

using ledger::v1::LedgerService;

LedgerLoad::LedgerLoad(const CouncilProgram& ledgerd) {
  for (int i = 0; i < kOwners; ++i) acknowledged_[absl::StrCat("owner-", i)];
  for (int i = 0; i < kOwners; ++i) {
    threads_.emplace_back([this, owner = absl::StrCat("owner-", i), channel = ledgerd.Connect()] {
      Write(owner, *LedgerService::NewStub(channel));
    });
  }
}

ledger::v1::AppendInteractionRequest LedgerLoad::RequestOf(std::size_t number) {
  ledger::v1::AppendInteractionRequest request;
  request.set_request_id(absl::StrCat("request-", number));
  request.mutable_interaction()->add_contact_ids("0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
  request.mutable_interaction()->set_note(absl::StrCat("note ", number));
  return request;
}

void LedgerLoad::Write(const std::string& owner, LedgerService::Stub& stub) {
  for (std::size_t number = 0; !stopping_; ++number) {
    auto answer = Call(stub, &LedgerService::Stub::AppendInteraction, RequestOf(number), {.owner = owner});
    const std::lock_guard lock(mutex_);
    if (!answer.ok()) {
      ended_ = answer.status();
      return;
    }
    acknowledged_[owner].push_back(*std::move(answer));
    changed_.notify_all();
  }
}

bool LedgerLoad::WaitForMore(std::size_t more) {
  std::unique_lock lock(mutex_);
  std::map<std::string, std::size_t> targets;
  for (const auto& [owner, answers] : acknowledged_) targets[owner] = answers.size() + more;
  const bool more_came = changed_.wait_for(lock, std::chrono::minutes(1), [&] {
    for (const auto& [owner, answers] : acknowledged_) {
      if (answers.size() < targets[owner]) return false;
    }
    return true;
  });
  EXPECT_TRUE(more_came) << ended_;
  return more_came;
}

LedgerLoad::Answers LedgerLoad::acknowledged() const {
  const std::lock_guard lock(mutex_);
  return acknowledged_;
}

void LedgerLoad::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace council::test
