#include "services/recommendations/check_ins_method.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/check_ins.h"
#include "services/recommendations/contact_status.h"
#include "services/recommendations/people.h"

namespace council::recommendations {
namespace {

constexpr int kDefaultDays = 28;
constexpr int kMostDays = 366;
constexpr int kDefaultPerWeek = 3;
constexpr int kMostPerWeek = 50;

absl::Status Check(const v1::ListCheckInsRequest& request, absl::Time now) {
  base::FieldViolations violations;
  if (request.per_week() < 0 || request.per_week() > kMostPerWeek) {
    violations.Add("per_week", absl::StrCat("must be 1 to ", kMostPerWeek));
  }
  if (request.has_end_time() && (!base::IsValid(request.end_time()) || base::FromProto(request.end_time()) < now ||
                                 base::FromProto(request.end_time()) > now + absl::Hours(24 * kMostDays))) {
    violations.Add("end_time", "must lie ahead, at most a year");
  }
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<Rhythms> ReadRhythms(const rpc::CallContext& call, std::span<const std::string> tokens,
                                    ContactsClient& contacts, LedgerClient& ledger, const contacts::v1::Contact* of) {
  Rhythms rhythms;
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Settings settings, contacts.GetSettings(call, tokens));
  rhythms.zone = ZoneOf(settings);
  rhythms.per_week = settings.check_ins_per_week();
  if (of != nullptr && IsOffCouncil(*of)) return rhythms;
  COUNCIL_ASSIGN_OR_RETURN(rhythms.council, contacts.GetCouncil(call, tokens, /*as_of=*/std::nullopt));
  COUNCIL_ASSIGN_OR_RETURN(rhythms.plans, ledger.ListPlans(call, tokens));
  if (of != nullptr && SeatOf(rhythms.council, *of) == nullptr) return rhythms;
  std::vector<ledger::v1::TieContact> seated;
  for (const contacts::v1::CouncilSeat& seat : rhythms.council.seats()) seated.push_back(TieContactOf(seat.contact()));
  COUNCIL_ASSIGN_OR_RETURN(TiesSnapshot ties,
                           ledger.ListTies(call, tokens, seated, /*as_of=*/std::nullopt, {.days = true}));
  rhythms.ties = std::move(ties.ties);
  return rhythms;
}

std::vector<v1::CheckIn> CheckInsOf(const Rhythms& rhythms, absl::Time now, std::optional<absl::Time> end,
                                    int per_week) {
  CheckInQuery query = {.now = now, .zone = rhythms.zone.zone, .last = {}};
  query.last = absl::ToCivilDay(end.value_or(now + absl::Hours(24 * kMostDays)), query.zone);
  query.per_week = per_week > 0 ? per_week : rhythms.per_week > 0 ? rhythms.per_week : kDefaultPerWeek;
  return ProposeCheckIns(rhythms.council, rhythms.ties, rhythms.plans, query);
}

absl::StatusOr<v1::ListCheckInsResponse> ListCheckIns(const rpc::CallContext& call,
                                                      const v1::ListCheckInsRequest& request, ContactsClient& contacts,
                                                      LedgerClient& ledger, absl::Time now) {
  COUNCIL_RETURN_IF_ERROR(Check(request, now));
  const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
  COUNCIL_ASSIGN_OR_RETURN(const Rhythms rhythms, ReadRhythms(call, tokens, contacts, ledger));
  const absl::Time end =
      request.has_end_time() ? base::FromProto(request.end_time()) : now + absl::Hours(24 * kDefaultDays);
  v1::ListCheckInsResponse response;
  response.set_time_zone(rhythms.zone.name);
  for (v1::CheckIn& check_in : CheckInsOf(rhythms, now, end, request.per_week())) {
    *response.add_check_ins() = std::move(check_in);
  }
  return response;
}

}  // namespace council::recommendations
