// A whole ledger from one owner's place to another.
#include "services/ledger/owner_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "council/common/v1/errors.pb.h"
#include "libs/audit/access_log.h"
#include "libs/base/clock.h"
#include "libs/base/owner_changes.h"
#include "libs/base/proto_time.h"
#include "libs/base/random.h"
#include "libs/rpc/streams_for_test.h"
#include "libs/seal/token.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/owner_import.h"
#include "services/ledger/sqlite_ledger_store.h"
#include "tests/support/temp_dir.h"

namespace council::ledger {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const absl::Time kNow = absl::FromUnixMicros(1'781'524'800'000'123);

// One service over SQLite whose owners stand for as many storages: nothing is shared between owners.
class Place {
 public:
  Place() {
    sql::SqliteOptions options;
    options.path = (directory_ / "ledger.db").string();
    auto store = SqliteLedgerStore::Open(options, seal::DevelopmentSharedKey(), random_);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    ledger_ = std::make_unique<Ledger>(*store_, clock_, random_);
    accesses_ = std::make_unique<audit::AccessLog>(*store_, clock_);
    service_ = std::make_unique<LedgerService>(*ledger_, changes_, *accesses_,
                                               seal::TokenCodec(seal::DevelopmentSharedKey(), std::string(32, 't')));
  }

  Ledger& ledger() { return *ledger_; }
  LedgerStore& store() { return *store_; }
  base::ManualClock& clock() { return clock_; }
  static base::Owner Owner(const std::string& subject) { return {"acme", subject}; }

  std::string Export(const std::string& subject) {
    v1::ExportOwnerRequest request;
    request.set_for_import(true);
    rpc::ChunkWriter<v1::ExportOwnerResponse> writer;
    const absl::Status status = service_->ExportOwner(rpc::CallContext::ForOwner(Owner(subject)), request, writer);
    EXPECT_TRUE(status.ok()) << status;
    return writer.text;
  }

  absl::StatusOr<v1::ImportOwnerResponse> Import(const std::string& subject, const std::string& lines,
                                                 bool dry_run = false) {
    auto reader = rpc::OwnerLines<v1::ImportOwnerRequest>(lines, dry_run);
    return service_->ImportOwner(rpc::CallContext::ForOwner(Owner(subject)), reader);
  }

  absl::StatusOr<Appended> Append(const std::string& subject, NewEntry entry) {
    std::vector<NewEntry> entries;
    entries.push_back(std::move(entry));
    return ledger_->AppendAndWait(Owner(subject), std::move(entries));
  }

  void PutPlan(const std::string& subject, const std::string& uid, absl::Time time, const std::string& contact) {
    v1::Plan plan;
    plan.add_contact_ids(contact);
    plan.set_event_uid(uid);
    plan.set_title("Lunch");
    *plan.mutable_start_time() = base::ToProto(time);
    const LedgerStore::EventPlans events[] = {{.uid = uid, .plans = {plan}}};
    EXPECT_TRUE(store_->ReplacePlans(Owner(subject), events, absl::InfinitePast()).ok());
  }

  Verification Verify(const std::string& subject) {
    auto verification = ledger_->Verify(Owner(subject), {}, 1, 0, "", [] { return false; });
    EXPECT_TRUE(verification.ok()) << verification.status();
    return *verification;
  }

 private:
  const test::TempDir directory_;
  base::SeededRandom random_{7};
  base::ManualClock clock_{kNow};
  std::unique_ptr<SqliteLedgerStore> store_;
  base::OwnerChanges changes_{{.poll_interval = absl::Hours(1)}, [](std::span<const base::Owner> owners) {
                                return std::vector<std::int64_t>(owners.size());
                              }};
  std::unique_ptr<audit::AccessLog> accesses_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<LedgerService> service_;
};

std::string ContactId(int number) {
  return absl::StrCat("0190a000-0000-7000-8000-00000000000", number);
}

// Between 0 and `below`.
int Pick(int below) {
  return *rc::gen::inRange(0, below);
}

v1::Interaction RandomContent(absl::Time now) {
  v1::Interaction content;
  const int first = Pick(4);
  content.add_contact_ids(ContactId(first));
  if (Pick(3) == 0) content.add_contact_ids(ContactId(first + 1 + Pick(3)));
  *content.mutable_occur_time() =
      base::ToProto(now - absl::Minutes(Pick(600'000)) + absl::Hours(Pick(20)) - absl::Microseconds(Pick(1'000'000)));
  if (Pick(2) == 0) content.set_energy(Pick(5) - 2);
  if (Pick(2) == 0) content.set_depth(static_cast<v1::InteractionDepth>(Pick(5)));
  if (Pick(2) == 0) content.set_note(Pick(2) == 0 ? "gr\xc3\xbc\xc3\x9f dich \"Tom\"\n" : "n");
  if (Pick(3) == 0) *content.mutable_duration() = base::ToProto(absl::Minutes(Pick(300)));
  if (Pick(3) == 0) {
    v1::Benefit& benefit = *content.add_benefits();
    benefit.set_direction(v1::BENEFIT_DIRECTION_RECEIVED);
    benefit.set_kind(v1::BENEFIT_KIND_INTRODUCTION);
    benefit.set_introduced_contact_id(ContactId(Pick(9)));
  }
  return content;
}

// A ledger as years make it: entries, retries, corrections of corrections, promises, imported events that change,
// plans, contacts who are erased.
void MakeRandomLedger(Place& place, const std::string& subject) {
  const base::Owner owner = Place::Owner(subject);
  const int steps = 5 + Pick(40);
  std::vector<std::string> open_promises;
  for (int i = 0; i < steps; ++i) {
    place.clock().Advance(absl::Microseconds(1 + Pick(2'000'000'000)));
    NewEntry entry;
    entry.content = RandomContent(place.clock().Now());
    switch (Pick(7)) {
      case 6: {
        const std::string contact = ContactId(Pick(7));
        RC_ASSERT(place.store().EraseContact(owner, {&contact, 1}, place.clock().Now()).ok());
        continue;
      }
      case 0:  // Some are corrected already, and are refused.
        (void)place.ledger().Correct(owner, 1 + Pick(i + 1), entry.content, Pick(2) == 0 ? absl::StrCat("c", i) : "",
                                     absl::InfiniteFuture());
        continue;
      case 1:
        (void)place.ledger().Correct(owner, 1 + Pick(i + 1), std::nullopt, "", absl::InfiniteFuture());
        continue;
      case 2: {
        EventChange change;
        change.record.uid = absl::StrCat("event", Pick(100'000));
        change.record.recurrence_id = Pick(2) == 0 ? "20260101" : "";
        change.record.imported = entry.content;
        change.record.attendees["a@example.com"] = entry.content.contact_ids(0);
        change.record.attendees["B@example.com"] = entry.content.contact_ids(0);
        entry.event = change;
        const auto appended = place.Append(subject, entry);
        if (!appended.ok() || Pick(2) == 0) continue;
        change.expected_sequence = appended->entries[0].sequence();
        change.record.withdrawn = true;
        NewEntry withdrawal = Ledger::CorrectionOf(appended->entries[0], std::nullopt, "");
        withdrawal.event = change;
        RC_ASSERT(place.Append(subject, std::move(withdrawal)).ok());
        continue;
      }
      case 3: {
        v1::Promise& promise = *entry.content.add_promises();
        promise.set_id(absl::StrCat("promise", i));
        promise.set_text("send the book");
        open_promises.push_back(promise.id());
        break;
      }
      case 4:
        if (!open_promises.empty()) {
          entry.content.add_closes_promises(open_promises.back());
          open_promises.pop_back();
        }
        entry.request_id = absl::StrCat("r", i);
        break;
      default:
        if (Pick(4) == 0) {
          place.PutPlan(subject, absl::StrCat("plan", i), place.clock().Now() + absl::Hours(Pick(500)), ContactId(1));
        }
        break;
    }
    // A promise may have gone with a correction: then it can't be closed.
    (void)place.Append(subject, std::move(entry));
  }
}

void AssertSameTies(Place& place, const std::string& a, const std::string& b) {
  TieQuery query;
  query.include_days = true;
  const auto of_a = place.ledger().Ties(Place::Owner(a), {}, query);
  const auto of_b = place.ledger().Ties(Place::Owner(b), {}, query);
  RC_ASSERT(of_a->ties.size() == of_b->ties.size());
  for (size_t i = 0; i < of_a->ties.size(); ++i) {
    const v1::Tie& left = of_a->ties[i];
    const v1::Tie& right = of_b->ties[i];
    RC_ASSERT(left.contact_id() == right.contact_id());
    RC_ASSERT(left.entries() == right.entries());
    RC_ASSERT(left.touches() == right.touches());
    RC_ASSERT(left.days_size() == right.days_size());
    RC_ASSERT(left.energy_sum() == right.energy_sum());
    RC_ASSERT(std::abs(left.conversations() - right.conversations()) < 1e-9);
    RC_ASSERT(std::abs(left.energizing() - right.energizing()) < 1e-9);
    RC_ASSERT(std::abs(left.introductions() - right.introductions()) < 1e-9);
  }
}

TEST(LedgerOwnerStateTest, AnyLedgerThatWasTakenOverIsTheSameToTheByteWhereverItWasInterrupted) {
  Place place;
  int round = 0;
  const auto property = [&] {
    const std::string from = absl::StrCat("from", ++round);
    const std::string to = absl::StrCat("to", round);
    MakeRandomLedger(place, from);
    const std::string lines = place.Export(from);
    const std::vector<std::string> records = absl::StrSplit(lines, '\n', absl::SkipEmpty());
    const auto checked = place.Import(to, lines, true);
    RC_ASSERT(checked.ok());
    RC_ASSERT(place.Verify(to).entries == 0);

    // What an interruption leaves is what the records up to it say.
    OwnerImport interrupted(place.ledger(), Place::Owner(to), absl::InfiniteFuture(), false);
    const size_t until = static_cast<size_t>(Pick(static_cast<int>(records.size()) + 1));
    for (size_t i = 0; i < until; ++i) {
      v1::OwnerStateRecord record;
      RC_ASSERT(base::FromJsonLine(records[i], record).ok());
      RC_ASSERT(interrupted.Take(record).ok());
    }
    if (until > 0 && until < records.size() && !absl::StartsWith(records[until], "{\"plan\"")) {
      RC_ASSERT(interrupted.Finish().ok());
    }

    const auto imported = place.Import(to, lines);
    RC_ASSERT(imported.ok());
    RC_ASSERT(imported->imported() + imported->unchanged() == static_cast<std::int64_t>(records.size()) - 1);
    RC_ASSERT(place.Export(to) == lines);
    RC_ASSERT(place.Import(to, lines)->imported() == 0);
    const Verification verification = place.Verify(to);
    RC_ASSERT(verification.verified);
    RC_ASSERT(verification.head_hash == place.Verify(from).head_hash);
    AssertSameTies(place, from, to);
    const auto promises = [&](const std::string& subject) {
      std::vector<std::string> all;
      const auto rows = place.ledger().Promises(Place::Owner(subject), {}, "", true);
      for (const PromiseRow& row : *rows) {
        all.push_back(absl::StrCat(row.promise.id(), " ", row.opened_by, " ", row.closed_by));
      }
      return all;
    };
    RC_ASSERT(promises(from) == promises(to));
    // Both go on, each by itself; the file is still among what is there.
    NewEntry next;
    next.content = RandomContent(place.clock().Now());
    RC_ASSERT(place.Append(to, next).ok());
    RC_ASSERT(place.Import(to, lines).ok() == (records.size() > 1 && verification.entries > 0));
  };
  EXPECT_TRUE(rc::check("export, import, export", property));
}

class SmallLedgerTest : public ::testing::Test {
 protected:
  SmallLedgerTest() {
    NewEntry first;
    first.content.add_contact_ids(ContactId(1));
    first.content.set_note("first");
    first.request_id = "request";
    EXPECT_TRUE(place_.Append("anna", first).ok());
    NewEntry second = first;
    second.request_id.clear();
    second.content.set_note("second");
    second.content.add_promises()->set_text("send the book");
    second.event.emplace().record.uid = "uid";
    second.event->record.imported = first.content;
    EXPECT_TRUE(place_.Append("anna", second).ok());
    v1::Interaction corrected = first.content;
    corrected.set_note("corrected");
    EXPECT_TRUE(place_.ledger().Correct(Place::Owner("anna"), 1, corrected, "", absl::InfiniteFuture()).ok());
    place_.PutPlan("anna", "plan", kNow + absl::Hours(30), ContactId(2));
    lines_ = place_.Export("anna");
    records_ = absl::StrSplit(lines_, '\n', absl::SkipEmpty());
    EXPECT_EQ(records_.size(), 5u);
  }

  // The field that is wrong where the records are as `change` leaves them.
  template <typename Change>
  std::string Wrong(Change change) {
    std::vector<std::string> records = records_;
    change(records);
    const absl::Status status = place_.Import("tom", absl::StrJoin(records, "\n") + "\n", true).status();
    EXPECT_EQ(place_.Import("tom", absl::StrJoin(records, "\n") + "\n", true).status(), status);
    const google::rpc::BadRequest bad = base::BadRequestOf(status);
    return bad.field_violations().empty() ? status.ToString() : bad.field_violations(0).field();
  }

  // The same with one text of one record replaced.
  std::string WrongWith(size_t record, const std::string& from, const std::string& to) {
    return Wrong([&](std::vector<std::string>& records) {
      EXPECT_THAT(records[record], HasSubstr(from));
      records[record] = absl::StrReplaceAll(records[record], {{from, to}});
    });
  }

  Place place_;
  std::string lines_;
  std::vector<std::string> records_;
};

TEST_F(SmallLedgerTest, ADamagedLedgerIsRefusedByTheRecordAndTheReason) {
  using Records = std::vector<std::string>;
  EXPECT_EQ(Wrong([](Records&) {}), "OK");
  EXPECT_EQ(Wrong([](Records& all) { all.erase(all.begin()); }), "records[0]");
  EXPECT_EQ(Wrong([](Records& all) { all.erase(all.begin() + 2); }), "records[2].entry.interaction.sequence");
  EXPECT_EQ(Wrong([](Records& all) { all.erase(all.begin() + 3, all.end()); }), "records[3]");
  EXPECT_EQ(Wrong([](Records& all) { all.pop_back(); }), "records[4]");
  EXPECT_EQ(Wrong([](Records& all) { all.push_back(all.back()); }), "records[5].plan");
  EXPECT_EQ(Wrong([](Records& all) { std::swap(all[3], all[4]); }), "records[4]");
  EXPECT_EQ(Wrong([](Records& all) { all[2] = "{\"entry\":"; }), "records[2]");
  EXPECT_EQ(WrongWith(0, "\"version\":1", "\"version\":2"), "records[0].start.version");
  EXPECT_EQ(WrongWith(2, "\"note\":\"second\"", "\"note\":\"edited\""), "records[2].entry.interaction");
  EXPECT_EQ(WrongWith(2, "send the book", "send a book"), "records[2].entry.interaction");
  EXPECT_EQ(WrongWith(1, ContactId(1), ContactId(3)), "records[1].entry.interaction");
  EXPECT_EQ(WrongWith(1, ContactId(1), "rosa"), "records[1].entry.interaction.contact_ids[0]");
  EXPECT_EQ(WrongWith(1, "\"correctedBy\":\"3\"", "\"correctedBy\":\"0\""), "records[3].entry.interaction");
  EXPECT_EQ(WrongWith(2, "\"previousHash\":\"", "\"previousHash\":\"AAAA"),
            "records[2].entry.interaction.previous_hash");
  EXPECT_EQ(WrongWith(1, "\"requestDigest\":\"", "\"requestDigest\":\"AAAA"), "records[1].entry.request_digest");
  EXPECT_EQ(WrongWith(2, "\"uid\":\"uid\"", "\"uid\":\"\""), "records[2].entry.event.uid");
  EXPECT_EQ(WrongWith(4, ContactId(2), "../etc"), "records[4].plan.contact_ids[0]");
  EXPECT_EQ(place_.Verify("tom").entries, 0);
}

TEST_F(SmallLedgerTest, AForgedEndOrLengthOfTheChainIsRefused) {
  const std::vector<std::string> parts = absl::StrSplit(records_[0], "\"headHash\":\"");
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(WrongWith(0, parts[1].substr(0, 4), "AAAA"), "records[0].start.head_hash");
  EXPECT_EQ(WrongWith(0, "\"entries\":\"3\"", "\"entries\":\"4\""), "records[5]");
  EXPECT_EQ(WrongWith(0, "\"entries\":\"3\"", "\"entries\":\"2\""), "records[3]");
}

TEST_F(SmallLedgerTest, RandomBytesAreRefusedOrHarmless) {
  const auto property = [&] {
    std::string damaged = lines_;
    const int changes = 1 + Pick(3);
    for (int i = 0; i < changes; ++i) {
      damaged[*rc::gen::inRange<size_t>(0, damaged.size())] = static_cast<char>(*rc::gen::inRange(0, 256));
    }
    const auto checked = place_.Import("tom", damaged, true);
    RC_ASSERT(checked.ok() || checked.status().code() == absl::StatusCode::kInvalidArgument);
  };
  EXPECT_TRUE(rc::check("a damaged ledger is refused with INVALID_ARGUMENT", property));
}

TEST_F(SmallLedgerTest, WhoHasAnotherLedgerKeepsIt) {
  NewEntry own;
  own.content.add_contact_ids(ContactId(4));
  ASSERT_TRUE(place_.Append("tom", own).ok());
  for (const bool dry_run : {true, false}) {
    const absl::Status refused = place_.Import("tom", lines_, dry_run).status();
    EXPECT_EQ(base::ReasonOf(refused), common::v1::ERROR_REASON_STATE_NOT_EMPTY);
    EXPECT_THAT(std::string(refused.message()), HasSubstr("1 entry and 0 plans"));
  }
  place_.PutPlan("eve", "other", kNow, ContactId(1));
  EXPECT_EQ(base::ReasonOf(place_.Import("eve", lines_).status()), common::v1::ERROR_REASON_STATE_NOT_EMPTY);
  EXPECT_EQ(place_.Verify("tom").entries, 1);
  EXPECT_EQ(place_.Verify("eve").entries, 0);
}

TEST_F(SmallLedgerTest, ARetriedRequestAndALaterImportFindWhatTheyBroughtBefore) {
  ASSERT_TRUE(place_.Import("tom", lines_).ok());
  NewEntry retried;
  retried.content.add_contact_ids(ContactId(1));
  retried.content.set_note("first");
  retried.request_id = "request";
  EXPECT_EQ(place_.Append("tom", retried)->entries[0].sequence(), 1);
  ASSERT_TRUE(place_.ledger()
                  .Read(Place::Owner("tom"), {},
                        [](LedgerReader& reader) {
                          const auto events = reader.Events("uid");
                          EXPECT_EQ(events->at(0).sequence, 2);
                          return events.status();
                        })
                  .ok());
}

TEST_F(SmallLedgerTest, ALedgerOfPlansAloneGoesTheSameWay) {
  place_.PutPlan("eve", "plan", kNow, ContactId(1));
  const std::string lines = place_.Export("eve");
  EXPECT_THAT(lines, StartsWith("{\"start\":{\"version\":1,\"plans\":\"1\"}}\n"));
  ASSERT_TRUE(place_.Import("tom", lines).ok());
  EXPECT_EQ(place_.Export("tom"), lines);
  EXPECT_EQ(place_.Import("tom", lines)->imported(), 0);
}

}  // namespace
}  // namespace council::ledger
