// What an append reads and what it writes, as plain rows: the part between the plan, which knows no engine, and the
// engines.
#ifndef COUNCIL_SERVICES_LEDGER_APPEND_ROWS_H_
#define COUNCIL_SERVICES_LEDGER_APPEND_ROWS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ledger/ledger_store.h"
#include "services/ledger/prepared_draft.h"

namespace council::ledger {

// Names of rows to be read of one owner. Hashes and contacts are bytes, as the columns have them.
struct AppendNeeds {
  bool state = false;              // The owner's state, and all upcoming entries.
  std::set<std::string> requests;  // Entries by the hash of their request.
  std::set<std::int64_t> entries;  // Entries by sequence.
  std::set<std::string> promises;
  std::set<std::string> events;
  std::set<std::string> ties;                           // Summaries by contact.
  std::set<std::pair<std::string, std::int64_t>> days;  // Days of ties, by contact and day.
  std::set<std::string> tie_entries;                    // All entries that name the contact.
  bool erased = false;                                  // All contacts who were erased.

  bool empty() const {
    return !state && requests.empty() && entries.empty() && promises.empty() && events.empty() && ties.empty() &&
           days.empty() && tie_entries.empty() && !erased;
  }

  void Add(AppendNeeds more) {
    state = state || more.state;
    erased = erased || more.erased;
    requests.merge(std::move(more.requests));
    entries.merge(std::move(more.entries));
    promises.merge(std::move(more.promises));
    events.merge(std::move(more.events));
    ties.merge(std::move(more.ties));
    days.merge(std::move(more.days));
    tie_entries.merge(std::move(more.tie_entries));
  }
};

struct PromiseState {
  std::int64_t opened_by = 0;
  std::int64_t closed_by = 0;  // 0: open.
};

// What was read of one owner, all in one snapshot. What was asked for and is in no map is not there; a row that cannot
// be opened stands there as the failure, so that only who needs it fails.
struct AppendReads {
  AppendNeeds asked;
  LedgerState state;
  std::map<std::int64_t, absl::StatusOr<EntryRow>> upcoming;
  std::map<std::string, absl::StatusOr<EntryRow>> requests;
  std::map<std::int64_t, absl::StatusOr<EntryRow>> entries;
  std::map<std::string, PromiseState> promises;
  std::map<std::string, std::int64_t> events;  // The entry that each has.
  std::map<std::string, absl::StatusOr<LedgerReader::Summary>> ties;
  std::map<std::pair<std::string, std::int64_t>, absl::StatusOr<v1::TieDay>> days;
  std::map<std::string, absl::StatusOr<std::vector<v1::Interaction>>> tie_entries;
  std::set<std::string> erased;  // Ids.
};

// What is written for one owner. Rows of `entries`, `entry_contacts` and `requests` are new; those of `ties`,
// `tie_days`, `promises` and `events` are new or replace what is there.
struct AppendRows {
  struct Entry {
    std::int64_t sequence = 0;
    std::int64_t revision = 0;
    std::string hash;
    const PreparedDraft* draft = nullptr;  // What else the row has, and the rows of contacts and request.
  };
  struct Tie {
    std::string contact;
    std::string sealed;
  };
  struct Day {
    std::string contact;
    std::int64_t day = 0;
    std::string sealed;
  };
  struct Event {
    std::int64_t sequence = 0;
    const PreparedEvent* row = nullptr;  // The rest of it.
  };

  LedgerState state;  // As it becomes.
  std::vector<Entry> entries;
  std::vector<std::pair<std::int64_t, std::int64_t>> corrected;  // An entry and the one that corrects it, perhaps new.
  std::vector<std::int64_t> upcoming_added;
  std::vector<std::int64_t> upcoming_removed;
  std::vector<std::string> rebuilt;  // Contacts whose days are removed before `days` are written.
  std::vector<Tie> ties;
  std::vector<Day> days;
  std::map<std::string, std::optional<PromiseState>> promises;  // Nothing: the row goes.
  std::map<std::string, Event> events;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_APPEND_ROWS_H_
