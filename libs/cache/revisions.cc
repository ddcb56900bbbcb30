#include "libs/cache/revisions.h"

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace council::cache {
namespace {

// Sets a revision unless a greater one is known. An equal one does not live longer by it: what is believed of a
// revision is asked of its service once a minute.
constexpr std::string_view kRaiseScript =
    "local known = redis.call('GET', KEYS[1]) "
    "if not known or tonumber(known) < tonumber(ARGV[1]) then "
    "redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) end "
    "return 1";

absl::string_view ToAbsl(std::string_view text) {
  return {text.data(), text.size()};
}

// Counts replies of commands sent together.
struct Gathered {
  absl::Mutex mutex;
  size_t missing ABSL_GUARDED_BY(mutex) = 0;
  absl::Status status ABSL_GUARDED_BY(mutex);
};

template <typename Callback>
void SendRaise(RedisCommands& redis, const std::string& key, int64_t revision, Callback callback) {
  const std::string value = absl::StrCat(revision);
  const std::string lifetime = absl::StrCat(absl::ToInt64Seconds(kRevisionLifetime));
  const std::string_view command[] = {"EVAL", kRaiseScript, "1", key, value, lifetime};
  redis.Send(command, std::move(callback));
}

}  // namespace

std::string KeyPrefix(std::string_view cache_tag) {
  return absl::StrCat("council:{", absl::WebSafeBase64Escape(ToAbsl(cache_tag)), "}:");
}

std::string_view OwnerPrefix(std::string_view key) {
  constexpr std::string_view kBegin = "council:{";
  constexpr std::string_view kEnd = "}:";
  if (key.substr(0, kBegin.size()) != kBegin) return {};
  const size_t end = key.find(kEnd, kBegin.size());
  return end == std::string_view::npos ? std::string_view() : key.substr(0, end + kEnd.size());
}

std::string RevisionKey(std::string_view cache_tag, std::string_view service, std::string_view lineage) {
  return absl::StrCat(KeyPrefix(cache_tag), "revision:", ToAbsl(service), ":", ToAbsl(lineage));
}

absl::Status RedisRevisions::Raise(const std::string& service, const std::string& lineage,
                                   std::span<const base::OutboxRow> rows, absl::Time deadline) {
  auto gathered = std::make_shared<Gathered>();
  {
    absl::MutexLock lock(&gathered->mutex);
    gathered->missing = rows.size();
  }
  for (const base::OutboxRow& row : rows) {
    SendRaise(redis_, RevisionKey(row.cache_tag, service, lineage), row.revision,
              [gathered](absl::StatusOr<Reply> reply) {
                const absl::Status status = reply.ok() ? reply->ToStatus() : reply.status();
                absl::MutexLock lock(&gathered->mutex);
                gathered->status.Update(status);
                --gathered->missing;
              });
  }
  absl::MutexLock lock(&gathered->mutex);
  const auto complete = [&gathered]() ABSL_SHARED_LOCKS_REQUIRED(gathered->mutex) { return gathered->missing == 0; };
  if (!gathered->mutex.AwaitWithDeadline(absl::Condition(&complete), deadline)) {
    return absl::DeadlineExceededError("Redis did not answer in time");
  }
  return gathered->status;
}

void RedisRevisions::RaiseInBackground(const std::string& key, int64_t revision) {
  SendRaise(redis_, key, revision, [](absl::StatusOr<Reply>) {});
}

}  // namespace council::cache
