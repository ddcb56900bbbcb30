// Tells ThreadSanitizer what Abseil's locks and gRPC's calls order. The system's libraries are built without a
// sanitizer, so that everything that a mutex of Abseil's guards, and all that is handed on with an operation of a call,
// would look like a race. The functions here take the place of the libraries' in a program, also where these call each
// other; each calls the real one and says around it what it releases and acquires.

#include <dlfcn.h>
#include <grpc/grpc.h>
#include <sanitizer/tsan_interface.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

// What is behind this program's function of that name.
void* RealNamed(const std::string& name) {
  void* real = dlsym(RTLD_NEXT, name.c_str());
  if (real == nullptr) {
    std::fprintf(stderr, "tsan_libraries.cc: there is no other %s\n", name.c_str());
    std::abort();
  }
  return real;
}

// The same of Abseil's; `rest` is the mangled name behind its namespace.
void* Real(const char* prefix, const char* rest) {
  const std::string space = ABSL_INTERNAL_TOKEN_STR(ABSL_OPTION_INLINE_NAMESPACE_NAME);
  return RealNamed(prefix + ("4absl" + std::to_string(space.size())) + space + rest);
}

template <typename Result, typename... Arguments>
Result (*As(void* real))(Arguments...) {
  return reinterpret_cast<Result (*)(Arguments...)>(real);
}

}  // namespace

// An operation of a call is begun on one thread and ends on another, which hears of its tag and lets go of the call
// before it tells anybody.
grpc_call_error grpc_call_start_batch(grpc_call* call, const grpc_op* ops, size_t count, void* tag, void* reserved) {
  static const auto kReal =
      As<grpc_call_error, grpc_call*, const grpc_op*, size_t, void*, void*>(RealNamed("grpc_call_start_batch"));
  __tsan_release(call);
  __tsan_release(tag);
  return kReal(call, ops, count, tag, reserved);
}

grpc_event grpc_completion_queue_next(grpc_completion_queue* queue, gpr_timespec deadline, void* reserved) {
  static const auto kReal =
      As<grpc_event, grpc_completion_queue*, gpr_timespec, void*>(RealNamed("grpc_completion_queue_next"));
  const grpc_event event = kReal(queue, deadline, reserved);
  if (event.type == GRPC_OP_COMPLETE) __tsan_acquire(event.tag);
  return event;
}

void grpc_call_unref(grpc_call* call) {
  static const auto kReal = As<void, grpc_call*>(RealNamed("grpc_call_unref"));
  __tsan_acquire(call);
  kReal(call);
}

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static const auto kReal = As<void, Mutex*>(Real("_ZN", "5Mutex4LockEv"));
  kReal(this);
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  static const auto kReal = As<void, Mutex*>(Real("_ZN", "5Mutex6UnlockEv"));
  __tsan_release(this);
  kReal(this);
}

bool Mutex::TryLock() {
  static const auto kReal = As<bool, Mutex*>(Real("_ZN", "5Mutex7TryLockEv"));
  const bool locked = kReal(this);
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::ReaderLock() {
  static const auto kReal = As<void, Mutex*>(Real("_ZN", "5Mutex10ReaderLockEv"));
  kReal(this);
  __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
  static const auto kReal = As<void, Mutex*>(Real("_ZN", "5Mutex12ReaderUnlockEv"));
  __tsan_release(this);
  kReal(this);
}

void Mutex::LockWhen(const Condition& condition) {
  static const auto kReal = As<void, Mutex*, const Condition&>(Real("_ZN", "5Mutex8LockWhenERKNS0_9ConditionE"));
  kReal(this, condition);
  __tsan_acquire(this);
}

// What Await and its relatives do where the condition does not hold at once.
bool Mutex::AwaitCommon(const Condition& condition, synchronization_internal::KernelTimeout timeout) {
  static const auto kReal = As<bool, Mutex*, const Condition&, synchronization_internal::KernelTimeout>(
      Real("_ZN", "5Mutex11AwaitCommonERKNS0_9ConditionENS0_24synchronization_internal13KernelTimeoutE"));
  __tsan_release(this);
  const bool holds = kReal(this, condition, timeout);
  __tsan_acquire(this);
  return holds;
}

// Whoever unlocks a mutex looks at the conditions of those who wait for it, behind what Unlock above could say.
bool Condition::Eval() const {
  static const auto kReal = As<bool, const Condition*>(Real("_ZNK", "9Condition4EvalEv"));
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  const bool holds = kReal(this);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  return holds;
}

bool CondVar::WaitCommon(Mutex* mutex, synchronization_internal::KernelTimeout timeout) {
  static const auto kReal = As<bool, CondVar*, Mutex*, synchronization_internal::KernelTimeout>(
      Real("_ZN", "7CondVar10WaitCommonEPNS0_5MutexENS0_24synchronization_internal13KernelTimeoutE"));
  __tsan_release(mutex);
  const bool timed_out = kReal(this, mutex, timeout);
  __tsan_acquire(mutex);
  return timed_out;
}

void Notification::Notify() {
  static const auto kReal = As<void, Notification*>(Real("_ZN", "12Notification6NotifyEv"));
  __tsan_release(this);
  kReal(this);
}

void Notification::WaitForNotification() const {
  static const auto kReal = As<void, const Notification*>(Real("_ZNK", "12Notification19WaitForNotificationEv"));
  kReal(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static const auto kReal = As<bool, const Notification*, Duration>(
      Real("_ZNK", "12Notification30WaitForNotificationWithTimeoutENS0_8DurationE"));
  const bool notified = kReal(this, timeout);
  if (notified) __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}

bool BlockingCounter::DecrementCount() {
  static const auto kReal = As<bool, BlockingCounter*>(Real("_ZN", "15BlockingCounter14DecrementCountEv"));
  __tsan_release(this);
  return kReal(this);
}

void BlockingCounter::Wait() {
  static const auto kReal = As<void, BlockingCounter*>(Real("_ZN", "15BlockingCounter4WaitEv"));
  kReal(this);
  __tsan_acquire(this);
}

ABSL_NAMESPACE_END
}  // namespace absl
