#include "services/ledger/ledger.h"

#include <algorithm>
#include <future>
#include <limits>
#include <memory>
#include <utility>

#include "council/common/v1/errors.pb.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/base/uuid.h"
#include "libs/seal/token.h"
#include "libs/ties/tie_strength.h"
#include "libs/ties/tie_summary.h"
#include "services/ledger/chain.h"
#include "services/ledger/days.h"
#include "services/ledger/page_length.h"
#include "services/ledger/strength_models.h"
#include "services/ledger/tie_reading.h"

namespace council::ledger {
namespace {

EntryPlace PlaceOf(const v1::Interaction& entry) {
  return {absl::ToUnixMicros(base::FromProto(entry.occur_time())), entry.sequence()};
}

// Whether `a` comes before `b` in lists: the newer first.
bool ComesBefore(const EntryPlace& a, const EntryPlace& b) {
  return a.occur_micros != b.occur_micros ? a.occur_micros > b.occur_micros : a.sequence > b.sequence;
}

// What the request said, for telling a repetition from another request: a retraction says nothing but what it retracts.
RequestDigest DigestOf(const NewEntry& entry) {
  switch (entry.content.kind()) {
    case v1::INTERACTION_KIND_CORRECTION:
      return DigestRequest("correct", entry.content.corrects(), entry.content);
    case v1::INTERACTION_KIND_RETRACTION:
      return DigestRequest("retract", entry.content.corrects(), v1::Interaction());
    default:
      return DigestRequest("append", 0, entry.content);
  }
}

std::string DueKey(const PromiseRow& row) {
  return row.promise.due_day().empty() ? "9999-99-99" : row.promise.due_day();
}

template <typename Message>
std::size_t BytesOf(const Message& message) {
  return message.ByteSizeLong();
}

// Cuts a page of ties to what an answer may hold. Whether there are more.
bool CutTies(std::size_t limit, std::vector<v1::Tie>& ties) {
  const std::size_t length = PageLength(ties, limit, BytesOf<v1::Tie>);
  if (ties.size() == length) return false;
  ties.resize(length);
  return true;
}

bool Names(const v1::Interaction& entry, const std::string& contact_id) {
  return std::find(entry.contact_ids().begin(), entry.contact_ids().end(), contact_id) != entry.contact_ids().end();
}

}  // namespace

absl::Status EntryNotFound() {
  return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_INTERACTION_NOT_FOUND,
                     "the ledger has no such entry");
}

std::string Ledger::NewId() {
  return base::NewUuid(clock_.Now(), random_);
}

Draft Ledger::MakeDraft(NewEntry entry, absl::Time now) {
  Draft draft;
  // The digest is of what was sent, before anything is filled in.
  if (!entry.request_id.empty()) draft.request = entry.request.has_value() ? *entry.request : DigestOf(entry);
  draft.request_id = std::move(entry.request_id);
  draft.event = std::move(entry.event);
  draft.content = std::move(entry.content);
  v1::Interaction& content = draft.content;
  if (content.kind() == v1::INTERACTION_KIND_UNSPECIFIED) content.set_kind(v1::INTERACTION_KIND_INTERACTION);
  content.set_id(entry.id.empty() ? base::NewUuid(now, random_) : std::move(entry.id));
  *content.mutable_record_time() = base::ToProto(now);
  *content.mutable_occur_time() = base::ToProto(content.has_occur_time() ? base::FromProto(content.occur_time()) : now);
  if (content.has_duration()) *content.mutable_duration() = base::ToProto(base::FromProto(content.duration()));
  for (v1::Promise& promise : *content.mutable_promises()) {
    if (promise.id().empty()) promise.set_id(base::NewUuid(now, random_));
  }
  Commitments commitments = Commit(content, random_);
  draft.commitments = std::move(commitments.values);
  draft.salts = std::move(commitments.salts);
  return draft;
}

std::vector<Draft> Ledger::MakeDrafts(std::vector<NewEntry> entries, absl::Time now) {
  std::vector<Draft> drafts;
  drafts.reserve(entries.size());
  for (NewEntry& entry : entries) drafts.push_back(MakeDraft(std::move(entry), now));
  return drafts;
}

void Ledger::Append(const base::Owner& owner, std::vector<NewEntry> entries, LedgerStore::AppendDone done) {
  const absl::Time now = clock_.Now();
  store_.Append(owner, MakeDrafts(std::move(entries), now), now, std::move(done));
}

absl::StatusOr<Appended> Ledger::AppendAndWait(const base::Owner& owner, std::vector<NewEntry> entries) {
  std::promise<absl::StatusOr<Appended>> result;
  Append(owner, std::move(entries), [&](absl::StatusOr<Appended> appended) { result.set_value(std::move(appended)); });
  return result.get_future().get();
}

absl::Status Ledger::ContinueAndWait(const base::Owner& owner, const ChainPlace& place, std::vector<NewEntry> entries) {
  const absl::Time now = clock_.Now();
  std::promise<absl::Status> result;
  store_.Continue(owner, place, MakeDrafts(std::move(entries), now), now,
                  [&](const absl::StatusOr<Appended>& appended) { result.set_value(appended.status()); });
  return result.get_future().get();
}

NewEntry Ledger::CorrectionOf(const v1::Interaction& corrected, std::optional<v1::Interaction> content,
                              std::string request_id) {
  NewEntry entry;
  entry.request_id = std::move(request_id);
  if (content.has_value()) {
    entry.content = *std::move(content);
    entry.content.set_kind(v1::INTERACTION_KIND_CORRECTION);
    if (!entry.content.has_occur_time()) *entry.content.mutable_occur_time() = corrected.occur_time();
  } else {
    // Found where what it takes back is found, and says nothing more about it.
    entry.content.set_kind(v1::INTERACTION_KIND_RETRACTION);
    for (const std::string& id : corrected.contact_ids()) {
      if (!id.empty()) entry.content.add_contact_ids(id);
    }
    *entry.content.mutable_occur_time() = corrected.occur_time();
  }
  entry.content.set_corrects(corrected.sequence());
  return entry;
}

absl::StatusOr<Appended> Ledger::Correct(const base::Owner& owner, std::int64_t corrects,
                                         std::optional<v1::Interaction> content, const std::string& request_id,
                                         absl::Time deadline) {
  COUNCIL_ASSIGN_OR_RETURN(const v1::Interaction corrected, GetBySequence(owner, {.deadline = deadline}, corrects));
  std::vector<NewEntry> entries;
  entries.push_back(CorrectionOf(corrected, std::move(content), request_id));
  return AppendAndWait(owner, std::move(entries));
}

absl::Status Ledger::Read(const base::Owner& owner, const ReadAt& at,
                          absl::FunctionRef<absl::Status(LedgerReader&)> work) {
  return store_.Read(owner, at.deadline, [&](LedgerReader& reader) {
    COUNCIL_RETURN_IF_ERROR(seal::CheckReached(at.required_revision, reader.state().revision));
    return work(reader);
  });
}

absl::StatusOr<v1::Interaction> Ledger::GetBySequence(const base::Owner& owner, const ReadAt& at,
                                                      std::int64_t sequence) {
  std::optional<EntryRow> row;
  COUNCIL_RETURN_IF_ERROR(Read(owner, at, [&](LedgerReader& reader) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(row, reader.EntryAt(sequence));
    return absl::OkStatus();
  }));
  if (!row.has_value()) return EntryNotFound();
  return std::move(row->entry);
}

absl::StatusOr<v1::Interaction> Ledger::GetById(const base::Owner& owner, const ReadAt& at, const std::string& id) {
  std::optional<EntryRow> row;
  COUNCIL_RETURN_IF_ERROR(Read(owner, at, [&](LedgerReader& reader) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(row, reader.EntryWithId(id));
    return absl::OkStatus();
  }));
  if (!row.has_value()) return EntryNotFound();
  return std::move(row->entry);
}

absl::StatusOr<EntryPage> Ledger::List(const base::Owner& owner, const ReadAt& at, const EntryQuery& query) {
  EntryPage page;
  const absl::Time latest =
      query.after.has_value() ? std::min(query.end, absl::FromUnixMicros(query.after->occur_micros + 1)) : query.end;
  const auto limit = static_cast<std::size_t>(query.limit);
  // Storage knows an entry's day and no more: days come in order, and each is put in order here.
  std::vector<v1::Interaction> day;
  std::int64_t day_number = 0;
  const auto finish_day = [&] {
    std::sort(day.begin(), day.end(),
              [](const v1::Interaction& a, const v1::Interaction& b) { return ComesBefore(PlaceOf(a), PlaceOf(b)); });
    std::move(day.begin(), day.end(), std::back_inserter(page.entries));
    day.clear();
    return page.entries.size() <= limit;
  };
  COUNCIL_RETURN_IF_ERROR(Read(owner, at, [&](LedgerReader& reader) {
    return reader.ForEachEntryByDay(
        DayOfTime(query.start), DayOfTime(latest), query.contact_ids, [&](const v1::Interaction& entry) {
          const absl::Time time = base::FromProto(entry.occur_time());
          const std::int64_t number = DayOfTime(time);
          if (!day.empty() && number != day_number && !finish_day()) return false;
          day_number = number;
          const bool wanted = time >= query.start && time < query.end &&
                              (query.include_corrected || ties::IsLive(entry)) &&
                              (!query.after.has_value() || ComesBefore(*query.after, PlaceOf(entry)));
          if (wanted) day.push_back(entry);
          return true;
        });
  }));
  finish_day();
  const std::size_t length = PageLength(page.entries, limit, BytesOf<v1::Interaction>);
  if (page.entries.size() > length) {
    page.entries.resize(length);
    page.next = PlaceOf(page.entries.back());
  }
  return page;
}

absl::StatusOr<TiePage> Ledger::Ties(const base::Owner& owner, const ReadAt& at, const TieQuery& query) {
  TiePage page;
  const absl::Time now = clock_.Now();
  const ties::StrengthModel model = models_ != nullptr && query.include_strength
                                        ? models_->For(owner.tenant, at.deadline)
                                        : ties::ShippedStrengthModel();
  const auto limit = static_cast<std::size_t>(query.limit);
  COUNCIL_RETURN_IF_ERROR(Read(owner, at, [&](LedgerReader& reader) -> absl::Status {
    page.revision = reader.state().revision;
    if (query.expected_revision.has_value() && *query.expected_revision != page.revision) {
      return base::Error(absl::StatusCode::kAborted, common::v1::ERROR_REASON_PAGE_EXPIRED,
                         "the ledger changed since the first page; start again");
    }
    TieReading reading(reader, now, query, model);
    if (!query.contacts.empty()) {
      const std::size_t begin = std::min(query.skip, query.contacts.size());
      const std::size_t count = std::min(limit, query.contacts.size() - begin);
      COUNCIL_ASSIGN_OR_RETURN(page.ties, reading.Ties(std::span(query.contacts).subspan(begin, count)));
      page.more = CutTies(limit, page.ties) || begin + count < query.contacts.size();
      return absl::OkStatus();
    }
    // One more than the page has, to know whether there is one; contacts whose entries were all taken back go unsaid.
    std::string after = query.after;
    while (page.ties.size() <= limit) {
      const std::size_t wanted = limit + 1 - page.ties.size();
      COUNCIL_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                               reader.ContactsAfter(after, static_cast<int>(wanted)));
      if (ids.empty()) break;
      after = ids.back();
      std::vector<TieIds> contacts;
      for (const std::string& id : ids) contacts.push_back({.contact_id = id, .former_ids = {}});
      COUNCIL_ASSIGN_OR_RETURN(std::vector<v1::Tie> ties, reading.Ties(contacts));
      std::erase_if(ties, [](const v1::Tie& tie) { return tie.entries() == 0; });
      std::move(ties.begin(), ties.end(), std::back_inserter(page.ties));
      if (ids.size() < wanted) break;
    }
    page.more = CutTies(limit, page.ties);
    return absl::OkStatus();
  }));
  return page;
}

absl::StatusOr<std::vector<PromiseRow>> Ledger::Promises(const base::Owner& owner, const ReadAt& at,
                                                         const std::string& contact_id, bool include_closed) {
  std::vector<PromiseRow> promises;
  COUNCIL_RETURN_IF_ERROR(Read(owner, at, [&](LedgerReader& reader) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(promises, reader.Promises(include_closed));
    return absl::OkStatus();
  }));
  // What was erased of a promise leaves nothing to keep.
  std::erase_if(promises, [](const PromiseRow& row) { return row.promise.text().empty(); });
  if (!contact_id.empty()) {
    std::erase_if(promises, [&](const PromiseRow& row) { return !Names(row.opening, contact_id); });
  }
  std::sort(promises.begin(), promises.end(), [](const PromiseRow& a, const PromiseRow& b) {
    return std::tuple(DueKey(a), a.opened_by, a.promise.id()) < std::tuple(DueKey(b), b.opened_by, b.promise.id());
  });
  return promises;
}

absl::StatusOr<Verification> Ledger::Verify(const base::Owner& owner, const ReadAt& at, std::int64_t start_sequence,
                                            std::int64_t expected_sequence, const std::string& expected_hash,
                                            absl::FunctionRef<bool()> cancelled) {
  Verification result;
  COUNCIL_RETURN_IF_ERROR(Read(owner, at, [&](LedgerReader& reader) -> absl::Status {
    const LedgerState& state = reader.state();
    result.head_sequence = state.head_sequence;
    result.head_hash = state.head_sequence == 0 ? "" : state.head_hash;
    std::optional<std::string> before = ZeroHash();
    if (start_sequence > 1) {
      COUNCIL_ASSIGN_OR_RETURN(before, reader.HashAt(start_sequence - 1));
    }
    ChainVerifier verifier(state.chain_id, start_sequence, before.value_or(""));
    bool stopped = false;
    absl::Status failed;
    const absl::Status walked =
        reader.ForEachEntry(start_sequence, [&](std::int64_t sequence, const absl::StatusOr<EntryRow>& row) {
          stopped = cancelled();
          if (stopped) return false;
          if (row.ok()) return verifier.Add(row->entry, row->salts, row->erased);
          // A key that can't be had now is no sign of anything.
          if (!absl::IsDataLoss(row.status())) failed = row.status();
          verifier.AddUnreadable(sequence);
          return false;
        });
    if (!walked.ok()) return walked;
    if (!failed.ok()) return failed;
    if (stopped) return absl::CancelledError("the caller has gone");
    // A start behind the head looks at nothing.
    if (start_sequence <= state.head_sequence + 1) {
      verifier.Finish(state.head_sequence, state.head_sequence == 0 ? ZeroHash() : state.head_hash);
    }
    result.entries = verifier.entries();
    result.first_broken_sequence = verifier.broken_sequence();
    result.problem = verifier.problem();
    if (expected_sequence > 0) {
      COUNCIL_ASSIGN_OR_RETURN(const std::optional<std::string> hash, reader.HashAt(expected_sequence));
      const bool found = hash.has_value() && *hash == expected_hash;
      if (!found && (result.first_broken_sequence == 0 || expected_sequence < result.first_broken_sequence)) {
        result.first_broken_sequence = expected_sequence;
        result.problem = hash.has_value() ? "the expected entry has another hash" : "the expected entry is missing";
      }
    }
    const absl::Status head = reader.CheckHead();
    if (!head.ok() && !absl::IsDataLoss(head)) return head;
    if (!head.ok() && result.first_broken_sequence == 0) {
      result.first_broken_sequence = state.head_sequence;
      result.problem = "the ledger's head was not written by this service";
    }
    result.verified = result.first_broken_sequence == 0;
    return absl::OkStatus();
  }));
  return result;
}

absl::Status Ledger::Export(const base::Owner& owner, const ReadAt& at, std::int64_t start_sequence,
                            absl::FunctionRef<void(const std::string&)> begin,
                            absl::FunctionRef<bool(const EntryRow&)> take) {
  // `take` waits for whoever reads the export, and a transaction must not wait for that.
  constexpr std::size_t kEntriesAtOnce = 500;
  std::optional<std::string> chain_id;
  for (bool more = true; more;) {
    std::vector<EntryRow> page;
    std::size_t bytes = 0;
    absl::Status damaged;
    more = false;
    COUNCIL_RETURN_IF_ERROR(Read(owner, at, [&](LedgerReader& reader) -> absl::Status {
      if (!chain_id.has_value()) begin(chain_id.emplace(reader.state().chain_id));
      return reader.ForEachEntry(start_sequence, [&](std::int64_t sequence, const absl::StatusOr<EntryRow>& row) {
        damaged = row.status();
        if (!row.ok()) return false;
        more = page.size() == kEntriesAtOnce || bytes >= kMaxPageBytes;
        if (more) return false;
        page.push_back(*row);
        bytes += row->entry.ByteSizeLong();
        start_sequence = sequence + 1;
        return true;
      });
    }));
    for (const EntryRow& row : page) {
      if (!take(row)) return absl::OkStatus();
    }
    COUNCIL_RETURN_IF_ERROR(damaged);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> Ledger::Revision(const base::Owner& owner, const ReadAt& at) {
  std::int64_t revision = 0;
  COUNCIL_RETURN_IF_ERROR(Read(owner, at, [&](LedgerReader& reader) {
    revision = reader.state().revision;
    return absl::OkStatus();
  }));
  return revision;
}

}  // namespace council::ledger
