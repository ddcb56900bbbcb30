#ifndef COUNCIL_LIBS_BASE_TASK_RUNNER_H_
#define COUNCIL_LIBS_BASE_TASK_RUNNER_H_

#include <functional>

namespace council::base {

// Runs what may block, later and elsewhere: an Executor on its threads, a test when it pleases. Thread-safe.
class TaskRunner {
 public:
  virtual ~TaskRunner() = default;

  // Takes `task` and returns at once. False, and the task is dropped, where too many wait.
  [[nodiscard]] virtual bool Submit(std::function<void()> task) = 0;
};

}  // namespace council::base

#endif  // COUNCIL_LIBS_BASE_TASK_RUNNER_H_
