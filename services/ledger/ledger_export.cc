// The streaming reads of LedgerService.
#include <google/protobuf/util/json_util.h>

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "services/ledger/chain.h"
#include "services/ledger/ledger_service.h"

namespace council::ledger {
namespace {

constexpr int kEntriesAMessage = 200;
constexpr std::size_t kChunkBytes = 256 << 10;

// Sends JSON lines in chunks that end with a line.
class LineWriter {
 public:
  explicit LineWriter(rpc::Writer<v1::ExportOwnerResponse>& writer) : writer_(writer) {}

  // False where the caller has gone.
  bool Add(absl::string_view kind, const google::protobuf::Message& message) {
    std::string json;
    if (!google::protobuf::util::MessageToJsonString(message, &json).ok()) return false;
    absl::StrAppend(&lines_, "{\"", kind, "\":", json, "}\n");
    return lines_.size() < kChunkBytes || Flush();
  }
  bool AddText(absl::string_view line) {
    absl::StrAppend(&lines_, line, "\n");
    return true;
  }
  bool Flush() {
    if (lines_.empty()) return true;
    v1::ExportOwnerResponse response;
    response.set_chunk(std::exchange(lines_, {}));
    return writer_.Write(response);
  }

 private:
  rpc::Writer<v1::ExportOwnerResponse>& writer_;
  std::string lines_;
};

}  // namespace

absl::Status LedgerService::ExportLedger(const rpc::CallContext& call, const v1::ExportLedgerRequest& request,
                                         rpc::Writer<v1::ExportLedgerResponse>& writer) {
  if (request.start_sequence() < 0) return base::InvalidField("start_sequence", "must not be negative");
  COUNCIL_ASSIGN_OR_RETURN(
      const std::int64_t required,
      tokens_.RequiredRevision(call.owner(), request.at_least_as_fresh(), "ledger", ledger_.store().lineage()));
  v1::ExportLedgerResponse response;
  bool reading = true;
  COUNCIL_RETURN_IF_ERROR(ledger_.Export(
      call.owner(), {.deadline = call.deadline(), .required_revision = required},
      std::max<std::int64_t>(request.start_sequence(), 1),
      [&](const std::string& chain_id) { response.set_chain_id(chain_id); },
      [&](const EntryRow& row) {
        v1::ExportedEntry& exported = *response.add_entries();
        *exported.mutable_interaction() = row.entry;
        for (const std::string& salt : row.salts) exported.add_salts(salt);
        for (const std::string& commitment : Recommit(row.entry, row.salts)) exported.add_commitments(commitment);
        if (response.entries_size() < kEntriesAMessage) return true;
        reading = writer.Write(response);
        response.Clear();
        return reading;
      }));
  if (reading && (response.entries_size() > 0 || !response.chain_id().empty())) reading = writer.Write(response);
  return reading ? absl::OkStatus() : absl::CancelledError("the caller has gone");
}

absl::Status LedgerService::ExportOwner(const rpc::CallContext& call, const v1::ExportOwnerRequest& /*request*/,
                                        rpc::Writer<v1::ExportOwnerResponse>& writer) {
  const ReadAt at{.deadline = call.deadline()};
  LineWriter lines(writer);
  bool reading = true;
  COUNCIL_RETURN_IF_ERROR(ledger_.Export(
      call.owner(), at, 1,
      [&](const std::string& chain_id) {
        lines.AddText(absl::StrCat("{\"chainId\":\"", absl::Base64Escape(chain_id), "\"}"));
      },
      [&](const EntryRow& row) { return reading = lines.Add("interaction", row.entry); }));
  COUNCIL_ASSIGN_OR_RETURN(const auto plans,
                           ledger_.Plans(call.owner(), at, absl::InfinitePast(), absl::InfiniteFuture(), ""));
  for (const v1::Plan& plan : plans) reading = reading && lines.Add("plan", plan);
  reading = reading && lines.Flush();
  return reading ? absl::OkStatus() : absl::CancelledError("the caller has gone");
}

}  // namespace council::ledger
