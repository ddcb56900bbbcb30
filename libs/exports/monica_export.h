#ifndef COUNCIL_LIBS_EXPORTS_MONICA_EXPORT_H_
#define COUNCIL_LIBS_EXPORTS_MONICA_EXPORT_H_

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

// What Monica 4 exports in JSON ("1.0-preview.1"), as far as it is read alike by the service of people and by that of
// what happened:
//
//   {"version": …, "exported_by": UUID, "account": {
//     "data": [{"type": "contact", "values": [RECORD…]}, {"type": "activity", "values": [RECORD…]}, …],
//     "properties": {"journal_entries": […], …},
//     "instance": {"contact_field_types": [RECORD…], "genders": [RECORD…], …}}}
//
// A RECORD is {"uuid": …, "created_at": …, "properties": {…}, "data": [collections of its own]}. Every value may be
// missing or of another kind than it should be: then it is taken as missing. All text is well-formed UTF-8.
namespace council::exports {

// Whether a file that begins with `start` (a few kilobytes of it) is such an export.
bool LooksLikeMonica(std::string_view start);

// A contact of the file, one's own card excepted.
struct MonicaPerson {
  const nlohmann::json* record = nullptr;  // Lives as long as the export.
  std::string uuid;
  std::string name;  // All names in a row, or the nickname; may be empty.
};

// A way to reach somebody.
struct MonicaContactField {
  std::string kind;   // "email", "phone", or what Monica calls it, in lower case: "linkedin".
  std::string value;  // Never empty.
};

class MonicaExport {
 public:
  MonicaExport(MonicaExport&&) = default;
  MonicaExport& operator=(MonicaExport&&) = default;

  // Values deeper or more numerous are not taken. Photos, documents and avatars are not among them.
  static constexpr std::size_t kMaxDepth = 32;
  static constexpr std::size_t kMaxValues = 2'000'000;

  // Reads the file `bytes`. Fails with INVALID_ARGUMENT for `chunk`, saying where, where they are not JSON, are nested
  // too deeply or are no export of Monica; with RESOURCE_EXHAUSTED (LIMIT_EXCEEDED) where they hold too many values.
  static absl::StatusOr<MonicaExport> Parse(std::string_view bytes);

  const nlohmann::json& account() const;
  const std::vector<MonicaPerson>& people() const { return people_; }
  // The ways to reach the person of `record`.
  std::vector<MonicaContactField> ContactFieldsOf(const nlohmann::json& record) const;
  // The name of a person, also of one who has no card but this name; empty where nobody has that UUID.
  std::string NameOf(const std::string& uuid) const;
  // What the account calls that which a record's property refers to: "new job" for the "type" of a life event, "Woman"
  // for the "gender" of a person. Empty where it refers to nothing.
  std::string KindNameOf(const nlohmann::json& record, const char* property) const;

 private:
  MonicaExport() = default;
  void ReadInstance();
  void ReadPeople();
  // The properties of what a record's property refers to.
  const nlohmann::json& KindOf(const nlohmann::json& record, const char* property) const;

  nlohmann::json root_;
  std::map<std::string, const nlohmann::json*> instance_;  // What the account has kinds of, by UUID.
  std::vector<MonicaPerson> people_;
  std::map<std::string, std::string> names_;  // By UUID.
};

// The values of all collections of one type in a record's "data".
std::vector<const nlohmann::json*> ValuesOf(const nlohmann::json& record, std::string_view type);

// A record's "properties"; an empty object where it has none.
const nlohmann::json& PropertiesOf(const nlohmann::json& record);

// A member as text without white space at its ends: a text or a number; empty for all else.
std::string TextOf(const nlohmann::json& object, const char* name);

// A truth value, also as 1 or "1"; `otherwise` where there is none.
bool TruthOf(const nlohmann::json& object, const char* name, bool otherwise);

}  // namespace council::exports

#endif  // COUNCIL_LIBS_EXPORTS_MONICA_EXPORT_H_
