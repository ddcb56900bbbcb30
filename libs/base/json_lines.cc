#include "libs/base/json_lines.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace council::base {
namespace {

constexpr char kUrlPrefix[] = "type.googleapis.com";

google::protobuf::util::TypeResolver& Types() {
  static google::protobuf::util::TypeResolver* const kTypes = google::protobuf::util::NewTypeResolverForDescriptorPool(
      kUrlPrefix, google::protobuf::DescriptorPool::generated_pool());
  return *kTypes;
}

}  // namespace

absl::StatusOr<std::string> ToJsonLine(const google::protobuf::Message& message) {
  // Straight from the message the order of a map would be that of its hash table.
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&out);
  }
  std::string json;
  const auto status = google::protobuf::util::BinaryToJsonString(
      &Types(), absl::StrCat(kUrlPrefix, "/", message.GetDescriptor()->full_name()), bytes, &json);
  if (!status.ok()) return absl::InternalError(absl::StrCat("no JSON for a ", message.GetDescriptor()->name()));
  return json;
}

absl::Status FromJsonLine(std::string_view line, google::protobuf::Message& message) {
  const auto status = google::protobuf::util::JsonStringToMessage({line.data(), line.size()}, &message);
  if (status.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "is no JSON of a ", message.GetDescriptor()->name(), ": ",
      // The parser quotes the text around the mistake on further lines; what stands there is nobody else's to read.
      std::string(status.message().data(), std::min(status.message().size(), status.message().find('\n')))));
}

absl::Status LineCutter::Add(std::string_view piece, TakeLine take) {
  while (!piece.empty()) {
    const std::size_t end = piece.find('\n');
    const std::string_view part = piece.substr(0, end);
    if (begun_.size() + part.size() > longest_line_) {
      return absl::InvalidArgumentError(absl::StrCat("is longer than ", longest_line_, " bytes"));
    }
    if (end == std::string_view::npos) {
      begun_.append(part);
      return absl::OkStatus();
    }
    piece.remove_prefix(end + 1);
    absl::Status status;
    if (begun_.empty()) {
      status = take(part);
    } else {
      begun_.append(part);
      status = take(begun_);
      begun_.clear();
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace council::base
