#include "libs/cache/redis.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace council::cache {
namespace {

constexpr size_t kRetainedWire = size_t{1} << 20;  // capacity above it is given back after use
constexpr size_t kRetainedCallbacks = 4096;

}  // namespace

void RedisClient::Batch::Clear() {
  wire.clear();
  callbacks.clear();
  if (wire.capacity() > kRetainedWire) std::string().swap(wire);
  if (callbacks.capacity() > kRetainedCallbacks) std::vector<Callback>().swap(callbacks);
}

RedisClient::RedisClient(RedisOptions options)
    : options_(std::move(options)),
      wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      jitter_(std::random_device{}()),
      last_error_(absl::UnavailableError("Redis: not connected yet")) {
  if (wake_fd_ < 0) std::abort();  // the process is out of descriptors before it has begun
  thread_ = std::thread([this] { Run(); });
}

RedisClient::~RedisClient() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  Wake();
  thread_.join();
  close(wake_fd_);
}

void RedisClient::Send(absl::Span<const std::string_view> command, Callback callback) {
  absl::Status refusal;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (!connected_) {
      refusal = last_error_;
    } else if (queue_.callbacks.size() >= options_.max_queued_commands ||
               queue_.wire.size() >= options_.max_queued_bytes) {
      refusal = absl::ResourceExhaustedError("Redis: too many commands are waiting");
    } else {
      AppendCommand(command, queue_.wire);
      queue_.callbacks.push_back(std::move(callback));
      wake = std::exchange(asleep_, false);
    }
  }
  if (!refusal.ok()) {
    callback(std::move(refusal));  // NOLINT(bugprone-use-after-move): kept where it was refused
  } else if (wake) {
    Wake();
  }
}

absl::StatusOr<Reply> RedisClient::Call(absl::Span<const std::string_view> command, absl::Time deadline) {
  struct Waiter {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<absl::StatusOr<Reply>> result;
  };
  const auto waiter = std::make_shared<Waiter>();
  Send(command, [waiter](absl::StatusOr<Reply> reply) {
    const std::lock_guard lock(waiter->mutex);
    waiter->result = std::move(reply);
    waiter->done.notify_one();
  });
  std::unique_lock lock(waiter->mutex);
  if (!waiter->done.wait_until(lock, absl::ToChronoTime(deadline), [&] { return waiter->result.has_value(); })) {
    return absl::DeadlineExceededError("Redis: no reply by the caller's deadline");
  }
  return *std::move(waiter->result);
}

bool RedisClient::connected() const {
  const std::lock_guard lock(mutex_);
  return connected_;
}

bool RedisClient::WaitUntilConnected(absl::Time deadline) const {
  std::unique_lock lock(mutex_);
  return connected_changed_.wait_until(lock, absl::ToChronoTime(deadline), [this] { return connected_; });
}

void RedisClient::Run() {
  while (true) {
    RedisConnection connection;
    absl::Status status = Connect(connection);
    if (status.ok()) {
      const Instant since = std::chrono::steady_clock::now();
      status = Serve(connection);
      if (std::chrono::steady_clock::now() - since > absl::ToChronoNanoseconds(options_.max_backoff)) failures_ = 0;
    }
    Disconnect(status);

    const Instant retry = std::chrono::steady_clock::now() + std::chrono::milliseconds(NextBackoffMs());
    do {
      {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
      }
      WaitForWork(-1, MillisecondsUntil(retry));
    } while (std::chrono::steady_clock::now() < retry);
  }
}

absl::Status RedisClient::Connect(RedisConnection& connection) {
  if (absl::Status status = connection.Open(options_.address, options_.connect_timeout); !status.ok()) return status;

  // A PING shows that somebody answers: a stopped server still accepts connections, and one that is loading or full
  // refuses with an error reply.
  Batch greeting;
  absl::Status refused;
  const auto expect_ok = [&refused](absl::StatusOr<Reply> reply) {
    const absl::Status status = reply.ok() ? reply->ToStatus() : reply.status();
    if (refused.ok() && !status.ok()) refused = absl::UnavailableError(status.message());
  };
  const auto add = [&](absl::Span<const std::string_view> command) {
    AppendCommand(command, greeting.wire);
    greeting.callbacks.emplace_back(expect_ok);
  };
  if (!options_.address.password.empty()) add({"AUTH", options_.address.password});
  if (options_.address.database != 0) add({"SELECT", absl::StrCat(options_.address.database)});
  add({"PING"});
  if (absl::Status status = Exchange(connection, greeting); !status.ok()) return status;
  if (!refused.ok()) return refused;

  {
    const std::lock_guard lock(mutex_);
    connected_ = true;
  }
  connected_changed_.notify_all();
  if (options_.on_connection_change) options_.on_connection_change(absl::OkStatus());
  return absl::OkStatus();
}

absl::Status RedisClient::Serve(RedisConnection& connection) {
  Batch batch;
  while (true) {
    bool idle = false;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return absl::UnavailableError("Redis: the client is closing");
      std::swap(batch, queue_);
      idle = asleep_ = batch.callbacks.empty();
    }
    if (idle) {
      WaitForWork(connection.fd(), -1);
      {
        const std::lock_guard lock(mutex_);
        asleep_ = false;
      }
      // Nothing is owed to us: what can be read now is the end of the connection, found before a command is lost to it.
      if (absl::Status status = connection.Read(); !status.ok()) return status;
      const absl::StatusOr<std::optional<Reply>> unasked = connection.Next();
      if (!unasked.ok()) return unasked.status();
      if (unasked->has_value()) return absl::UnavailableError("Redis: a reply that nothing asked for");
      continue;
    }
    if (absl::Status status = Exchange(connection, batch); !status.ok()) return status;
    batch.Clear();
  }
}

absl::Status RedisClient::Exchange(RedisConnection& connection, Batch& batch) {
  const Instant deadline = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(options_.command_timeout);
  std::string_view unwritten = batch.wire;
  size_t answered = 0;

  const auto run = [&]() -> absl::Status {
    while (answered < batch.callbacks.size()) {
      if (!unwritten.empty()) {
        const absl::StatusOr<size_t> written = connection.Write(unwritten);
        if (!written.ok()) return written.status();
        unwritten.remove_prefix(*written);
      }
      pollfd poll_fd{.fd = connection.fd(), .events = POLLIN, .revents = 0};
      if (!unwritten.empty()) poll_fd.events |= POLLOUT;
      const int ready = poll(&poll_fd, 1, MillisecondsUntil(deadline));
      if (ready < 0 && errno != EINTR) return RedisErrno("cannot wait", errno);
      if ((poll_fd.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && ready > 0) {
        if (absl::Status status = connection.Read(); !status.ok()) return status;
        while (true) {
          absl::StatusOr<std::optional<Reply>> reply = connection.Next();
          if (!reply.ok()) return reply.status();
          if (!reply->has_value()) break;
          if (answered == batch.callbacks.size()) {
            return absl::UnavailableError("Redis: a reply that nothing asked for");
          }
          // Counted first, since what follows may fail; and let go of at once, with all that it holds.
          Callback callback = std::move(batch.callbacks[answered++]);
          callback(**std::move(reply));
        }
      }
      if (answered < batch.callbacks.size() && std::chrono::steady_clock::now() >= deadline) {
        return absl::DeadlineExceededError("Redis: no reply within the command time-out");
      }
    }
    return absl::OkStatus();
  };

  absl::Status status = run();
  if (!status.ok()) {
    // New commands are refused from here on, so that a callback that tries again is not queued on a dead connection.
    {
      const std::lock_guard lock(mutex_);
      connected_ = false;
      last_error_ = absl::UnavailableError(status.message());
    }
    for (; answered < batch.callbacks.size(); ++answered) batch.callbacks[answered](status);
  }
  return status;
}

void RedisClient::Disconnect(const absl::Status& reason) {
  const absl::Status unavailable = absl::UnavailableError(reason.message());
  ++failures_;
  Batch orphans;
  bool stopping = false;
  {
    const std::lock_guard lock(mutex_);
    stopping = stopping_;
    connected_ = false;
    last_error_ = unavailable;
    std::swap(orphans, queue_);
  }
  for (Callback& callback : orphans.callbacks) callback(unavailable);
  if (!stopping && options_.on_connection_change) options_.on_connection_change(unavailable);
}

void RedisClient::WaitForWork(int connection_fd, int timeout_ms) {
  pollfd fds[2] = {{.fd = wake_fd_, .events = POLLIN, .revents = 0},
                   {.fd = connection_fd, .events = POLLIN, .revents = 0}};
  if (poll(fds, 2, timeout_ms) > 0 && fds[0].revents != 0) {
    eventfd_t count = 0;
    eventfd_read(wake_fd_, &count);
  }
}

void RedisClient::Wake() {
  eventfd_write(wake_fd_, 1);
}

int RedisClient::NextBackoffMs() {
  const int64_t low = std::max<int64_t>(1, absl::ToInt64Milliseconds(options_.min_backoff));
  const int64_t high = std::max(low, absl::ToInt64Milliseconds(options_.max_backoff));
  const int64_t full = std::min(high, low << std::min(failures_ - 1, 20));
  return static_cast<int>(std::uniform_int_distribution<int64_t>((full + 1) / 2, full)(jitter_));
}

}  // namespace council::cache
