#include "clients/cli/agenda.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/dates.h"
#include "clients/cli/discretion.h"
#include "clients/cli/promises.h"
#include "clients/cli/text.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

constexpr int kPageSize = 1000;
constexpr int kSteps = 3;
constexpr int kPromiseDays = 7;
constexpr int kUnconfirmedDays = 7;
constexpr int kNextTalkDays = 365;
constexpr absl::Duration kUsualLength = absl::Minutes(30);

using Ids = google::protobuf::RepeatedPtrField<std::string>;

// Takes those who are left out from `ids`; false where only they were there.
bool KeepOthers(const ContactBook& book, Ids& ids) {
  Ids kept;
  for (std::string& id : ids) {
    const contacts::v1::Contact* contact = book.Find(id);
    if (contact == nullptr || !IsLeftOut(*contact)) *kept.Add() = std::move(id);
  }
  const bool any = !kept.empty() || ids.empty();
  ids.Swap(&kept);
  return any;
}

}  // namespace

bool IsLeftOut(const contacts::v1::Contact& contact) {
  return contact.status() == contacts::v1::CONTACT_STATUS_NO_CONTACT ||
         contact.status() == contacts::v1::CONTACT_STATUS_DECEASED;
}

bool IsResting(const contacts::v1::Contact& contact, absl::Time now, absl::TimeZone zone) {
  if (contact.status() != contacts::v1::CONTACT_STATUS_PAUSED) return false;
  absl::CivilDay day;
  return !absl::ParseCivilTime(contact.paused_until(), &day) || absl::ToCivilDay(now, zone) < day;
}

std::string StatusText(const contacts::v1::Contact& contact, const Session& session) {
  const auto say = [](absl::string_view status, const std::string& day = "") {
    return words::Say<"status">(words::As<"status">(status), words::As<"day">(day));
  };
  if (contact.status() == contacts::v1::CONTACT_STATUS_DECEASED) return say("deceased");
  if (IsLeftOut(contact)) return say("no_contact");
  if (!IsResting(contact, session.Now(), session.zone())) return "";
  const std::string day = FormatIsoDay(contact.paused_until(), session.Now(), session.zone(), session.language());
  return day.empty() ? say("resting") : say("until", day);
}

std::map<std::string, absl::CivilDay> ReadNextTalks(Session& session) {
  recommendations::v1::ListCheckInsRequest request;
  *request.mutable_end_time() = base::ToProto(session.Now() + absl::Hours(24 * kNextTalkDays));
  std::map<std::string, absl::CivilDay> days;
  const absl::StatusOr<recommendations::v1::ListCheckInsResponse> response = session.client().Call(request);
  if (!response.ok()) return days;
  for (const recommendations::v1::CheckIn& check_in : response->check_ins()) {
    absl::CivilDay day;
    if (absl::ParseCivilTime(check_in.day(), &day)) days.emplace(check_in.contact_id(), day);
  }
  return days;
}

absl::StatusOr<std::vector<ledger::v1::Plan>> ReadPlans(Session& session, const ContactBook& book, absl::Time start,
                                                        absl::Time end) {
  ledger::v1::ListPlansRequest request;
  *request.mutable_start_time() = base::ToProto(start);
  *request.mutable_end_time() = base::ToProto(end);
  request.set_page_size(kPageSize);
  std::vector<ledger::v1::Plan> plans;
  do {
    COUNCIL_ASSIGN_OR_RETURN(ledger::v1::ListPlansResponse page, session.client().Call(request));
    for (ledger::v1::Plan& plan : *page.mutable_plans()) {
      if (KeepOthers(book, *plan.mutable_contact_ids())) plans.push_back(std::move(plan));
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return plans;
}

bool IsOver(const ledger::v1::Plan& plan, absl::Time now) {
  const absl::Duration length = plan.has_duration() ? base::FromProto(plan.duration()) : kUsualLength;
  return base::FromProto(plan.start_time()) + length <= now;
}

std::string PlanText(const ledger::v1::Plan& plan, const ContactBook& book, const Session& session) {
  const absl::Time start = base::FromProto(plan.start_time());
  return absl::StrCat(FormatDay(start, session.Now(), session.zone(), session.language()),
                      absl::FormatTime(" %H:%M  ", start, session.zone()), OneLine(plan.title()), " (",
                      OneLine(book.SomeNamesOf(plan.contact_ids())), ")");
}

absl::StatusOr<Agenda> ReadAgenda(Session& session, const ContactBook& book, int days) {
  Agenda agenda;
  COUNCIL_ASSIGN_OR_RETURN(std::vector<ledger::v1::Plan> plans,
                           ReadPlans(session, book, StartOfDay(session.Now(), session.zone(), -kUnconfirmedDays),
                                     StartOfDay(session.Now(), session.zone(), days)));
  for (ledger::v1::Plan& plan : plans) {
    (IsOver(plan, session.Now()) ? agenda.unconfirmed : agenda.plans).push_back(std::move(plan));
  }

  COUNCIL_ASSIGN_OR_RETURN(const std::vector<ledger::v1::PromiseRecord> promises,
                           ListPromises(session.client(), /*include_closed=*/false));
  const std::string soon =
      absl::FormatTime("%Y-%m-%d", StartOfDay(session.Now(), session.zone(), kPromiseDays), session.zone());
  for (ledger::v1::PromiseRecord record : promises) {
    const bool due = !record.promise().due_day().empty() && record.promise().due_day() <= soon;
    if (due && KeepOthers(book, *record.mutable_contact_ids())) agenda.promises.push_back(std::move(record));
  }

  recommendations::v1::ListRecommendationsRequest steps_request;
  steps_request.set_page_size(kSteps);
  COUNCIL_ASSIGN_OR_RETURN(recommendations::v1::ListRecommendationsResponse steps,
                           session.client().Call(steps_request));
  for (recommendations::v1::Recommendation& step : *steps.mutable_recommendations()) {
    if (!session.discreet() || !IsAboutEnergy(step.kind())) agenda.steps.push_back(std::move(step));
  }
  return agenda;
}

}  // namespace council::cli
