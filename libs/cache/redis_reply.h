#ifndef COUNCIL_LIBS_CACHE_REDIS_REPLY_H_
#define COUNCIL_LIBS_CACHE_REDIS_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/status.h"

struct redisReader;
struct redisReply;

namespace council::cache {

// Makes `reader` fail with what no command of ours is answered: an array of more than a million elements. hiredis
// reserves memory for all of an array as soon as its length is read.
void LimitArrays(redisReader& reader);

// A look at one reply of a Redis server (RESP2), or at one element of an array reply. It owns nothing: what it and its
// accessors show lives as long as the `Reply` that it was taken from.
class ReplyView {
 public:
  enum class Type { kNil, kStatus, kInteger, kBulk, kArray, kError };

  Type type() const;
  bool is_nil() const { return type() == Type::kNil; }

  // The bytes of a bulk, status or error reply; empty for every other type.
  std::string_view text() const;

  // The value of an integer reply; 0 for every other type.
  int64_t integer() const;

  // How many elements an array reply has; 0 for every other type.
  size_t size() const;

  // An element of an array reply. Requires index < size().
  ReplyView operator[](size_t index) const;

  // OK, or for an error reply its text under the code that its meaning calls for: UNAVAILABLE where the server cannot
  // serve now but may soon (LOADING, BUSY, READONLY, MASTERDOWN, CLUSTERDOWN, TRYAGAIN), RESOURCE_EXHAUSTED for OOM,
  // PERMISSION_DENIED for NOAUTH, NOPERM and WRONGPASS, NOT_FOUND for NOSCRIPT, otherwise INTERNAL.
  absl::Status ToStatus() const;

 protected:
  explicit ReplyView(const redisReply* reply) : reply_(reply) {}

  const redisReply* reply_;
};

// One reply, owned: the bytes stay where hiredis put them as it read them. Move-only; a moved-from Reply may only be
// destroyed or assigned to.
class Reply : public ReplyView {
 public:
  // Takes over a reply that hiredis allocated. Requires a reply of a RESP2 type.
  explicit Reply(redisReply* reply) : ReplyView(reply) {}
  Reply(Reply&& other) noexcept : ReplyView(other.reply_) { other.reply_ = nullptr; }
  Reply& operator=(Reply&& other) noexcept;
  ~Reply();
};

}  // namespace council::cache

#endif  // COUNCIL_LIBS_CACHE_REDIS_REPLY_H_
