#include "services/ledger/sql_contact_erasure.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"
#include "services/ledger/chain.h"
#include "services/ledger/prepared_draft.h"
#include "services/ledger/sql_append.h"
#include "services/ledger/sql_ledger_reader.h"

namespace council::ledger {
namespace {

using sql::Blob;
using sql::Statement;

constexpr int kPage = 500;
// Each of these rows may hold hundreds of events.
constexpr int kImportsPage = 20;

}  // namespace

absl::StatusOr<std::vector<std::int64_t>> EntriesNaming(LedgerReader& reader, std::int64_t start_sequence,
                                                        const ContactIds& contact) {
  std::vector<std::int64_t> sequences;
  absl::Status failed;
  COUNCIL_RETURN_IF_ERROR(
      reader.ForEachEntry(start_sequence, [&](std::int64_t sequence, const absl::StatusOr<EntryRow>& row) {
        // What nobody can open tells nobody anything; what can't be opened now must not be passed over.
        if (!row.ok() && !absl::IsDataLoss(row.status())) failed = row.status();
        if (!row.ok()) return failed.ok();
        EntryRow tried = *row;
        // One with damaged salts is tried again where that is reported.
        if (EraseFrom(tried, contact).value_or(true)) sequences.push_back(sequence);
        return true;
      }));
  COUNCIL_RETURN_IF_ERROR(failed);
  return sequences;
}

absl::StatusOr<std::int64_t> SqlContactErasure::EraseEntries(std::span<const std::int64_t> sequences, absl::Time now) {
  SqlLedgerReader reader(connection_, codec_, key_);
  std::vector<std::int64_t> erased;
  for (const std::int64_t sequence : sequences) {
    COUNCIL_ASSIGN_OR_RETURN(std::optional<EntryRow> row, reader.EntryAt(sequence));
    if (!row.has_value()) continue;
    COUNCIL_ASSIGN_OR_RETURN(const bool named, EraseFrom(*row, contact_));
    if (!named) continue;
    COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, codec_.SealEntry(*row));
    connection_.Prepare("UPDATE entries SET sealed = ? WHERE owner = ? AND sequence = ?")
        .Bind(Blob{sealed}, Blob{key_.hash}, sequence)
        .Run();
    for (const std::string& id : contact_) {
      const std::string bytes = IdBytes(id);
      connection_.Prepare("DELETE FROM entry_contacts WHERE owner = ? AND contact = ? AND day = ? AND sequence = ?")
          .Bind(Blob{key_.hash}, Blob{bytes}, DayOfEntry(row->entry), sequence)
          .Run();
    }
    erased.push_back(sequence);
  }
  if (erased.empty()) return 0;
  COUNCIL_RETURN_IF_ERROR(AppendErasure(erased, now));
  return static_cast<std::int64_t>(erased.size());
}

absl::Status SqlContactErasure::AppendErasure(const std::vector<std::int64_t>& erased, absl::Time now) {
  Draft draft;
  v1::Interaction& content = draft.content;
  content.set_id(base::NewUuid(now, random_));
  content.set_kind(v1::INTERACTION_KIND_ERASURE);
  *content.mutable_record_time() = base::ToProto(now);
  *content.mutable_occur_time() = base::ToProto(now);
  content.mutable_erases()->Assign(erased.begin(), erased.end());
  Commitments commitments = Commit(content, random_);
  draft.commitments = std::move(commitments.values);
  draft.salts = std::move(commitments.salts);
  std::vector<Draft> drafts;
  drafts.push_back(std::move(draft));
  COUNCIL_ASSIGN_OR_RETURN(const AppendJob job,
                           PrepareAppend(key_, std::move(drafts), state_.chain_id, std::nullopt, now, sealer_));
  const PreparedDraft& prepared = job.drafts.front();
  COUNCIL_RETURN_IF_ERROR(codec_.CheckHead(state_));
  ++state_.head_sequence;
  state_.head_hash =
      ChainHash(state_.chain_id, state_.head_sequence, state_.head_hash, now, prepared.draft.commitments);
  COUNCIL_ASSIGN_OR_RETURN(state_.head_proof, codec_.ProveHead(state_));
  InsertEntry(connection_, key_,
              {.sequence = state_.head_sequence,
               .revision = state_.revision + 1,
               .hash = state_.head_hash,
               .draft = &prepared});
  changed_ = true;
  return absl::OkStatus();
}

absl::Status SqlContactErasure::EraseTheRest() {
  COUNCIL_RETURN_IF_ERROR(ErasePlans());
  COUNCIL_RETURN_IF_ERROR(EraseEvents());
  COUNCIL_RETURN_IF_ERROR(EraseImports());
  for (const char* table : {"tie_days", "ties"}) changed_ = Remove(table) || changed_;
  for (const std::string& id : contact_) {
    const std::string bytes = IdBytes(id);
    const int marked = connection_
                           .Prepare(
                               "INSERT INTO erased_contacts (owner, contact) VALUES (?, ?) "
                               "ON CONFLICT (owner, contact) DO NOTHING")
                           .Bind(Blob{key_.hash}, Blob{bytes})
                           .Run();
    // An append that is under way must see it, even if nothing named them yet.
    changed_ = changed_ || marked > 0;
  }
  return absl::OkStatus();
}

bool SqlContactErasure::Remove(const char* table) {
  int removed = 0;
  for (const std::string& id : contact_) {
    const std::string bytes = IdBytes(id);
    removed += connection_.Prepare(absl::StrCat("DELETE FROM ", table, " WHERE owner = ? AND contact = ?"))
                   .Bind(Blob{key_.hash}, Blob{bytes})
                   .Run();
  }
  return removed > 0;
}

absl::Status SqlContactErasure::ErasePlans() {
  std::vector<v1::Plan> named;
  {
    Statement select = connection_.Prepare("SELECT id, sealed FROM plans WHERE owner = ?");
    select.Bind(Blob{key_.hash});
    while (select.Step()) {
      absl::StatusOr<v1::Plan> plan = codec_.OpenPlan(select.GetBlob(0), select.GetBlob(1));
      if (absl::IsDataLoss(plan.status())) continue;
      COUNCIL_RETURN_IF_ERROR(plan.status());
      if (EraseFrom(*plan, contact_)) named.push_back(*std::move(plan));
    }
  }
  for (const v1::Plan& plan : named) {
    const std::string id = IdBytes(plan.id());
    if (plan.contact_ids().empty()) {
      connection_.Prepare("DELETE FROM plans WHERE owner = ? AND id = ?").Bind(Blob{key_.hash}, Blob{id}).Run();
      continue;
    }
    COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, codec_.SealPlan(id, plan));
    connection_.Prepare("UPDATE plans SET sealed = ? WHERE owner = ? AND id = ?")
        .Bind(Blob{sealed}, Blob{key_.hash}, Blob{id})
        .Run();
  }
  changed_ = changed_ || !named.empty();
  return absl::OkStatus();
}

absl::Status SqlContactErasure::EraseEvents() {
  std::string last;
  for (int rows = kPage; rows == kPage;) {
    std::vector<std::pair<std::string, EventRecord>> named;
    {
      Statement select = connection_.Prepare(
          "SELECT event, sequence, sealed FROM events WHERE owner = ? AND event > ? ORDER BY event LIMIT ?");
      const std::string after = last;
      select.Bind(Blob{key_.hash}, Blob{after}, kPage);
      for (rows = 0; select.Step(); ++rows) {
        last = select.GetBlob(0);
        absl::StatusOr<EventRecord> record = codec_.OpenEvent(last, select.GetInt(1), select.GetBlob(2));
        if (absl::IsDataLoss(record.status())) continue;
        COUNCIL_RETURN_IF_ERROR(record.status());
        if (EraseFrom(*record, contact_)) named.emplace_back(last, *std::move(record));
      }
    }
    for (const auto& [event, record] : named) {
      COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, codec_.SealEvent(event, record));
      connection_.Prepare("UPDATE events SET sealed = ? WHERE owner = ? AND event = ?")
          .Bind(Blob{sealed}, Blob{key_.hash}, Blob{event})
          .Run();
    }
    changed_ = changed_ || !named.empty();
  }
  return absl::OkStatus();
}

absl::Status SqlContactErasure::EraseImports() {
  struct Part {
    std::string import;
    std::int64_t number = 0;
    ImportPart what;
  };
  std::string import;
  std::int64_t number = -1;
  for (int rows = kImportsPage; rows == kImportsPage;) {
    std::vector<Part> named;
    {
      Statement select = connection_.Prepare(
          "SELECT import_id, part, sealed FROM imports WHERE owner = ? AND (import_id, part) > (?, ?) "
          "ORDER BY import_id, part LIMIT ?");
      const std::string after = import;
      select.Bind(Blob{key_.hash}, Blob{after}, number, kImportsPage);
      for (rows = 0; select.Step(); ++rows) {
        import = select.GetBlob(0);
        number = select.GetInt(1);
        absl::StatusOr<ImportPart> what = codec_.OpenImport(import, number, select.GetBlob(2));
        if (absl::IsDataLoss(what.status())) continue;
        COUNCIL_RETURN_IF_ERROR(what.status());
        if (EraseFrom(*what, contact_)) named.push_back({.import = import, .number = number, .what = *std::move(what)});
      }
    }
    for (const Part& part : named) {
      COUNCIL_ASSIGN_OR_RETURN(const std::string sealed, codec_.SealImport(part.import, part.number, part.what));
      connection_.Prepare("UPDATE imports SET sealed = ? WHERE owner = ? AND import_id = ? AND part = ?")
          .Bind(Blob{sealed}, Blob{key_.hash}, Blob{part.import}, part.number)
          .Run();
    }
  }
  return absl::OkStatus();
}

void SqlContactErasure::Finish() {
  if (!changed_) return;
  ++state_.revision;
  WriteState(connection_, sealer_, key_, state_);
}

}  // namespace council::ledger
