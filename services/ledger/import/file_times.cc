#include "services/ledger/import/file_times.h"

#include "absl/time/civil_time.h"
#include "libs/base/proto_time.h"
#include "libs/text/written_day.h"

namespace council::ledger {
namespace {

std::optional<absl::Time> ReadTime(const std::string& text, absl::TimeZone zone) {
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error) ||
      absl::ParseTime("%Y-%m-%d %H:%M:%S", text, &time, &error)) {
    const absl::CivilDay day(absl::ToCivilSecond(time, absl::UTCTimeZone()));
    return absl::FromCivil(day, absl::UTCTimeZone()) == time ? absl::FromCivil(day, zone) + absl::Hours(12) : time;
  }
  const std::optional<text::WrittenDay> written = text::ReadDay(text);
  if (!written.has_value() || !written->day.has_value() || written->length != text.size()) return std::nullopt;
  return absl::FromCivil(*written->day, zone) + absl::Hours(12);
}

}  // namespace

std::optional<absl::Time> ReadFileTime(const std::string& text, absl::TimeZone zone) {
  const std::optional<absl::Time> time = ReadTime(text, zone);
  return time.has_value() && base::IsValid(base::ToProto(*time)) ? time : std::nullopt;
}

}  // namespace council::ledger
