#include "clients/cli/json_output.h"

#include <string>

#include "google/protobuf/util/json_util.h"

namespace council::cli {

nlohmann::ordered_json ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string text;
  // Can fail only on times out of range and broken UTF-8, which no service sends.
  if (!google::protobuf::util::MessageToJsonString(message, &text, options).ok()) return nullptr;
  return nlohmann::ordered_json::parse(text);
}

}  // namespace council::cli
