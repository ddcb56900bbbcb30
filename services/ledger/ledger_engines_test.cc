// Both engines keep the same ledger, whatever its history.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "services/ledger/ledger_store_under_test.h"

namespace council::ledger {
namespace {

const std::vector<std::string> kContacts = {kAnn, kBob, "0190a000-0000-7000-8000-000000000003"};

// A ledger with clock and chance of its own, so that two of them that are done the same to come out the same.
class Subject {
 public:
  Subject(const test::TestStorage& storage, base::Owner owner)
      : owner_(std::move(owner)), store_(OpenStore(storage, random_)), ledger_(*store_, clock_, entry_random_) {}

  const base::Owner& owner() const { return owner_; }
  base::ManualClock& clock() { return clock_; }
  Ledger& ledger() { return ledger_; }
  SqlLedgerStore& store() { return *store_; }

  // All that can be read of the owner.
  std::string Dump() {
    std::string text;
    const auto add = [&text](absl::string_view kind, const google::protobuf::Message& message) {
      absl::StrAppend(&text, kind, " ", message.ShortDebugString(), "\n");
    };
    const absl::Status read = ledger_.Read(owner_, {}, [&](LedgerReader& reader) -> absl::Status {
      const LedgerState& state = reader.state();
      absl::StrAppend(&text, "state ", absl::BytesToHexString(state.chain_id), " ", state.head_sequence, " ",
                      state.revision, "\n");
      COUNCIL_RETURN_IF_ERROR(reader.ForEachEntry(1, [&](std::int64_t sequence, const absl::StatusOr<EntryRow>& row) {
        absl::StrAppend(&text, sequence, " at ", row->revision, " by ", row->request_id, " ");
        add("entry", row->entry);
        for (const std::string& salt : row->salts) absl::StrAppend(&text, absl::BytesToHexString(salt), "\n");
        for (const std::string& erased : row->erased) absl::StrAppend(&text, absl::BytesToHexString(erased), "\n");
        return true;
      }));
      COUNCIL_RETURN_IF_ERROR(reader.ForEachUpcoming([&](const v1::Interaction& entry) {
        absl::StrAppend(&text, "upcoming ", entry.sequence(), "\n");
        return true;
      }));
      return reader.ForEachEvent([&](const EventRecord& event) {
        absl::StrAppend(&text, "event ", event.uid, " ", event.recurrence_id, " ", event.sequence,
                        event.withdrawn ? " withdrawn\n" : "\n");
        return true;
      });
    });
    EXPECT_TRUE(read.ok()) << read;
    TieQuery ties;
    ties.include_days = true;
    const TiePage tie_page = ledger_.Ties(owner_, {}, ties).value();
    for (const v1::Tie& tie : tie_page.ties) add("tie", tie);
    const std::vector<PromiseRow> promises = ledger_.Promises(owner_, {}, "", true).value();
    for (const PromiseRow& row : promises) {
      absl::StrAppend(&text, row.opened_by, "-", row.closed_by, " ");
      add("promise", row.promise);
    }
    const std::vector<v1::Plan> plans =
        ledger_.Plans(owner_, {}, absl::InfinitePast(), absl::InfiniteFuture(), "").value();
    for (const v1::Plan& plan : plans) add("plan", plan);
    EntryQuery list;
    list.contact_ids = {kAnn, kBob};
    const EntryPage page = ledger_.List(owner_, {}, list).value();
    for (const v1::Interaction& entry : page.entries) {
      absl::StrAppend(&text, "listed ", entry.sequence(), "\n");
    }
    return text;
  }

 private:
  const base::Owner owner_;
  base::SeededRandom random_{7};
  base::SeededRandom entry_random_{8};
  base::ManualClock clock_{kNoon};
  std::unique_ptr<SqlLedgerStore> store_;
  Ledger ledger_;
};

using Operation = std::function<std::string(Subject&)>;

std::string OutcomeOf(const absl::StatusOr<Appended>& appended) {
  return appended.ok() ? absl::StrCat("revision ", appended->revision) : std::string(appended.status().message());
}

std::string Append(Subject& subject, std::vector<NewEntry> entries) {
  return OutcomeOf(subject.ledger().AppendAndWait(subject.owner(), std::move(entries)));
}

NewEntry AnyEntry() {
  NewEntry entry;
  const int named = *rc::gen::inRange(1, 8);
  for (std::size_t i = 0; i < kContacts.size(); ++i) {
    if ((named >> i & 1) != 0) entry.content.add_contact_ids(kContacts[i]);
  }
  entry.content.set_note(*rc::gen::element<std::string>("", "note", "another note"));
  entry.content.set_depth(static_cast<v1::InteractionDepth>(*rc::gen::inRange(0, 3)));
  *entry.content.mutable_occur_time() = base::ToProto(kNoon + absl::Hours(*rc::gen::inRange(-200, 24)));
  if (*rc::gen::inRange(0, 4) == 0) entry.request_id = absl::StrCat("request ", *rc::gen::inRange(0, 5));
  if (*rc::gen::inRange(0, 4) == 0) {
    v1::Promise& promise = *entry.content.add_promises();
    promise.set_id(absl::StrCat("promise ", *rc::gen::inRange(0, 4)));
    promise.set_text("text");
  }
  if (*rc::gen::inRange(0, 5) == 0)
    entry.content.add_closes_promises(absl::StrCat("promise ", *rc::gen::inRange(0, 4)));
  if (*rc::gen::inRange(0, 5) == 0) {
    entry.event.emplace();
    entry.event->record.uid = absl::StrCat("event ", *rc::gen::inRange(0, 3));
    entry.event->expected_sequence = *rc::gen::inRange(0, 4);
    if (*rc::gen::inRange(0, 2) == 0) {
      EventRecord& former = entry.event->moved_from.emplace();
      former.uid = absl::StrCat("event ", *rc::gen::inRange(0, 3));
      former.sequence = *rc::gen::inRange(1, 4);
    }
  }
  return entry;
}

Operation AnyOperation() {
  switch (*rc::gen::inRange(0, 9)) {
    case 8: {
      const std::vector<std::string> contact = {kContacts[*rc::gen::inRange<std::size_t>(0, kContacts.size())]};
      return [=](Subject& subject) {
        const auto erased = subject.store().EraseContact(subject.owner(), contact, subject.clock().Now()).value();
        return absl::StrCat("revision ", erased.revision, " entries ", erased.entries);
      };
    }
    case 0: {
      const std::int64_t corrects = *rc::gen::inRange(1, 15);
      std::optional<v1::Interaction> content;
      if (*rc::gen::arbitrary<bool>()) content = AnyEntry().content;
      return [=](Subject& subject) {
        return OutcomeOf(subject.ledger().Correct(subject.owner(), corrects, content, "", absl::InfiniteFuture()));
      };
    }
    case 1: {
      const absl::Duration time = absl::Hours(*rc::gen::inRange(1, 10));
      return [=](Subject& subject) {
        subject.clock().Advance(time);
        return std::string();
      };
    }
    case 2: {
      v1::Plan plan;
      plan.set_recurrence_id(absl::StrCat(*rc::gen::inRange(0, 3)));
      *plan.mutable_start_time() = base::ToProto(kNoon + absl::Hours(*rc::gen::inRange(-24, 48)));
      const bool complete = *rc::gen::arbitrary<bool>();
      return [=](Subject& subject) {
        const LedgerStore::EventPlans events[] = {{.uid = "event", .plans = {plan}, .complete = complete}};
        return absl::StrCat(subject.store().ReplacePlans(subject.owner(), events, kNoon - absl::Hours(24)).value());
      };
    }
    default: {
      std::vector<NewEntry> entries;
      const int count = *rc::gen::inRange(1, 4);
      for (int i = 0; i < count; ++i) entries.push_back(AnyEntry());
      return [=](Subject& subject) { return Append(subject, entries); };
    }
  }
}

RC_GTEST_PROP(LedgerEngines, TheSameHistoryIsTheSameLedger, ()) {
  // A database for all histories, and an owner for each.
  static const auto sqlite_storage = test::NewSqliteStorage(StorageSchema());
  static const auto postgres_storage = test::NewPostgresStorage(StorageSchema());
  static int histories = 0;
  const base::Owner owner{"acme", absl::StrCat(++histories)};
  Subject sqlite(*sqlite_storage, owner);
  Subject postgres(*postgres_storage, owner);
  const int operations = *rc::gen::inRange(1, 25);
  for (int i = 0; i < operations; ++i) {
    const Operation operation = AnyOperation();
    const std::string outcome = operation(sqlite);
    const std::string same = operation(postgres);
    RC_ASSERT(outcome == same);
  }
  const std::string kept = sqlite.Dump();
  const std::string same = postgres.Dump();
  RC_ASSERT(kept == same);
}

}  // namespace
}  // namespace council::ledger
