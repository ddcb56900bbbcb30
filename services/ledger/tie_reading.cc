#include "services/ledger/tie_reading.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/days.h"
#include "libs/ties/tie_roles.h"
#include "libs/ties/tie_summary.h"

namespace council::ledger {

TieReading::TieReading(LedgerReader& reader, absl::Time now, std::optional<absl::Time> as_of, bool include_days)
    : reader_(reader),
      now_(now),
      as_of_(as_of.has_value() && *as_of < now ? as_of : std::nullopt),
      include_days_(include_days) {}

absl::StatusOr<v1::Tie> TieReading::Tie(const TieIds& ids) {
  COUNCIL_ASSIGN_OR_RETURN(v1::Tie tie, Read(ids));
  for (const common::v1::CouncilRole role : ties::RolesShown(tie)) tie.add_shown_roles(role);
  return tie;
}

absl::StatusOr<v1::Tie> TieReading::Read(const TieIds& ids) {
  if (as_of_.has_value()) return FromEntries(ids, *as_of_);
  // Most former ids have no entries of their own.
  std::optional<std::string> only_id;
  std::optional<LedgerReader::Summary> only;
  std::vector<std::string> all = {ids.contact_id};
  all.insert(all.end(), ids.former_ids.begin(), ids.former_ids.end());
  for (const std::string& id : all) {
    COUNCIL_ASSIGN_OR_RETURN(std::optional<LedgerReader::Summary> summary, reader_.SummaryOf(id));
    if (!summary.has_value()) continue;
    if (summary->stale || only_id.has_value()) return FromEntries(ids, now_);
    only_id = id;
    only = std::move(summary);
  }
  v1::Tie tie;
  if (only_id.has_value()) {
    COUNCIL_ASSIGN_OR_RETURN(tie, FromSummary(*only_id, std::move(only->tie)));
  }
  tie.set_contact_id(ids.contact_id);
  return tie;
}

absl::StatusOr<v1::Tie> TieReading::FromSummary(const std::string& id, v1::Tie tie) {
  if (include_days_) {
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<v1::TieDay> days, reader_.DaysOf(id));
    tie.mutable_days()->Assign(days.begin(), days.end());
  }
  COUNCIL_RETURN_IF_ERROR(LoadDue());
  for (const v1::Interaction& entry : *due_) {
    if (std::find(entry.contact_ids().begin(), entry.contact_ids().end(), id) == entry.contact_ids().end()) continue;
    ties::FoldEntry(entry, {&id, 1}, tie);
    if (include_days_) ties::FoldDay(ties::DayOf(entry), tie);
  }
  return tie;
}

absl::StatusOr<v1::Tie> TieReading::FromEntries(const TieIds& ids, absl::Time as_of) {
  std::vector<std::string> all = ids.former_ids;
  all.push_back(ids.contact_id);
  std::vector<v1::Interaction> entries;
  COUNCIL_RETURN_IF_ERROR(reader_.ForEachEntryByDay(std::numeric_limits<std::int64_t>::min(), DayOfTime(as_of), all,
                                                    [&](const v1::Interaction& entry) {
                                                      entries.push_back(entry);
                                                      return true;
                                                    }));
  v1::Tie tie = ties::BuildTie(ids.contact_id, all, entries, as_of);
  if (!include_days_) tie.clear_days();
  return tie;
}

absl::Status TieReading::LoadDue() {
  if (due_.has_value()) return absl::OkStatus();
  due_.emplace();
  return reader_.ForEachUpcoming([&](const v1::Interaction& entry) {
    if (base::FromProto(entry.occur_time()) <= now_) due_->push_back(entry);
    return true;
  });
}

}  // namespace council::ledger
