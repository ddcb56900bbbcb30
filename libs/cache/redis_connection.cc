#include "libs/cache/redis_connection.h"

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace council::cache {
namespace {

constexpr size_t kReadSize = size_t{64} << 10;
// A reply that is longer than all that is ever kept is none.
constexpr size_t kMostUnread = size_t{64} << 20;

void AppendNumber(char prefix, size_t number, std::string& wire) {
  char buffer[24];
  buffer[0] = prefix;
  char* end = std::to_chars(buffer + 1, buffer + sizeof(buffer) - 2, number).ptr;
  *end++ = '\r';
  *end++ = '\n';
  wire.append(buffer, end);
}

}  // namespace

absl::Status RedisErrno(const char* what, int error) {
  return absl::UnavailableError(absl::StrCat("Redis: ", what, ": ", std::strerror(error)));
}

int MillisecondsUntil(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 3'600'000));
}

void AppendCommand(absl::Span<const std::string_view> command, std::string& wire) {
  AppendNumber('*', command.size(), wire);
  for (const std::string_view argument : command) {
    AppendNumber('$', argument.size(), wire);
    wire.append(argument).append("\r\n");
  }
}

void RedisConnection::Free::operator()(redisContext* context) const {
  redisFree(context);
}

RedisConnection::RedisConnection() : buffer_(new char[kReadSize]) {}
RedisConnection::~RedisConnection() = default;

absl::Status RedisConnection::Open(const RedisAddress& address, absl::Duration timeout) {
  const timeval wait = absl::ToTimeval(timeout);
  context_.reset(address.socket.empty() ? redisConnectWithTimeout(address.host.c_str(), address.port, wait)
                                        : redisConnectUnixWithTimeout(address.socket.c_str(), wait));
  if (context_ == nullptr) return absl::UnavailableError("Redis: out of memory");
  if (context_->err != 0) {
    const std::string where = address.socket.empty() ? absl::StrCat(address.host, ":", address.port) : address.socket;
    return absl::UnavailableError(
        absl::StrCat("Redis: cannot connect to ", where, ": ", std::string(context_->errstr)));
  }
  fcntl(fd(), F_SETFD, FD_CLOEXEC);
  LimitArrays(*context_->reader);
  return absl::OkStatus();
}

int RedisConnection::fd() const {
  return context_->fd;
}

absl::StatusOr<size_t> RedisConnection::Write(std::string_view bytes) {
  size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t n = send(fd(), bytes.data() + written, bytes.size() - written, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0) {
      written += static_cast<size_t>(n);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR) {
      return RedisErrno("cannot write", errno);
    }
  }
  return written;
}

absl::Status RedisConnection::Read() {
  const ssize_t n = recv(fd(), buffer_.get(), kReadSize, MSG_DONTWAIT);
  if (n > 0) {
    redisReader& reader = *context_->reader;
    if (reader.len - reader.pos > kMostUnread) return absl::UnavailableError("Redis: a reply of more than 64 MiB");
    if (redisReaderFeed(&reader, buffer_.get(), static_cast<size_t>(n)) != REDIS_OK) return ReaderStatus();
    return absl::OkStatus();
  }
  if (n == 0) return absl::UnavailableError("Redis: the server closed the connection");
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return absl::OkStatus();
  return RedisErrno("cannot read", errno);
}

absl::StatusOr<std::optional<Reply>> RedisConnection::Next() {
  void* reply = nullptr;
  if (redisReaderGetReply(context_->reader, &reply) != REDIS_OK) return ReaderStatus();
  if (reply == nullptr) return std::optional<Reply>();
  return std::optional<Reply>(static_cast<redisReply*>(reply));
}

absl::StatusOr<Reply> RedisConnection::Ask(absl::Span<const std::string_view> command,
                                           std::chrono::steady_clock::time_point deadline) {
  std::string wire;
  AppendCommand(command, wire);
  std::string_view unwritten = wire;
  while (true) {
    if (!unwritten.empty()) {
      const absl::StatusOr<size_t> written = Write(unwritten);
      if (!written.ok()) return written.status();
      unwritten.remove_prefix(*written);
    }
    absl::StatusOr<std::optional<Reply>> reply = Next();
    if (!reply.ok()) return std::move(reply).status();
    if (reply->has_value()) {
      if (absl::Status status = (*reply)->ToStatus(); !status.ok()) return absl::UnavailableError(status.message());
      return **std::move(reply);
    }
    if (std::chrono::steady_clock::now() >= deadline) return absl::UnavailableError("Redis: no reply in time");
    pollfd poll_fd{.fd = fd(), .events = POLLIN, .revents = 0};
    if (!unwritten.empty()) poll_fd.events |= POLLOUT;
    if (poll(&poll_fd, 1, MillisecondsUntil(deadline)) < 0 && errno != EINTR) return RedisErrno("cannot wait", errno);
    if (absl::Status status = Read(); !status.ok()) return status;
  }
}

absl::Status RedisConnection::ReaderStatus() const {
  return absl::UnavailableError(absl::StrCat("Redis: unreadable reply: ", std::string(context_->reader->errstr)));
}

}  // namespace council::cache
