#include "services/recommendations/check_ins_method.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/check_ins.h"

namespace council::recommendations {
namespace {

constexpr int kDefaultDays = 28;
constexpr int kMostDays = 366;
constexpr int kDefaultPerWeek = 3;
constexpr int kMostPerWeek = 50;
constexpr char kDefaultZone[] = "UTC";

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

absl::StatusOr<v1::ListCheckInsResponse> ListCheckIns(const rpc::CallContext& call,
                                                      const v1::ListCheckInsRequest& request, ContactsClient& contacts,
                                                      LedgerClient& ledger, absl::Time now) {
  COUNCIL_RETURN_IF_ERROR(Check(request, now));
  const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Settings settings, contacts.GetSettings(call, tokens));
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::GetCouncilResponse council,
                           contacts.GetCouncil(call, tokens, /*as_of=*/std::nullopt));
  v1::ListCheckInsResponse response;
  response.set_time_zone(settings.time_zone().empty() ? kDefaultZone : settings.time_zone());
  if (council.seats().empty()) return response;

  std::vector<ledger::v1::TieContact> seated;
  for (const contacts::v1::CouncilSeat& seat : council.seats()) seated.push_back(TieContactOf(seat.contact()));
  COUNCIL_ASSIGN_OR_RETURN(const TiesSnapshot ties,
                           ledger.ListTies(call, tokens, seated, /*as_of=*/std::nullopt, {.days = true}));
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::Plan> plans, ledger.ListPlans(call, tokens));

  CheckInQuery query = {.now = now, .zone = absl::UTCTimeZone(), .last = {}};
  absl::LoadTimeZone(response.time_zone(), &query.zone);
  const absl::Time end =
      request.has_end_time() ? base::FromProto(request.end_time()) : now + absl::Hours(24 * kDefaultDays);
  query.last = absl::ToCivilDay(end, query.zone);
  query.per_week = request.per_week() == 0 ? kDefaultPerWeek : request.per_week();
  for (v1::CheckIn& check_in : ProposeCheckIns(council, ties.ties, plans, query)) {
    *response.add_check_ins() = std::move(check_in);
  }
  return response;
}

}  // namespace council::recommendations
