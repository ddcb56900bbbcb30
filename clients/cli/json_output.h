#ifndef COUNCIL_CLIENTS_CLI_JSON_OUTPUT_H_
#define COUNCIL_CLIENTS_CLI_JSON_OUTPUT_H_

#include <nlohmann/json.hpp>

#include "google/protobuf/message.h"

namespace council::cli {

// A message of the contract as its documented JSON: lowerCamelCase names, 64-bit numbers as strings, enums by name,
// bytes in base64. Unset scalar fields are there with their default, so that every answer has the same shape.
// schema/messages.json is its schema.
nlohmann::ordered_json ToJson(const google::protobuf::Message& message);

// A list of messages as a JSON array.
template <typename Messages>
nlohmann::ordered_json ToJsonArray(const Messages& messages) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const auto& message : messages) array.push_back(ToJson(message));
  return array;
}

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_JSON_OUTPUT_H_
