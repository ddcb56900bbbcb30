#include "services/recommendations/person_summary.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/base/proto_time.h"
#include "libs/words/language.h"
#include "services/recommendations/advice_benefits.h"
#include "services/recommendations/advice_rules.h"
#include "services/recommendations/advice_words.h"
#include "services/recommendations/contact_status.h"

namespace council::recommendations {
namespace {

using ledger::v1::Interaction;
using Points = std::vector<v1::TalkingPoint>;
using words::As;
using words::Say;

constexpr size_t kMostPoints = 2;
constexpr int kMostEvidence = 20;
constexpr int kBirthdayDays = 14;
// So many more times received than given, and that many times as often, before it is worth a word.
constexpr int kApart = 2;
constexpr int kApartRatio = 2;
constexpr absl::Duration kUnaskedTime = absl::Hours(24 * 91);
// So many talks in a row, or of one side of life alone, before it is worth a word.
constexpr int kFewestAlike = 3;
constexpr size_t kMostNoteBytes = 80;

v1::TalkingPoint& Add(v1::TalkingPointKind kind, std::string text, Points& points) {
  v1::TalkingPoint& point = points.emplace_back();
  point.set_kind(kind);
  point.set_text(std::move(text));
  return point;
}

void Cite(const Interaction& entry, v1::TalkingPoint& point) {
  if (point.evidence_size() < kMostEvidence) point.add_evidence(entry.sequence());
}

absl::CivilDay Today(const PersonFacts& facts) {
  return absl::ToCivilDay(facts.now, facts.zone);
}

void AddPromises(const PersonFacts& facts, Points& points) {
  const std::string& name = facts.contact.display_name();
  for (const bool by_me : {true, false}) {
    for (const ledger::v1::PromiseRecord& record : facts.promises) {
      const ledger::v1::Promise& promise = record.promise();
      // One of which the text was erased says nothing.
      if (promise.by_me() != by_me || promise.text().empty()) continue;
      absl::CivilDay due;
      const bool has_due = absl::ParseCivilTime(promise.due_day(), &due);
      const std::string day = has_due ? DayText(due, Today(facts)) : "";
      const absl::string_view by = has_due ? "day" : "none";
      v1::TalkingPoint& point = by_me ? Add(v1::TALKING_POINT_KIND_OWN_PROMISE,
                                            Say<"person.promised.by_me">(As<"name">(name), As<"text">(promise.text()),
                                                                         As<"due">(by), As<"day">(day)),
                                            points)
                                      : Add(v1::TALKING_POINT_KIND_THEIR_PROMISE,
                                            Say<"person.promised.by_them">(As<"name">(name), As<"text">(promise.text()),
                                                                           As<"due">(by), As<"day">(day)),
                                            points);
      point.add_evidence(record.opened_by());
      break;
    }
  }
}

// The next day on which a birthday, YYYY-MM-DD or --MM-DD, is celebrated, from `today` on.
std::optional<absl::CivilDay> NextBirthday(const std::string& birthday, absl::CivilDay today) {
  constexpr size_t kMonthAndDay = 5;
  if (birthday.size() < kMonthAndDay) return std::nullopt;
  for (const absl::civil_year_t year : {today.year(), today.year() + 1}) {
    absl::CivilDay day;
    if (!absl::ParseCivilTime(absl::StrCat(year, "-", birthday.substr(birthday.size() - kMonthAndDay)), &day)) {
      // Born on a leap day, in a year that has none.
      day = absl::CivilDay(year, 3, 1);
      if (birthday.substr(birthday.size() - kMonthAndDay) != "02-29") return std::nullopt;
    }
    if (day >= today) return day;
  }
  return std::nullopt;
}

void AddBirthday(const PersonFacts& facts, Points& points) {
  const absl::CivilDay today = Today(facts);
  const std::optional<absl::CivilDay> day = NextBirthday(facts.contact.birthday(), today);
  if (!day.has_value() || *day - today > kBirthdayDays) return;
  Add(v1::TALKING_POINT_KIND_BIRTHDAY,
      Say<"person.birthday">(As<"name">(facts.contact.display_name()), As<"today">(*day == today),
                             As<"day">(DayText(*day, today))),
      points);
}

// In how many entries something passed in a direction, of which kinds, and since when.
struct Passing {
  int times = 0;
  std::set<ledger::v1::BenefitKind> kinds;
  std::vector<const Interaction*> entries;
};

Passing PassingOf(const PersonFacts& facts, ledger::v1::BenefitDirection direction) {
  Passing passing;
  for (const Interaction& entry : facts.entries) {
    const PassedBenefits passed = Passed(entry, facts.contact, direction);
    if (!passed.any) continue;
    ++passing.times;
    passing.kinds.insert(passed.kinds.begin(), passed.kinds.end());
    passing.entries.push_back(&entry);
  }
  return passing;
}

void AddGiveBack(const PersonFacts& facts, Points& points) {
  const Passing received = PassingOf(facts, ledger::v1::BENEFIT_DIRECTION_RECEIVED);
  const Passing given = PassingOf(facts, ledger::v1::BENEFIT_DIRECTION_GIVEN);
  if (received.times - given.times < kApart || received.times < kApartRatio * given.times) return;
  const auto kind = received.kinds.size() == 1 ? *received.kinds.begin() : ledger::v1::BENEFIT_KIND_UNSPECIFIED;
  const absl::Time first = base::FromProto(received.entries.back()->occur_time());
  v1::TalkingPoint& point =
      Add(v1::TALKING_POINT_KIND_GIVE_BACK,
          Say<"advice.give_back.counted">(As<"name">(facts.contact.display_name()), As<"kind">(KindWord(kind)),
                                          As<"times">(Times(received.times)),
                                          As<"since">(SinceMonth(first, facts.now, facts.zone))),
          points);
  for (const Interaction* entry : received.entries) Cite(*entry, point);
}

void AddAsk(const PersonFacts& facts, Points& points) {
  if (facts.seat == nullptr || !HasRole(*facts.seat, common::v1::COUNCIL_ROLE_MENTOR)) return;
  // Where nothing at all is written down, nothing can be said to be missing.
  if (facts.entries.empty()) return;
  for (const Interaction& entry : facts.entries) {
    if (base::FromProto(entry.occur_time()) < facts.now - kUnaskedTime) break;
    if (Advised(entry, facts.contact)) return;
  }
  Add(v1::TALKING_POINT_KIND_ASK, Say<"person.ask">(As<"name">(facts.contact.display_name())), points);
}

// Whether an entry was made to write a promise down, or that it was kept: nobody needs to have talked then.
bool IsAboutPromises(const Interaction& entry) {
  return entry.depth() == ledger::v1::INTERACTION_DEPTH_EXCHANGE &&
         (!entry.promises().empty() || !entry.closes_promises().empty());
}

void AddDeepen(const PersonFacts& facts, Points& points) {
  std::vector<const Interaction*> newest;
  for (const Interaction& entry : facts.entries) {
    if (IsAboutPromises(entry)) continue;
    if (!IsShallow(entry)) return;
    newest.push_back(&entry);
    if (newest.size() == kFewestAlike) break;
  }
  if (newest.size() < kFewestAlike) return;
  v1::TalkingPoint& point = Add(v1::TALKING_POINT_KIND_DEEPEN, Say<"person.deepen">(), points);
  for (const Interaction* entry : newest) Cite(*entry, point);
}

void AddBroaden(const PersonFacts& facts, Points& points) {
  std::set<int> domains;
  std::vector<const Interaction*> told;
  for (const Interaction& entry : facts.entries) {
    if (entry.domains().empty()) continue;
    domains.insert(entry.domains().begin(), entry.domains().end());
    told.push_back(&entry);
  }
  if (told.size() < kFewestAlike || domains != std::set<int>{common::v1::LIFE_DOMAIN_CAREER}) return;
  const absl::Time first = base::FromProto(told.back()->occur_time());
  v1::TalkingPoint& point = Add(v1::TALKING_POINT_KIND_BROADEN,
                                Say<"person.broaden">(As<"since">(SinceMonth(first, facts.now, facts.zone))), points);
  for (const Interaction* entry : told) Cite(*entry, point);
}

// The first line of a note, cut at a word where it is long.
std::string Beginning(const std::string& note) {
  std::string line = note.substr(0, note.find('\n'));
  absl::StripAsciiWhitespace(&line);
  if (line.size() <= kMostNoteBytes) return line;
  size_t end = line.rfind(' ', kMostNoteBytes);
  if (end == std::string::npos || end == 0) {
    end = kMostNoteBytes;
    // Never within a character.
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  }
  return absl::StrCat(line.substr(0, end), " …");
}

void AddLastTime(const PersonFacts& facts, Points& points) {
  for (const Interaction& entry : facts.entries) {
    const std::string about = Beginning(entry.note());
    if (about.empty()) continue;
    const absl::CivilDay day = absl::ToCivilDay(base::FromProto(entry.occur_time()), facts.zone);
    Cite(entry, Add(v1::TALKING_POINT_KIND_LAST_TIME,
                    Say<"person.last_time">(As<"day">(DayText(day, Today(facts))), As<"note">(about)), points));
    return;
  }
}

}  // namespace

std::vector<v1::BenefitTimes> BenefitTimesOf(const PersonFacts& facts) {
  BenefitSums sums;
  for (const auto direction : {ledger::v1::BENEFIT_DIRECTION_GIVEN, ledger::v1::BENEFIT_DIRECTION_RECEIVED}) {
    for (const Interaction& entry : facts.entries) {
      for (const ledger::v1::BenefitKind kind : Passed(entry, facts.contact, direction).kinds) {
        sums.Add(direction, kind, entry);
      }
    }
  }
  std::vector<v1::BenefitTimes> times = sums.Take();
  std::stable_sort(times.begin(), times.end(), [](const auto& a, const auto& b) { return a.times() > b.times(); });
  return times;
}

std::vector<v1::TalkingPoint> TalkingPointsOf(const PersonFacts& facts) {
  Points points;
  if (IsOffCouncil(facts.contact)) return points;
  for (const auto add : {AddPromises, AddBirthday, AddGiveBack, AddAsk, AddDeepen, AddBroaden}) add(facts, points);
  if (points.empty()) AddLastTime(facts, points);
  if (points.size() > kMostPoints) {
    if (points[1].kind() == v1::TALKING_POINT_KIND_THEIR_PROMISE) points.erase(points.begin() + 1);
    points.resize(kMostPoints);
  }
  return points;
}

}  // namespace council::recommendations
