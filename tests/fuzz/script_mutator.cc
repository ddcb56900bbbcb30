#include "tests/fuzz/script_mutator.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/contacts/text.h"

namespace council::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Reflection;

// Lengths of texts and lists about which limits are drawn, and what they hold.
constexpr int kLengths[] = {1, 10, 21, 65, 101, 201, 255, 256, 501, 1001, 4001, 10'001};
constexpr int kCopies[] = {1, 2, 20, 51, 101, 501};

}  // namespace

void ScriptMutator::Mutate(std::vector<ScriptCall>& calls) {
  const int count = static_cast<int>(calls.size());
  const int what = count == 0 ? 0 : Pick(8);
  if (what == 0) {
    if (calls.size() < kMostCalls) calls.insert(calls.begin() + Pick(count + 1), AnyCall());
  } else if (what == 1 && count > 1) {
    calls.erase(calls.begin() + Pick(count));
  } else if (what == 2 && count > 1) {
    std::swap(calls[static_cast<std::size_t>(Pick(count))], calls[static_cast<std::size_t>(Pick(count))]);
  } else {
    ScriptCall& call = calls[static_cast<std::size_t>(Pick(count))];
    if (call.method->client_streaming() && call.requests.size() < kMostMessages && Pick(4) == 0) {
      call.requests.push_back(SuiteUnderFuzz::NewRequest(*call.method));
    }
    MutateMessage(*call.requests[static_cast<std::size_t>(Pick(static_cast<int>(call.requests.size())))]);
  }
}

ScriptCall ScriptMutator::AnyCall() {
  const auto& methods = SuiteUnderFuzz::Get().methods();
  const auto method = std::next(methods.begin(), Pick(static_cast<int>(methods.size())));
  ScriptCall call{.name = method->first, .method = method->second, .requests = {}};
  call.requests.push_back(SuiteUnderFuzz::NewRequest(*call.method));
  for (int i = Pick(4); i > 0; --i) MutateMessage(*call.requests.back());
  return call;
}

void ScriptMutator::MutateMessage(google::protobuf::Message& message) {
  const auto& descriptor = *message.GetDescriptor();
  if (descriptor.field_count() == 0) return;
  const FieldDescriptor& field = *descriptor.field(Pick(descriptor.field_count()));
  const Reflection& reflection = *message.GetReflection();
  // Deeper more often than not: most fields are there.
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && Pick(8) != 0) {
    if (!field.is_repeated()) return MutateMessage(*reflection.MutableMessage(&message, &field));
    const int size = reflection.FieldSize(message, &field);
    if (size > 0) return MutateMessage(*reflection.MutableRepeatedMessage(&message, &field, Pick(size)));
  }
  MutateField(field, message);
}

void ScriptMutator::MutateField(const FieldDescriptor& field, google::protobuf::Message& message) {
  const Reflection& reflection = *message.GetReflection();
  if (Pick(10) == 0) return reflection.ClearField(&message, &field);
  if (!field.is_repeated()) return SetOne(field, -1, message);
  const int size = reflection.FieldSize(message, &field);
  if (size > 0 && Pick(3) != 0) return SetOne(field, Pick(size), message);
  for (int copies = Pick(6) == 0 ? kCopies[Pick(std::size(kCopies))] : 1; copies > 0; --copies) AddOne(field, message);
}

int64_t ScriptMutator::AnyNumber() {
  constexpr int64_t kEdges[] = {0,
                                1,
                                -1,
                                2,
                                7,
                                1000,
                                1'781'524'800,
                                std::numeric_limits<int32_t>::max(),
                                std::numeric_limits<int32_t>::min(),
                                std::numeric_limits<int64_t>::max(),
                                std::numeric_limits<int64_t>::min(),
                                253'402'300'799,
                                1'000'000'000};
  const int64_t edge = kEdges[Pick(std::size(kEdges))];
  // Next to an edge, without overflow.
  return static_cast<int64_t>(static_cast<uint64_t>(edge) + static_cast<uint64_t>(Pick(5) - 2));
}

std::string ScriptMutator::AnyText(const std::string& now) {
  switch (Pick(5)) {
    case 0:
      return absl::StrCat("@", Pick(6));
    case 1:
      return std::string(static_cast<std::size_t>(kLengths[Pick(std::size(kLengths))]), "x,\"\x01"[Pick(4)]);
    case 2:
      return "2026-05-01";
    default:
      break;
  }
  const std::string mutated = mutate_text_(now);
  if (contacts::IsUtf8(mutated)) return mutated;
  // gRPC takes no message whose text is not UTF-8.
  std::string text;
  for (const char c : mutated) text += (c & 0x80) == 0 ? std::string(1, c) : "\u00e9";
  return text;
}

// `index` -1: the field is not repeated.
void ScriptMutator::SetOne(const FieldDescriptor& field, int index, google::protobuf::Message& message) {
  const Reflection& reflection = *message.GetReflection();
  const auto set = [&](auto set_single, auto set_repeated, auto value) {
    if (index < 0) {
      (reflection.*set_single)(&message, &field, value);
    } else {
      (reflection.*set_repeated)(&message, &field, index, value);
    }
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return set(&Reflection::SetBool, &Reflection::SetRepeatedBool, Pick(2) == 1);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return set(&Reflection::SetDouble, &Reflection::SetRepeatedDouble,
                 Pick(4) == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(AnyNumber()) / 3);
    case FieldDescriptor::CPPTYPE_INT32:
      return set(&Reflection::SetInt32, &Reflection::SetRepeatedInt32, static_cast<int32_t>(AnyNumber()));
    case FieldDescriptor::CPPTYPE_INT64:
      return set(&Reflection::SetInt64, &Reflection::SetRepeatedInt64, AnyNumber());
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int known = field.enum_type()->value(Pick(field.enum_type()->value_count()))->number();
      return set(&Reflection::SetEnumValue, &Reflection::SetRepeatedEnumValue,
                 Pick(6) == 0 ? static_cast<int>(AnyNumber()) : known);
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      const std::string now = index < 0 ? reflection.GetStringReference(message, &field, &scratch)
                                        : reflection.GetRepeatedStringReference(message, &field, index, &scratch);
      return set(&Reflection::SetString, &Reflection::SetRepeatedString, AnyText(now));
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MutateMessage(index < 0 ? *reflection.MutableMessage(&message, &field, nullptr)
                                     : *reflection.MutableRepeatedMessage(&message, &field, index));
    default:
      return;  // The contract has no other types.
  }
}

void ScriptMutator::AddOne(const FieldDescriptor& field, google::protobuf::Message& message) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection.AddEnumValue(&message, &field, 0);
      break;
    case FieldDescriptor::CPPTYPE_STRING:
      reflection.AddString(&message, &field, "");
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      reflection.AddMessage(&message, &field);
      break;
    default:
      return;  // The contract has no other lists.
  }
  SetOne(field, reflection.FieldSize(message, &field) - 1, message);
}

}  // namespace council::fuzz
