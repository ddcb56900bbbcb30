// Prints messages.json: JSON Schema of what json_output.h makes of the contract's answers, and of all that they are
// made of. `make schema` writes the file anew; a test holds the two together.

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "clients/cli/discretion.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger_service.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "google/protobuf/descriptor.h"

namespace council::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using Json = nlohmann::ordered_json;

Json Text(const char* pattern) {
  return {{"type", "string"}, {"pattern", pattern}};
}

Json List(const Json& items) {
  return {{"type", "array"}, {"items", items}};
}

// Definitions by the full names of messages and enums.
class Definitions {
 public:
  Definitions() {
    // These two have a JSON of their own.
    all_["google.protobuf.Timestamp"] =
        Text("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{3,9})?Z$");
    all_["google.protobuf.Timestamp"]["format"] = "date-time";
    all_["google.protobuf.Duration"] = Text("^-?[0-9]+([.][0-9]{3,9})?s$");
  }

  // Adds a message with all that it is made of, and returns the reference to it.
  Json Add(const Descriptor& message) {
    if (const auto [at, is_new] = all_.try_emplace(message.full_name()); is_new) at->second = Define(message);
    return ReferenceTo(message.full_name());
  }

  std::map<std::string, Json>& all() { return all_; }

 private:
  static Json ReferenceTo(const std::string& name) { return {{"$ref", "#/definitions/" + name}}; }

  Json Add(const EnumDescriptor& words) {
    Json names = Json::array();
    for (int i = 0; i < words.value_count(); ++i) names.push_back(words.value(i)->name());
    all_[words.full_name()] = {{"type", "string"}, {"enum", names}};
    return ReferenceTo(words.full_name());
  }

  // A field's value, or one of them where it has several.
  Json One(const FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_UINT32:
        return {{"type", "integer"}};
      case FieldDescriptor::CPPTYPE_INT64:
      case FieldDescriptor::CPPTYPE_UINT64:
        return Text("^-?[0-9]+$");
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        return {{"type", "number"}};
      case FieldDescriptor::CPPTYPE_BOOL:
        return {{"type", "boolean"}};
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.type() == FieldDescriptor::TYPE_STRING) return {{"type", "string"}};
        return Text("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$");
      case FieldDescriptor::CPPTYPE_ENUM:
        return Add(*field.enum_type());
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Add(*field.message_type());
    }
    return nullptr;
  }

  Json Value(const FieldDescriptor& field) {
    if (field.is_map()) {
      return {{"type", "object"}, {"additionalProperties", One(*field.message_type()->map_value())}};
    }
    return field.is_repeated() ? List(One(field)) : One(field);
  }

  Json Define(const Descriptor& message) {
    Json properties = Json::object();
    Json required = Json::array();
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      properties[field.json_name()] = Value(field);
      // What is unset is there with its default, but for what can be unset and what --discreet hides.
      if (!field.has_presence() && !IsHiddenMember(field.json_name())) required.push_back(field.json_name());
    }
    return {{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
  }

  std::map<std::string, Json> all_;
};

// A message with a text that a command adds.
Json With(const char* member, Json definition) {
  definition["properties"][member] = {{"type", "string"}};
  definition["required"].push_back(member);
  return definition;
}

void Print(std::ostream& out) {
  Definitions definitions;
  for (const google::protobuf::FileDescriptor* file :
       {contacts::v1::GetContactRequest::descriptor()->file(), ledger::v1::GetTieRequest::descriptor()->file(),
        recommendations::v1::GetReviewRequest::descriptor()->file()}) {
    const google::protobuf::ServiceDescriptor& service = *file->service(0);
    for (int i = 0; i < service.method_count(); ++i) definitions.Add(*service.method(i)->output_type());
  }
  std::map<std::string, Json>& all = definitions.all();
  all["council.common.v1.AccessRecord with service"] = With("service", all.at("council.common.v1.AccessRecord"));
  all["council.ledger.v1.Tie with displayName"] = With("displayName", all.at("council.ledger.v1.Tie"));
  // As the service itself writes it: what is unset is left out.
  Json& line = all["council.contacts.v1.Contact as a line"] = all.at("council.contacts.v1.Contact");
  line.erase("required");
  const Json schema = {
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"$comment", "Made from the contract by `make schema`. What each member means stands in proto/."},
      {"definitions", all}};
  out << schema.dump(2) << '\n';
}

}  // namespace
}  // namespace council::cli

int main() {
  council::cli::Print(std::cout);
}
