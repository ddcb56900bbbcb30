#ifndef COUNCIL_LIBS_CACHE_REDIS_COMMANDS_H_
#define COUNCIL_LIBS_CACHE_REDIS_COMMANDS_H_

#include <string_view>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "libs/cache/redis_reply.h"

namespace council::cache {

// Takes commands for a Redis server. RedisClient carries them to a real one. Thread-safe.
class RedisCommands {
 public:
  // Must not block; may call Send.
  using Callback = absl::AnyInvocable<void(absl::StatusOr<Reply>)>;

  virtual ~RedisCommands() = default;

  // Sends a command, name first, and hands the reply to `callback`, exactly once, within this call or later on another
  // thread. An error reply of the server is a reply (see ReplyView::ToStatus). Commands take effect, and callbacks are
  // called, in the order of sending. The arguments are copied before Send returns.
  virtual void Send(absl::Span<const std::string_view> command, Callback callback) = 0;
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_REDIS_COMMANDS_H_
