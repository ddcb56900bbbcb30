#ifndef COUNCIL_LIBS_BASE_EXECUTOR_H_
#define COUNCIL_LIBS_BASE_EXECUTOR_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/task_runner.h"

namespace council::base {

// A bounded pool of threads with a bounded queue, for work that may block. Thread-safe.
class Executor final : public TaskRunner {
 public:
  // `threads` at least 1; at most `queue_limit` tasks wait.
  Executor(size_t threads, size_t queue_limit);

  // Finishes what is queued, then ends the threads.
  ~Executor() override;

  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Runs `task` on one of the threads, in order of arrival. False, and the task is dropped, where the queue is full.
  [[nodiscard]] bool Submit(std::function<void()> task) override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  const size_t queue_limit_;
  absl::Mutex mutex_;
  absl::CondVar work_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_EXECUTOR_H_
