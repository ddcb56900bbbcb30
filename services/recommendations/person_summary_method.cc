#include "services/recommendations/person_summary_method.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/check_ins_method.h"
#include "services/recommendations/contact_status.h"
#include "services/recommendations/people.h"
#include "services/recommendations/person_summary.h"
#include "services/recommendations/request_tokens.h"

namespace council::recommendations {
namespace {

constexpr int kDefaultInteractions = 5;
constexpr int kMostInteractions = 50;
constexpr int kMostPlans = 10;
constexpr int kMostPromises = 100;
// More than two people talk in a year.
constexpr size_t kMostEntries = 2000;

absl::Status Check(const v1::GetPersonSummaryRequest& request) {
  base::FieldViolations violations;
  if (request.interactions() < 0 || request.interactions() > kMostInteractions) {
    violations.Add("interactions", absl::StrCat("must be 1 to ", kMostInteractions, ", or 0 for the default"));
  }
  CheckTokens(request, violations);
  return violations.ToStatus();
}

// Coming meetings with the contact of `response`, and where they have a seat the next talk by their rhythm.
void AddWhatIsToCome(const Rhythms& rhythms, absl::Time now, v1::GetPersonSummaryResponse& response) {
  const contacts::v1::Contact& contact = response.contact();
  for (const ledger::v1::Plan& plan : rhythms.plans) {
    if (response.plans_size() < kMostPlans && NamesAny(contact, plan.contact_ids())) *response.add_plans() = plan;
  }
  if (!response.has_seat()) return;
  for (v1::CheckIn& check_in : CheckInsOf(rhythms, now, /*end=*/std::nullopt, /*per_week=*/0)) {
    if (check_in.contact_id() == contact.id()) *response.mutable_check_in() = std::move(check_in);
  }
}

}  // namespace

absl::StatusOr<v1::GetPersonSummaryResponse> GetPersonSummary(const rpc::CallContext& call,
                                                              const v1::GetPersonSummaryRequest& request,
                                                              ContactsClient& contacts, LedgerClient& ledger,
                                                              absl::Time now) {
  COUNCIL_RETURN_IF_ERROR(Check(request));
  const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
  v1::GetPersonSummaryResponse response;
  COUNCIL_ASSIGN_OR_RETURN(*response.mutable_contact(), contacts.GetContact(call, tokens, request.contact_id()));
  const contacts::v1::Contact& contact = response.contact();
  const ledger::v1::TieContact tie_contact = TieContactOf(contact);

  COUNCIL_ASSIGN_OR_RETURN(const Rhythms rhythms, ReadRhythms(call, tokens, contacts, ledger, &contact));
  const contacts::v1::CouncilSeat* const seat = SeatOf(rhythms.council, contact);
  if (seat != nullptr) *response.mutable_seat() = seat->seat();
  response.set_time_zone(rhythms.zone.name);
  // Of those with whom nothing is to come there is what was.
  const bool is_off = IsOffCouncil(contact);
  if (!is_off) AddWhatIsToCome(rhythms, now, response);

  COUNCIL_ASSIGN_OR_RETURN(TiesSnapshot ties, ledger.ListTies(call, tokens, {&tie_contact, 1}, /*as_of=*/std::nullopt,
                                                              {.days = false, .strength = !is_off}));
  *response.mutable_tie() = std::move(ties.ties.front());
  COUNCIL_ASSIGN_OR_RETURN(std::vector<ledger::v1::Interaction> entries,
                           ledger.ListInteractions(call, tokens, tie_contact, now, kMostEntries, now - kPassedTime));
  std::vector<ledger::v1::PromiseRecord> promises;
  if (!is_off) {
    COUNCIL_ASSIGN_OR_RETURN(promises, ledger.ListPromises(call, tokens));
    std::erase_if(promises, [&contact](const auto& record) { return !NamesAny(contact, record.contact_ids()); });
    if (promises.size() > kMostPromises) promises.resize(kMostPromises);
  }

  const PersonFacts facts = {.now = now,
                             .zone = rhythms.zone.zone,
                             .contact = contact,
                             .seat = seat == nullptr ? nullptr : &seat->seat(),
                             .entries = entries,
                             .promises = promises};
  for (v1::BenefitTimes& times : BenefitTimesOf(facts)) *response.add_benefits() = std::move(times);
  for (v1::TalkingPoint& point : TalkingPointsOf(facts)) *response.add_talking_points() = std::move(point);
  for (ledger::v1::PromiseRecord& record : promises) *response.add_promises() = std::move(record);

  const auto shown = static_cast<size_t>(request.interactions() == 0 ? kDefaultInteractions : request.interactions());
  // The last talks may be older than a year.
  if (entries.size() < shown) {
    COUNCIL_ASSIGN_OR_RETURN(entries, ledger.ListInteractions(call, tokens, tie_contact, now, shown));
  }
  for (size_t i = 0; i < std::min(shown, entries.size()); ++i) {
    *response.add_last_interactions() = std::move(entries[i]);
  }
  return response;
}

}  // namespace council::recommendations
