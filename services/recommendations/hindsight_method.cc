#include "services/recommendations/hindsight_method.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/ties/tie_strength.h"
#include "services/recommendations/advice_method.h"
#include "services/recommendations/contact_status.h"
#include "services/recommendations/hindsight.h"
#include "services/recommendations/people.h"
#include "services/recommendations/request_tokens.h"

namespace council::recommendations {
namespace {

constexpr int kDefaultDays = 180;
constexpr int kMostDays = 400;
constexpr size_t kMostRecords = 1000;
// More than anyone logs in 400 days.
constexpr size_t kMostEntries = 20'000;
// At which it is looked whether somebody went for good; each takes up to two councils of the past.
constexpr size_t kMostMoments = 50;

absl::StatusOr<HindsightSpan> SpanOf(const v1::GetHindsightRequest& request, absl::Time now) {
  base::FieldViolations violations;
  constexpr char kInvalid[] = "must be a moment of the years 1 to 9999";
  if (request.has_start_time() && !base::IsValid(request.start_time())) violations.Add("start_time", kInvalid);
  if (request.has_end_time() && !base::IsValid(request.end_time())) violations.Add("end_time", kInvalid);
  CheckTokens(request, violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  HindsightSpan span;
  span.last = request.has_end_time() ? base::FromProto(request.end_time()) : now;
  span.first =
      request.has_start_time() ? base::FromProto(request.start_time()) : span.last - absl::Hours(24 * kDefaultDays);
  if (span.first > span.last) violations.Add("start_time", "must not be after end_time");
  if (span.last - span.first > absl::Hours(24 * kMostDays)) {
    violations.Add("start_time", absl::StrCat("must be at most ", kMostDays, " days before end_time"));
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  return span;
}

absl::CivilDay DayOf(absl::Time time) {
  return absl::ToCivilDay(time, absl::UTCTimeZone());
}

// Those of the span, newest first.
absl::StatusOr<std::vector<GivenRecommendation>> GivenIn(const rpc::CallContext& call, const HindsightSpan& span,
                                                         RecommendationsStore& store) {
  COUNCIL_ASSIGN_OR_RETURN(std::vector<GivenRecommendation> given,
                           store.ListGiven(call.owner(), DayOf(span.first), DayOf(span.last), call.deadline()));
  std::erase_if(given, [&span](const GivenRecommendation& one) {
    const absl::Time time = base::FromProto(one.given_time());
    return time < span.first || time > span.last;
  });
  std::ranges::reverse(given);
  if (given.size() > kMostRecords) given.resize(kMostRecords);
  return given;
}

// The councils at the moments that steps which are done by seats ask for.
absl::StatusOr<std::map<absl::Time, contacts::v1::GetCouncilResponse>> CouncilsFor(
    const rpc::CallContext& call, std::span<const std::string> tokens, std::span<const GivenRecommendation> given,
    ContactsClient& contacts, absl::Time now) {
  std::map<absl::Time, contacts::v1::GetCouncilResponse> councils;
  for (const GivenRecommendation& one : given) {
    if (!IsDoneBySeats(one)) continue;
    const absl::Time moment = MomentOfSeats(one, now);
    if (councils.contains(moment)) continue;
    // A moment that is now is none of the past.
    const auto as_of = moment < now ? std::optional(moment) : std::nullopt;
    COUNCIL_ASSIGN_OR_RETURN(councils[moment], contacts.GetCouncil(call, tokens, as_of));
  }
  return councils;
}

absl::StatusOr<std::map<std::string, v1::BalancePoint>> PointsFor(const rpc::CallContext& call,
                                                                  std::span<const GivenRecommendation> given,
                                                                  BalanceHistory& history, absl::Time now) {
  std::set<absl::CivilDay> days;
  for (const GivenRecommendation& one : given) {
    const absl::CivilDay day = DayOfHindsight(base::FromProto(one.given_time()));
    if (day < DayOf(now)) days.insert(day);
  }
  return history.PointsOf(call, days);
}

// Adds the councils that tell whether somebody went for good within the days after a step, for steps with a balance in
// `points` to compare with. Most owners need none: whoever went had gone by the time when their card was last changed.
// Returns until when it was not looked into, beyond kMostMoments.
absl::StatusOr<absl::Time> AddCouncilsOfThoseWhoWent(const rpc::CallContext& call, std::span<const std::string> tokens,
                                                     std::span<const GivenRecommendation> given,
                                                     std::span<const contacts::v1::Contact> contacts,
                                                     const std::map<std::string, v1::BalancePoint>& points,
                                                     ContactsClient& client,
                                                     std::map<absl::Time, contacts::v1::GetCouncilResponse>& councils) {
  absl::Time last_went = absl::InfinitePast();
  for (const contacts::v1::Contact& contact : contacts) {
    if (IsOffCouncil(contact)) last_went = std::max(last_went, base::FromProto(contact.update_time()));
  }
  std::set<absl::Time> looked_at;
  for (const GivenRecommendation& one : given) {
    const absl::Time time = base::FromProto(one.given_time());
    const bool has_balance = points.contains(absl::FormatCivilTime(DayOfHindsight(time)));
    // Steps of one answer have one time.
    if (time >= last_went || looked_at.contains(time) || !has_balance) continue;
    if (looked_at.size() == kMostMoments) return time;
    looked_at.insert(time);
    COUNCIL_ASSIGN_OR_RETURN(contacts::v1::GetCouncilResponse before, client.GetCouncil(call, tokens, time));
    const bool any = std::ranges::any_of(
        before.seats(), [](const contacts::v1::CouncilSeat& seat) { return IsOffCouncil(seat.contact()); });
    if (!any) continue;
    councils.insert_or_assign(time, std::move(before));
    const absl::Time after = EndOfHindsight(one);
    if (councils.contains(after)) continue;
    COUNCIL_ASSIGN_OR_RETURN(councils[after], client.GetCouncil(call, tokens, after));
  }
  return absl::InfinitePast();
}

}  // namespace

absl::StatusOr<v1::GetHindsightResponse> GetHindsight(const rpc::CallContext& call,
                                                      const v1::GetHindsightRequest& request,
                                                      const HindsightParts& parts, absl::Time now) {
  COUNCIL_ASSIGN_OR_RETURN(const HindsightSpan span, SpanOf(request, now));
  const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<contacts::v1::Contact> contacts,
                           parts.contacts.ListContacts(call, tokens));
  return HindsightOf(call, tokens, span, contacts, parts, now);
}

absl::StatusOr<v1::GetHindsightResponse> HindsightOf(const rpc::CallContext& call, std::span<const std::string> tokens,
                                                     const HindsightSpan& span,
                                                     std::span<const contacts::v1::Contact> contacts,
                                                     const HindsightParts& parts, absl::Time now) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<GivenRecommendation> given, GivenIn(call, span, parts.store));
  v1::GetHindsightResponse response;
  if (given.empty()) return response;

  const absl::Time first = absl::FromCivil(DayOf(base::FromProto(given.back().given_time())), absl::UTCTimeZone());
  const absl::Time last = std::min(now, base::FromProto(given.front().given_time()) + ties::kStrengthOutlook);
  COUNCIL_ASSIGN_OR_RETURN(
      const std::vector<ledger::v1::Interaction> entries,
      parts.ledger.ListInteractions(call, tokens, ledger::v1::TieContact(), last, kMostEntries, first));
  if (entries.size() == kMostEntries) {
    return base::InvalidField(std::string(span.field),
                              absl::StrCat("has ", kMostEntries, " entries or more since, too many to look back on"));
  }
  COUNCIL_ASSIGN_OR_RETURN(auto councils, CouncilsFor(call, tokens, given, parts.contacts, now));
  COUNCIL_ASSIGN_OR_RETURN(const auto points, PointsFor(call, given, parts.history, now));
  COUNCIL_ASSIGN_OR_RETURN(const absl::Time untold_until,
                           AddCouncilsOfThoseWhoWent(call, tokens, given, contacts, points, parts.contacts, councils));
  const People people(contacts);
  const HindsightFacts facts = {.now = now,
                                .people = people,
                                .entries = entries,
                                .councils = councils,
                                .points = points,
                                .untold_until = untold_until};
  for (const GivenRecommendation& one : given) {
    if (auto record = LookBack(one, facts)) *response.add_records() = *std::move(record);
  }
  COUNCIL_ASSIGN_OR_RETURN(const AnswersByKind answers, ReadAnswers(call, parts.store, now));
  SumUp(answers, now, response);
  return response;
}

}  // namespace council::recommendations
