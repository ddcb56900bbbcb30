#ifndef COUNCIL_LIBS_IDENTITY_KEY_REFRESHER_H_
#define COUNCIL_LIBS_IDENTITY_KEY_REFRESHER_H_

#include <atomic>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/base/clock.h"
#include "libs/identity/key_cache.h"

namespace council::identity {

// A thread that refreshes caches of keys when they are due, and logs what fails.
class KeyRefresher {
 public:
  explicit KeyRefresher(const base::Clock& clock) : clock_(clock) {}
  // Waits for a fetch that is under way, which ending() asks to give up.
  ~KeyRefresher();
  KeyRefresher(const KeyRefresher&) = delete;
  KeyRefresher& operator=(const KeyRefresher&) = delete;

  // Once. The caches must live as long as this object.
  void Start(std::vector<KeyCache*> caches);
  // Looks at once whether anything is due.
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_);
  bool ending() const { return ending_; }

 private:
  void Run();

  const base::Clock& clock_;
  std::vector<KeyCache*> caches_;
  std::atomic<bool> ending_ = false;
  absl::Mutex mutex_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace council::identity

#endif  // COUNCIL_LIBS_IDENTITY_KEY_REFRESHER_H_
