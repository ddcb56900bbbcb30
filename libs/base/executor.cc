#include "libs/base/executor.h"

#include <utility>

#include "libs/base/check.h"

namespace council::base {

Executor::Executor(size_t threads, size_t queue_limit) : queue_limit_(queue_limit) {
  COUNCIL_CHECK(threads > 0);
  threads_.reserve(threads);
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

Executor::~Executor() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    work_.SignalAll();
  }
  for (auto& thread : threads_) thread.join();
}

bool Executor::Submit(std::function<void()> task) {
  absl::MutexLock lock(&mutex_);
  if (queue_.size() >= queue_limit_) return false;
  queue_.push_back(std::move(task));
  work_.Signal();
  return true;
}

void Executor::Run() {
  while (true) {
    std::function<void()> task;
    {
      absl::MutexLock lock(&mutex_);
      while (queue_.empty() && !stopping_) work_.Wait(&mutex_);
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

}  // namespace council::base
