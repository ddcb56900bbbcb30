// The lines of ExportOwner and ImportOwner, which every service has: what it keeps of an owner, one JSON object a line.
#ifndef COUNCIL_LIBS_RPC_OWNER_LINES_H_
#define COUNCIL_LIBS_RPC_OWNER_LINES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"
#include "libs/base/json_lines.h"
#include "libs/base/status.h"
#include "libs/rpc/call.h"

namespace council::rpc {

// Sends lines in chunks that end at the end of a line. `Response` has a field `chunk`.
template <typename Response>
class LineWriter {
 public:
  // `writer` must outlive this.
  explicit LineWriter(Writer<Response>& writer) : writer_(writer) {}

  // One line; `line` comes without its end. CANCELLED where the caller has gone.
  absl::Status Add(std::string_view line) {
    absl::StrAppend(response_.mutable_chunk(), std::string(line), "\n");
    return response_.chunk().size() < kChunkBytes ? absl::OkStatus() : Flush();
  }

  // `message` as a line, INTERNAL where it has no JSON.
  absl::Status Add(const google::protobuf::Message& message) {
    COUNCIL_ASSIGN_OR_RETURN(const std::string json, base::ToJsonLine(message));
    return Add(json);
  }

  // The line {"name":message}.
  absl::Status Add(std::string_view name, const google::protobuf::Message& message) {
    COUNCIL_ASSIGN_OR_RETURN(const std::string json, base::ToJsonLine(message));
    return Add(absl::StrCat("{\"", std::string(name), "\":", json, "}"));
  }

  // Sends what is left.
  absl::Status Flush() {
    if (response_.chunk().empty()) return absl::OkStatus();
    const bool sent = writer_.Write(response_);
    response_.clear_chunk();
    return sent ? absl::OkStatus() : absl::CancelledError("the caller has gone");
  }

 private:
  static constexpr std::size_t kChunkBytes = 256 << 10;

  Writer<Response>& writer_;
  Response response_;
};

// What is wrong with record `index` of an import, as a violation of the field records[index]…; `field` is the path
// within the record, with its dot, or empty.
inline absl::Status InvalidRecord(std::int64_t index, std::string_view field, std::string_view description) {
  return base::InvalidField(absl::StrCat("records[", index, "]", std::string(field)), std::string(description));
}

// Reads an ImportOwner stream: options, then chunks of lines.
//
//   RecordReader<v1::ImportOwnerRequest> records(call, reader);
//   COUNCIL_ASSIGN_OR_RETURN(const bool dry_run, records.DryRun());
//   COUNCIL_RETURN_IF_ERROR(records.ForEach<v1::OwnerStateRecord>([&](std::int64_t index, Record record) { … }));
template <typename Request>
class RecordReader {
 public:
  // `call` and `reader` must outlive this.
  RecordReader(const CallContext& call, Reader<Request>& reader) : call_(call), reader_(reader) {}

  // The options, to be read first. INVALID_ARGUMENT where the stream begins otherwise.
  absl::StatusOr<bool> DryRun() {
    const std::optional<Request> first = reader_.Read();
    if (!first.has_value() || !first->has_options()) return base::InvalidField("options", "must be the first message");
    return first->options().dry_run();
  }

  // Gives `take` each record with its index, from 0. INVALID_ARGUMENT naming the record where a line is none, CANCELLED
  // where the caller has gone before the end; else what `take` fails with.
  template <typename Record>
  absl::Status ForEach(absl::FunctionRef<absl::Status(std::int64_t index, Record record)> take) {
    constexpr std::size_t kLongestLine = 1 << 20;
    constexpr std::size_t kLargestChunk = 1 << 20;
    base::LineCutter lines(kLongestLine);
    std::int64_t index = 0;
    absl::Status of_record;  // Told apart from what is wrong with the lines themselves.
    const auto take_line = [&](std::string_view line) -> absl::Status {
      Record record;
      if (const absl::Status read = base::FromJsonLine(line, record); !read.ok()) return read;
      of_record = take(index, std::move(record));
      ++index;
      return of_record;
    };
    while (const std::optional<Request> message = reader_.Read()) {
      if (message->part_case() != Request::kChunk) return base::InvalidField("chunk", "must follow the options");
      if (message->chunk().size() > kLargestChunk) return base::InvalidField("chunk", "must be at most 1 MiB");
      if (call_.IsCancelled()) break;
      const absl::Status added = lines.Add(message->chunk(), take_line);
      if (!of_record.ok()) return of_record;
      if (!added.ok()) return InvalidRecord(index, "", {added.message().data(), added.message().size()});
    }
    if (call_.IsCancelled()) return absl::CancelledError("the caller has gone");
    if (!lines.AtEndOfLine()) return InvalidRecord(index, "", "ends before its line does: the file was cut off");
    return absl::OkStatus();
  }

 private:
  const CallContext& call_;
  Reader<Request>& reader_;
};

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_OWNER_LINES_H_
