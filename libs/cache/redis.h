#ifndef COUNCIL_LIBS_CACHE_REDIS_H_
#define COUNCIL_LIBS_CACHE_REDIS_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "libs/cache/redis_commands.h"
#include "libs/cache/redis_connection.h"
#include "libs/cache/redis_reply.h"
#include "libs/cache/redis_url.h"

namespace council::cache {

// How a RedisClient connects, how long it waits and how much it holds.
struct RedisOptions {
  RedisAddress address = {};

  absl::Duration connect_timeout = absl::Seconds(1);
  // From the sending of a pipeline to its last reply. What is over it costs the connection, since replies come in
  // order and a late one would be taken for the next.
  absl::Duration command_timeout = absl::Milliseconds(500);
  // The wait before a connection is tried again: doubled with each failure from the first to the second, each time cut
  // by a random part of up to one half, so that many clients do not come back at once.
  absl::Duration min_backoff = absl::Milliseconds(20);
  absl::Duration max_backoff = absl::Seconds(1);

  // What may wait for the pipeline under way; what is over either gets RESOURCE_EXHAUSTED.
  size_t max_queued_commands = 16384;
  size_t max_queued_bytes = size_t{16} << 20;

  // Called on the client's thread with OK each time a connection is ready for commands, and with the reason each time
  // one is lost or could not be made; closing the client is no loss. May be empty. Must not block, nor destroy the
  // client.
  absl::AnyInvocable<void(const absl::Status&)> on_connection_change = {};
};

// A connection to one Redis server, shared by all threads of a process.
//
// Commands are gathered while a pipeline is under way and go out together as the next one, in the order in which they
// were sent (a group commit, for Redis): the busier the client, the fewer system calls and wake-ups a command costs.
// The connection belongs to one thread of the client's own, which also reconnects.
//
// Every callback is called exactly once, with the reply or with
//   UNAVAILABLE         there is no connection, or it broke before the reply came; in the second case the command may
//                       have taken effect
//   DEADLINE_EXCEEDED   the server did not answer the pipeline within `command_timeout`; it may yet take effect
//   RESOURCE_EXHAUSTED  the queue is full; the command was not sent
// at the latest two command time-outs after the call: while there is no connection, commands fail at once.
//
// Thread-safe. Commands that block the server or change the connection's mode (BLPOP, SUBSCRIBE, MULTI …) are not for
// a shared connection.
//
//   RedisClient redis({.address = *ParseRedisUrl("redis://127.0.0.1:6379")});
//   redis.Send({"GET", key}, [](absl::StatusOr<Reply> reply) { … });
class RedisClient final : public RedisCommands {
 public:
  // Starts to connect, and does not wait for it.
  explicit RedisClient(RedisOptions options);
  // Waits for the pipeline under way, at most `command_timeout`, and for a connection attempt, at most
  // `connect_timeout` and the time that resolving the host's name takes. Commands not sent yet fail with UNAVAILABLE.
  // Must not run on the client's thread, nor while a call is under way.
  ~RedisClient() override;
  RedisClient(const RedisClient&) = delete;
  RedisClient& operator=(const RedisClient&) = delete;

  // The callback is called on the client's thread, or inside Send where the command fails at once.
  void Send(absl::Span<const std::string_view> command, Callback callback) override;

  // Sends a command and waits for its reply until `deadline` (then DEADLINE_EXCEEDED, and the command may yet take
  // effect). Must not be called from a callback.
  absl::StatusOr<Reply> Call(absl::Span<const std::string_view> command, absl::Time deadline);

  // True while commands are taken. What is true now may be false at the next call.
  bool connected() const;

  // Waits until commands are taken; false if that is not so by `deadline`.
  bool WaitUntilConnected(absl::Time deadline) const;

 private:
  using Instant = std::chrono::steady_clock::time_point;

  // Commands in the order of sending: their bytes on the wire, and who waits for the replies.
  struct Batch {
    std::string wire;
    std::vector<Callback> callbacks;
    void Clear();
  };

  void Run();
  absl::Status Connect(RedisConnection& connection);
  absl::Status Serve(RedisConnection& connection);
  absl::Status Exchange(RedisConnection& connection, Batch& batch);
  void Disconnect(const absl::Status& reason);
  // Sleeps until the connection has something to say, a command is waiting or the time is over.
  void WaitForWork(int connection_fd, int timeout_ms);
  void Wake();
  int NextBackoffMs();

  RedisOptions options_;
  const int wake_fd_;
  std::minstd_rand jitter_;
  int failures_ = 0;  // connections lost or not made since the last one that outlived the longest back-off

  mutable std::mutex mutex_;
  mutable std::condition_variable connected_changed_;
  bool connected_ = false;
  bool stopping_ = false;
  bool asleep_ = false;  // the thread waits for work: whoever adds the first command wakes it
  absl::Status last_error_;
  Batch queue_;

  std::thread thread_;
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_REDIS_H_
