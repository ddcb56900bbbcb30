#include "services/ledger/tie_reading.h"

#include <algorithm>
#include <limits>
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

}  // namespace

TieReading::TieReading(LedgerReader& reader, absl::Time now, const TieQuery& query, const ties::StrengthModel& model)
    : reader_(reader),
      now_(now),
      as_of_(query.as_of.has_value() && *query.as_of < now ? query.as_of : std::nullopt),
      include_days_(query.include_days),
      include_strength_(query.include_strength),
      model_(model) {}

absl::StatusOr<v1::Tie> TieReading::Tie(const TieIds& ids) {
  COUNCIL_ASSIGN_OR_RETURN(v1::Tie tie, Read(ids));
  for (const common::v1::CouncilRole role : ties::RolesShown(tie)) tie.add_shown_roles(role);
  if (include_strength_) FillStrength(tie);
  if (!include_days_) tie.clear_days();
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
  const bool days_wanted = include_days_ || include_strength_;
  if (days_wanted) {
    COUNCIL_ASSIGN_OR_RETURN(const std::vector<v1::TieDay> days, reader_.DaysOf(id));
    tie.mutable_days()->Assign(days.begin(), days.end());
  }
  COUNCIL_RETURN_IF_ERROR(LoadDue());
  for (const v1::Interaction& entry : *due_) {
    if (std::find(entry.contact_ids().begin(), entry.contact_ids().end(), id) == entry.contact_ids().end()) continue;
    ties::FoldEntry(entry, {&id, 1}, tie);
    if (days_wanted) ties::FoldDay(ties::DayOf(entry), tie);
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
  return ties::BuildTie(ids.contact_id, all, entries, as_of);
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

absl::Status TieReading::LoadDue() {
  if (due_.has_value()) return absl::OkStatus();
  due_.emplace();
  return reader_.ForEachUpcoming([&](const v1::Interaction& entry) {
    if (base::FromProto(entry.occur_time()) <= now_) due_->push_back(entry);
    return true;
  });
}

}  // namespace council::ledger
