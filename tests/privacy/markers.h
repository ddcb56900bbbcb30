// Texts that stand for what is personal, planted wherever a caller can put text and looked for wherever it must not be.
#ifndef COUNCIL_TESTS_PRIVACY_MARKERS_H_
#define COUNCIL_TESTS_PRIVACY_MARKERS_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

namespace council::test {

// What every marker begins with.
inline constexpr std::string_view kMarked = "qplant";

// A text that no other one of this program is, of small letters.
std::string NewMarker();

// The first places in `bytes` where a marker lies, whatever its case, as text or in hexadecimal digits or base64: some
// text around each.
std::vector<std::string> MarkersIn(std::string_view bytes);

// A way to a field that holds text or bytes, from a request's type on; through maps too.
using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

// "contact.facets.value"
std::string NameOf(const FieldPath& path);

// The ways to all such fields of a type.
std::vector<FieldPath> TextFieldsOf(const google::protobuf::Descriptor& type);

// Sets the field to `text`. Lists on the way get an element where they have none; else it is their first.
void Plant(google::protobuf::Message& message, const FieldPath& path, const std::string& text);

}  // namespace council::test

#endif  // COUNCIL_TESTS_PRIVACY_MARKERS_H_
