#include "services/ledger/import/icalendar.h"

#include <libical/ical.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/import/calendar_text.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

// Of what is read of a file.
constexpr std::size_t kMaxBytes = 128 << 20;
constexpr absl::Duration kMaxTime = absl::Minutes(1);
// Of one event: a meeting each day for 27 years.
constexpr int kMaxRecurrences = 10'000;
constexpr char kOwnUidEnding[] = "@council";
// Google's addresses of calendars and of rooms.
constexpr absl::string_view kNoPeopleEndings[] = {"@group.calendar.google.com", "@resource.calendar.google.com"};

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
struct FreeIterator {
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};

// A VEVENT with what its VCALENDAR says about it.
struct Event {
  icalcomponent* component = nullptr;
  icalcomponent* calendar = nullptr;
  icalproperty_method method = ICAL_METHOD_NONE;
  int sequence = 0;
};

std::string TextOf(const char* text) {
  return text == nullptr ? "" : text;
}

std::string ParameterOf(icalproperty* property, const char* name) {
  char* value = icalproperty_get_parameter_as_string_r(property, name);
  std::string result = TextOf(value);
  if (value != nullptr) icalmemory_free_buffer(value);
  return result;
}

// The address of an ATTENDEE or ORGANIZER in lower case; empty where it is no e-mail address, or a calendar's or a
// room's.
std::string AddressOf(icalproperty* property, const char* value) {
  std::string address = absl::AsciiStrToLower(TextOf(value));
  if (absl::StartsWith(address, "mailto:")) {
    address = address.substr(7);
  } else {
    address = absl::AsciiStrToLower(ParameterOf(property, "EMAIL"));
  }
  absl::StripAsciiWhitespace(&address);
  for (const absl::string_view ending : kNoPeopleEndings) {
    if (absl::EndsWith(address, ending)) return "";
  }
  return absl::StrContains(address, '@') ? CleanText(address, 320) : "";
}

bool TakesPart(icalproperty* attendee) {
  const std::string type = absl::AsciiStrToUpper(ParameterOf(attendee, "CUTYPE"));
  const std::string role = absl::AsciiStrToUpper(ParameterOf(attendee, "ROLE"));
  const std::string status = absl::AsciiStrToUpper(ParameterOf(attendee, "PARTSTAT"));
  return type != "ROOM" && type != "RESOURCE" && role != "NON-PARTICIPANT" && status != "DECLINED" &&
         status != "DELEGATED";
}

// Reads the events of one file.
class CalendarReader {
 public:
  explicit CalendarReader(const CalendarOptions& options) : options_(options) {}

  absl::StatusOr<ImportedFile> Read(const std::string& bytes) {
    const absl::Time end = std::min(options_.deadline, absl::Now() + kMaxTime);
    file_.has_plans = true;
    COUNCIL_ASSIGN_OR_RETURN(const CalendarText trimmed, TrimCalendar(bytes));
    if (trimmed.lines_left_out > 0) file_.left_out["a property longer than any is"] = trimmed.lines_left_out;
    if (trimmed.events_left_out > 0) {
      file_.left_out["with more than 1,000 attendees or dates, or 10 rules"] = trimmed.events_left_out;
    }
    const std::unique_ptr<icalcomponent, FreeComponent> root(icalparser_parse_string(trimmed.text.c_str()));
    if (root == nullptr) return base::InvalidField("chunk", "is no iCalendar file");
    Collect(root.get(), nullptr, ICAL_METHOD_NONE);
    if (!seen_calendar_) return base::InvalidField("chunk", "is no iCalendar file");
    for (auto& [uid, events] : events_by_uid_) {
      ReadUid(uid, events);
      if (file_.happened.size() + file_.coming.size() > kMaxRecords) {
        return base::OverLimit(absl::StrCat("the file holds more than ", kMaxRecords, " meetings"));
      }
      if (bytes_ > kMaxBytes) {
        return base::OverLimit("the file's meetings are more than can be taken at once; part the file");
      }
      if (absl::Now() > end) return base::OverLimit("the file takes too long to read; part it");
    }
    return std::move(file_);
  }

 private:
  // What the recurrences of an event share.
  struct Shared {
    v1::Interaction content;
    std::vector<ImportedPerson> people;
    absl::Duration duration;
    std::size_t bytes = 0;  // What a record takes, about.
  };

  void Collect(icalcomponent* parent, icalcomponent* calendar, icalproperty_method method) {
    if (icalcomponent_isa(parent) == ICAL_VCALENDAR_COMPONENT) {
      seen_calendar_ = true;
      calendar = parent;
      method = icalcomponent_get_method(parent);
    }
    for (icalcomponent* child = icalcomponent_get_first_component(parent, ICAL_ANY_COMPONENT); child != nullptr;
         child = icalcomponent_get_next_component(parent, ICAL_ANY_COMPONENT)) {
      switch (icalcomponent_isa(child)) {
        case ICAL_VCALENDAR_COMPONENT:
          Collect(child, calendar, method);
          break;
        case ICAL_VEVENT_COMPONENT:
          CollectEvent({.component = child,
                        .calendar = calendar,
                        .method = method,
                        .sequence = icalcomponent_get_sequence(child)});
          break;
        case ICAL_VTODO_COMPONENT:
        case ICAL_VJOURNAL_COMPONENT:
        case ICAL_VFREEBUSY_COMPONENT:
          ++file_.left_out["a task, a journal or free/busy time"];
          break;
        default:
          break;
      }
    }
  }

  void CollectEvent(const Event& event) {
    std::string uid = CleanText(TextOf(icalcomponent_get_uid(event.component)), 1000);
    absl::StripAsciiWhitespace(&uid);
    if (uid.empty()) {
      Skip("an event has no UID");
    } else if (absl::EndsWithIgnoreCase(uid, kOwnUidEnding)) {
      ++file_.left_out["written by Council itself"];
    } else if (event.method == ICAL_METHOD_REPLY || event.method == ICAL_METHOD_COUNTER ||
               event.method == ICAL_METHOD_DECLINECOUNTER || event.method == ICAL_METHOD_REFRESH) {
      ++file_.left_out["a reply to an invitation"];
    } else {
      events_by_uid_[uid].push_back(event);
    }
  }

  void Skip(std::string reason) { file_.Skip(0, std::move(reason)); }

  // The time zone that a property names, from the calendar or the system; null where it names none that is known.
  static icaltimezone* ZoneOf(icalproperty* property, icalcomponent* calendar) {
    const std::string id = ParameterOf(property, "TZID");
    if (id.empty()) return nullptr;
    icaltimezone* zone = calendar == nullptr ? nullptr : icalcomponent_get_timezone(calendar, id.c_str());
    if (zone == nullptr) zone = icaltimezone_get_builtin_timezone_from_tzid(id.c_str());
    return zone != nullptr ? zone : icaltimezone_get_builtin_timezone(id.c_str());
  }

  static icaltimetype InZone(icaltimetype time, icalproperty* property, icalcomponent* calendar) {
    if (time.is_date == 0 && icaltime_is_utc(time) == 0 && time.zone == nullptr) {
      time.zone = ZoneOf(property, calendar);
    }
    return time;
  }

  static absl::CivilSecond LocalTime(const icaltimetype& time) {
    return absl::CivilSecond(time.year, time.month, time.day, time.hour, time.minute, time.second);
  }

  absl::Time ToTime(const icaltimetype& time) const {
    if (time.is_date == 0 && time.zone != nullptr) {
      return absl::FromTimeT(icaltime_as_timet_with_zone(time, time.zone));
    }
    return absl::FromCivil(LocalTime(time), options_.time_zone);
  }

  // A name for a recurrence that does not depend on how the file writes it. That of a `floating` event, one whose times
  // name no zone, does not depend on where the owner is either.
  std::string RecurrenceId(const icaltimetype& time, bool floating) const {
    if (time.is_date != 0) return absl::FormatTime("%Y%m%d", ToTime(time), options_.time_zone);
    if (!floating) return absl::FormatTime("%Y%m%dT%H%M%SZ", ToTime(time), absl::UTCTimeZone());
    const absl::CivilSecond local =
        time.zone == nullptr ? LocalTime(time) : absl::ToCivilSecond(ToTime(time), options_.time_zone);
    return absl::FormatTime("%Y%m%dT%H%M%S", absl::FromCivil(local, absl::UTCTimeZone()), absl::UTCTimeZone());
  }

  std::optional<icaltimetype> TimeOf(const Event& event, icalproperty_kind kind) const {
    icalproperty* property = icalcomponent_get_first_property(event.component, kind);
    if (property == nullptr) return std::nullopt;
    icalvalue* value = icalproperty_get_value(property);
    if (value == nullptr) return std::nullopt;
    const icaltimetype time =
        InZone(icalvalue_isa(value) == ICAL_DATE_VALUE ? icalvalue_get_date(value) : icalvalue_get_datetime(value),
               property, event.calendar);
    if (icaltime_is_null_time(time) != 0 || icaltime_is_valid_time(time) == 0) return std::nullopt;
    return time;
  }

  static bool IsCancelled(const Event& event) {
    return event.method == ICAL_METHOD_CANCEL || icalcomponent_get_status(event.component) == ICAL_STATUS_CANCELLED;
  }

  bool IsDeclined(const Event& event) const {
    for (icalproperty* attendee = icalcomponent_get_first_property(event.component, ICAL_ATTENDEE_PROPERTY);
         attendee != nullptr; attendee = icalcomponent_get_next_property(event.component, ICAL_ATTENDEE_PROPERTY)) {
      if (absl::AsciiStrToUpper(ParameterOf(attendee, "PARTSTAT")) == "DECLINED" &&
          options_.own_emails.contains(AddressOf(attendee, icalproperty_get_attendee(attendee)))) {
        return true;
      }
    }
    return false;
  }

  // Why the event is no meeting; empty where it is one.
  std::string ReasonToLeaveOut(const Event& event) const {
    if (IsCancelled(event)) return "cancelled";
    if (IsDeclined(event)) return "declined by me";
    const std::optional<icaltimetype> start = TimeOf(event, ICAL_DTSTART_PROPERTY);
    if (start.has_value() && start->is_date != 0) return "all-day";
    return "";
  }

  static v1::Channel ChannelOf(const Event& event) {
    const std::string location = TextOf(icalcomponent_get_location(event.component));
    const std::string all =
        absl::AsciiStrToLower(absl::StrCat(location, " ", TextOf(icalcomponent_get_description(event.component))));
    for (const char* service : {"zoom.us/", "teams.microsoft.com/", "teams.live.com/", "meet.google.com/", "webex.com/",
                                "meet.jit.si/", "whereby.com/", "facetime.apple.com/"}) {
      if (absl::StrContains(all, service)) return v1::CHANNEL_VIDEO;
    }
    if (absl::StartsWith(absl::AsciiStrToLower(location), "tel:")) return v1::CHANNEL_PHONE;
    return location.empty() ? v1::CHANNEL_UNSPECIFIED : v1::CHANNEL_IN_PERSON;
  }

  Shared ReadShared(const Event& event, absl::Time start) const {
    Shared shared;
    std::set<std::string> attendees;
    std::set<std::string> absent;  // Named as attendees, of whom one says that they take no part.
    const auto add = [&](icalproperty* property, std::string address) {
      if (address.empty() || !attendees.insert(address).second || options_.own_emails.contains(address)) return;
      shared.people.push_back({.address = std::move(address), .name = CleanText(ParameterOf(property, "CN"), 200)});
    };
    for (icalproperty* attendee = icalcomponent_get_first_property(event.component, ICAL_ATTENDEE_PROPERTY);
         attendee != nullptr; attendee = icalcomponent_get_next_property(event.component, ICAL_ATTENDEE_PROPERTY)) {
      std::string address = AddressOf(attendee, icalproperty_get_attendee(attendee));
      if (TakesPart(attendee)) {
        add(attendee, std::move(address));
      } else {
        absent.insert(std::move(address));
      }
    }
    icalproperty* organizer = icalcomponent_get_first_property(event.component, ICAL_ORGANIZER_PROPERTY);
    if (organizer != nullptr) {
      std::string address = AddressOf(organizer, icalproperty_get_organizer(organizer));
      if (!absent.contains(address)) add(organizer, std::move(address));
    }

    const std::optional<icaltimetype> end = TimeOf(event, ICAL_DTEND_PROPERTY);
    icalproperty* duration = icalcomponent_get_first_property(event.component, ICAL_DURATION_PROPERTY);
    if (end.has_value()) {
      shared.duration = ToTime(*end) - start;
    } else if (duration != nullptr) {
      shared.duration = absl::Seconds(icaldurationtype_as_int(icalproperty_get_duration(duration)));
    }
    v1::Interaction& content = shared.content;
    if (shared.duration > absl::ZeroDuration() && shared.duration <= kMaxDuration) {
      *content.mutable_duration() = base::ToProto(shared.duration);
    }
    if (attendees.size() > kMostInATalk) content.set_depth(v1::INTERACTION_DEPTH_EXCHANGE);
    content.set_channel(ChannelOf(event));
    content.set_note(CleanText(TextOf(icalcomponent_get_summary(event.component)), kMaxNoteCharacters));
    content.set_source(kCalendarSource);
    shared.bytes = sizeof(ImportedRecord) + content.SpaceUsedLong();
    for (const ImportedPerson& person : shared.people) {
      shared.bytes += sizeof(person) + person.address.size() + person.name.size();
    }
    return shared;
  }

  void AddMeeting(const std::string& uid, const std::string& recurrence_id, const Shared& shared, absl::Time start) {
    if (start > options_.now + options_.horizon || bytes_ > kMaxBytes) return;
    bytes_ += shared.bytes;
    ImportedRecord record{
        .uid = uid, .recurrence_id = recurrence_id, .line = 0, .content = shared.content, .people = shared.people};
    *record.content.mutable_occur_time() = base::ToProto(start);
    if (!base::IsValid(record.content.occur_time())) return;
    (start <= options_.now ? file_.happened : file_.coming).push_back(std::move(record));
  }

  // Starts of the recurrences up to the horizon, without excluded ones. Nothing where the event can't be expanded.
  std::optional<std::vector<icaltimetype>> Expand(const Event& event, const icaltimetype& start) {
    std::map<absl::Time, icaltimetype> starts;
    starts[ToTime(start)] = start;
    int steps = 0;
    const absl::Time last = options_.now + options_.horizon;
    for (icalproperty* rule = icalcomponent_get_first_property(event.component, ICAL_RRULE_PROPERTY); rule != nullptr;
         rule = icalcomponent_get_next_property(event.component, ICAL_RRULE_PROPERTY)) {
      const icalrecurrencetype recurrence = icalproperty_get_rrule(rule);
      if (recurrence.freq < ICAL_DAILY_RECURRENCE || recurrence.freq == ICAL_NO_RECURRENCE) return std::nullopt;
      const std::unique_ptr<icalrecur_iterator, FreeIterator> iterator(icalrecur_iterator_new(recurrence, start));
      if (iterator == nullptr) continue;  // A rule that no day meets.
      for (icaltimetype next = icalrecur_iterator_next(iterator.get()); icaltime_is_null_time(next) == 0;
           next = icalrecur_iterator_next(iterator.get())) {
        next.zone = start.zone;
        if (ToTime(next) > last) break;
        starts[ToTime(next)] = next;
        // Of all rules together: two may give the same days.
        if (++steps > kMaxRecurrences) return std::nullopt;
      }
    }
    for (icalproperty* date = icalcomponent_get_first_property(event.component, ICAL_RDATE_PROPERTY); date != nullptr;
         date = icalcomponent_get_next_property(event.component, ICAL_RDATE_PROPERTY)) {
      const icaldatetimeperiodtype value = icalproperty_get_rdate(date);
      const icaltimetype time = icaltime_is_null_time(value.time) == 0 ? value.time : value.period.start;
      if (icaltime_is_null_time(time) != 0 || time.is_date != 0) continue;
      const icaltimetype zoned = InZone(time, date, event.calendar);
      starts[ToTime(zoned)] = zoned;
      if (starts.size() > kMaxRecurrences) return std::nullopt;
    }
    std::set<std::tuple<int, int, int>> excluded_days;
    for (icalproperty* date = icalcomponent_get_first_property(event.component, ICAL_EXDATE_PROPERTY); date != nullptr;
         date = icalcomponent_get_next_property(event.component, ICAL_EXDATE_PROPERTY)) {
      const icaltimetype excluded = InZone(icalproperty_get_exdate(date), date, event.calendar);
      if (excluded.is_date == 0) {
        starts.erase(ToTime(excluded));
        continue;
      }
      excluded_days.emplace(excluded.year, excluded.month, excluded.day);
    }
    std::erase_if(starts, [&](const auto& entry) {
      const icaltimetype& time = entry.second;
      return excluded_days.contains({time.year, time.month, time.day});
    });
    std::vector<icaltimetype> result;
    for (const auto& [time, value] : starts) result.push_back(value);
    return result;
  }

  static bool Recurs(const Event& event) {
    return icalcomponent_get_first_property(event.component, ICAL_RRULE_PROPERTY) != nullptr ||
           icalcomponent_get_first_property(event.component, ICAL_RDATE_PROPERTY) != nullptr;
  }

  void ReadUid(const std::string& uid, std::vector<Event>& events) {
    // The greatest SEQUENCE holds; of equal ones the later in the file.
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.sequence < b.sequence; });
    const Event* whole = nullptr;
    std::vector<std::pair<icaltimetype, const Event*>> recurrences;  // Changed or added ones.
    for (const Event& event : events) {
      std::optional<icaltimetype> recurrence = TimeOf(event, ICAL_RECURRENCEID_PROPERTY);
      if (!recurrence.has_value() && event.method == ICAL_METHOD_ADD) {
        recurrence = TimeOf(event, ICAL_DTSTART_PROPERTY);
      }
      if (recurrence.has_value()) {
        recurrences.emplace_back(*recurrence, &event);
      } else {
        whole = &event;
      }
    }
    std::map<std::string, const Event*> singles;
    for (const auto& [time, event] : recurrences) {
      // Some programs name the zone with the start alone.
      const std::optional<icaltimetype> start = TimeOf(whole == nullptr ? *event : *whole, ICAL_DTSTART_PROPERTY);
      const bool floating = start.has_value() && start->is_date == 0 ? start->zone == nullptr : time.zone == nullptr;
      singles[RecurrenceId(time, floating)] = event;
    }
    if (whole != nullptr) ReadWhole(uid, *whole, singles);
    for (const auto& [recurrence_id, event] : singles) ReadSingle(uid, recurrence_id, *event);
  }

  void ReadWhole(const std::string& uid, const Event& event, const std::map<std::string, const Event*>& singles) {
    if (const std::string reason = ReasonToLeaveOut(event); !reason.empty()) {
      ++file_.left_out[reason];
      file_.complete_uids.insert(uid);
      return;
    }
    const std::optional<icaltimetype> start = TimeOf(event, ICAL_DTSTART_PROPERTY);
    if (!start.has_value()) {
      Skip("an event has no start that can be read");
      return;
    }
    const Shared shared = ReadShared(event, ToTime(*start));
    if (shared.duration > kMaxDuration) {
      ++file_.left_out["longer than 31 days"];
      file_.complete_uids.insert(uid);
      return;
    }
    if (!Recurs(event)) {
      file_.complete_uids.insert(uid);
      AddMeeting(uid, "", shared, ToTime(*start));
      return;
    }
    const std::optional<std::vector<icaltimetype>> starts = Expand(event, *start);
    if (!starts.has_value()) {
      Skip(absl::StrCat("an event recurs more than daily, or more than ", kMaxRecurrences, " times"));
      return;
    }
    file_.complete_uids.insert(uid);
    for (const icaltimetype& time : *starts) {
      const std::string id = RecurrenceId(time, start->zone == nullptr);
      if (!singles.contains(id)) AddMeeting(uid, id, shared, ToTime(time));
    }
  }

  void ReadSingle(const std::string& uid, const std::string& recurrence_id, const Event& event) {
    const std::optional<icaltimetype> start = TimeOf(event, ICAL_DTSTART_PROPERTY);
    std::string reason = ReasonToLeaveOut(event);
    if (reason.empty() && !start.has_value()) {
      Skip("a recurrence of an event has no start that can be read");
      return;
    }
    if (!reason.empty()) {
      ++file_.left_out[reason];
      file_.withdrawn.insert({uid, recurrence_id});
      return;
    }
    if (ToTime(*start) > options_.now + options_.horizon) file_.withdrawn.insert({uid, recurrence_id});
    AddMeeting(uid, recurrence_id, ReadShared(event, ToTime(*start)), ToTime(*start));
  }

  const CalendarOptions& options_;
  bool seen_calendar_ = false;
  std::size_t bytes_ = 0;  // Of the meetings so far.
  std::map<std::string, std::vector<Event>> events_by_uid_;
  ImportedFile file_;
};

}  // namespace

bool IsFromCalendar(const v1::Interaction& content) {
  return content.source() == kCalendarSource;
}

absl::StatusOr<ImportedFile> ReadCalendar(const std::string& bytes, const CalendarOptions& options) {
  // What a broken file says is no reason for libical to end the process.
  icalerror_set_errors_are_fatal(false);
  return CalendarReader(options).Read(bytes);
}

}  // namespace council::ledger
