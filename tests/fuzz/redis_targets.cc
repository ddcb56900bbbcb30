// What Redis says, and where it is.

#include <hiredis/hiredis.h>

#include <memory>
#include <string>

#include "libs/base/check.h"
#include "libs/cache/redis_reply.h"
#include "libs/cache/redis_url.h"
#include "services/recommendations/cached_balance.h"
#include "tests/fuzz/targets.h"

namespace council::fuzz {
namespace {

void Read(const cache::ReplyView& reply) {
  const absl::Status status = reply.ToStatus();
  COUNCIL_CHECK(status.ok() == (reply.type() != cache::ReplyView::Type::kError));
  if (const auto stamped = recommendations::DecodeStamped(reply.text()); stamped.has_value()) {
    COUNCIL_CHECK(stamped->stamp_text.size() + stamped->sealed.size() == reply.text().size());
    const auto again = recommendations::DecodeStamped(recommendations::EncodeStamp(stamped->stamp) + "sealed");
    COUNCIL_CHECK(again.has_value() && again->stamp.revisions == stamped->stamp.revisions);
    COUNCIL_CHECK(recommendations::MayReplace(again->stamp, stamped->stamp));
  }
  for (std::size_t i = 0; i < reply.size(); ++i) Read(reply[i]);
}

}  // namespace

void RedisReplies(std::string_view input) {
  struct Free {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };
  const std::unique_ptr<redisReader, Free> reader(redisReaderCreate());
  cache::LimitArrays(*reader);
  // Replies come in pieces that end anywhere.
  constexpr std::size_t kPiece = 7;
  while (!input.empty()) {
    const std::string_view piece = input.substr(0, kPiece);
    input.remove_prefix(piece.size());
    if (redisReaderFeed(reader.get(), piece.data(), piece.size()) != REDIS_OK) return;
    void* reply = nullptr;
    do {
      if (redisReaderGetReply(reader.get(), &reply) != REDIS_OK) return;
      if (reply != nullptr) Read(cache::Reply(static_cast<redisReply*>(reply)));
    } while (reply != nullptr);
  }
}

void RedisUrl(std::string_view input) {
  const auto address = cache::ParseRedisUrl(input);
  if (!address.ok()) {
    COUNCIL_CHECK(absl::IsInvalidArgument(address.status()));
    return;
  }
  COUNCIL_CHECK(!address->host.empty() && address->port >= 1 && address->port <= 65535);
  COUNCIL_CHECK(address->database >= 0 && address->database <= 65535);
}

}  // namespace council::fuzz
