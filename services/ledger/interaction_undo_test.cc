// Imports that are undone, as callers of the service see it.

#include "services/ledger/interaction_undo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/imported_event.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/service_for_test.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// What stands of each event: its content, by the first two letters of its note.
using State = std::map<std::string, std::string>;

// An event whose note begins with its uid.
std::string Event(const std::string& uid, int days_from_now, const std::string& summary, bool with_bob,
                  const std::string& more = "") {
  return absl::StrCat("BEGIN:VEVENT\r\nUID:", uid, "\r\nDTSTART:",
                      absl::FormatTime("%Y%m%dT090000Z", kNow + days_from_now * kDay, absl::UTCTimeZone()),
                      "\r\nSUMMARY:", uid, " ", summary, "\r\nATTENDEE:mailto:ann@x.org\r\n",
                      with_bob ? "ATTENDEE:mailto:bob@x.org\r\n" : "", more, "END:VEVENT\r\n");
}

std::string Calendar(const std::string& events) {
  return absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", events, "END:VCALENDAR\r\n");
}

std::string RandomCalendar() {
  std::string events;
  for (const char* uid : {"u1", "u2", "u3", "u4", "u5", "u6"}) {
    const int kind = *rc::gen::inRange(0, 8);
    if (kind == 0) continue;
    // Mostly past, now and then to come.
    const int day = kind == 1 ? *rc::gen::inRange(2, 5) : *rc::gen::inRange(-6, 0);
    absl::StrAppend(&events, Event(uid, day, *rc::gen::element<std::string>("lunch", "walk"),
                                   *rc::gen::arbitrary<bool>(), kind == 2 ? "STATUS:CANCELLED\r\n" : ""));
  }
  return Calendar(events);
}

class InteractionUndoTest : public ServiceTest {
 protected:
  base::Owner Owner() const { return {"acme", owner_}; }
  rpc::CallContext Call() const { return rpc::CallContext::ForOwner(Owner(), "Test"); }

  v1::ImportInteractionsResponse Take(const std::string& file, bool dry_run = false,
                                      v1::InteractionFormat format = v1::INTERACTION_FORMAT_ICALENDAR,
                                      const std::string& continues = "") {
    clock_.Advance(absl::Minutes(1));
    v1::ImportInteractionsOptions options;
    options.set_import_id(continues);
    options.set_format(format);
    options.set_dry_run(dry_run);
    AddPerson("ann@x.org", kAnn, options);
    AddPerson("bob@x.org", kBob, options);
    return ImportFile(Call(), options, file);
  }

  absl::StatusOr<v1::UndoImportResponse> Undo(const std::string& import_id) {
    clock_.Advance(absl::Minutes(1));
    return UndoImport(Call(), import_id);
  }

  std::vector<v1::Interaction> Standing() { return Entries(Call()); }

  State StateNow() {
    State state;
    for (const v1::Interaction& entry : Standing()) {
      std::string& said = state[entry.note().substr(0, 2)];
      EXPECT_EQ(said, "") << "two entries of one event stand: " << entry.note();
      said = ContentOf(entry).DebugString();
    }
    return state;
  }

  // The events of which something is planned.
  std::set<std::string> Planned() {
    std::set<std::string> uids;
    const auto plans = ledger_.Plans(Owner(), {}, absl::InfinitePast(), absl::InfiniteFuture(), "");
    for (const v1::Plan& plan : *plans) uids.insert(plan.event_uid());
    return uids;
  }

  // In how many days what is planned begins.
  std::vector<int> PlannedDays() {
    std::vector<int> days;
    const auto plans = ledger_.Plans(Owner(), {}, absl::InfinitePast(), absl::InfiniteFuture(), "");
    for (const v1::Plan& plan : *plans) {
      days.push_back(
          static_cast<int>(std::lround(absl::FDivDuration(base::FromProto(plan.start_time()) - kNow, kDay))));
    }
    return days;
  }

  // As the owner would.
  void Correct(const v1::Interaction& entry, bool retract) {
    v1::CorrectInteractionRequest request;
    request.set_sequence(entry.sequence());
    request.set_retract(retract);
    if (!retract) {
      *request.mutable_interaction() = ContentOf(entry);
      request.mutable_interaction()->set_note(
          absl::StrCat(entry.note().substr(0, 2), " what was written by hand, ", ++notes_));
      request.mutable_interaction()->set_depth(v1::INTERACTION_DEPTH_COUNSEL);
    }
    EXPECT_TRUE(service_.CorrectInteraction(Call(), request).ok());
  }

  // Corrects or takes back one in `chance` of what stands; which events.
  std::set<std::string> CorrectSome(int chance) {
    std::set<std::string> uids;
    for (const v1::Interaction& entry : Standing()) {
      if (*rc::gen::inRange(0, chance) > 0) continue;
      Correct(entry, *rc::gen::inRange(0, 3) == 0);
      uids.insert(entry.note().substr(0, 2));
    }
    return uids;
  }

  bool Verifies() { return ChainHolds(Owner()); }

  std::vector<ImportPart> Parts(const std::string& import_id = "") {
    std::vector<ImportPart> parts;
    const auto read = [&](LedgerReader& reader) {
      const auto imports = reader.Imports();
      for (const KeptImport& kept : *imports) {
        for (std::int64_t part = 0; part < kept.parts; ++part) {
          if (import_id.empty() || kept.id == import_id) parts.push_back(**reader.PartOfImport(kept.id, part));
        }
      }
      return absl::OkStatus();
    };
    EXPECT_TRUE(ledger_.Read(Owner(), {}, read).ok());
    return parts;
  }

  std::string owner_ = "rosa";
  int notes_ = 0;
};

TEST_F(InteractionUndoTest, AfterUndoingAllStandsAsBeforeButForWhatWasCorrectedSince) {
  int owners = 0;
  const bool holds = rc::check([&] {
    owner_ = absl::StrCat("owner ", ++owners);
    clock_.Set(kNow);
    Take(RandomCalendar());
    CorrectSome(3);
    const State before = StateNow();
    const std::set<std::string> planned = Planned();
    const std::string file = RandomCalendar();
    const v1::ImportInteractionsResponse imported = Take(file);
    const State after = StateNow();
    if (imported.import_id().empty()) {
      RC_ASSERT(after == before);
      return;
    }
    const bool calm = *rc::gen::arbitrary<bool>();
    const std::set<std::string> corrected = calm ? std::set<std::string>() : CorrectSome(2);
    State expected = StateNow();
    int retracted = 0;
    int restored = 0;
    int kept = 0;
    std::set<std::string> uids;
    for (const auto& [uid, said] : before) uids.insert(uid);
    for (const auto& [uid, said] : after) uids.insert(uid);
    for (const std::string& uid : uids) {
      const auto was = before.find(uid);
      const auto is = after.find(uid);
      if (was != before.end() && is != after.end() && was->second == is->second) continue;
      if (corrected.contains(uid)) {
        ++kept;
      } else if (was == before.end()) {
        ++retracted;
        expected.erase(uid);
      } else {
        ++restored;
        expected[uid] = was->second;
      }
    }
    const auto undone = Undo(imported.import_id());
    RC_ASSERT(undone.ok());
    RC_ASSERT(undone->retracted() == retracted);
    RC_ASSERT(undone->restored() == restored);
    RC_ASSERT(undone->kept() == kept);
    RC_ASSERT(StateNow() == expected);
    for (const std::string& uid : Planned()) RC_ASSERT(planned.contains(uid));
    RC_ASSERT(Verifies());
    RC_ASSERT(CanBeMoved(Call()));
    RC_ASSERT(base::ReasonOf(Undo(imported.import_id()).status()) == common::v1::ERROR_REASON_IMPORT_NOT_FOUND);
    if (!calm) return;

    const v1::ImportInteractionsResponse again = Take(file);
    RC_ASSERT(again.created() == imported.created());
    RC_ASSERT(again.corrected() == imported.corrected());
    RC_ASSERT(again.retracted() == imported.retracted());
    RC_ASSERT(StateNow() == after);
    RC_ASSERT(Undo(again.import_id()).ok());
    RC_ASSERT(StateNow() == before);
  });
  EXPECT_TRUE(holds);
}

TEST_F(InteractionUndoTest, ImportsAreUndoneOneAfterTheOtherBackToTheFirst) {
  int owners = 0;
  const bool holds = rc::check([&] {
    owner_ = absl::StrCat("owner ", ++owners);
    clock_.Set(kNow);
    std::vector<State> states = {StateNow()};
    std::vector<std::string> ids;
    for (int imports = *rc::gen::inRange(2, 6); imports > 0; --imports) {
      const std::string id = Take(RandomCalendar()).import_id();
      if (id.empty()) continue;
      ids.push_back(id);
      states.push_back(StateNow());
    }
    for (; !ids.empty(); ids.pop_back()) {
      RC_ASSERT(StateNow() == states.back());
      states.pop_back();
      const auto undone = Undo(ids.back());
      RC_ASSERT(undone.ok());
      RC_ASSERT(undone->kept() == 0);
    }
    RC_ASSERT(StateNow().empty());
    RC_ASSERT(Planned().empty());
    RC_ASSERT(Verifies());
  });
  EXPECT_TRUE(holds);
}

TEST_F(InteractionUndoTest, AllFilesOfAnImportGoAtOnceHoweverManyTheyAre) {
  int owners = 0;
  const bool holds = rc::check([&] {
    owner_ = absl::StrCat("owner ", ++owners);
    clock_.Set(kNow);
    Take(RandomCalendar());
    const State before = StateNow();
    std::string id;
    for (int files = *rc::gen::inRange(2, 15); files > 0; --files) {
      const std::string next = Take(RandomCalendar(), false, v1::INTERACTION_FORMAT_ICALENDAR, id).import_id();
      RC_ASSERT(id.empty() || next == id);
      id = next;
    }
    if (id.empty()) return;
    const auto undone = Undo(id);
    RC_ASSERT(undone.ok());
    RC_ASSERT(undone->kept() == 0);
    RC_ASSERT(StateNow() == before);
    RC_ASSERT(Verifies());
  });
  EXPECT_TRUE(holds);
}

TEST_F(InteractionUndoTest, AnImportThatWasTakenBackIsNotContinued) {
  const std::string id = Take(Calendar(Event("u1", -3, "lunch", false))).import_id();
  ASSERT_TRUE(Undo(id).ok());
  std::vector<v1::ImportInteractionsRequest> messages(1);
  messages[0].mutable_options()->set_format(v1::INTERACTION_FORMAT_ICALENDAR);
  messages[0].mutable_options()->set_import_id(id);
  messages.emplace_back().set_chunk(Calendar(Event("u2", -3, "walk", false)));
  rpc::ListReader<v1::ImportInteractionsRequest> reader(std::move(messages));
  EXPECT_EQ(base::ReasonOf(service_.ImportInteractions(Call(), reader).status()),
            common::v1::ERROR_REASON_IMPORT_NOT_FOUND);
}

TEST_F(InteractionUndoTest, ASeriesOfYearsGoesInChunksAndWhatWasInterruptedIsCompletedAndCountedWhole) {
  const std::string file = Calendar(Event("u1", -700, "standup", true, "RRULE:FREQ=DAILY;COUNT=720\r\n"));
  const v1::ImportInteractionsResponse imported = Take(file);
  EXPECT_EQ(imported.created(), 701);
  const std::vector<ImportPart> parts = Parts();
  const auto first = Undo(imported.import_id());
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->retracted(), 701);
  EXPECT_EQ(first->plans(), 19);
  EXPECT_THAT(Standing(), IsEmpty());
  EXPECT_THAT(Planned(), IsEmpty());
  // As it would be if all were undone but for the last step; and as if the import had broken off before an entry.
  const std::string& id = imported.import_id();
  for (std::size_t part = 0; part < parts.size(); ++part) {
    ImportPart what = parts[part];
    what.entries.push_back({.id = ledger_.NewId(), .uid = "u1", .recurrence_id = "never", .before = std::nullopt});
    ASSERT_TRUE(store_->KeepImport(Owner(), id, clock_.Now(), static_cast<std::int64_t>(part), what).ok());
  }
  const std::int64_t revision = *ledger_.Revision(Owner(), {});
  const auto again = Undo(id);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->retracted(), 701);
  EXPECT_EQ(again->kept(), 0);
  EXPECT_EQ(*ledger_.Revision(Owner(), {}), revision);
  EXPECT_EQ(Take(file).created(), 701);
  EXPECT_TRUE(Verifies());
}

TEST_F(InteractionUndoTest, ARowOfATableGoesAndComesAgain) {
  const std::string table = "date,contact,note\n2026-06-01,ann@x.org,r1 one\n2026-06-02,bob@x.org,r2 two\n";
  const v1::ImportInteractionsResponse imported = Take(table, false, v1::INTERACTION_FORMAT_CSV);
  const State state = StateNow();
  EXPECT_EQ(Undo(imported.import_id())->retracted(), 2);
  EXPECT_THAT(Standing(), IsEmpty());
  EXPECT_EQ(Take(table, false, v1::INTERACTION_FORMAT_CSV).created(), 2);
  EXPECT_EQ(StateNow(), state);
}

TEST_F(InteractionUndoTest, NotesOfManyDaysAreTakenInPartsAndCountedWhole) {
  std::string notes = "---\nname: Ann\nemail: ann@x.org\n---\n";
  for (int i = 0; i < 900; ++i)
    absl::StrAppend(&notes, absl::FormatCivilTime(absl::CivilDay(2020, 1, 1) + i), " tea\n");
  EXPECT_EQ(Take(notes, true, v1::INTERACTION_FORMAT_MARKDOWN).created(), 900);
  const v1::ImportInteractionsResponse imported = Take(notes, false, v1::INTERACTION_FORMAT_MARKDOWN);
  EXPECT_EQ(imported.created(), 900);
  const std::vector<ImportPart> parts = Parts();
  EXPECT_EQ(parts.size(), 2u);
  EXPECT_EQ(Take(notes, false, v1::INTERACTION_FORMAT_MARKDOWN).unchanged(), 900);
  EXPECT_EQ(Undo(imported.import_id())->retracted(), 900);
  EXPECT_THAT(Standing(), IsEmpty());
}

TEST_F(InteractionUndoTest, APromiseMadeInATalkThatMovedIsStillOpen) {
  Take(Calendar(Event("u1", -3, "lunch", false)));
  v1::CorrectInteractionRequest correct;
  correct.set_sequence(1);
  *correct.mutable_interaction() = ContentOf(Standing()[0]);
  correct.mutable_interaction()->add_promises()->set_text("send the book");
  ASSERT_TRUE(service_.CorrectInteraction(Call(), correct).ok());
  const State before = StateNow();
  const std::string id = Take(Calendar(Event("u1", -2, "lunch", false))).import_id();
  EXPECT_THAT(service_.ListPromises(Call(), {})->promises(), SizeIs(1));
  EXPECT_EQ(Undo(id)->restored(), 1);
  EXPECT_EQ(StateNow(), before);
  EXPECT_THAT(service_.ListPromises(Call(), {})->promises(), SizeIs(1));
}

TEST_F(InteractionUndoTest, WhatWasErasedInPartStaysAndTheImportKeepsNothingOfIt) {
  Take(Calendar(Event("u1", -3, "lunch", true)));
  const std::string id = Take(Calendar(Event("u1", -2, "lunch", true) + Event("u2", -2, "walk", false))).import_id();
  v1::EraseContactRequest erase;
  erase.set_contact_id(kBob);
  ASSERT_TRUE(service_.EraseContact(Call(), erase).ok());
  for (const ImportPart& part : Parts()) {
    for (const ImportPart::Entry& entry : part.entries) {
      if (!entry.before.has_value()) continue;
      EXPECT_THAT(entry.before->imported.contact_ids(), ElementsAre(kAnn));
      EXPECT_THAT(entry.before->attendees, SizeIs(1));
      EXPECT_EQ(entry.before->imported.note(), "");
    }
  }
  const auto undone = Undo(id);
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->kept(), 1);
  EXPECT_EQ(undone->retracted(), 1);
  EXPECT_TRUE(Verifies());
}

// Where the calendar has it moved to, or gone; and whichever calendar comes next settles it.
TEST_F(InteractionUndoTest, APlanThatAnImportMovedStaysAsItWasToldLast) {
  const std::string more = Event("u2", -1, "walk", false);
  const std::string soon = Calendar(Event("u1", 2, "lunch", false));
  for (const int day : {3, -1}) {
    owner_ = absl::StrCat("moved to ", day);
    Take(soon);
    const v1::ImportInteractionsResponse moved = Take(Calendar(Event("u1", day, "lunch", false) + more));
    const auto undone = Undo(moved.import_id());
    ASSERT_TRUE(undone.ok()) << undone.status();
    EXPECT_EQ(undone->retracted(), moved.created());
    EXPECT_EQ(undone->plans(), 0);
    EXPECT_THAT(Standing(), IsEmpty());
    if (day > 0) {
      EXPECT_THAT(PlannedDays(), ElementsAre(day));
    } else {
      EXPECT_THAT(PlannedDays(), IsEmpty());
    }
    Take(soon);
    EXPECT_THAT(PlannedDays(), ElementsAre(2));
  }
}

TEST_F(InteractionUndoTest, AMeetingThatAnImportPutOffIsAnEntryAgainAndNoPlan) {
  Take(Calendar(Event("u1", -1, "lunch", false)));
  const State before = StateNow();
  const v1::ImportInteractionsResponse moved = Take(Calendar(Event("u1", 2, "lunch", false)));
  EXPECT_EQ(moved.retracted(), 1);
  EXPECT_THAT(PlannedDays(), ElementsAre(2));
  const auto undone = Undo(moved.import_id());
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(undone->restored(), 1);
  EXPECT_EQ(undone->plans(), 1);
  EXPECT_EQ(StateNow(), before);
  EXPECT_THAT(PlannedDays(), IsEmpty());
}

TEST_F(InteractionUndoTest, WhatWritesNothingHasNoIdAndLeavesNoTrace) {
  const std::string file = Calendar(Event("u1", -3, "lunch", true) + Event("u2", 3, "walk", true));
  EXPECT_EQ(Take(file, /*dry_run=*/true).import_id(), "");
  EXPECT_THAT(Parts(), IsEmpty());
  const std::string id = Take(file).import_id();
  EXPECT_NE(id, "");
  const std::size_t parts = Parts().size();
  EXPECT_EQ(Take(file).import_id(), "");
  EXPECT_THAT(Parts(), SizeIs(parts));
}

TEST_F(InteractionUndoTest, TheLastTenOfNinetyDaysAndOnesOwnAlone) {
  std::vector<std::string> ids;
  for (int i = 0; i < 11; ++i) {
    ids.push_back(Take(Calendar(Event(absl::StrCat("e", i), -3, "lunch", false))).import_id());
  }
  const auto reason = [&](const std::string& id) { return base::ReasonOf(Undo(id).status()); };
  for (const std::string& id : {ids[0], std::string(), std::string("no id"), std::string(36, '0')}) {
    EXPECT_EQ(reason(id), common::v1::ERROR_REASON_IMPORT_NOT_FOUND) << id;
  }
  owner_ = "tom";
  EXPECT_EQ(reason(ids[5]), common::v1::ERROR_REASON_IMPORT_NOT_FOUND);
  owner_ = "rosa";
  EXPECT_TRUE(Undo(ids[1]).ok());
  clock_.Advance(90 * kDay - absl::Minutes(30));
  EXPECT_TRUE(Undo(ids[2]).ok());
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(reason(ids[10]), common::v1::ERROR_REASON_IMPORT_NOT_FOUND);
  Take(Calendar(Event("e4", -3, "lunch", false)));
  EXPECT_THAT(Parts(), IsEmpty()) << "the next import forgets those that are too old";
}

}  // namespace
}  // namespace council::ledger
