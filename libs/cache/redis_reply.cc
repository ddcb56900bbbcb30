#include "libs/cache/redis_reply.h"

#include <hiredis/hiredis.h>

#include <cassert>
#include <string>
#include <utility>

namespace council::cache {
namespace {

constexpr int kMostElements = 1'000'000;

}  // namespace

void LimitArrays(redisReader& reader) {
  // All readers begin with the same functions.
  static void* (*const kCreateArray)(const redisReadTask*, int) = reader.fn->createArray;
  static redisReplyObjectFunctions limited = [&reader] {
    redisReplyObjectFunctions functions = *reader.fn;
    functions.createArray = [](const redisReadTask* task, int elements) -> void* {
      return elements > kMostElements ? nullptr : kCreateArray(task, elements);
    };
    return functions;
  }();
  reader.fn = &limited;
}

ReplyView::Type ReplyView::type() const {
  switch (reply_->type) {
    case REDIS_REPLY_STATUS:
      return Type::kStatus;
    case REDIS_REPLY_INTEGER:
      return Type::kInteger;
    case REDIS_REPLY_STRING:
      return Type::kBulk;
    case REDIS_REPLY_ARRAY:
      return Type::kArray;
    case REDIS_REPLY_ERROR:
      return Type::kError;
    default:
      return Type::kNil;
  }
}

std::string_view ReplyView::text() const {
  switch (type()) {
    case Type::kBulk:
    case Type::kStatus:
    case Type::kError:
      return {reply_->str, static_cast<size_t>(reply_->len)};
    default:
      return {};
  }
}

int64_t ReplyView::integer() const {
  return type() == Type::kInteger ? reply_->integer : 0;
}

size_t ReplyView::size() const {
  return type() == Type::kArray ? reply_->elements : 0;
}

ReplyView ReplyView::operator[](size_t index) const {
  assert(index < size());
  return ReplyView(reply_->element[index]);
}

absl::Status ReplyView::ToStatus() const {
  if (type() != Type::kError) return absl::OkStatus();
  const std::string_view message = text();
  const std::string_view word = message.substr(0, message.find(' '));
  absl::StatusCode code = absl::StatusCode::kInternal;
  if (word == "LOADING" || word == "BUSY" || word == "READONLY" || word == "MASTERDOWN" || word == "CLUSTERDOWN" ||
      word == "TRYAGAIN") {
    code = absl::StatusCode::kUnavailable;
  } else if (word == "OOM") {
    code = absl::StatusCode::kResourceExhausted;
  } else if (word == "NOAUTH" || word == "NOPERM" || word == "WRONGPASS") {
    code = absl::StatusCode::kPermissionDenied;
  } else if (word == "NOSCRIPT") {
    code = absl::StatusCode::kNotFound;
  }
  return absl::Status(code, "Redis: " + std::string(message));
}

Reply& Reply::operator=(Reply&& other) noexcept {
  std::swap(reply_, other.reply_);
  return *this;
}

Reply::~Reply() {
  if (reply_ != nullptr) freeReplyObject(const_cast<redisReply*>(reply_));
}

}  // namespace council::cache
