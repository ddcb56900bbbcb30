#include "services/recommendations/scripted_redis.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/cache/revisions.h"

extern "C" {
#include <lauxlib.h>
#include <lualib.h>
}

namespace council::recommendations {
namespace {

// Replies in Redis' protocol (RESP2).
constexpr char kOk[] = "+OK\r\n";
constexpr char kNil[] = "$-1\r\n";
constexpr char kFull[] = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

std::string Bulk(std::string_view text) {
  return absl::StrCat("$", text.size(), "\r\n", absl::string_view(text.data(), text.size()), "\r\n");
}

std::string Integer(int64_t number) {
  return absl::StrCat(":", number, "\r\n");
}

absl::Duration Lifetime(const RedisCommand& set) {
  int64_t number = 0;
  if (set.size() != 5 || !absl::SimpleAtoi(set[4], &number)) throw std::logic_error("no lifetime");
  return set[3] == "EX" ? absl::Seconds(number) : absl::Milliseconds(number);
}

}  // namespace

cache::Reply ParseRedisReply(const std::string& resp) {
  redisReader* reader = redisReaderCreate();
  void* reply = nullptr;
  const bool parsed = redisReaderFeed(reader, resp.data(), resp.size()) == REDIS_OK &&
                      redisReaderGetReply(reader, &reply) == REDIS_OK && reply != nullptr;
  redisReaderFree(reader);
  if (!parsed) throw std::logic_error("no reply of Redis: " + resp);
  return cache::Reply(static_cast<redisReply*>(reply));
}

RedisScripts::RedisScripts() : lua_(luaL_newstate()) {
  luaL_openlibs(lua_);
  lua_newtable(lua_);
  lua_pushlightuserdata(lua_, this);
  lua_pushcclosure(lua_, &RedisScripts::Call, 1);
  lua_setfield(lua_, -2, "call");
  lua_setglobal(lua_, "redis");
}

RedisScripts::~RedisScripts() {
  lua_close(lua_);
}

// redis.call
int RedisScripts::Call(lua_State* lua) {
  bool failed = false;
  {  // What is made here is gone before lua_error leaves the function.
    auto* const self = static_cast<RedisScripts*>(lua_touserdata(lua, lua_upvalueindex(1)));
    RedisCommand command;
    for (int i = 1; i <= lua_gettop(lua); ++i) {
      size_t size = 0;
      const char* text = lua_tolstring(lua, i, &size);
      command.emplace_back(text, size);
    }
    const cache::Reply reply = ParseRedisReply(self->running_on_->Execute(command));
    failed = !reply.ToStatus().ok();
    if (reply.is_nil()) {
      lua_pushboolean(lua, 0);
    } else {
      lua_pushlstring(lua, reply.text().data(), reply.text().size());
    }
  }
  return failed ? lua_error(lua) : 1;
}

std::string RedisScripts::Run(ScriptedRedis& redis, const RedisCommand& eval) {
  const std::string& script = eval.at(1);
  auto compiled = compiled_.find(script);
  if (compiled == compiled_.end()) {
    if (luaL_loadbuffer(lua_, script.data(), script.size(), "script") != 0) throw std::logic_error("no Lua: " + script);
    compiled = compiled_.emplace(script, luaL_ref(lua_, LUA_REGISTRYINDEX)).first;
  }
  int keys = 0;
  if (!absl::SimpleAtoi(eval.at(2), &keys)) throw std::logic_error("EVAL without a number of keys");
  const auto set_global = [&](const char* name, size_t from, size_t to) {
    lua_newtable(lua_);
    for (size_t i = from; i < to; ++i) {
      lua_pushlstring(lua_, eval[i].data(), eval[i].size());
      lua_rawseti(lua_, -2, static_cast<int>(i - from + 1));
    }
    lua_setglobal(lua_, name);
  };
  set_global("KEYS", 3, 3 + keys);
  set_global("ARGV", 3 + keys, eval.size());
  running_on_ = &redis;
  lua_rawgeti(lua_, LUA_REGISTRYINDEX, compiled->second);
  const bool ran = lua_pcall(lua_, 0, 1, 0) == 0;
  const std::string reply =
      ran ? Integer(static_cast<int64_t>(lua_tonumber(lua_, -1))) : absl::StrCat("-", lua_tostring(lua_, -1), "\r\n");
  lua_pop(lua_, 1);
  return reply;
}

std::string ScriptedRedis::Execute(const RedisCommand& command) {
  const std::string& name = command.at(0);
  if (name == "PING") return "+PONG\r\n";
  if (name == "EVAL") return scripts_.Run(*this, command);
  if (name == "SET") return Set(command);
  const std::string& key = command.at(1);
  if (name == "GET") {
    const Value* value = Find(key);
    return value == nullptr ? kNil : Bulk(value->text);
  }
  if (name == "MGET") {
    std::string reply = absl::StrCat("*", command.size() - 1, "\r\n");
    for (size_t i = 1; i < command.size(); ++i) reply.append(Execute({"GET", command[i]}));
    return reply;
  }
  if (name == "PTTL") {
    const Value* value = Find(key);
    return Integer(value == nullptr ? -2 : absl::ToInt64Milliseconds(value->expires - clock_.Now()));
  }
  if (name == "DEL") {
    if (Find(key) == nullptr) return Integer(0);
    Erase(key);
    return Integer(1);
  }
  throw std::logic_error("a command that is not known: " + name);
}

std::string ScriptedRedis::Set(const RedisCommand& command) {
  if (full_) return kFull;
  data_[command[1]] = {command[2], clock_.Now() + Lifetime(command)};
  for (ScriptedTracking* tracking : trackings_) tracking->Tell(command[1]);
  return kOk;
}

const ScriptedRedis::Value* ScriptedRedis::Find(std::string_view key) {
  const auto at = data_.find(key);
  if (at == data_.end()) return nullptr;
  if (at->second.expires > clock_.Now()) return &at->second;
  Erase(at->first);
  return nullptr;
}

void ScriptedRedis::Erase(const std::string& key) {
  for (ScriptedTracking* tracking : trackings_) tracking->Tell(key);
  data_.erase(data_.find(key));
}

void ScriptedRedis::ReplaceBy(Data data) {
  for (ScriptedTracking* tracking : trackings_) tracking->Lose();
  data_ = std::move(data);
  late_.clear();
}

void ScriptedRedis::Flush() {
  data_.clear();
  for (ScriptedTracking* tracking : trackings_) tracking->Tell(std::nullopt);
}

void ScriptedRedis::Evict(const std::string& key) {
  if (data_.contains(key)) Erase(key);
}

void ScriptedConnection::Send(absl::Span<const std::string_view> command, Callback callback) {
  if (!connected_) return callback(absl::UnavailableError("Redis: no connection"));
  commands_.emplace_back(RedisCommand(command.begin(), command.end()), std::move(callback));
}

void ScriptedConnection::CarryOut() {
  auto [command, callback] = std::move(commands_.front());
  commands_.pop_front();
  replies_.emplace_back(redis_.Execute(command), std::move(callback));
}

void ScriptedConnection::HandReply() {
  auto [reply, callback] = std::move(replies_.front());
  replies_.pop_front();
  callback(ParseRedisReply(reply));
}

void ScriptedConnection::Break(const absl::Status& status, bool arrived) {
  connected_ = false;
  auto replies = std::exchange(replies_, {});
  auto commands = std::exchange(commands_, {});
  for (auto& [reply, callback] : replies) callback(status);
  for (auto& [command, callback] : commands) {
    if (arrived) redis_.late().push_back(command);
    callback(status);
  }
}

ScriptedTracking::ScriptedTracking(ScriptedRedis& redis, cache::RedisCommands& commands, const base::Clock& clock,
                                   std::string_view name, cache::InvalidationSink& sink)
    : redis_(redis), commands_(commands), clock_(clock), sink_(sink), probes_(name) {
  redis_.trackings_.push_back(this);
}

ScriptedTracking::~ScriptedTracking() {
  std::erase(redis_.trackings_, this);
}

void ScriptedTracking::Probe() {
  const std::string key = probes_.Send(clock_.Now());
  commands_.Send({"SET", key, "1", "PX", "10000"}, [](absl::StatusOr<cache::Reply>) {});
}

bool ScriptedTracking::Hear() {
  const std::optional<std::string> key = std::move(news_.front());
  news_.pop_front();
  if (!key.has_value()) {
    sink_.OnFlushed();
    return true;
  }
  if (const auto sent = probes_.SentAt(*key); sent.has_value()) {
    sink_.OnProof(*sent);
    return false;
  }
  sink_.OnInvalidated(*key);
  return !cache::OwnerPrefix(*key).empty();
}

void ScriptedTracking::Notice() {
  noticed_ = true;
  told_ = false;
  news_.clear();
  sink_.OnLost();
}

void ScriptedTracking::Renew() {
  noticed_ = false;
  told_ = true;
}

}  // namespace council::recommendations
