#include "services/ledger/import/dex.h"

#include <cstddef>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/exports/dex_export.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

constexpr int kMaxKeyCharacters = 200;

// By what a person may be known, the surest first.
std::vector<std::string> KeysOf(const exports::DexPerson& person) {
  std::vector<std::string> keys;
  const auto add = [&keys](const std::string& key) {
    if (!key.empty()) keys.push_back(absl::AsciiStrToLower(CleanText(key, kMaxKeyCharacters)));
  };
  add(person.uid);
  for (const std::string& email : person.emails) add(email);
  add(person.name);
  return keys;
}

class DexReader {
 public:
  explicit DexReader(const FileTimes& times) : times_(times) {}

  void Take(const exports::DexPerson& person) {
    if (!person.broken.empty()) {
      file_.Skip(person.line, person.broken);
      return;
    }
    if (person.last_seen.empty()) return;
    const std::optional<absl::Time> seen = ReadFileTime(person.last_seen, times_.time_zone);
    std::vector<std::string> keys = KeysOf(person);
    if (keys.empty()) {
      file_.Skip(person.line, "the row names nobody");
    } else if (!seen.has_value()) {
      file_.Skip(person.line, "last seen: must be a day as YYYY-MM-DD, with a time of day if wanted");
    } else if (*seen > times_.now + kFutureAllowance) {
      ++file_.left_out["of a time to come"];
    } else {
      Add(person, std::move(keys), *seen);
    }
  }

  ImportedFile Finish() { return std::move(file_); }

 private:
  void Add(const exports::DexPerson& person, std::vector<std::string> keys, absl::Time seen) {
    // It stays when the contact is erased: so it says nothing of whom it is.
    const std::string address = absl::StrCat("dex:", DigestOf(keys.front()));
    const std::string day = absl::FormatCivilTime(absl::ToCivilDay(seen, times_.time_zone));
    if (!known_.insert({address, day}).second) return;  // Two rows say the same.
    ImportedRecord record{.uid = address,
                          .recurrence_id = day,
                          .line = person.line,
                          .content = {},
                          .people = {{.address = address, .name = CleanText(person.name, kMaxKeyCharacters)}}};
    *record.content.mutable_occur_time() = base::ToProto(seen);
    record.content.set_source("dex");
    file_.also_known_as[address] = std::move(keys);
    file_.happened.push_back(std::move(record));
  }

  const FileTimes& times_;
  std::set<std::pair<std::string, std::string>> known_;
  ImportedFile file_;
};

}  // namespace

absl::StatusOr<ImportedFile> ReadDex(const std::string& bytes, const FileTimes& times) {
  DexReader reader(times);
  std::size_t rows = 0;
  COUNCIL_RETURN_IF_ERROR(exports::ForEachDexPerson(bytes, [&](const exports::DexPerson& person) {
    reader.Take(person);
    return ++rows <= kMaxRecords && absl::Now() <= times.deadline;
  }));
  if (absl::Now() > times.deadline) return absl::DeadlineExceededError("the import ran out of time");
  if (rows > kMaxRecords) {
    return base::OverLimit(absl::StrCat("the file has more than ", kMaxRecords, " rows"));
  }
  return reader.Finish();
}

}  // namespace council::ledger
