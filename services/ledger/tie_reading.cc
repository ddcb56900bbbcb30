#include "services/ledger/tie_reading.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/ties/tie_roles.h"
#include "libs/ties/tie_summary.h"
#include "services/ledger/days.h"

namespace council::ledger {
namespace {

// How long before a tie's strength its earlier strength lies.
constexpr absl::Duration kEarlier = absl::Hours(90 * 24);

// Contacts whose entries are read at once.
constexpr std::size_t kIdsAtOnce = 32;

std::vector<std::string> AllIds(const TieIds& contact) {
  std::vector<std::string> ids = {contact.contact_id};
  ids.insert(ids.end(), contact.former_ids.begin(), contact.former_ids.end());
  return ids;
}

}  // namespace

TieReading::TieReading(LedgerReader& reader, absl::Time now, const TieQuery& query, const ties::StrengthModel& model)
    : reader_(reader),
      now_(now),
      as_of_(query.as_of.has_value() && *query.as_of < now ? query.as_of : std::nullopt),
      include_days_(query.include_days),
      include_strength_(query.include_strength),
      model_(model) {}

absl::StatusOr<std::vector<v1::Tie>> TieReading::Ties(std::span<const TieIds> contacts) {
  std::vector<std::optional<FromSummary>> summaries(contacts.size());
  if (!as_of_.has_value()) {
    COUNCIL_ASSIGN_OR_RETURN(summaries, ReadSummaries(contacts));
    COUNCIL_RETURN_IF_ERROR(Complete(summaries));
  }
  std::vector<v1::Tie> ties(contacts.size());
  COUNCIL_RETURN_IF_ERROR(BuildFromEntries(contacts, summaries, ties));
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    v1::Tie& tie = ties[i];
    if (summaries[i].has_value()) tie = std::move(summaries[i]->tie);
    tie.set_contact_id(contacts[i].contact_id);
    for (const common::v1::CouncilRole role : ties::RolesShown(tie)) tie.add_shown_roles(role);
    if (include_strength_) FillStrength(tie);
    if (!include_days_) tie.clear_days();
  }
  return ties;
}

absl::StatusOr<std::vector<std::optional<TieReading::FromSummary>>> TieReading::ReadSummaries(
    std::span<const TieIds> contacts) {
  std::vector<std::string> ids;
  for (const TieIds& contact : contacts) {
    const std::vector<std::string> all = AllIds(contact);
    ids.insert(ids.end(), all.begin(), all.end());
  }
  COUNCIL_ASSIGN_OR_RETURN(const auto stored, reader_.Summaries(ids));
  std::vector<std::optional<FromSummary>> summaries;
  for (const TieIds& contact : contacts) {
    // Most former ids have no entries of their own.
    std::optional<FromSummary>& summary = summaries.emplace_back(FromSummary());
    for (const std::string& id : AllIds(contact)) {
      const auto found = stored.find(id);
      if (found == stored.end()) continue;
      if (found->second.stale || !summary->id.empty()) {
        summary.reset();
        break;
      }
      *summary = {.id = id, .tie = found->second.tie};
    }
  }
  return summaries;
}

absl::Status TieReading::Complete(std::vector<std::optional<FromSummary>>& summaries) {
  const bool days_wanted = include_days_ || include_strength_;
  std::map<std::string, std::vector<v1::TieDay>> days;
  if (days_wanted) {
    std::vector<std::string> ids;
    for (const auto& summary : summaries) {
      if (summary.has_value() && !summary->id.empty()) ids.push_back(summary->id);
    }
    COUNCIL_ASSIGN_OR_RETURN(days, reader_.Days(ids));
  }
  // Entries that wait for the next append to be folded in.
  std::vector<v1::Interaction> due;
  COUNCIL_RETURN_IF_ERROR(reader_.ForEachUpcoming([&](const v1::Interaction& entry) {
    if (base::FromProto(entry.occur_time()) <= now_) due.push_back(entry);
    return true;
  }));
  for (auto& summary : summaries) {
    if (!summary.has_value() || summary->id.empty()) continue;
    const std::string& id = summary->id;
    const std::vector<v1::TieDay>& known = days[id];
    summary->tie.mutable_days()->Assign(known.begin(), known.end());
    for (const v1::Interaction& entry : due) {
      if (std::find(entry.contact_ids().begin(), entry.contact_ids().end(), id) == entry.contact_ids().end()) continue;
      ties::FoldEntry(entry, {&id, 1}, summary->tie);
      if (days_wanted) ties::FoldDay(ties::DayOf(entry), summary->tie);
    }
  }
  return absl::OkStatus();
}

absl::Status TieReading::BuildFromEntries(std::span<const TieIds> contacts,
                                          std::span<const std::optional<FromSummary>> summaries,
                                          std::vector<v1::Tie>& ties) {
  const absl::Time as_of = as_of_.value_or(now_);
  // Some ties at a time: their entries are in memory together.
  std::vector<std::size_t> some;
  std::vector<std::string> ids;
  const auto build = [&]() -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const auto entries, reader_.EntriesOf(ids, DayOfTime(as_of)));
    for (const std::size_t i : some) {
      const std::vector<std::string> all = AllIds(contacts[i]);
      std::vector<v1::Interaction> of_tie;
      for (const std::string& id : all) {
        const auto found = entries.find(id);
        if (found != entries.end()) of_tie.insert(of_tie.end(), found->second.begin(), found->second.end());
      }
      ties[i] = ties::BuildTie(contacts[i].contact_id, all, of_tie, as_of);
    }
    some.clear();
    ids.clear();
    return absl::OkStatus();
  };
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    if (summaries[i].has_value()) continue;
    some.push_back(i);
    const std::vector<std::string> all = AllIds(contacts[i]);
    ids.insert(ids.end(), all.begin(), all.end());
    if (ids.size() >= kIdsAtOnce) COUNCIL_RETURN_IF_ERROR(build());
  }
  return some.empty() ? absl::OkStatus() : build();
}

void TieReading::FillStrength(v1::Tie& tie) const {
  const absl::Time as_of = as_of_.value_or(now_);
  const std::optional<double> strength = ties::TieStrength(tie, as_of, model_);
  if (!strength.has_value()) return;
  tie.set_strength(*strength);
  tie.set_strength_version(model_.version);
  const std::optional<double> earlier = ties::TieStrength(tie, as_of - kEarlier, model_);
  if (earlier.has_value()) tie.set_earlier_strength(*earlier);
}

}  // namespace council::ledger
