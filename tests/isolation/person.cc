#include "tests/isolation/person.h"

#include <algorithm>
#include <functional>
#include <random>
#include <regex>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace council::test {
namespace {

using nlohmann::json;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr int kContacts = 7;
constexpr int kSeats = 4;

// The same moment for all people, so that midnight lies between none of them.
absl::Time Start() {
  static const absl::Time start = absl::Now();
  return start;
}

std::string Ago(absl::Duration time) {
  return absl::FormatTime(absl::RFC3339_sec, Start() - time, absl::UTCTimeZone());
}

std::string Event(const std::string& uid, absl::Time start, const std::string& summary, const std::string& email) {
  return absl::StrCat("BEGIN:VEVENT\r\nUID:", uid, "\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:",
                      absl::FormatTime("%Y%m%dT%H%M%SZ", start, absl::UTCTimeZone()),
                      "\r\nDURATION:PT1H\r\nSUMMARY:", summary, "\r\nATTENDEE:mailto:", email, "\r\nEND:VEVENT\r\n");
}

std::string Calendar(const std::string& events) {
  return absl::Base64Escape(
      absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n", events, "END:VCALENDAR\r\n"));
}

// Files that bring what is known by its UID.
void AddFiles(Values& values) {
  values["vcard"] = absl::Base64Escape(absl::StrCat("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:", values["vcard_uid"],
                                                    "\r\nFN:Kim Doe\r\nNOTE:new\r\nEND:VCARD\r\n"));
  values["calendar"] = Calendar(Event(values["event_uid"], Start() - 2 * kDay, "Lunch", "kim@example.com"));
}

class Settling {
 public:
  Settling(const Front& front, Person& person) : front_(front), person_(person), marker_(person.marker) {}

  // What comes after them is all that will happen.
  void KeepPositions() {
    Keep("contacts_position", Get("ContactsService.WatchContacts", json::object())["watchToken"]);
    Keep("ledger_position", Get("LedgerService.WatchLedger", json::object())["watchToken"]);
  }

  void MakeContacts(int changes) {
    for (int i = 0; i < kContacts; ++i) {
      const std::string name = absl::StrCat(marker_, " ", i);
      const json contact = {{"displayName", name},
                            {"emails", {absl::StrCat(marker_, i, "@example.com")}},
                            {"organization", marker_ + " Ltd"},
                            {"notes", marker_ + " notes"},
                            {"tags", {marker_}},
                            {"facets", {{"function", name}}},
                            {"vcardUid", absl::StrCat(marker_, "-card-", i)}};
      ids_.push_back(Get("ContactsService.CreateContact",
                         {{"contact", contact}, {"requestId", absl::StrCat(marker_, "-create-", i)}})["contact"]["id"]);
    }
    Get("ContactsService.MergeContacts", {{"intoId", ids_[0]}, {"fromIds", {ids_[6]}}});
    const char* const roles[] = {"MENTOR", "INFORMANT", "SUPPORTER", "BRAINSTORMER"};
    for (int i = 0; i < kSeats; ++i) {
      const json seat = {{"roles", {absl::StrCat("COUNCIL_ROLE_", roles[i])}},
                         {"cadence", "864000s"},
                         {"seatedTime", Ago((180 + i) * kDay)}};
      Get("ContactsService.SeatContact", {{"contactId", ids_[i]}, {"seat", seat}});
    }
    for (int i = 1; i < 3; ++i) {
      Get("ContactsService.SetAcquaintance",
          {{"contactId", ids_[0]}, {"otherContactId", ids_[i]}, {"acquainted", true}});
    }
    const json settings = {{"ownEmails", {marker_ + "@example.com"}},
                           {"tagCadences", json::array({{{"tag", marker_}, {"cadence", "864000s"}}})}};
    for (int i = 0; i < changes; ++i) {
      Get("ContactsService.UpdateSettings", {{"settings", settings}, {"updateMask", "ownEmails,tagCadences"}});
    }
    const char* const names[] = {"contact", "other_contact", "third_contact", "fourth_contact",
                                 "doomed",  "to_erase",      "former"};
    for (int i = 0; i < kContacts; ++i) Keep(names[i], ids_[i]);
    Keep("mine", ids_[0]);
    Keep("name", marker_ + " 0");
    Keep("request_id", marker_ + "-create-0");
    Keep("vcard_uid", marker_ + "-card-0");
    Keep("etag", Get("ContactsService.GetContact", {{"id", ids_[0]}})["contact"]["etag"]);
    Keep("settings_etag", Get("ContactsService.GetSettings", json::object())["settings"]["etag"]);
    const std::string card = absl::StrCat("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:", marker_, " 7\r\nEND:VCARD\r\n");
    const json file = json::array({{{"options", json::object()}}, {{"chunk", absl::Base64Escape(card)}}});
    Keep("contacts_import", Get("ContactsService.ImportContacts", file)["importId"]);
    Keep("contacts_token", Get("ContactsService.GetRevision", json::object())["token"]);
  }

  // Some weeks have passed since the last talk, so that there is something to recommend.
  void MakeTalks(int talks) {
    json requests = json::array();
    for (int i = 0; i < talks; ++i) {
      const json benefit = {{"direction", i % kSeats == 1 ? "BENEFIT_DIRECTION_GIVEN" : "BENEFIT_DIRECTION_RECEIVED"},
                            {"kind", i % kSeats < 2 ? "BENEFIT_KIND_ADVICE" : "BENEFIT_KIND_INFORMATION"}};
      json talk = {{"contactIds", {ids_[i % kSeats]}},
                   {"occurTime", Ago((20 + 2 * (talks - i)) * kDay + absl::Hours(1))},
                   {"depth", "INTERACTION_DEPTH_CONVERSATION"},
                   {"energy", 1},
                   {"benefits", {benefit}},
                   {"note", absl::StrCat(marker_, " talk ", i)}};
      if (i < 3) talk["promises"] = json::array({{{"text", marker_ + " promise"}, {"byMe", true}}});
      requests.push_back({{"interaction", talk}, {"requestId", absl::StrCat(marker_, "-talk-", i)}});
    }
    const json made = Get("LedgerService.BatchAppendInteractions", {{"requests", requests}})["interactions"];
    Keep("sequence", made.back()["sequence"]);
    Keep("entry", made.back()["id"]);
    Keep("hash", made.back()["hash"]);
    Keep("promise", made[0]["promises"][0]["id"]);
    Keep("talk_request_id", marker_ + "-talk-0");
  }

  void ImportCalendar() {
    std::string events;
    for (const int day : {-3, 5, 6}) {
      absl::StrAppend(&events, Event(absl::StrCat(marker_, "-event-", day), absl::Now() + day * kDay,
                                     marker_ + " lunch", marker_ + "0@example.com"));
    }
    const json person = {{"email", marker_ + "0@example.com"}, {"contactId", ids_[0]}};
    const json options = {{"format", "INTERACTION_FORMAT_ICALENDAR"}, {"people", {person}}};
    const json file = json::array({{{"options", options}}, {{"chunk", Calendar(events)}}});
    Keep("ledger_import", Get("LedgerService.ImportInteractions", file)["importId"]);
    Keep("event_uid", marker_ + "-event--3");
    Keep("plan", Get("LedgerService.ListPlans", json::object())["plans"][0]["id"]);
    Keep("ledger_token", Get("LedgerService.GetRevision", json::object())["token"]);
  }

  void AskForAdvice() {
    const json fresh = {{"atLeastAsFresh", {person_.values["contacts_token"], person_.values["ledger_token"]}}};
    Get("RecommendationsService.GetCouncilBalance", fresh);
    Get("RecommendationsService.GetBalanceHistory", json::object());
    json given = Get("RecommendationsService.ListRecommendations",
                     {{"pageSize", 100}, {"atLeastAsFresh", fresh["atLeastAsFresh"]}})["recommendations"];
    // By something that chance has no part in.
    std::sort(given.begin(), given.end(), [](const json& a, const json& b) { return a["reason"] < b["reason"]; });
    Keep("recommendation", given.at(0)["id"]);
    Get("RecommendationsService.RespondToRecommendation",
        {{"id", given.at(1)["id"]}, {"response", "RECOMMENDATION_RESPONSE_ACCEPT"}});
  }

  void KeepStates() {
    for (const std::string service : {"Contacts", "Ledger", "Recommendations"}) {
      Keep("state_of_" + absl::AsciiStrToLower(service),
           absl::Base64Escape(ExportedState(front_, person_.header, service + "Service")));
    }
  }

 private:
  json Get(const std::string& method, const json& request) const { return front_.Get(person_.header, method, request); }
  void Keep(const std::string& name, const std::string& value) { person_.values[name] = value; }

  const Front& front_;
  Person& person_;
  const std::string marker_;
  std::vector<std::string> ids_;
};

char Other(char c, std::mt19937& random) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  char other = c;
  while (other == c) other = kDigits[random() % kDigits.size()];
  return other;
}

std::string GuessLike(const std::string& value) {
  static const std::regex uuid("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  // The same for the same value.
  std::mt19937 random(static_cast<std::mt19937::result_type>(std::hash<std::string>()(value)));
  std::string guess = value;
  if (std::regex_match(value, uuid)) {
    for (size_t i = 24; i < guess.size(); ++i) guess[i] = Other(guess[i], random);
  } else if (std::all_of(value.begin(), value.end(), absl::ascii_isdigit)) {
    guess[0] = guess[0] == '9' ? '8' : '9';
  } else {
    char& middle = guess[guess.size() / 2];
    middle = Other(middle, random);
  }
  return guess;
}

}  // namespace

Person Settle(const Front& front, const Header& header, const std::string& marker, int talks) {
  Person person{.header = header, .marker = marker, .values = {}};
  Settling settling(front, person);
  settling.KeepPositions();
  settling.MakeContacts(talks / 10);
  settling.MakeTalks(talks);
  settling.ImportCalendar();
  settling.AskForAdvice();
  settling.KeepStates();
  AddFiles(person.values);
  return person;
}

Values Guess(const Values& values) {
  Values guesses;
  for (const auto& [name, value] : values) guesses[name] = GuessLike(value);
  AddFiles(guesses);
  return guesses;
}

}  // namespace council::test
