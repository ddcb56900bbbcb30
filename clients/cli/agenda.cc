#include "clients/cli/agenda.h"

#include "absl/time/time.h"
#include "clients/cli/dates.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

constexpr int kPageSize = 1000;
constexpr int kSteps = 3;
constexpr int kPromiseDays = 7;

using Ids = google::protobuf::RepeatedPtrField<std::string>;

bool IsLeftOut(const contacts::v1::Contact* contact) {
  return contact != nullptr && (contact->status() == contacts::v1::CONTACT_STATUS_NO_CONTACT ||
                                contact->status() == contacts::v1::CONTACT_STATUS_DECEASED);
}

// Takes those who are left out from `ids`; false where only they were there.
bool KeepOthers(const ContactBook& book, Ids& ids) {
  Ids kept;
  for (std::string& id : ids) {
    if (!IsLeftOut(book.Find(id))) *kept.Add() = std::move(id);
  }
  const bool any = !kept.empty() || ids.empty();
  ids.Swap(&kept);
  return any;
}

}  // namespace

absl::StatusOr<Agenda> ReadAgenda(Session& session, const ContactBook& book, int days) {
  Agenda agenda;
  ledger::v1::ListPlansRequest plans_request;
  *plans_request.mutable_start_time() = base::ToProto(StartOfDay(session.Now(), session.zone()));
  *plans_request.mutable_end_time() = base::ToProto(StartOfDay(session.Now(), session.zone(), days));
  plans_request.set_page_size(kPageSize);
  COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::ListPlansResponse plans, session.client().Call(plans_request));
  for (ledger::v1::Plan plan : plans.plans()) {
    if (KeepOthers(book, *plan.mutable_contact_ids())) agenda.plans.push_back(std::move(plan));
  }

  ledger::v1::ListPromisesRequest promises_request;
  promises_request.set_page_size(kPageSize);
  COUNCIL_ASSIGN_OR_RETURN(const ledger::v1::ListPromisesResponse promises, session.client().Call(promises_request));
  const std::string soon =
      absl::FormatTime("%Y-%m-%d", StartOfDay(session.Now(), session.zone(), kPromiseDays), session.zone());
  for (ledger::v1::PromiseRecord record : promises.promises()) {
    const bool due = !record.promise().due_day().empty() && record.promise().due_day() <= soon;
    if (due && KeepOthers(book, *record.mutable_contact_ids())) agenda.promises.push_back(std::move(record));
  }

  recommendations::v1::ListRecommendationsRequest steps_request;
  steps_request.set_page_size(kSteps);
  COUNCIL_ASSIGN_OR_RETURN(recommendations::v1::ListRecommendationsResponse steps,
                           session.client().Call(steps_request));
  agenda.steps.assign(std::make_move_iterator(steps.mutable_recommendations()->begin()),
                      std::make_move_iterator(steps.mutable_recommendations()->end()));
  return agenda;
}

}  // namespace council::cli
