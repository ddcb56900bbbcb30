// What LedgerService gives whole and takes over whole.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "libs/audit/list_access.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/rpc/owner_lines.h"
#include "services/ledger/chain.h"
#include "services/ledger/days.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/owner_import.h"
#include "services/ledger/owner_state.h"
#include "services/ledger/page_length.h"

namespace council::ledger {
namespace {

constexpr int kEntriesAMessage = 200;

// What is kept of imported events, and of imports that can be undone.
absl::Status AddImported(LedgerReader& reader, rpc::LineWriter<v1::ExportOwnerResponse>& lines) {
  absl::Status status;
  COUNCIL_RETURN_IF_ERROR(reader.ForEachEvent([&](const EventRecord& event) {
    status = lines.Add("event", KeptEventOf(event));
    return status.ok();
  }));
  COUNCIL_RETURN_IF_ERROR(status);
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<KeptImport> imports, reader.Imports());
  for (const KeptImport& import : imports) {
    COUNCIL_RETURN_IF_ERROR(
        lines.Add(absl::StrCat("{\"import\":{\"id\":\"", import.id, "\",\"time\":\"",
                               absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", import.time, absl::UTCTimeZone()), "\"}}")));
    for (std::int64_t number = 0; number < import.parts; ++number) {
      COUNCIL_ASSIGN_OR_RETURN(const std::optional<ImportPart> part, reader.PartOfImport(import.id, number));
      if (!part.has_value()) continue;
      for (const ImportPart::Entry& entry : part->entries) {
        if (entry.before.has_value()) COUNCIL_RETURN_IF_ERROR(lines.Add("eventBefore", KeptEventOf(*entry.before)));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status LedgerService::ExportLedger(const rpc::CallContext& call, const v1::ExportLedgerRequest& request,
                                         rpc::Writer<v1::ExportLedgerResponse>& writer) {
  if (request.start_sequence() < 0) return base::InvalidField("start_sequence", "must not be negative");
  COUNCIL_ASSIGN_OR_RETURN(
      const std::int64_t required,
      tokens_.RequiredRevision(call.owner(), request.at_least_as_fresh(), "ledger", ledger_.store().lineage()));
  v1::ExportLedgerResponse response;
  std::size_t bytes = 0;
  bool reading = true;
  COUNCIL_RETURN_IF_ERROR(ledger_.Export(
      call.owner(), {.deadline = call.deadline(), .required_revision = required},
      std::max<std::int64_t>(request.start_sequence(), 1),
      [&](const std::string& chain_id) { response.set_chain_id(chain_id); },
      [&](const EntryRow& row) {
        v1::ExportedEntry& exported = *response.add_entries();
        *exported.mutable_interaction() = row.entry;
        for (const std::string& salt : row.salts) exported.add_salts(salt);
        for (const std::string& commitment : Recommit(row.entry, row.salts, row.erased))
          exported.add_commitments(commitment);
        bytes += exported.ByteSizeLong();
        if (response.entries_size() < kEntriesAMessage && bytes < kMaxPageBytes) return true;
        reading = writer.Write(response);
        response.Clear();
        bytes = 0;
        return reading;
      }));
  if (reading && (response.entries_size() > 0 || !response.chain_id().empty())) reading = writer.Write(response);
  return reading ? absl::OkStatus() : absl::CancelledError("the caller has gone");
}

// Every record that another storage needs, in one snapshot.
absl::Status LedgerService::ExportState(const rpc::CallContext& call, rpc::LineWriter<v1::ExportOwnerResponse>& lines) {
  return ledger_.Read(call.owner(), {.deadline = call.deadline()}, [&](LedgerReader& reader) -> absl::Status {
    std::map<std::int64_t, EventRecord> events;  // By the latest entry of each.
    COUNCIL_RETURN_IF_ERROR(reader.ForEachEvent([&](EventRecord event) {
      const std::int64_t sequence = event.sequence;
      events[sequence] = std::move(event);
      return true;
    }));
    COUNCIL_ASSIGN_OR_RETURN(auto plans,
                             reader.Plans(DayOfTime(absl::InfinitePast()), DayOfTime(absl::InfiniteFuture())));
    std::sort(plans.begin(), plans.end(), [](const v1::Plan& a, const v1::Plan& b) {
      return std::pair(base::FromProto(a.start_time()), a.id()) < std::pair(base::FromProto(b.start_time()), b.id());
    });
    const LedgerState& state = reader.state();
    v1::OwnerStateRecord record;
    v1::OwnerStateStart& start = *record.mutable_start();
    start.set_version(kOwnerStateVersion);
    start.set_entries(state.head_sequence);
    start.set_plans(static_cast<std::int64_t>(plans.size()));
    if (state.head_sequence > 0) {
      start.set_chain_id(state.chain_id);
      start.set_head_hash(state.head_hash);
    }
    COUNCIL_RETURN_IF_ERROR(lines.Add(record));
    absl::Status status;
    COUNCIL_RETURN_IF_ERROR(reader.ForEachEntry(1, [&](std::int64_t sequence, const absl::StatusOr<EntryRow>& row) {
      status = row.status();
      if (!status.ok()) return false;
      const auto event = events.find(sequence);
      *record.mutable_entry() = KeptEntryOf(*row, event == events.end() ? nullptr : &event->second);
      status = lines.Add(record);
      return status.ok();
    }));
    COUNCIL_RETURN_IF_ERROR(status);
    for (v1::Plan& plan : plans) {
      *record.mutable_plan() = std::move(plan);
      COUNCIL_RETURN_IF_ERROR(lines.Add(record));
    }
    return lines.Flush();
  });
}

absl::Status LedgerService::ExportOwner(const rpc::CallContext& call, const v1::ExportOwnerRequest& request,
                                        rpc::Writer<v1::ExportOwnerResponse>& writer) {
  rpc::LineWriter<v1::ExportOwnerResponse> lines(writer);
  if (request.for_import()) return ExportState(call, lines);
  const ReadAt at{.deadline = call.deadline()};
  absl::Status status;
  COUNCIL_RETURN_IF_ERROR(ledger_.Export(
      call.owner(), at, 1,
      [&](const std::string& chain_id) {
        status = lines.Add(absl::StrCat("{\"chainId\":\"", absl::Base64Escape(chain_id), "\"}"));
      },
      [&](const EntryRow& row) {
        if (status.ok()) status = lines.Add("interaction", row.entry);
        return status.ok();
      }));
  COUNCIL_RETURN_IF_ERROR(status);
  COUNCIL_ASSIGN_OR_RETURN(const auto plans,
                           ledger_.Plans(call.owner(), at, absl::InfinitePast(), absl::InfiniteFuture(), ""));
  for (const v1::Plan& plan : plans) COUNCIL_RETURN_IF_ERROR(lines.Add("plan", plan));
  COUNCIL_RETURN_IF_ERROR(
      ledger_.Read(call.owner(), at, [&](LedgerReader& reader) { return AddImported(reader, lines); }));
  COUNCIL_RETURN_IF_ERROR(audit::AddAccessLines(call, accesses_, lines));
  return lines.Flush();
}

absl::StatusOr<v1::ImportOwnerResponse> LedgerService::ImportOwner(const rpc::CallContext& call,
                                                                   rpc::Reader<v1::ImportOwnerRequest>& reader) {
  rpc::RecordReader<v1::ImportOwnerRequest> records(call, reader);
  COUNCIL_ASSIGN_OR_RETURN(const bool dry_run, records.DryRun());
  ImportedLedger checks(ledger_.Now());
  OwnerImport import(ledger_, call.owner(), call.deadline(), dry_run);
  const auto take = [&](std::int64_t index, const v1::OwnerStateRecord& record) -> absl::Status {
    COUNCIL_RETURN_IF_ERROR(checks.Add(index, record));
    return import.Take(record);
  };
  COUNCIL_RETURN_IF_ERROR(records.ForEach<v1::OwnerStateRecord>(take));
  COUNCIL_RETURN_IF_ERROR(checks.Finish());
  COUNCIL_RETURN_IF_ERROR(import.Finish());
  COUNCIL_ASSIGN_OR_RETURN(const std::int64_t revision, ledger_.Revision(call.owner(), {.deadline = call.deadline()}));
  v1::ImportOwnerResponse response;
  response.set_imported(import.imported());
  response.set_unchanged(import.unchanged());
  response.set_token(TokenOf(call.owner(), revision));
  return response;
}

}  // namespace council::ledger
