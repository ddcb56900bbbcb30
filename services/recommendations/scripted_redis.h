#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_SCRIPTED_REDIS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_SCRIPTED_REDIS_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/base/clock.h"
#include "libs/cache/invalidations.h"
#include "libs/cache/probes.h"
#include "libs/cache/redis_commands.h"

struct lua_State;

namespace council::recommendations {

// A Redis server, and below connections to it, in the test's own thread: nothing happens but what the test lets happen,
// in the order that it chooses. It knows the commands that the cache of balances sends, and runs scripts in Lua 5.1, as
// Redis does. Not thread-safe.

using RedisCommand = std::vector<std::string>;

class ScriptedRedis;
class ScriptedTracking;

// The reply that stands in Redis' protocol in `resp`.
cache::Reply ParseRedisReply(const std::string& resp);

// Runs the server's scripts. One serves many servers, one after the other, since making it takes long.
class RedisScripts {
 public:
  RedisScripts();
  ~RedisScripts();
  RedisScripts(const RedisScripts&) = delete;
  RedisScripts& operator=(const RedisScripts&) = delete;

  // The reply of EVAL, in Redis' protocol.
  std::string Run(ScriptedRedis& redis, const RedisCommand& eval);

 private:
  static int Call(lua_State* lua);

  lua_State* const lua_;
  std::map<std::string, int, std::less<>> compiled_;
  ScriptedRedis* running_on_ = nullptr;
};

class ScriptedRedis {
 public:
  struct Value {
    std::string text;
    absl::Time expires;
  };
  using Data = std::map<std::string, Value, std::less<>>;

  // Both must outlive the server.
  ScriptedRedis(const base::Clock& clock, RedisScripts& scripts) : clock_(clock), scripts_(scripts) {}

  // Carries a command out, and answers in Redis' protocol.
  std::string Execute(const RedisCommand& command);

  // What is there; and that a server with other data takes the place of this one, to which nobody is connected yet.
  const Data& data() const { return data_; }
  void ReplaceBy(Data data);

  void Flush();
  // Removes a key for want of memory.
  void Evict(const std::string& key);
  // Whether writes fail for want of memory.
  void SetFull(bool full) { full_ = full; }

  // Commands of connections that broke, which arrived and are not carried out yet.
  std::vector<RedisCommand>& late() { return late_; }

 private:
  friend class ScriptedTracking;

  // Null where there is no such key, or no longer.
  const Value* Find(std::string_view key);
  void Erase(const std::string& key);
  std::string Set(const RedisCommand& command);

  const base::Clock& clock_;
  RedisScripts& scripts_;
  Data data_;
  bool full_ = false;
  std::vector<RedisCommand> late_;
  std::vector<ScriptedTracking*> trackings_;
};

// A connection for commands.
class ScriptedConnection final : public cache::RedisCommands {
 public:
  // `redis` must outlive this.
  explicit ScriptedConnection(ScriptedRedis& redis) : redis_(redis) {}

  void Send(absl::Span<const std::string_view> command, Callback callback) override;

  bool connected() const { return connected_; }
  bool has_command() const { return !commands_.empty(); }
  bool has_reply() const { return !replies_.empty(); }

  // The server carries the next command out.
  void CarryOut();
  // The next reply arrives.
  void HandReply();
  // All who wait get `status`. What was not carried out yet may be later where `arrived`.
  void Break(const absl::Status& status, bool arrived);
  void Reconnect() { connected_ = true; }

 private:
  ScriptedRedis& redis_;
  bool connected_ = true;
  std::deque<std::pair<RedisCommand, Callback>> commands_;
  std::deque<std::pair<std::string, Callback>> replies_;
};

// A connection by which a server tells of changed keys, and what RedisTracking makes of it.
class ScriptedTracking {
 public:
  // All must outlive this. `name` is this tracking's own.
  ScriptedTracking(ScriptedRedis& redis, cache::RedisCommands& commands, const base::Clock& clock,
                   std::string_view name, cache::InvalidationSink& sink);
  ~ScriptedTracking();
  ScriptedTracking(const ScriptedTracking&) = delete;
  ScriptedTracking& operator=(const ScriptedTracking&) = delete;

  // Whether the server's news arrive, and whether it is known here that they don't.
  bool told() const { return told_; }
  bool noticed() const { return noticed_; }
  bool has_news() const { return !news_.empty(); }

  // Sends the key whose change must come back.
  void Probe();
  // The next news arrive. Whether they are of an owner's keys.
  bool Hear();
  // From now on what the server tells is lost; then that is noticed; then a new connection is made.
  void Lose() { told_ = false; }
  void Notice();
  void Renew();

 private:
  friend class ScriptedRedis;

  // Nothing stands for all keys.
  void Tell(std::optional<std::string> key) {
    if (told_) news_.push_back(std::move(key));
  }

  ScriptedRedis& redis_;
  cache::RedisCommands& commands_;
  const base::Clock& clock_;
  cache::InvalidationSink& sink_;
  cache::Probes probes_;
  bool told_ = true;
  bool noticed_ = false;
  std::deque<std::optional<std::string>> news_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_SCRIPTED_REDIS_H_
