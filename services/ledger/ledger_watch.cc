#include "services/ledger/ledger_watch.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_service.h"

namespace council::ledger {
namespace {

constexpr char kPurpose[] = "WatchLedger";
constexpr std::size_t kPage = 200;
constexpr absl::Duration kReadTime = absl::Seconds(5);

}  // namespace

std::string WatchToken(const seal::TokenCodec& tokens, const base::Owner& owner, const std::string& lineage,
                       const WatchPlace& place) {
  return tokens.MakePositionToken(
      owner, kPurpose, {.lineage = lineage, .revision = place.revision, .position = absl::StrCat(place.sequence)});
}

absl::StatusOr<WatchPlace> ParseWatchToken(const seal::TokenCodec& tokens, const base::Owner& owner,
                                           const std::string& lineage, const std::string& text) {
  COUNCIL_ASSIGN_OR_RETURN(const seal::PositionToken token, tokens.ParsePositionToken(owner, kPurpose, text));
  if (token.lineage != lineage) {
    return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_LINEAGE_CHANGED,
                       "the watch_token is of a storage that was replaced; drop it, and read anew");
  }
  WatchPlace place{.revision = token.revision};
  // The token is ours: its MAC held.
  (void)absl::SimpleAtoi(token.position, &place.sequence);
  return place;
}

absl::StatusOr<std::vector<v1::WatchLedgerResponse>> LedgerChanges::Next() {
  std::vector<v1::WatchLedgerResponse> page;
  if (tell_place_) Add(page);
  tell_place_ = false;
  const ReadAt at{.deadline = absl::Now() + kReadTime, .required_revision = place_.revision};
  absl::Status damaged;
  const auto take = [&](std::int64_t sequence, const absl::StatusOr<EntryRow>& row) {
    damaged = row.status();
    if (!row.ok() || !AddChangesUntil(row->revision - 1, page) || page.size() >= kPage) return false;
    place_ = {.revision = std::max(place_.revision, row->revision), .sequence = sequence};
    *Add(page).mutable_interaction() = row->entry;
    return true;
  };
  COUNCIL_RETURN_IF_ERROR(ledger_.Read(owner_, at, [&](LedgerReader& reader) {
    const LedgerState& state = reader.state();
    const bool has_entries = !state.erased && state.head_sequence > place_.sequence;
    absl::Status status = has_entries ? reader.ForEachEntry(place_.sequence + 1, take) : absl::OkStatus();
    const bool at_head = !has_entries || place_.sequence == state.head_sequence;
    if (status.ok() && at_head) AddChangesUntil(state.revision, page);
    return status;
  }));
  // What comes before the damage is told first.
  if (page.empty() && !damaged.ok()) return damaged;
  return page;
}

v1::WatchLedgerResponse& LedgerChanges::Add(std::vector<v1::WatchLedgerResponse>& page) const {
  v1::WatchLedgerResponse& response = page.emplace_back();
  response.set_watch_token(WatchToken(tokens_, owner_, ledger_.store().lineage(), place_));
  return response;
}

bool LedgerChanges::AddChangesUntil(std::int64_t revision, std::vector<v1::WatchLedgerResponse>& page) {
  while (place_.revision < revision) {
    if (page.size() >= kPage) return false;
    ++place_.revision;
    Add(page);
  }
  return true;
}

absl::StatusOr<std::unique_ptr<rpc::ChangeSource<v1::WatchLedgerResponse>>> LedgerService::WatchLedger(
    const rpc::CallContext& call, const v1::WatchLedgerRequest& request, std::function<void()> wake) {
  const bool from_now_on = request.watch_token().empty();
  WatchPlace place;
  if (!from_now_on) {
    COUNCIL_ASSIGN_OR_RETURN(place,
                             ParseWatchToken(tokens_, call.owner(), ledger_.store().lineage(), request.watch_token()));
  }
  // Before the place is looked up, so that no change falls between the two.
  COUNCIL_ASSIGN_OR_RETURN(auto subscription, changes_.Subscribe(call.owner(), std::move(wake)));
  if (from_now_on) {
    COUNCIL_RETURN_IF_ERROR(ledger_.Read(call.owner(), {.deadline = call.deadline()}, [&](LedgerReader& reader) {
      place = {.revision = reader.state().revision, .sequence = reader.state().head_sequence};
      return absl::OkStatus();
    }));
  }
  return std::make_unique<LedgerChanges>(ledger_, tokens_, call.owner(), place, from_now_on, std::move(subscription));
}

}  // namespace council::ledger
