// Ties as a read sees them: from the stored summaries where these say it all, else from the entries.
#ifndef COUNCIL_SERVICES_LEDGER_TIE_READING_H_
#define COUNCIL_SERVICES_LEDGER_TIE_READING_H_

#include <optional>
#include <span>
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

  // The ties to contacts, in their order; one without entries where none names the contact. Cheap for contacts that
  // were never merged, as of now; else it costs a look at each entry of the tie, since a sum of two summaries would
  // count an entry with both twice.
  absl::StatusOr<std::vector<v1::Tie>> Ties(std::span<const TieIds> contacts);

 private:
  // The tie from the stored summary of the only id that has one, without days.
  struct FromSummary {
    std::string id;
    v1::Tie tie;
  };

  // For each contact the summary that says it all; nothing where the entries must be looked at.
  absl::StatusOr<std::vector<std::optional<FromSummary>>> ReadSummaries(std::span<const TieIds> contacts);
  // Adds days, and what has become due.
  absl::Status Complete(std::vector<std::optional<FromSummary>>& summaries);
  // Fills in those of `ties`, one for each contact, that `summaries` says nothing of.
  absl::Status BuildFromEntries(std::span<const TieIds> contacts, std::span<const std::optional<FromSummary>> summaries,
                                std::vector<v1::Tie>& ties);
  // From the days of `tie`.
  void FillStrength(v1::Tie& tie) const;

  LedgerReader& reader_;
  const absl::Time now_;
  const std::optional<absl::Time> as_of_;
  const bool include_days_;
  const bool include_strength_;
  const ties::StrengthModel& model_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_TIE_READING_H_
