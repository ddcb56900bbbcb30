#ifndef COUNCIL_LIBS_CACHE_REDIS_CONNECTION_H_
#define COUNCIL_LIBS_CACHE_REDIS_CONNECTION_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "libs/cache/redis_reply.h"
#include "libs/cache/redis_url.h"

struct redisContext;

namespace council::cache {

// A connected socket and the replies read from it so far. hiredis connects and parses; reading and writing are done
// here, since its own calls are half-blocking (a pipeline larger than the socket's buffers stalls) and can raise
// SIGPIPE. Belongs to one thread.
//
// Every failure is UNAVAILABLE, and the connection is of no more use.
class RedisConnection {
 public:
  RedisConnection();
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  // Connects, and waits for it `timeout` at most, besides the time that resolving the host's name takes. To be called
  // before all else, once.
  absl::Status Open(const RedisAddress& address, absl::Duration timeout);

  // To wait on with poll().
  int fd() const;

  // Writes what the socket takes now and returns how much that was.
  absl::StatusOr<size_t> Write(std::string_view bytes);

  // Takes in what has arrived, which may be nothing.
  absl::Status Read();

  // The next reply that has wholly arrived, if there is one.
  absl::StatusOr<std::optional<Reply>> Next();

  // Sends one command and waits for its reply until `deadline`; only while nothing else is under way and nothing is
  // pushed. An error reply is a failure too.
  absl::StatusOr<Reply> Ask(absl::Span<const std::string_view> command, std::chrono::steady_clock::time_point deadline);

 private:
  struct Free {
    void operator()(redisContext* context) const;
  };

  absl::Status ReaderStatus() const;

  std::unique_ptr<redisContext, Free> context_;
  const std::unique_ptr<char[]> buffer_;
};

// Adds a command's bytes on the wire to `wire`.
void AppendCommand(absl::Span<const std::string_view> command, std::string& wire);

// For poll(): how long it is until `deadline`, 0 where it has passed, an hour at most.
int MillisecondsUntil(std::chrono::steady_clock::time_point deadline);

// What a system call's failure means for a connection.
absl::Status RedisErrno(const char* what, int error);

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_REDIS_CONNECTION_H_
