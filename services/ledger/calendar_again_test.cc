// Calendars that are imported again after they changed, as callers of the service see it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/base/proto_time.h"
#include "services/ledger/imported_event.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/service_for_test.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const char kAnnComes[] = "ATTENDEE:mailto:ann@x.org\r\n";
const char kBobComes[] = "ATTENDEE:mailto:bob@x.org\r\n";
const char kKept[] = "gone from the calendar, kept since you wrote more";
const absl::Duration kWeek = 7 * kDay;

std::string Stamp(absl::Time time) {
  return absl::FormatTime("%Y%m%dT%H%M%SZ", time, absl::UTCTimeZone());
}

// A time of June 2026, in UTC.
absl::Time June(int day, int hour) {
  return absl::FromCivil(absl::CivilHour(2026, 6, day, hour), absl::UTCTimeZone());
}

std::string Event(const std::string& lines, const std::string& uid = "u") {
  return absl::StrCat("BEGIN:VEVENT\r\nUID:", uid, "\r\nSUMMARY:Talk\r\nDURATION:PT1H\r\n", lines, "END:VEVENT\r\n");
}

std::string Once(absl::Time start, const std::string& more = kAnnComes) {
  return Event(absl::StrCat("DTSTART:", Stamp(start), "\r\n", more));
}

std::string Weekly(absl::Time first, const std::string& more = kAnnComes) {
  return Event(absl::StrCat("DTSTART:", Stamp(first), "\r\nRRULE:FREQ=WEEKLY\r\n", more));
}

// A recurrence that is told of by itself.
std::string Single(absl::Time recurrence, absl::Time start, const std::string& more = kAnnComes) {
  return Event(absl::StrCat("RECURRENCE-ID:", Stamp(recurrence), "\r\nDTSTART:", Stamp(start), "\r\n", more));
}

absl::Time TimeOf(const v1::Interaction& entry) {
  return base::FromProto(entry.occur_time());
}

int Kept(const v1::ImportInteractionsResponse& response) {
  int kept = 0;
  for (const v1::LeftOut& left_out : response.left_out()) {
    if (left_out.reason() == kKept) kept += left_out.records();
  }
  return kept;
}

class CalendarAgainTest : public ServiceTest {
 protected:
  base::Owner Owner() const { return {"acme", owner_}; }
  rpc::CallContext Call() const { return rpc::CallContext::ForOwner(Owner(), "Test"); }

  // Imports a calendar of these events, a minute later.
  v1::ImportInteractionsResponse Take(const std::string& events) {
    clock_.Advance(absl::Minutes(1));
    v1::ImportInteractionsOptions options;
    options.set_format(v1::INTERACTION_FORMAT_ICALENDAR);
    options.set_time_zone(time_zone_);
    for (const std::string& email : own_emails_) options.add_own_emails(email);
    AddPerson("ann@x.org", kAnn, options);
    AddPerson("bob@x.org", kBob, options);
    return ImportFile(Call(), options, absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", events, "END:VCALENDAR\r\n"));
  }

  absl::StatusOr<v1::UndoImportResponse> Undo(const std::string& import_id) { return UndoImport(Call(), import_id); }

  // The entries that stand, the earliest first.
  std::vector<v1::Interaction> Standing() {
    std::vector<v1::Interaction> entries = Entries(Call());
    std::reverse(entries.begin(), entries.end());
    return entries;
  }

  // What they say.
  std::vector<std::string> State() {
    std::vector<std::string> state;
    for (const v1::Interaction& entry : Standing()) state.push_back(ContentOf(entry).DebugString());
    std::sort(state.begin(), state.end());
    return state;
  }

  std::vector<absl::Time> Times() {
    std::vector<absl::Time> times;
    for (const v1::Interaction& entry : Standing()) times.push_back(TimeOf(entry));
    return times;
  }

  // The starts of what is planned.
  std::vector<absl::Time> Planned() {
    std::vector<absl::Time> starts;
    const auto plans = ledger_.OpenPlans(Owner(), {}, absl::InfinitePast(), absl::InfiniteFuture(), "");
    EXPECT_TRUE(plans.ok()) << plans.status();
    for (const v1::Plan& plan : *plans) starts.push_back(base::FromProto(plan.start_time()));
    return starts;
  }

  // As the owner would write more of a talk.
  void Enrich(const v1::Interaction& entry, const std::string& note = "what we said") {
    v1::CorrectInteractionRequest request;
    request.set_sequence(entry.sequence());
    v1::Interaction& content = *request.mutable_interaction();
    content = ContentOf(entry);
    content.set_note(note);
    content.set_depth(v1::INTERACTION_DEPTH_COUNSEL);
    content.set_energy(2);
    v1::Benefit& benefit = *content.add_benefits();
    benefit.set_direction(v1::BENEFIT_DIRECTION_RECEIVED);
    benefit.set_kind(v1::BENEFIT_KIND_ADVICE);
    const auto corrected = service_.CorrectInteraction(Call(), request);
    EXPECT_TRUE(corrected.ok()) << corrected.status();
  }

  void Retract(const v1::Interaction& entry) {
    v1::CorrectInteractionRequest request;
    request.set_sequence(entry.sequence());
    request.set_retract(true);
    EXPECT_TRUE(service_.CorrectInteraction(Call(), request).ok());
  }

  // Whether importing the events once more changes nothing.
  bool IsSettled(const std::string& events) {
    const std::int64_t revision = *ledger_.Revision(Owner(), {});
    return Take(events).import_id().empty() && *ledger_.Revision(Owner(), {}) == revision;
  }

  bool Verifies() { return ChainHolds(Owner()); }

  std::string owner_ = "rosa";
  std::string time_zone_ = "UTC";
  std::vector<std::string> own_emails_ = {"me@x.org"};
};

TEST_F(CalendarAgainTest, AnOrganizerWhoTakesNoPartIsNotMet) {
  for (const char* absence : {"PARTSTAT=DECLINED", "PARTSTAT=DELEGATED", "ROLE=NON-PARTICIPANT", "CUTYPE=ROOM"}) {
    owner_ = absence;
    Take(Once(June(1, 9),
              absl::StrCat("ORGANIZER:mailto:Ann@x.org\r\nATTENDEE;", absence, ":mailto:ann@x.org\r\n", kBobComes)));
    ASSERT_THAT(Standing(), SizeIs(1)) << absence;
    EXPECT_THAT(Standing()[0].contact_ids(), ElementsAre(kBob)) << absence;
  }
}

TEST_F(CalendarAgainTest, AMeetingThatNobodyCameToIsTakenBack) {
  const std::string declined = Once(June(1, 9), "ATTENDEE;PARTSTAT=DECLINED:mailto:ann@x.org\r\n");
  Take(Once(June(1, 9)));
  EXPECT_EQ(Take(declined).retracted(), 1);
  EXPECT_THAT(Standing(), IsEmpty());
  EXPECT_TRUE(IsSettled(declined));
  EXPECT_EQ(Take(Once(June(1, 9))).created(), 1) << "she came after all";

  Enrich(Standing()[0]);
  const auto again = Take(declined);
  EXPECT_EQ(again.retracted(), 0);
  EXPECT_EQ(again.unchanged(), 1);
  EXPECT_THAT(Standing(), SizeIs(1)) << "the owner says that they talked";
}

TEST_F(CalendarAgainTest, AMeetingWithOneselfIsTakenBack) {
  Take(Once(June(1, 9)));
  own_emails_.emplace_back("ann@x.org");
  EXPECT_EQ(Take(Once(June(1, 9))).retracted(), 1);
  EXPECT_THAT(Standing(), IsEmpty());
}

TEST_F(CalendarAgainTest, ASeriesThatMovesByAnHourKeepsWhatWasWrittenAndSoDoesUndoing) {
  Take(Weekly(June(1, 9)));
  Enrich(Standing()[1]);
  const std::vector<std::string> before = State();
  const auto moved = Take(Weekly(June(1, 10)));
  EXPECT_EQ(moved.corrected(), 3);
  EXPECT_EQ(moved.created(), 0);
  EXPECT_EQ(moved.retracted(), 0);
  EXPECT_THAT(Times(), ElementsAre(June(1, 10), June(8, 10), June(15, 10)));
  EXPECT_EQ(Standing()[1].note(), "what we said");
  EXPECT_EQ(Standing()[1].energy(), 2);
  EXPECT_THAT(Standing()[1].benefits(), SizeIs(1));
  const std::vector<std::string> after = State();
  EXPECT_TRUE(IsSettled(Weekly(June(1, 10))));

  const auto undone = Undo(moved.import_id());
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->restored(), 3);
  EXPECT_EQ(undone->kept(), 0);
  EXPECT_EQ(State(), before);
  EXPECT_EQ(Take(Weekly(June(1, 9))).unchanged(), 3);
  EXPECT_EQ(Take(Weekly(June(1, 10))).corrected(), 3);
  EXPECT_EQ(State(), after);
  EXPECT_EQ(Take(Weekly(June(1, 9))).corrected(), 3) << "back again";
  EXPECT_EQ(State(), before);
  EXPECT_TRUE(Verifies());
  EXPECT_TRUE(CanBeMoved(Call()));
}

TEST_F(CalendarAgainTest, MovesOfASeriesAreUndoneOneAfterTheOther) {
  Take(Weekly(June(1, 9)));
  Enrich(Standing()[1]);
  std::vector<std::vector<std::string>> states;
  std::vector<std::string> ids;
  for (const int hour : {10, 9, 11, 8}) {
    states.push_back(State());
    ids.push_back(Take(Weekly(June(1, hour))).import_id());
  }
  EXPECT_EQ(Undo(ids[1])->kept(), 3) << "a later import went on from there";
  for (std::size_t i = ids.size(); i-- > 2;) {
    const auto undone = Undo(ids[i]);
    ASSERT_TRUE(undone.ok()) << undone.status();
    EXPECT_EQ(undone->restored(), 3);
    EXPECT_EQ(State(), states[i]);
  }
  EXPECT_TRUE(Verifies());
}

TEST_F(CalendarAgainTest, ASeriesThatMovesToAnotherDayKeepsItsEntriesThoughTimeWentOn) {
  Take(Weekly(June(1, 9)));
  Enrich(Standing()[2]);
  clock_.Set(June(24, 12));
  const auto moved = Take(Weekly(June(2, 9)));
  EXPECT_EQ(moved.corrected(), 3);
  EXPECT_EQ(moved.created(), 1);
  EXPECT_EQ(moved.retracted(), 0);
  EXPECT_THAT(Times(), ElementsAre(June(2, 9), June(9, 9), June(16, 9), June(23, 9)));
  EXPECT_EQ(Standing()[2].note(), "what we said");
  EXPECT_TRUE(IsSettled(Weekly(June(2, 9))));
}

TEST_F(CalendarAgainTest, WhatTheOwnerTookBackStaysSoWhenItsSeriesMoves) {
  Take(Weekly(June(1, 9)));
  Retract(Standing()[1]);
  for (const absl::Time first : {June(1, 10), June(1, 9) - kDay}) {
    EXPECT_EQ(Take(Weekly(first)).corrected(), 2);
    EXPECT_THAT(Standing(), SizeIs(2));
    EXPECT_TRUE(IsSettled(Weekly(first)));
  }
}

TEST_F(CalendarAgainTest, AKeptPromiseStaysKeptWhenItsSeriesMoves) {
  Take(Weekly(June(1, 9)));
  v1::CorrectInteractionRequest request;
  request.set_sequence(Standing()[0].sequence());
  *request.mutable_interaction() = ContentOf(Standing()[0]);
  request.mutable_interaction()->add_promises()->set_text("send the book");
  const auto made = service_.CorrectInteraction(Call(), request);
  ASSERT_TRUE(made.ok()) << made.status();
  NewEntry kept;
  kept.content.add_contact_ids(kAnn);
  kept.content.add_closes_promises(made->interaction().promises(0).id());
  std::vector<NewEntry> entries;
  entries.push_back(std::move(kept));
  ASSERT_TRUE(ledger_.AppendAndWait(Owner(), std::move(entries)).ok());
  Take(Weekly(June(1, 10)));
  EXPECT_THAT(*ledger_.Promises(Owner(), {}, "", /*include_closed=*/false), IsEmpty());
  EXPECT_THAT(*ledger_.Promises(Owner(), {}, "", /*include_closed=*/true), SizeIs(1));
}

TEST_F(CalendarAgainTest, AnEventThatBecomesASeriesKeepsItsEntry) {
  Take(Once(June(1, 9)));
  Enrich(Standing()[0]);
  const auto recurring = Take(Weekly(June(1, 9)));
  EXPECT_EQ(recurring.created(), 2);
  EXPECT_EQ(recurring.retracted(), 0);
  EXPECT_EQ(Kept(recurring), 0);
  EXPECT_EQ(Standing()[0].note(), "what we said");
  EXPECT_TRUE(IsSettled(Weekly(June(1, 9))));
}

TEST_F(CalendarAgainTest, WhatIsGoneIsTakenBackUnlessTheOwnerWroteMore) {
  const std::string gone[] = {
      Weekly(June(1, 9), absl::StrCat(kAnnComes, "EXDATE:20260601T090000Z,20260608T090000Z\r\n")),
      Weekly(June(15, 9)),
      absl::StrCat(Weekly(June(1, 9)), Single(June(1, 9), June(1, 9), "STATUS:CANCELLED\r\n"),
                   Single(June(8, 9), June(8, 9), "STATUS:CANCELLED\r\n")),
  };
  for (const std::string& file : gone) {
    owner_ += "'";
    Take(Weekly(June(1, 9)));
    Enrich(Standing()[1]);
    const auto again = Take(file);
    EXPECT_EQ(again.retracted(), 1) << file;
    EXPECT_EQ(again.created() + again.corrected(), 0) << file;
    EXPECT_EQ(Kept(again), 1) << file;
    EXPECT_THAT(Times(), ElementsAre(June(8, 9), June(15, 9))) << file;
    EXPECT_TRUE(IsSettled(file)) << file;
    EXPECT_EQ(Kept(Take(file)), 1) << file;
    // The whole calendar again.
    EXPECT_EQ(Take(Weekly(June(1, 9))).created(), 1) << file;
    EXPECT_THAT(Standing(), SizeIs(3)) << file;
  }
}

TEST_F(CalendarAgainTest, ACancelledEventStaysWhereTheOwnerWroteMore) {
  const std::string cancelled = Once(June(1, 9), absl::StrCat(kAnnComes, "STATUS:CANCELLED\r\n"));
  Take(Once(June(1, 9)));
  Enrich(Standing()[0]);
  EXPECT_EQ(Kept(Take(cancelled)), 1);
  EXPECT_THAT(Standing(), SizeIs(1));
}

TEST_F(CalendarAgainTest, AMeetingThatTheOwnerConfirmedStays) {
  for (const char* request_id : {"", "r"}) {
    owner_ += "'";
    clock_.Set(June(14, 12));
    Take(Weekly(June(1, 9)));
    clock_.Set(kNow);
    const auto plans = ledger_.OpenPlans(Owner(), {}, June(15, 0), June(16, 0), "");
    ASSERT_THAT(*plans, SizeIs(1));
    v1::ConfirmPlanRequest confirm;
    confirm.set_id(plans->at(0).id());
    confirm.set_request_id(request_id);
    ASSERT_TRUE(service_.ConfirmPlan(Call(), confirm).ok());
    const std::string file =
        Weekly(June(1, 9), absl::StrCat(kAnnComes, "EXDATE:20260608T090000Z,20260615T090000Z\r\n"));
    const auto again = Take(file);
    EXPECT_EQ(again.retracted(), 1);
    EXPECT_EQ(Kept(again), 1);
    EXPECT_THAT(Times(), ElementsAre(June(1, 9), June(15, 9)));
  }
}

TEST_F(CalendarAgainTest, AFileOfOneRecurrenceLeavesTheOtherPlans) {
  Take(Weekly(June(1, 9)));
  const std::size_t plans = Planned().size();
  ASSERT_GT(plans, 10u);
  ASSERT_EQ(Planned()[0], June(22, 9));

  Take(Single(June(22, 9), June(23, 14)));
  EXPECT_THAT(Planned(), SizeIs(plans));
  EXPECT_EQ(Planned()[0], June(23, 14));

  Take(Single(June(22, 9), June(23, 14), "STATUS:CANCELLED\r\n"));
  EXPECT_THAT(Planned(), SizeIs(plans - 1));
  EXPECT_EQ(Planned()[0], June(29, 9));

  const std::string declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:ann@x.org\r\n";
  Take(Single(June(29, 9), June(29, 9), declined));
  EXPECT_THAT(Planned(), SizeIs(plans - 2)) << "by the only one who would come";

  own_emails_.emplace_back("ann@x.org");
  Take(Single(June(36, 9), June(36, 9), declined));
  EXPECT_THAT(Planned(), SizeIs(plans - 3)) << "by the owner";
  EXPECT_THAT(Standing(), SizeIs(3));
}

TEST_F(CalendarAgainTest, APlanThatIsMovedToThePastIsNoPlanAnyMore) {
  Take(Weekly(June(1, 9)));
  const std::size_t plans = Planned().size();
  EXPECT_EQ(Take(Single(June(22, 9), June(14, 9))).created(), 1);
  EXPECT_THAT(Planned(), SizeIs(plans - 1));
  EXPECT_THAT(Standing(), SizeIs(4));
}

TEST_F(CalendarAgainTest, ARecurrenceThatIsPutOffDidNotHappen) {
  for (const int days : {15, 200}) {
    owner_ += "'";
    Take(Weekly(June(1, 9)));
    EXPECT_EQ(Take(Single(June(8, 9), June(15, 9) + days * kDay)).retracted(), 1) << days;
    EXPECT_THAT(Times(), ElementsAre(June(1, 9), June(15, 9))) << days;
  }
}

TEST_F(CalendarAgainTest, ATalkThatTheOwnerWroteOfIsNotTheOneThatItsEventIsPutOffTo) {
  const std::string put_off = Single(June(8, 9), June(30, 9));
  Take(Weekly(June(1, 9)));
  Enrich(Standing()[1]);
  const auto first = Take(put_off);
  EXPECT_EQ(first.retracted(), 0);
  EXPECT_EQ(Kept(first), 1);
  EXPECT_THAT(Standing(), SizeIs(3));
  clock_.Set(June(30, 12));
  EXPECT_THAT(Planned(), ::testing::Contains(June(30, 9))) << "it is still asked for";
  EXPECT_EQ(Take(put_off).created(), 1);
  EXPECT_THAT(Times(), ElementsAre(June(1, 9), June(8, 9), June(15, 9), June(30, 9)));
  EXPECT_EQ(Standing()[1].note(), "what we said");
  EXPECT_TRUE(IsSettled(put_off));
}

TEST_F(CalendarAgainTest, AJourneyMakesNothingAnewOfASeriesWithoutAZone) {
  const std::string series = Event(absl::StrCat("DTSTART:20260601T090000\r\nRRULE:FREQ=WEEKLY\r\n", kAnnComes));
  time_zone_ = "Europe/Berlin";
  EXPECT_EQ(Take(series).created(), 3);
  Enrich(Standing()[1]);
  for (const char* zone : {"America/Los_Angeles", "Europe/Berlin"}) {
    time_zone_ = zone;
    clock_.Advance(kDay);
    const auto again = Take(series);
    EXPECT_EQ(again.created() + again.retracted(), 0) << zone;
    EXPECT_THAT(Standing(), SizeIs(3)) << zone;
    EXPECT_EQ(Standing()[1].note(), "what we said") << zone;
    EXPECT_TRUE(IsSettled(series)) << zone;
  }
  EXPECT_THAT(Times(), ElementsAre(June(1, 7), June(8, 7), June(15, 7)));
}

TEST_F(CalendarAgainTest, RecurrencesThatWereNamedInUtcAreFoundAgain) {
  Take(Weekly(June(1, 9)));
  Enrich(Standing()[1]);
  const std::vector<std::string> before = State();
  const auto again = Take(Event(absl::StrCat("DTSTART:20260601T090000\r\nRRULE:FREQ=WEEKLY\r\n", kAnnComes)));
  EXPECT_EQ(again.unchanged(), 3);
  EXPECT_EQ(State(), before);
}

TEST_F(CalendarAgainTest, WhoIsAtAnAllHandsAndWhatIsNobodyIsNotAskedAbout) {
  std::string many = kAnnComes;
  for (int i = 0; i < 9; ++i) absl::StrAppend(&many, "ATTENDEE:mailto:p", i, "@x.org\r\n");
  const auto all_hands = Take(Once(June(1, 9), many));
  EXPECT_EQ(all_hands.created(), 1);
  EXPECT_THAT(all_hands.unknown_attendees(), IsEmpty());
  const std::string nobodies =
      "ORGANIZER:mailto:c_1f@Group.calendar.google.com\r\nATTENDEE:mailto:room-7@resource.calendar.google.com\r\n";
  const auto small = Take(Event(
      absl::StrCat("DTSTART:20260602T090000Z\r\n", kAnnComes, nobodies, "ATTENDEE:mailto:eve@x.org\r\n"), "small"));
  ASSERT_THAT(small.unknown_attendees(), SizeIs(1));
  EXPECT_EQ(small.unknown_attendees(0).email(), "eve@x.org");
  EXPECT_EQ(Take(Event(absl::StrCat("DTSTART:20260603T090000Z\r\n", kAnnComes), "7@COUNCIL")).created(), 0);
}

// A weekly series, and what may become of it.
struct Change {
  std::string before;
  std::string after;
  std::vector<absl::Time> starts;  // Of what is in `after`, for as long as anybody looks.
};

Change RandomChange() {
  constexpr int kWeeks = 20;
  // On a day of the week to Monday the 15th, or some weeks earlier.
  const absl::Time first =
      June(9 + *rc::gen::inRange(0, 7), *rc::gen::inRange(5, 18)) - *rc::gen::inRange(0, 6) * kWeek;
  Change change;
  change.before = Weekly(first);
  const auto add_starts = [&](absl::Time from) {
    for (int week = 0; week < kWeeks; ++week) change.starts.push_back(from + week * kWeek);
  };
  const auto week = *rc::gen::inRange<std::size_t>(0, 6);
  switch (*rc::gen::inRange(0, 6)) {
    case 0: {
      const absl::Time moved = first + absl::Hours(*rc::gen::element(-5, -1, 1, 2, 6));
      change.after = Weekly(moved);
      add_starts(moved);
      break;
    }
    case 1: {
      const absl::Time moved = first + *rc::gen::element(-1, 1) * kDay;
      change.after = Weekly(moved);
      add_starts(moved);
      break;
    }
    case 2: {
      add_starts(first);
      const absl::Time cancelled = change.starts[week];
      change.after = Weekly(first) + Single(cancelled, cancelled, "STATUS:CANCELLED\r\n");
      change.starts.erase(change.starts.begin() + static_cast<std::ptrdiff_t>(week));
      break;
    }
    case 3: {
      add_starts(first);
      const absl::Time recurrence = change.starts[week];
      change.starts[week] += absl::Hours(*rc::gen::element(-30, -2, 3, 30, 100));
      change.after = Weekly(first) + Single(recurrence, change.starts[week]);
      break;
    }
    case 4: {
      add_starts(first);
      std::string excluded;
      std::erase_if(change.starts, [&](absl::Time start) {
        if (*rc::gen::inRange(0, 3) > 0) return false;
        absl::StrAppend(&excluded, "EXDATE:", Stamp(start), "\r\n");
        return true;
      });
      change.after = Weekly(first, kAnnComes + excluded);
      break;
    }
    default:
      add_starts(first);
      change.after = Weekly(first, absl::StrCat(kAnnComes, kBobComes));
      break;
  }
  return change;
}

TEST_F(CalendarAgainTest, WhateverBecomesOfASeriesNothingIsLostAndNothingIsDoubled) {
  int owners = 0;
  const bool holds = rc::check([&] {
    owner_ = absl::StrCat("owner ", ++owners);
    clock_.Set(kNow);
    const Change change = RandomChange();
    Take(change.before);
    std::set<std::string> written;
    for (const v1::Interaction& entry : Standing()) {
      if (*rc::gen::arbitrary<bool>()) continue;
      const std::string note = absl::StrCat("written ", written.size());
      Enrich(entry, note);
      written.insert(note);
    }
    const std::vector<std::string> before = State();
    clock_.Advance(*rc::gen::inRange(0, 20) * kDay);
    const v1::ImportInteractionsResponse changed = Take(change.after);

    std::map<absl::Time, int> meetings;  // How many entries each has.
    for (const absl::Time start : change.starts) {
      if (start <= clock_.Now()) meetings[start] = 0;
    }
    std::multiset<std::string> stand;
    for (const v1::Interaction& entry : Standing()) {
      const bool of_owner = absl::StartsWith(entry.note(), "written ");
      if (of_owner) stand.insert(entry.note());
      const auto meeting = meetings.find(TimeOf(entry));
      if (meeting != meetings.end()) {
        ++meeting->second;
      } else {
        RC_ASSERT(of_owner);
      }
    }
    RC_ASSERT(stand == std::multiset<std::string>(written.begin(), written.end()));
    for (const auto& meeting : meetings) RC_ASSERT(meeting.second == 1);

    RC_ASSERT(IsSettled(change.after));
    RC_ASSERT(Verifies());
    RC_ASSERT(CanBeMoved(Call()));
    if (changed.import_id().empty()) return;
    const auto undone = Undo(changed.import_id());
    RC_ASSERT(undone.ok());
    RC_ASSERT(undone->kept() == 0);
    RC_ASSERT(State() == before);
    RC_ASSERT(Verifies());
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace council::ledger
