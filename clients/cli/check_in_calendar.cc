#include "clients/cli/check_in_calendar.h"

#include <libical/ical.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/text.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

constexpr char kProductId[] = "-//Council//Check-ins//EN";
constexpr char kUidEnding[] = "@council";

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

// The first letter or digit of a word, upper case, with a point; empty where it has none.
std::string Initial(absl::string_view word) {
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(std::string(word));
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    if (!u_isalnum(text.char32At(i))) continue;
    std::string initial;
    icu::UnicodeString(text.char32At(i)).toUpper().toUTF8String(initial);
    return initial + ".";
  }
  return "";
}

icaltimetype DayOf(absl::CivilDay day) {
  icaltimetype time = icaltime_null_date();
  time.year = static_cast<int>(day.year());
  time.month = day.month();
  time.day = day.day();
  return time;
}

void Set(icalcomponent* component, icalproperty* property) {
  icalcomponent_add_property(component, property);
}

Component EventOf(const std::string& contact_id, absl::CivilDay day, const std::string& initials, absl::Time now) {
  Component event(icalcomponent_new(ICAL_VEVENT_COMPONENT));
  Set(event.get(), icalproperty_new_uid(absl::StrCat(contact_id, kUidEnding).c_str()));
  Set(event.get(), icalproperty_new_dtstamp(icaltime_from_timet_with_zone(absl::ToTimeT(now), /*is_date=*/0,
                                                                          icaltimezone_get_utc_timezone())));
  Set(event.get(), icalproperty_new_sequence(static_cast<int>(absl::ToInt64Minutes(now - absl::UnixEpoch()))));
  Set(event.get(), icalproperty_new_dtstart(DayOf(day)));
  // The end of an all-day event is the first day that is no longer part of it.
  Set(event.get(), icalproperty_new_dtend(DayOf(day + 1)));
  const std::string summary =
      words::Say<"calendar.talk">(words::As<"known">(!initials.empty()), words::As<"initials">(initials));
  Set(event.get(), icalproperty_new_summary(summary.c_str()));
  Set(event.get(), icalproperty_new_class(ICAL_CLASS_PRIVATE));
  Set(event.get(), icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
  return event;
}

}  // namespace

std::string Initials(const std::string& name) {
  std::vector<std::string> initials;
  for (const absl::string_view word : absl::StrSplit(name, absl::ByAnyChar(" \t"), absl::SkipWhitespace())) {
    std::string initial = Initial(word);
    if (!initial.empty()) initials.push_back(std::move(initial));
  }
  if (initials.empty()) return "";
  return initials.size() == 1 ? initials[0] : absl::StrCat(initials.front(), " ", initials.back());
}

absl::StatusOr<std::string> CheckInCalendar(std::span<const recommendations::v1::CheckIn> check_ins,
                                            std::span<const CancelledCheckIn> cancelled, const NameOf& name_of,
                                            absl::Time now) {
  const Component calendar(icalcomponent_new(ICAL_VCALENDAR_COMPONENT));
  Set(calendar.get(), icalproperty_new_prodid(kProductId));
  Set(calendar.get(), icalproperty_new_version("2.0"));
  for (const recommendations::v1::CheckIn& check_in : check_ins) {
    absl::CivilDay day;
    if (!absl::ParseCivilTime(check_in.day(), &day)) {
      return absl::InternalError(absl::StrCat("\"", OneLine(check_in.day()), "\" is no day"));
    }
    const std::string initials = Initials(name_of(check_in.contact_id()));
    icalcomponent_add_component(calendar.get(), EventOf(check_in.contact_id(), day, initials, now).release());
  }
  for (const CancelledCheckIn& check_in : cancelled) {
    Component event = EventOf(check_in.contact_id, check_in.day, /*initials=*/"", now);
    Set(event.get(), icalproperty_new_status(ICAL_STATUS_CANCELLED));
    icalcomponent_add_component(calendar.get(), event.release());
  }
  char* text = icalcomponent_as_ical_string_r(calendar.get());
  if (text == nullptr) return absl::InternalError("the calendar could not be written");
  std::string file = text;
  icalmemory_free_buffer(text);
  return file;
}

}  // namespace council::cli
