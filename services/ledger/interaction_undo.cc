#include "services/ledger/interaction_undo.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "services/ledger/contact_erasure.h"
#include "services/ledger/imported_event.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr std::size_t kEntriesAChunk = 200;

absl::Status ImportNotFound() {
  return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_IMPORT_NOT_FOUND,
                     "no import with this id can be undone: the last ten can, for 90 days");
}

// What undoes the import's entry `id` has a request_id of kUndo and that, by which it is known again when the call is
// repeated. Where it brings back another entry it names that too, and stands for it when that entry's import is undone.
constexpr absl::string_view kBringingBack = " to ";

bool Undoes(const EntryRow& row, const std::string& id) {
  return absl::StartsWith(row.request_id, absl::StrCat(kUndo, id));
}

// The id of the entry that this one stands for: itself, or one that it brings back.
std::string StandsFor(const EntryRow& row) {
  const std::vector<std::string> parts = absl::StrSplit(row.request_id, kBringingBack);
  return parts.size() == 2 && absl::StartsWith(parts[0], kUndo) ? parts[1] : row.entry.id();
}

// The recurrence that the entry was before.
std::string FormerRecurrence(const ImportPart::Entry& imported) {
  return imported.before.has_value() ? imported.before->recurrence_id : imported.recurrence_id;
}

// What to say of the event once the entry is undone that the import made of it. `former`: the recurrence that it was
// before, as it is; null where it was no other.
EventChange ChangeBack(const ImportPart::Entry& imported, const EventRecord& current, const EventRecord* former,
                       v1::InteractionKind kind) {
  EventChange change;
  if (imported.before.has_value()) change.record = *imported.before;
  change.record.uid = current.uid;
  change.record.recurrence_id = FormerRecurrence(imported);
  change.record.text_erased = change.record.text_erased || current.text_erased;
  if (kind == v1::INTERACTION_KIND_INTERACTION) change.record.withdrawn = true;
  change.expected_sequence = former == nullptr ? current.sequence : former->sequence;
  if (former != nullptr) change.moved_from = current;
  return change;
}

// Whether the entry `id` was undone, by what stands for its event or by what that went on from: an import may have
// written of one event several times.
absl::StatusOr<bool> WasUndone(LedgerReader& reader, const EntryRow& standing, const std::string& id) {
  std::optional<EntryRow> row = standing;
  while (row.has_value() && row->entry.id() != id) {
    if (Undoes(*row, id)) return true;
    if (row->entry.corrects() == 0) return false;
    COUNCIL_ASSIGN_OR_RETURN(row, reader.EntryAt(row->entry.corrects()));
  }
  return false;
}

bool IsRetraction(const EntryRow& row) {
  return row.entry.kind() == v1::INTERACTION_KIND_RETRACTION;
}

void Count(v1::InteractionKind kind, v1::UndoImportResponse& counts) {
  if (kind == v1::INTERACTION_KIND_INTERACTION) {
    counts.set_retracted(counts.retracted() + 1);
  } else {
    counts.set_restored(counts.restored() + 1);
  }
}

}  // namespace

absl::Status PruneImports(Ledger& ledger, const base::Owner& owner, absl::Time deadline, std::size_t most) {
  std::vector<KeptImport> imports;
  COUNCIL_RETURN_IF_ERROR(ledger.Read(owner, {.deadline = deadline}, [&](LedgerReader& reader) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(imports, reader.Imports());
    return absl::OkStatus();
  }));
  std::vector<std::string> forgotten;
  for (std::size_t i = 0; i < imports.size(); ++i) {
    if (i >= most || imports[i].time < ledger.Now() - kImportsKept) forgotten.push_back(imports[i].id);
  }
  return forgotten.empty() ? absl::OkStatus() : ledger.store().ForgetImports(owner, forgotten);
}

absl::StatusOr<KeptImport> FindImport(Ledger& ledger, const base::Owner& owner, absl::Time deadline,
                                      const std::string& id) {
  std::vector<KeptImport> imports;
  COUNCIL_RETURN_IF_ERROR(ledger.Read(owner, {.deadline = deadline}, [&](LedgerReader& reader) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(imports, reader.Imports());
    return absl::OkStatus();
  }));
  const auto found = std::ranges::find(imports, id, &KeptImport::id);
  if (found == imports.end() || found->time < ledger.Now() - kImportsKept) return ImportNotFound();
  return *found;
}

absl::StatusOr<v1::UndoImportResponse> InteractionUndo::Run(const std::string& import_id) {
  response_.Clear();
  COUNCIL_ASSIGN_OR_RETURN(const KeptImport import, FindImport(ledger_, owner_, deadline_, import_id));
  for (std::int64_t number = import.parts - 1; number >= 0; --number) {
    std::optional<ImportPart> part;
    COUNCIL_RETURN_IF_ERROR(ledger_.Read(owner_, {.deadline = deadline_}, [&](LedgerReader& reader) -> absl::Status {
      COUNCIL_ASSIGN_OR_RETURN(part, reader.PartOfImport(import_id, number));
      return absl::OkStatus();
    }));
    if (!part.has_value()) continue;  // Somebody else undid it meanwhile.
    const std::span<ImportPart::Entry> entries = part->entries;
    for (std::size_t at = 0; at < entries.size(); at += kEntriesAChunk) {
      COUNCIL_RETURN_IF_ERROR(UndoEntries(entries.subspan(at, std::min(kEntriesAChunk, entries.size() - at))));
    }
    if (part->plan_ids.empty()) continue;
    COUNCIL_ASSIGN_OR_RETURN(const LedgerStore::PlanRemoval removal,
                             ledger_.store().RemovePlans(owner_, part->plan_ids));
    response_.set_plans(response_.plans() + removal.plans);
  }
  COUNCIL_RETURN_IF_ERROR(ledger_.store().ForgetImports(owner_, {&import_id, 1}));
  return response_;
}

absl::Status InteractionUndo::UndoEntries(std::span<ImportPart::Entry> entries) {
  return RetryConflicts([&]() -> absl::Status {
    if (absl::Now() > deadline_) return absl::DeadlineExceededError("time ran out; the same again goes on");
    Chunk chunk;
    const auto plan = [&](LedgerReader& reader) -> absl::Status {
      COUNCIL_ASSIGN_OR_RETURN(const ContactIds erased, reader.ErasedContacts());
      for (ImportPart::Entry& entry : entries) {
        if (entry.before.has_value()) EraseFrom(*entry.before, erased);
        COUNCIL_RETURN_IF_ERROR(PlanEntry(reader, entry, chunk));
      }
      return absl::OkStatus();
    };
    COUNCIL_RETURN_IF_ERROR(ledger_.Read(owner_, {.deadline = deadline_}, plan));
    if (!chunk.entries.empty()) {
      COUNCIL_RETURN_IF_ERROR(ledger_.AppendAndWait(owner_, std::move(chunk.entries)).status());
    }
    response_.set_retracted(response_.retracted() + chunk.counts.retracted());
    response_.set_restored(response_.restored() + chunk.counts.restored());
    response_.set_kept(response_.kept() + chunk.counts.kept());
    return absl::OkStatus();
  });
}

absl::Status InteractionUndo::PlanEntry(LedgerReader& reader, const ImportPart::Entry& imported, Chunk& chunk) {
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<EntryRow> row, reader.EntryWithId(imported.id));
  if (!row.has_value()) return absl::OkStatus();  // The import broke off before it.
  COUNCIL_ASSIGN_OR_RETURN(const EventRecord* event, EventOf(reader, imported.uid, imported.recurrence_id, chunk));
  const EventRecord* former = nullptr;
  if (FormerRecurrence(imported) != imported.recurrence_id) {
    COUNCIL_ASSIGN_OR_RETURN(former, EventOf(reader, imported.uid, FormerRecurrence(imported), chunk));
  }
  // It is the former recurrence again: since it was undone, or since a later import moved it back.
  if (former != nullptr && !former->withdrawn) event = former;
  if (event == nullptr) return EntryNotFound();
  COUNCIL_ASSIGN_OR_RETURN(const std::optional<EntryRow> standing, reader.EntryAt(event->sequence));
  if (!standing.has_value()) return EntryNotFound();
  const v1::InteractionKind kind = row->entry.kind();
  COUNCIL_ASSIGN_OR_RETURN(const bool undone, WasUndone(reader, *standing, imported.id));
  if (undone) {
    Count(kind, chunk.counts);
    return absl::OkStatus();
  }
  // What is to be there again: where nothing was, nothing.
  const std::int64_t before = kind != v1::INTERACTION_KIND_INTERACTION ? row->entry.corrects()
                              : imported.before.has_value()            ? imported.before->sequence
                                                                       : 0;
  std::optional<EntryRow> brought_back;
  if (before != 0) {
    COUNCIL_ASSIGN_OR_RETURN(brought_back, reader.EntryAt(before));
    if (!brought_back.has_value()) return EntryNotFound();
  }
  const bool stands = StandsFor(*standing) == imported.id && standing->entry.corrected_by() == 0 &&
                      IsRetraction(*standing) == IsRetraction(*row);
  const bool whole =
      standing->erased.empty() && (kind == v1::INTERACTION_KIND_INTERACTION || brought_back->erased.empty());
  if (!stands || !whole) {
    chunk.counts.set_kept(chunk.counts.kept() + 1);
    return absl::OkStatus();
  }
  NewEntry undo;
  if (kind == v1::INTERACTION_KIND_INTERACTION) {
    undo = Ledger::CorrectionOf(standing->entry, std::nullopt, "");
  } else {
    COUNCIL_ASSIGN_OR_RETURN(undo, Restored(reader, brought_back->entry, standing->entry, chunk));
  }
  undo.request_id = absl::StrCat(kUndo, imported.id);
  if (brought_back.has_value()) absl::StrAppend(&undo.request_id, kBringingBack, StandsFor(*brought_back));
  undo.event = ChangeBack(imported, *event, former, kind);
  chunk.entries.push_back(std::move(undo));
  Count(kind, chunk.counts);
  return absl::OkStatus();
}

absl::StatusOr<const EventRecord*> InteractionUndo::EventOf(LedgerReader& reader, const std::string& uid,
                                                            const std::string& recurrence_id, Chunk& chunk) {
  const auto [events, is_new] = chunk.events.try_emplace(uid);
  if (is_new) {
    COUNCIL_ASSIGN_OR_RETURN(std::vector<EventRecord> recurrences, reader.Events(uid));
    for (EventRecord& event : recurrences) {
      std::string id = event.recurrence_id;
      events->second.emplace(std::move(id), std::move(event));
    }
  }
  const auto found = events->second.find(recurrence_id);
  return found == events->second.end() ? nullptr : &found->second;
}

absl::StatusOr<NewEntry> InteractionUndo::Restored(LedgerReader& reader, const v1::Interaction& before,
                                                   const v1::Interaction& standing, Chunk& chunk) {
  v1::Interaction content = ContentOf(before);
  // The promises may have had another fate since: what is promised elsewhere now, or can't be closed any more, is left
  // out.
  if (!content.promises().empty() || !content.closes_promises().empty()) {
    if (!chunk.promises.has_value()) {
      COUNCIL_ASSIGN_OR_RETURN(std::vector<PromiseRow> rows, reader.Promises(/*include_closed=*/true));
      Promises& promises = chunk.promises.emplace();
      for (PromiseRow& row : rows) promises[row.promise.id()] = std::move(row);
    }
    const auto find = [&](const std::string& id) {
      const auto found = chunk.promises->find(id);
      return found == chunk.promises->end() ? nullptr : &found->second;
    };
    auto& made = *content.mutable_promises();
    made.erase(std::remove_if(made.begin(), made.end(),
                              [&](const v1::Promise& promise) {
                                const PromiseRow* known = find(promise.id());
                                return known != nullptr && known->opened_by != standing.sequence();
                              }),
               made.end());
    auto& closed = *content.mutable_closes_promises();
    closed.erase(std::remove_if(closed.begin(), closed.end(),
                                [&](const std::string& id) {
                                  const PromiseRow* known = find(id);
                                  return known == nullptr ||
                                         (known->closed_by != 0 && known->closed_by != standing.sequence());
                                }),
                 closed.end());
  }
  // A retraction stands: what it took back comes anew.
  if (standing.kind() != v1::INTERACTION_KIND_RETRACTION) {
    return Ledger::CorrectionOf(standing, std::move(content), "");
  }
  NewEntry anew;
  anew.content = std::move(content);
  return anew;
}

}  // namespace council::ledger
