#include "services/recommendations/balance_history.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/balance_day.h"

namespace council::recommendations {
namespace {

// Left of the caller's time to keep what was filled in, and to answer.
constexpr absl::Duration kReserve = absl::Milliseconds(500);

v1::BalancePoint PointOf(absl::CivilDay day, const v1::CouncilBalance& balance) {
  v1::BalancePoint point;
  point.set_day(absl::FormatCivilTime(day));
  point.set_score(balance.score());
  point.set_structure(balance.structure());
  point.set_practice(balance.practice());
  point.set_confidence(balance.confidence());
  point.set_model_version(balance.model_version());
  for (const v1::BalanceComponent& component : balance.components()) point.add_component_values(component.value());
  return point;
}

absl::Status NotFilledIn(size_t missing) {
  // The service is well: one call fills in as much as one may cost.
  return base::WithRetry(base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_RATE_LIMITED,
                                     absl::StrCat(missing, " days are yet to be filled in; ask again")),
                         absl::ZeroDuration());
}

}  // namespace

absl::CivilDay BalanceHistory::Today() const {
  return absl::ToCivilDay(clock_.Now(), absl::UTCTimeZone());
}

void BalanceHistory::Record(const rpc::CallContext& call, const v1::CouncilBalance& balance) {
  if (balance.seats() == 0) return;
  const absl::CivilDay day = absl::ToCivilDay(base::FromProto(balance.as_of()), absl::UTCTimeZone());
  const v1::BalancePoint point = PointOf(day, balance);
  const absl::Status status = store_.PutPoints(call.owner(), {&point, 1}, RecommendationsStore::IfKept::kReplace);
  if (base::ReasonOf(status) == common::v1::ERROR_REASON_OWNER_ERASED) return;
  if (!status.ok()) spdlog::warn("a day's balance was not kept: {}", std::string(status.message()));
}

absl::StatusOr<std::vector<v1::BalancePoint>> BalanceHistory::Points(const rpc::CallContext& call, absl::CivilDay first,
                                                                     absl::CivilDay last) {
  std::set<absl::CivilDay> days;
  for (absl::CivilDay day = first; day <= last; ++day) days.insert(day);
  COUNCIL_ASSIGN_OR_RETURN(auto by_day, PointsOf(call, days));
  std::vector<v1::BalancePoint> points;
  for (auto& [day, point] : by_day) points.push_back(std::move(point));
  return points;
}

absl::StatusOr<std::map<std::string, v1::BalancePoint>> BalanceHistory::PointsOf(const rpc::CallContext& call,
                                                                                 const std::set<absl::CivilDay>& days) {
  std::map<std::string, v1::BalancePoint> by_day;
  if (days.empty()) return by_day;
  const absl::CivilDay today = Today();
  COUNCIL_ASSIGN_OR_RETURN(
      std::vector<v1::BalancePoint> points,
      store_.ListPoints(call.owner(), *days.begin(), std::min(*days.rbegin(), today - 1), call.deadline()));
  for (v1::BalancePoint& point : points) {
    absl::CivilDay day;
    if (absl::ParseCivilTime(point.day(), &day) && days.contains(day)) by_day.emplace(point.day(), std::move(point));
  }

  std::vector<v1::BalancePoint> filled_in;
  absl::Status status;
  size_t missing = 0;
  // The latest days first: they are looked at most, should time not suffice.
  for (auto next = days.rbegin(); next != days.rend(); ++next) {
    const absl::CivilDay day = *next;
    if (day > today || by_day.contains(absl::FormatCivilTime(day))) continue;
    if (!status.ok() || absl::Now() + kReserve >= call.deadline()) {
      ++missing;
      continue;
    }
    const auto as_of = day == today ? std::nullopt : std::optional(EndOfBalanceDay(day));
    const auto computed = computer_.Compute(call, {}, as_of);
    if (!computed.ok()) {
      status = computed.status();
      continue;
    }
    if (computed->balance.seats() == 0) continue;
    v1::BalancePoint point = PointOf(day, computed->balance);
    if (day != today) filled_in.push_back(point);
    by_day.emplace(point.day(), std::move(point));
  }
  if (!filled_in.empty()) {
    COUNCIL_RETURN_IF_ERROR(store_.PutPoints(call.owner(), filled_in, RecommendationsStore::IfKept::kKeepOld));
  }
  if (absl::IsDeadlineExceeded(status) || (status.ok() && missing > 0)) return NotFilledIn(missing);
  if (!status.ok()) return status;
  return by_day;
}

}  // namespace council::recommendations
