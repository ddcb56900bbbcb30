// Ties as a read sees them: from the stored summaries where these say it all, else from the entries.
#ifndef COUNCIL_SERVICES_LEDGER_TIE_READING_H_
#define COUNCIL_SERVICES_LEDGER_TIE_READING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"
#include "libs/ties/tie_strength.h"
#include "services/ledger/ledger.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

// Reads ties in one snapshot. Not thread-safe.
class TieReading {
 public:
  // `reader` and `model` must outlive this. Of `query` what a tie is as of (now, where that does not lie before `now`)
  // and what it includes.
  TieReading(LedgerReader& reader, absl::Time now, const TieQuery& query, const ties::StrengthModel& model);

  // The tie to a contact; one without entries where none names it. Cheap for a contact that was never merged, as of
  // now; else it costs a look at each entry of the tie, since a sum of two summaries would count an entry with both
  // twice.
  absl::StatusOr<v1::Tie> Tie(const TieIds& ids);

 private:
  // Without what is derived from the summary and the days.
  absl::StatusOr<v1::Tie> Read(const TieIds& ids);
  absl::StatusOr<v1::Tie> FromEntries(const TieIds& ids, absl::Time as_of);
  absl::StatusOr<v1::Tie> FromSummary(const std::string& id, v1::Tie tie);
  // Entries that have become due and wait for the next append to be folded in.
  absl::Status LoadDue();
  // From the days of `tie`.
  void FillStrength(v1::Tie& tie) const;

  LedgerReader& reader_;
  const absl::Time now_;
  const std::optional<absl::Time> as_of_;
  const bool include_days_;
  const bool include_strength_;
  const ties::StrengthModel& model_;
  std::optional<std::vector<v1::Interaction>> due_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_TIE_READING_H_
