#ifndef COUNCIL_LIBS_CACHE_REDIS_TRACKING_H_
#define COUNCIL_LIBS_CACHE_REDIS_TRACKING_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/base/random.h"
#include "libs/cache/invalidations.h"
#include "libs/cache/probes.h"
#include "libs/cache/redis_commands.h"
#include "libs/cache/redis_connection.h"
#include "libs/cache/redis_url.h"

namespace council::cache {

struct RedisTrackingOptions {
  RedisAddress address = {};

  absl::Duration connect_timeout = absl::Seconds(1);
  // For each of the commands that begin a tracking.
  absl::Duration command_timeout = absl::Milliseconds(500);
  // How often a probe is written; and how long one may take to come back before the connection is given up.
  absl::Duration probe_interval = absl::Seconds(1);
  absl::Duration probe_timeout = absl::Seconds(3);
  // The wait before a connection is tried again.
  absl::Duration backoff = absl::Milliseconds(500);

  // Called on the tracking's thread with OK each time changes are told, and with the reason each time they no longer
  // are. May be empty.
  absl::AnyInvocable<void(const absl::Status&)> on_change = {};
};

// Tells which keys of a Redis server change, through Redis's own server-assisted client-side caching (CLIENT TRACKING …
// BCAST, since Redis 6): for keys that begin with "council:", also where the change is of this process's own making.
//
// The connection that asks for the tracking is the one that it is redirected to, so that the one never outlives the
// other. RESP2 pushes invalidations to a subscriber of __redis__:invalidate, and nothing forbids to redirect to
// oneself. That the server at its end is the one which `commands` reach, and that neither connection hangs half-open, a
// probe shows each second: a key that is written through `commands`, whose invalidation must come back here.
//
// It has a thread of its own, which connects again whatever happens.
class RedisTracking {
 public:
  // `commands`, `clock` (monotonic), `random` and `sink` must outlive this.
  RedisTracking(RedisTrackingOptions options, RedisCommands& commands, const base::Clock& clock, base::Random& random,
                InvalidationSink& sink);

  // Waits for what is under way: a connection attempt, at most `connect_timeout` and the time that resolving the host's
  // name takes.
  ~RedisTracking();

  RedisTracking(const RedisTracking&) = delete;
  RedisTracking& operator=(const RedisTracking&) = delete;

 private:
  void Run();
  absl::Status Connect(RedisConnection& connection);
  // Until the connection is lost, a probe stays out or the end.
  absl::Status Listen(RedisConnection& connection);
  void SendProbe();
  // OK where the message was understood.
  absl::Status Take(const ReplyView& message);
  bool Stopping() const;
  // Sleeps until the connection has something to say, the end, or the time is over.
  void Wait(int connection_fd, absl::Duration time) const;

  RedisTrackingOptions options_;
  RedisCommands& commands_;
  const base::Clock& clock_;
  InvalidationSink& sink_;
  const int wake_fd_;
  Probes probes_;
  absl::Time last_proof_;

  mutable std::mutex mutex_;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_REDIS_TRACKING_H_
