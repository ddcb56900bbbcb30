#include "services/ledger/import/monica.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/exports/monica_export.h"
#include "services/ledger/import/icalendar.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

using exports::MonicaExport;
using exports::MonicaPerson;
using exports::PropertiesOf;
using exports::TextOf;
using exports::TruthOf;
using exports::ValuesOf;
using nlohmann::json;

constexpr std::size_t kMaxParticipants = 5 * kMaxRecords;
// More are no contacts of one owner (ten times what an entry may have).
constexpr std::size_t kMaxTogether = 1000;
// Of the names and keys of those who took part.
constexpr std::size_t kMaxPeopleBytes = 128 << 20;
constexpr int kMaxKeyCharacters = 200;
constexpr int kMaxNameInChat = 40;

// "A: B" of two texts; one of them where the other is empty.
std::string Joined(const std::string& first, const char* separator, const std::string& second) {
  return first.empty() || second.empty() ? first + second : absl::StrCat(first, separator, second);
}

using People = std::set<const MonicaPerson*>;

class MonicaReader {
 public:
  MonicaReader(const MonicaExport& file, const FileTimes& times) : export_(file), times_(times) {}

  absl::StatusOr<ImportedFile> Read() {
    for (const MonicaPerson& person : export_.people()) {
      COUNCIL_RETURN_IF_ERROR(CheckTime());
      if (person.uuid.empty()) {
        Skip(absl::StrCat("what happened with ", NameOf(person), ": Monica gives them no UUID"));
        continue;
      }
      AddKeys(person);
      for (const json* call : ValuesOf(*person.record, "call")) ReadCall(person, *call);
      ReadConversations(person);
      for (const json* activity : ValuesOf(*person.record, "activity")) {
        if (!activity->is_string()) continue;
        if (++participants_ > kMaxParticipants) {
          return base::OverLimit("too many took part in the activities; part the file");
        }
        together_[activity->get_ref<const std::string&>()].insert(&person);
      }
    }
    for (const json* activity : ValuesOf(export_.account(), "activity")) {
      COUNCIL_RETURN_IF_ERROR(CheckTime());
      ReadActivity(*activity);
    }
    if (file_.happened.size() > kMaxRecords) {
      return base::OverLimit(absl::StrCat("the file tells of more than ", kMaxRecords, " talks; part it"));
    }
    if (people_bytes_ > kMaxPeopleBytes) return base::OverLimit("too many took part in the talks; part the file");
    return std::move(file_);
  }

 private:
  // The messages of a day with somebody.
  struct Chat {
    std::string time;  // Of the first.
    std::string text;
  };

  static std::string NameOf(const MonicaPerson& person) {
    return person.name.empty() ? "somebody without a name" : CleanText(person.name, kMaxKeyCharacters);
  }

  static std::string KeyOf(const std::string& uuid) {
    return absl::AsciiStrToLower(absl::StrCat("monica:", CleanText(uuid, kMaxKeyCharacters)));
  }

  static ImportedPerson Participant(const MonicaPerson& person) {
    return {.address = KeyOf(person.uuid), .name = CleanText(person.name, kMaxKeyCharacters)};
  }

  absl::Status CheckTime() const {
    return absl::Now() > times_.deadline ? absl::DeadlineExceededError("the import ran out of time") : absl::OkStatus();
  }

  void Skip(std::string reason) { file_.Skip(0, std::move(reason)); }

  void AddKeys(const MonicaPerson& person) {
    std::vector<std::string>& keys = file_.also_known_as[KeyOf(person.uuid)];
    keys = {absl::AsciiStrToLower(person.uuid)};
    for (const exports::MonicaContactField& field : export_.ContactFieldsOf(*person.record)) {
      if (field.kind == "email") keys.push_back(absl::AsciiStrToLower(field.value));
    }
    if (!person.name.empty()) keys.push_back(absl::AsciiStrToLower(person.name));
  }

  // Adds a record of what `what` describes ("a call with Rosa"); `time` as the file has it.
  void Add(const std::string& what, const std::string& uid, const std::string& recurrence_id, const std::string& time,
           v1::Channel channel, const std::string& note, const People& people) {
    if (file_.happened.size() > kMaxRecords || people_bytes_ > kMaxPeopleBytes) return;  // The file is refused.
    const std::optional<absl::Time> occurred = ReadFileTime(time, times_.time_zone);
    if (!occurred.has_value()) {
      Skip(absl::StrCat(what, ": its day must be YYYY-MM-DD, with a time of day if wanted"));
      return;
    }
    if (*occurred > times_.now + kFutureAllowance) {
      ++file_.left_out["of a time to come"];
      return;
    }
    if (!known_.insert({uid, recurrence_id}).second) {
      Skip(absl::StrCat(what, ": something else in the file has its UUID"));
      return;
    }
    ImportedRecord record{.uid = uid, .recurrence_id = recurrence_id, .line = 0, .content = {}, .people = {}};
    for (const MonicaPerson* person : people) {
      const ImportedPerson& participant = record.people.emplace_back(Participant(*person));
      people_bytes_ += sizeof(participant) + participant.address.size() + participant.name.size();
    }
    v1::Interaction& content = record.content;
    *content.mutable_occur_time() = base::ToProto(*occurred);
    content.set_channel(channel);
    if (record.people.size() > kMostInATalk) content.set_depth(v1::INTERACTION_DEPTH_EXCHANGE);
    if (CountCharacters(note) > kMaxNoteCharacters) ++file_.left_out["ends of notes, behind 4,000 characters"];
    content.set_note(CleanText(note, kMaxNoteCharacters));
    content.set_source("monica");
    file_.happened.push_back(std::move(record));
  }

  // The UID of a record of Monica's; empty, and reported, where it has no UUID.
  std::string UidOf(const std::string& what, const json& record) {
    const std::string uuid = TextOf(record, "uuid");
    if (!uuid.empty()) return KeyOf(uuid);
    Skip(absl::StrCat(what, ": Monica gives it no UUID, by which it would be known another time"));
    return "";
  }

  void ReadCall(const MonicaPerson& person, const json& call) {
    const std::string what = absl::StrCat("a call with ", NameOf(person));
    const std::string uid = UidOf(what, call);
    if (uid.empty()) return;
    const json& properties = PropertiesOf(call);
    Add(what, uid, "", TextOf(properties, "called_at"), v1::CHANNEL_PHONE, TextOf(properties, "content"), {&person});
  }

  void ReadConversations(const MonicaPerson& person) {
    std::map<std::string, Chat> days;
    const std::string name = CleanText(NameOf(person), kMaxNameInChat);
    for (const json* conversation : ValuesOf(*person.record, "conversation")) {
      const json& properties = PropertiesOf(*conversation);
      const std::string happened = TextOf(properties, "happened_at");
      const auto messages = properties.find("messages");
      if (messages == properties.end() || !messages->is_array() || messages->empty()) {
        days.try_emplace(DayOf(happened), Chat{.time = happened, .text = ""});
        continue;
      }
      for (const json& message : *messages) {
        const std::string written = TextOf(PropertiesOf(message), "written_at");
        const std::string& time = written.empty() ? happened : written;
        Chat& chat = days.try_emplace(DayOf(time), Chat{.time = time, .text = ""}).first->second;
        const std::string text = TextOf(PropertiesOf(message), "content");
        if (text.empty()) continue;
        const std::string who = TruthOf(PropertiesOf(message), "written_by_me", false) ? "Me" : name;
        absl::StrAppend(&chat.text, chat.text.empty() ? "" : "\n", who, ": ", text);
      }
    }
    for (const auto& [day, chat] : days) {
      Add(absl::StrCat("a conversation with ", NameOf(person)), absl::StrCat(KeyOf(person.uuid), ":chat"), day,
          chat.time, v1::CHANNEL_CHAT, chat.text, {&person});
    }
  }

  // What tells the days of messages apart, whatever the time zone: "2024-03-12" of "2024-03-12T18:30:00Z".
  static std::string DayOf(const std::string& time) {
    const std::string day = time.substr(0, 10);
    const bool is_day =
        std::all_of(day.begin(), day.end(), [](unsigned char c) { return absl::ascii_isdigit(c) || c == '-'; });
    return is_day ? day : CleanText(time, kMaxKeyCharacters);
  }

  void ReadActivity(const json& activity) {
    const json& properties = PropertiesOf(activity);
    const std::string what = Joined("an activity", ", ", CleanText(TextOf(properties, "summary"), kMaxKeyCharacters));
    const std::string uid = UidOf(what, activity);
    if (uid.empty()) return;
    const auto together = together_.find(TextOf(activity, "uuid"));
    const People nobody;
    const People& people = together == together_.end() ? nobody : together->second;
    if (people.size() > kMaxTogether) {
      ++file_.left_out["with more than 1,000 people"];
      return;
    }
    Add(what, uid, "", TextOf(properties, "happened_at"), v1::CHANNEL_IN_PERSON,
        Joined(TextOf(properties, "summary"), "\n\n", TextOf(properties, "description")), people);
  }

  const MonicaExport& export_;
  const FileTimes& times_;
  std::map<std::string, People> together_;  // Who took part, by the UUID of the activity.
  std::size_t participants_ = 0;
  std::size_t people_bytes_ = 0;
  std::set<std::pair<std::string, std::string>> known_;
  ImportedFile file_;
};

}  // namespace

absl::StatusOr<ImportedFile> ReadMonica(const std::string& bytes, const FileTimes& times) {
  COUNCIL_ASSIGN_OR_RETURN(const MonicaExport file, MonicaExport::Parse(bytes));
  return MonicaReader(file, times).Read();
}

}  // namespace council::ledger
