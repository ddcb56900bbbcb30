#include "libs/cache/revision_relay.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace council::cache {
namespace {

constexpr size_t kBatch = 256;
constexpr absl::Duration kLookEvery = absl::Seconds(1);
constexpr absl::Duration kSinkTimeout = absl::Seconds(2);
constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
constexpr absl::Duration kLongestPause = absl::Seconds(1);

}  // namespace

absl::Status RelayOutbox(const std::string& service, const std::string& lineage, base::Outbox& outbox,
                         RevisionSink& sink) {
  while (true) {
    auto rows = outbox.Read(kBatch);
    if (!rows.ok()) return std::move(rows).status();
    if (rows->empty()) return absl::OkStatus();
    absl::Status status = sink.Raise(service, lineage, *rows, absl::Now() + kSinkTimeout);
    if (status.ok()) status = outbox.Remove(*rows);
    if (!status.ok()) return status;
    if (rows->size() < kBatch) return absl::OkStatus();
  }
}

RevisionRelay::RevisionRelay(std::string service, std::string lineage, base::Outbox& outbox, RevisionSink& sink,
                             telemetry::Metrics& metrics)
    : service_(std::move(service)),
      lineage_(std::move(lineage)),
      outbox_(outbox),
      sink_(sink),
      lag_(metrics.AddGauge("council_outbox_lag_seconds",
                            "How long new revisions have not reached the cache, in seconds; 0 while they do.",
                            {{"storage", service_}})),
      thread_([this] { Run(); }) {}

RevisionRelay::~RevisionRelay() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void RevisionRelay::Nudge() {
  absl::MutexLock lock(&mutex_);
  nudged_ = true;
}

void RevisionRelay::Run() {
  const auto awake = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return nudged_ || stopping_; };
  const auto ending = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_; };
  absl::Duration pause = kFirstPause;
  bool failing = false;
  absl::Time reached = absl::Now();
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (failing) {
        mutex_.AwaitWithTimeout(absl::Condition(&ending), pause);
        pause = std::min(2 * pause, kLongestPause);
      } else {
        mutex_.AwaitWithTimeout(absl::Condition(&awake), kLookEvery);
      }
      if (stopping_) return;
      nudged_ = false;
    }
    const absl::Status status = RelayOutbox(service_, lineage_, outbox_, sink_);
    if (status.ok() && failing) spdlog::info("revisions reach the cache again");
    if (!status.ok() && !failing) {
      spdlog::warn("revisions don't reach the cache: {}", absl::StatusCodeToString(status.code()));
    }
    if (status.ok()) pause = kFirstPause;
    failing = !status.ok();
    if (!failing) reached = absl::Now();
    lag_.Set(failing ? absl::ToDoubleSeconds(absl::Now() - reached) : 0);
  }
}

}  // namespace council::cache
