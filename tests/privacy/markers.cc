#include "tests/privacy/markers.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace council::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t kMostShown = 5;
constexpr std::size_t kAround = 60;

// What base64 makes of a text that begins `offset` bytes behind a multiple of three: the part that depends on no byte
// around it.
std::string InBase64(std::string_view text, std::size_t offset) {
  const std::string encoded = absl::Base64Escape(std::string(offset, '-') + std::string(text));
  const std::size_t whole = (offset + text.size()) * 8 / 6;
  const std::size_t begin = (offset * 8 + 5) / 6;
  return encoded.substr(begin, whole - begin);
}

void Find(std::string_view bytes, const std::string& text, std::vector<std::string>& found) {
  for (std::size_t at = bytes.find(text); at != std::string_view::npos; at = bytes.find(text, at + text.size())) {
    if (found.size() == kMostShown) return;
    const std::size_t begin = at < kAround ? 0 : at - kAround;
    const std::string_view around = bytes.substr(begin, at - begin + text.size() + kAround);
    found.push_back(absl::CEscape(absl::string_view(around.data(), around.size())));
  }
}

void AddTextFieldsOf(const Descriptor& type, FieldPath& path, std::vector<FieldPath>& paths) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const bool again = std::ranges::find(path, field) != path.end();
    path.push_back(field);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) paths.push_back(path);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !again) {
      AddTextFieldsOf(*field->message_type(), path, paths);
    }
    path.pop_back();
  }
}

}  // namespace

std::string NewMarker() {
  static int made = 0;
  std::string number;
  for (int rest = ++made; rest > 0; rest /= 26) number.push_back(static_cast<char>('a' + rest % 26));
  return absl::StrCat(std::string(kMarked), number, "z");
}

std::vector<std::string> MarkersIn(std::string_view bytes) {
  std::vector<std::string> found;
  const std::string lower = absl::AsciiStrToLower(absl::string_view(bytes.data(), bytes.size()));
  Find(lower, std::string(kMarked), found);
  Find(lower, absl::BytesToHexString(absl::string_view(kMarked.data(), kMarked.size())), found);
  for (const std::size_t offset : {0, 1, 2}) Find(bytes, InBase64(kMarked, offset), found);
  return found;
}

std::string NameOf(const FieldPath& path) {
  std::string name;
  for (const FieldDescriptor* field : path) absl::StrAppend(&name, name.empty() ? "" : ".", field->name());
  return name;
}

std::vector<FieldPath> TextFieldsOf(const Descriptor& type) {
  FieldPath path;
  std::vector<FieldPath> paths;
  AddTextFieldsOf(type, path, paths);
  return paths;
}

void Plant(Message& message, const FieldPath& path, const std::string& text) {
  Message* at = &message;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const FieldDescriptor* field = path[i];
    const google::protobuf::Reflection& reflection = *at->GetReflection();
    if (!field->is_repeated()) {
      at = reflection.MutableMessage(at, field);
    } else if (reflection.FieldSize(*at, field) == 0) {
      at = reflection.AddMessage(at, field);
    } else {
      at = reflection.MutableRepeatedMessage(at, field, 0);
    }
  }
  const FieldDescriptor* field = path.back();
  const google::protobuf::Reflection& reflection = *at->GetReflection();
  if (!field->is_repeated()) {
    reflection.SetString(at, field, text);
  } else if (reflection.FieldSize(*at, field) == 0) {
    reflection.AddString(at, field, text);
  } else {
    reflection.SetRepeatedString(at, field, 0, text);
  }
}

}  // namespace council::test
