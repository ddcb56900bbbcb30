// Ties as a read sees them: from the stored summaries where these say it all, else from the entries.
#ifndef COUNCIL_SERVICES_LEDGER_TIE_READING_H_
#define COUNCIL_SERVICES_LEDGER_TIE_READING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"
#include "services/ledger/ledger.h"
#include "services/ledger/ledger_store.h"

namespace council::ledger {

// Reads ties in one snapshot. Not thread-safe.
class TieReading {
 public:
  // `reader` must outlive this. As of `as_of` where that lies before `now`, else as of now.
  TieReading(LedgerReader& reader, absl::Time now, std::optional<absl::Time> as_of, bool include_days);

  // The tie to a contact; one without entries where none names it. Cheap for a contact that was never merged, as of
  // now; else it costs a look at each entry of the tie, since a sum of two summaries would count an entry with both
  // twice.
  absl::StatusOr<v1::Tie> Tie(const TieIds& ids);

 private:
  // Without what is derived from the summary.
  absl::StatusOr<v1::Tie> Read(const TieIds& ids);
  absl::StatusOr<v1::Tie> FromEntries(const TieIds& ids, absl::Time as_of);
  absl::StatusOr<v1::Tie> FromSummary(const std::string& id, v1::Tie tie);
  // Entries that have become due and wait for the next append to be folded in.
  absl::Status LoadDue();

  LedgerReader& reader_;
  const absl::Time now_;
  const std::optional<absl::Time> as_of_;
  const bool include_days_;
  std::optional<std::vector<v1::Interaction>> due_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_TIE_READING_H_
