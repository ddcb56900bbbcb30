#include "libs/cache/redis_tracking.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::cache {
namespace {

constexpr std::string_view kChannel = "__redis__:invalidate";
constexpr size_t kNameBytes = 8;
// Probes remove themselves.
constexpr std::string_view kProbeLifetimeMs = "10000";

}  // namespace

RedisTracking::RedisTracking(RedisTrackingOptions options, RedisCommands& commands, const base::Clock& clock,
                             base::Random& random, InvalidationSink& sink)
    : options_(std::move(options)),
      commands_(commands),
      clock_(clock),
      sink_(sink),
      wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      probes_(absl::BytesToHexString(random.Bytes(kNameBytes))) {
  if (wake_fd_ < 0) std::abort();  // the process is out of descriptors before it has begun
  thread_ = std::thread([this] { Run(); });
}

RedisTracking::~RedisTracking() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  eventfd_write(wake_fd_, 1);
  thread_.join();
  close(wake_fd_);
}

bool RedisTracking::Stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void RedisTracking::Run() {
  bool failed = false;
  while (!Stopping()) {
    RedisConnection connection;
    absl::Status status = Connect(connection);
    if (status.ok()) {
      failed = false;
      if (options_.on_change) options_.on_change(absl::OkStatus());
      status = Listen(connection);
    }
    sink_.OnLost();
    if (Stopping()) return;
    if (!std::exchange(failed, true) && options_.on_change) options_.on_change(status);
    Wait(-1, options_.backoff);
  }
}

absl::Status RedisTracking::Connect(RedisConnection& connection) {
  COUNCIL_RETURN_IF_ERROR(connection.Open(options_.address, options_.connect_timeout));
  const auto ask = [&](absl::Span<const std::string_view> command) {
    return connection.Ask(command,
                          std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(options_.command_timeout));
  };
  if (!options_.address.password.empty()) COUNCIL_RETURN_IF_ERROR(ask({"AUTH", options_.address.password}).status());
  const auto id = ask({"CLIENT", "ID"});
  COUNCIL_RETURN_IF_ERROR(id.status());
  const std::string id_text = absl::StrCat(id->integer());
  COUNCIL_RETURN_IF_ERROR(
      ask({"CLIENT", "TRACKING", "ON", "REDIRECT", id_text, "BCAST", "PREFIX", "council:"}).status());
  return ask({"SUBSCRIBE", kChannel}).status();
}

absl::Status RedisTracking::Listen(RedisConnection& connection) {
  last_proof_ = clock_.Now();
  absl::Time next_probe = last_proof_;
  while (!Stopping()) {
    while (true) {
      const absl::StatusOr<std::optional<Reply>> message = connection.Next();
      if (!message.ok()) return message.status();
      if (!message->has_value()) break;
      COUNCIL_RETURN_IF_ERROR(Take(**message));
    }
    const absl::Time now = clock_.Now();
    if (now - last_proof_ >= options_.probe_timeout) {
      return absl::UnavailableError("Redis: what was written does not come back");
    }
    if (now >= next_probe) {
      SendProbe();
      next_probe = now + options_.probe_interval;
    }
    Wait(connection.fd(), std::min(next_probe, last_proof_ + options_.probe_timeout) - now);
    COUNCIL_RETURN_IF_ERROR(connection.Read());
  }
  return absl::OkStatus();
}

void RedisTracking::SendProbe() {
  // The time from before, since what changes after it need not have been told when the probe comes back.
  const std::string key = probes_.Send(clock_.Now());
  commands_.Send({"SET", key, "1", "PX", kProbeLifetimeMs}, [](absl::StatusOr<Reply>) {});
}

absl::Status RedisTracking::Take(const ReplyView& message) {
  if (message.size() != 3 || message[0].text() != "message" || message[1].text() != kChannel) {
    return absl::UnavailableError("Redis: a message that is no invalidation");
  }
  const ReplyView keys = message[2];
  if (keys.is_nil()) {
    sink_.OnFlushed();
    return absl::OkStatus();
  }
  // The keys of one message are in no order: a probe is believed after all that came with it.
  std::optional<absl::Time> proven;
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::string_view key = keys[i].text();
    if (const auto sent = probes_.SentAt(key); sent.has_value()) {
      proven = std::max(proven.value_or(*sent), *sent);
    } else {
      sink_.OnInvalidated(key);
    }
  }
  if (proven.has_value()) {
    last_proof_ = std::max(last_proof_, *proven);
    sink_.OnProof(*proven);
  }
  return absl::OkStatus();
}

void RedisTracking::Wait(int connection_fd, absl::Duration time) const {
  pollfd fds[2] = {{.fd = wake_fd_, .events = POLLIN, .revents = 0},
                   {.fd = connection_fd, .events = POLLIN, .revents = 0}};
  poll(fds, 2, MillisecondsUntil(std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(time)));
}

}  // namespace council::cache
