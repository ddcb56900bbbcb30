#include "services/ledger/ledger_service.h"
#include "services/ledger/service_for_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "council/common/v1/errors.pb.h"
#include "google/rpc/error_details.pb.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/exports/exports_for_test.h"

namespace council::ledger {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

template <typename Response>
class VectorWriter final : public rpc::Writer<Response> {
 public:
  bool Write(const Response& response) override {
    written.push_back(response);
    return true;
  }
  std::vector<Response> written;
};

std::vector<std::string> ViolatedFields(const absl::Status& status) {
  std::vector<std::string> fields;
  const google::rpc::BadRequest bad_request = base::BadRequestOf(status);
  for (const auto& violation : bad_request.field_violations()) fields.push_back(violation.field());
  return fields;
}

class LedgerServiceTest : public ServiceTest {
 protected:
  static rpc::CallContext Call(const std::string& method = "Test", const std::string& subject = "rosa") {
    return rpc::CallContext::ForOwner({"acme", subject}, method);
  }

  absl::StatusOr<v1::AppendInteractionResponse> Append(const v1::AppendInteractionRequest& request) {
    std::promise<absl::StatusOr<v1::AppendInteractionResponse>> result;
    service_.AppendInteraction(
        std::make_shared<rpc::CallContext>(Call()), request,
        [&](absl::StatusOr<v1::AppendInteractionResponse> response) { result.set_value(std::move(response)); });
    return result.get_future().get();
  }

  static v1::AppendInteractionRequest Talk(const std::string& contact_id, const std::string& note = "") {
    v1::AppendInteractionRequest request;
    request.mutable_interaction()->add_contact_ids(contact_id);
    request.mutable_interaction()->set_note(note);
    return request;
  }

  v1::ImportInteractionsResponse Import(const std::string& text,
                                        v1::InteractionFormat format = v1::INTERACTION_FORMAT_ICALENDAR,
                                        bool know_bob = false, bool dry_run = false) {
    v1::ImportInteractionsOptions options;
    options.set_format(format);
    options.add_own_emails("Me@x.org");
    options.set_dry_run(dry_run);
    AddPerson("Ann@x.org", kAnn, options);
    if (know_bob) AddPerson("bob@x.org", kBob, options);
    return ImportWith(options, text);
  }

  v1::ImportInteractionsResponse ImportWith(const v1::ImportInteractionsOptions& options, const std::string& text) {
    return ImportFile(Call(), options, text);
  }

  std::vector<v1::Interaction> Listed(bool include_corrected = false) {
    return Entries(Call("ListInteractions"), include_corrected);
  }
};

std::string Meeting(const std::string& lines, const std::string& uid = "u") {
  return absl::StrCat("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:", uid,
                      "\r\nATTENDEE:mailto:ann@x.org\r\nATTENDEE;CN=Bob:mailto:bob@x.org\r\n", lines,
                      "END:VEVENT\r\nEND:VCALENDAR\r\n");
}

TEST_F(LedgerServiceTest, AnEntryIsAnsweredWithAllThatTheServiceGives) {
  const auto response = Append(Talk(kAnn, "note"));
  ASSERT_TRUE(response.ok()) << response.status();
  const v1::Interaction& entry = response->interaction();
  EXPECT_EQ(entry.sequence(), 1);
  EXPECT_EQ(entry.kind(), v1::INTERACTION_KIND_INTERACTION);
  EXPECT_EQ(base::FromProto(entry.occur_time()), kNow);
  EXPECT_EQ(base::FromProto(entry.record_time()), kNow);
  EXPECT_THAT(entry.hash(), SizeIs(32));
  EXPECT_EQ(entry.previous_hash(), std::string(32, '\0'));
  EXPECT_FALSE(response->token().empty());
}

TEST_F(LedgerServiceTest, EveryWrongFieldIsNamed) {
  v1::AppendInteractionRequest request;
  v1::Interaction& entry = *request.mutable_interaction();
  entry.set_sequence(3);
  entry.add_contact_ids("ann@x.org");
  *entry.mutable_occur_time() = base::ToProto(kNow + absl::Hours(25));
  entry.set_energy(3);
  entry.set_note(std::string(4001, 'x'));
  entry.add_benefits()->set_weight(6);
  entry.add_promises()->set_due_day("tomorrow");
  entry.add_domains(common::v1::LIFE_DOMAIN_UNSPECIFIED);
  *entry.mutable_duration() = base::ToProto(absl::Hours(-1));
  request.set_request_id(std::string(129, 'x'));
  const absl::Status status = Append(request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const std::vector<std::string> fields = ViolatedFields(status);
  for (const char* field :
       {"interaction.sequence", "interaction.contact_ids[0]", "interaction.occur_time", "interaction.energy",
        "interaction.note", "interaction.benefits[0].direction", "interaction.benefits[0].kind",
        "interaction.benefits[0].weight", "interaction.promises[0].text", "interaction.promises[0].due_day",
        "interaction.domains[0]", "interaction.duration", "request_id"}) {
    EXPECT_THAT(fields, Contains(field));
  }
}

TEST_F(LedgerServiceTest, TheServicesOwnRequestIdsAreNoCallers) {
  for (const char* request_id : {"undo 1", "confirmed 1"}) {
    v1::AppendInteractionRequest request = Talk(kAnn);
    request.set_request_id(request_id);
    EXPECT_THAT(ViolatedFields(Append(request).status()), Contains("request_id")) << request_id;
  }
  v1::AppendInteractionRequest request = Talk(kAnn);
  request.set_request_id("undoing");
  EXPECT_TRUE(Append(request).ok());
}

TEST_F(LedgerServiceTest, ListsOfMillionsAreRefusedByTheirLength) {
  v1::AppendInteractionRequest request = Talk(kAnn);
  for (int i = 0; i < 4'000'000; ++i) request.mutable_interaction()->add_domains(common::v1::LIFE_DOMAIN_CAREER);
  EXPECT_THAT(ViolatedFields(Append(request).status()), Contains("interaction.domains"));
}

TEST_F(LedgerServiceTest, PagesEndBeforeAnAnswerIsLargerThanGrpcTakes) {
  constexpr int kEntries = 300;
  for (int i = 0; i < kEntries; ++i) {
    std::string note;
    while (note.size() < 16'000) note += "\U0001F331";
    ASSERT_TRUE(Append(Talk(kAnn, note)).ok());
  }
  v1::ListInteractionsRequest request;
  request.set_page_size(1000);
  int entries = 0;
  do {
    const auto page = service_.ListInteractions(Call(), request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LT(page->ByteSizeLong(), 4u << 20);
    entries += page->interactions_size();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(entries, kEntries);
  VectorWriter<v1::ExportLedgerResponse> exported;
  ASSERT_TRUE(service_.ExportLedger(Call(), v1::ExportLedgerRequest(), exported).ok());
  for (const auto& message : exported.written) EXPECT_LT(message.ByteSizeLong(), 4u << 20);
}

TEST_F(LedgerServiceTest, PagesFollowEachOtherAndTheirTokensAreTiedToOwnerMethodAndFilter) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Append(Talk(kAnn)).ok());
  v1::ListInteractionsRequest request;
  request.set_page_size(2);
  std::vector<std::int64_t> sequences;
  std::string first_token;
  do {
    const auto page = service_.ListInteractions(Call("ListInteractions"), request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& entry : page->interactions()) sequences.push_back(entry.sequence());
    request.set_page_token(page->next_page_token());
    if (first_token.empty()) first_token = page->next_page_token();
  } while (!request.page_token().empty());
  EXPECT_THAT(sequences, ElementsAre(5, 4, 3, 2, 1));

  request.set_page_token(first_token);
  EXPECT_EQ(base::ReasonOf(service_.ListInteractions(Call("ListInteractions", "tom"), request).status()),
            common::v1::ERROR_REASON_INVALID_TOKEN);
  request.set_contact_id(kAnn);
  EXPECT_EQ(base::ReasonOf(service_.ListInteractions(Call("ListInteractions"), request).status()),
            common::v1::ERROR_REASON_INVALID_TOKEN);
  v1::ListTiesRequest ties;
  ties.set_page_token(first_token);
  EXPECT_EQ(base::ReasonOf(service_.ListTies(Call("ListTies"), ties).status()), common::v1::ERROR_REASON_INVALID_TOKEN);
}

TEST_F(LedgerServiceTest, APageOfTiesOfAnotherRevisionIsAborted) {
  ASSERT_TRUE(Append(Talk(kAnn)).ok());
  ASSERT_TRUE(Append(Talk(kBob)).ok());
  v1::ListTiesRequest request;
  request.set_page_size(1);
  const auto first = service_.ListTies(Call("ListTies"), request);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->revision(), 2);
  request.set_page_token(first->next_page_token());
  const auto second = service_.ListTies(Call("ListTies"), request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->ties(0).contact_id(), kBob);
  EXPECT_TRUE(second->next_page_token().empty());
  ASSERT_TRUE(Append(Talk(kAnn)).ok());
  EXPECT_EQ(base::ReasonOf(service_.ListTies(Call("ListTies"), request).status()),
            common::v1::ERROR_REASON_PAGE_EXPIRED);
}

TEST_F(LedgerServiceTest, TokensOfAnotherOwnerAreRefused) {
  const std::string token = Append(Talk(kAnn))->token();
  v1::GetRevisionRequest request;
  request.add_at_least_as_fresh(token);
  EXPECT_EQ(service_.GetRevision(Call("GetRevision"), request)->revision(), 1);
  EXPECT_EQ(base::ReasonOf(service_.GetRevision(Call("GetRevision", "tom"), request).status()),
            common::v1::ERROR_REASON_INVALID_TOKEN);
}

TEST_F(LedgerServiceTest, AnExportVerifiesElsewhere) {
  ASSERT_TRUE(Append(Talk(kAnn, "one")).ok());
  ASSERT_TRUE(Append(Talk(kBob, "two")).ok());
  VectorWriter<v1::ExportLedgerResponse> writer;
  ASSERT_TRUE(service_.ExportLedger(Call(), {}, writer).ok());
  ASSERT_THAT(writer.written, SizeIs(1));
  EXPECT_THAT(writer.written[0].chain_id(), SizeIs(16));
  ASSERT_EQ(writer.written[0].entries_size(), 2);
  EXPECT_EQ(writer.written[0].entries(0).commitments_size(), 3);
  EXPECT_EQ(writer.written[0].entries(0).salts_size(), 3);

  v1::VerifyLedgerRequest request;
  request.set_expected_sequence(2);
  request.set_expected_hash(writer.written[0].entries(1).interaction().hash());
  EXPECT_TRUE(service_.VerifyLedger(Call(), request)->verified());
  request.set_expected_hash(std::string(32, 'x'));
  EXPECT_EQ(service_.VerifyLedger(Call(), request)->first_broken_sequence(), 2);
  request.set_expected_sequence(3);
  EXPECT_FALSE(service_.VerifyLedger(Call(), request)->verified());
}

TEST_F(LedgerServiceTest, ExportOwnerIsJsonLines) {
  ASSERT_TRUE(Append(Talk(kAnn, "one")).ok());
  VectorWriter<v1::ExportOwnerResponse> writer;
  ASSERT_TRUE(service_.ExportOwner(Call(), {}, writer).ok());
  ASSERT_THAT(writer.written, SizeIs(1));
  EXPECT_THAT(writer.written[0].chunk(), ::testing::HasSubstr("\"note\":\"one\""));
  EXPECT_EQ(writer.written[0].chunk().back(), '\n');
}

TEST_F(LedgerServiceTest, WhatIsKeptOfImportsIsExportedWithTheRest) {
  Import(Meeting("DTSTART:20260601T090000Z\r\nSUMMARY:Talk\r\n"));
  Import(Meeting("DTSTART:20260601T090000Z\r\nSUMMARY:Walk\r\n"));
  VectorWriter<v1::ExportOwnerResponse> writer;
  ASSERT_TRUE(service_.ExportOwner(Call(), {}, writer).ok());
  ASSERT_THAT(writer.written, SizeIs(1));
  const std::string& lines = writer.written[0].chunk();
  EXPECT_THAT(lines, ::testing::HasSubstr("{\"event\":{\"uid\":"));
  EXPECT_THAT(lines, ::testing::HasSubstr("{\"import\":{\"id\":"));
  EXPECT_THAT(lines, ::testing::HasSubstr("{\"eventBefore\":{\"uid\":")) << "the second import changed it";
}

TEST_F(LedgerServiceTest, ErasureAsksForItsWords) {
  EXPECT_EQ(service_.EraseOwner(Call(), {}).status().code(), absl::StatusCode::kInvalidArgument);
  v1::EraseOwnerRequest request;
  request.set_confirmation("erase all my data");
  ASSERT_TRUE(Append(Talk(kAnn)).ok());
  EXPECT_TRUE(service_.EraseOwner(Call(), request).ok());
  EXPECT_EQ(base::ReasonOf(Append(Talk(kAnn)).status()), common::v1::ERROR_REASON_OWNER_ERASED);
}

TEST_F(LedgerServiceTest, TheSameCalendarTwiceImportsNothingTwice) {
  const std::string text =
      Meeting("DTSTART:20260601T090000Z\r\nDTEND:20260601T100000Z\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:Talk\r\n");
  const auto first = Import(text);
  EXPECT_EQ(first.created(), 3);  // 1, 8 and 15 June.
  EXPECT_EQ(first.plans(), 12);
  ASSERT_EQ(first.unknown_attendees_size(), 1);
  EXPECT_EQ(first.unknown_attendees(0).email(), "bob@x.org");
  EXPECT_EQ(first.unknown_attendees(0).meetings(), 3);
  const std::int64_t revision = *ledger_.Revision({"acme", "rosa"}, {});
  const auto second = Import(text);
  EXPECT_EQ(second.created(), 0);
  EXPECT_EQ(second.unchanged(), 3);
  EXPECT_EQ(*ledger_.Revision({"acme", "rosa"}, {}), revision);
  const auto plans = service_.ListPlans(Call("ListPlans"), {});
  ASSERT_TRUE(plans.ok());
  EXPECT_EQ(plans->plans_size(), 12);
  EXPECT_EQ(plans->plans(0).title(), "Talk");
}

TEST_F(LedgerServiceTest, AMovedEventIsACorrectionAndACancelledOneARetraction) {
  Import(Meeting("DTSTART:20260601T090000Z\r\nSUMMARY:Talk\r\n"));
  const auto moved = Import(Meeting("DTSTART:20260602T090000Z\r\nSUMMARY:Walk\r\n"));
  EXPECT_EQ(moved.corrected(), 1);
  ASSERT_THAT(Listed(), SizeIs(1));
  EXPECT_EQ(Listed()[0].note(), "Walk");
  EXPECT_EQ(Listed()[0].corrects(), 1);
  EXPECT_EQ(Listed()[0].kind(), v1::INTERACTION_KIND_CORRECTION);

  EXPECT_EQ(Import(Meeting("DTSTART:20260602T090000Z\r\nSTATUS:CANCELLED\r\n")).retracted(), 1);
  EXPECT_THAT(Listed(), IsEmpty());
  EXPECT_EQ(Import(Meeting("DTSTART:20260602T090000Z\r\nSTATUS:CANCELLED\r\n")).retracted(), 0);
  EXPECT_EQ(Import(Meeting("DTSTART:20260602T090000Z\r\nSUMMARY:Walk\r\n")).created(), 1);
  // Put off to next week: it did not happen, and is planned.
  const auto put_off = Import(Meeting("DTSTART:20260622T090000Z\r\nSUMMARY:Walk\r\n"));
  EXPECT_EQ(put_off.retracted(), 1);
  EXPECT_EQ(put_off.plans(), 1);
}

TEST_F(LedgerServiceTest, ANewlyKnownAttendeeJoinsAndOneWhoLosesTheirAddressStays) {
  const std::string text = Meeting("DTSTART:20260601T090000Z\r\n");
  Import(text);
  EXPECT_EQ(Import(text, v1::INTERACTION_FORMAT_ICALENDAR, /*know_bob=*/true).corrected(), 1);
  EXPECT_THAT(Listed()[0].contact_ids(), ElementsAre(kAnn, kBob));
  EXPECT_EQ(Import(text).unchanged(), 1);
}

TEST_F(LedgerServiceTest, WhatTheOwnerChangedInAnImportedEntryStays) {
  Import(Meeting("DTSTART:20260601T090000Z\r\nSUMMARY:Talk\r\n"));
  v1::CorrectInteractionRequest correct;
  correct.set_sequence(1);
  v1::Interaction& content = *correct.mutable_interaction();
  content.add_contact_ids(kAnn);
  content.set_depth(v1::INTERACTION_DEPTH_COUNSEL);
  content.set_note("what we said");
  ASSERT_TRUE(service_.CorrectInteraction(Call(), correct).ok());
  Import(Meeting("DTSTART:20260602T090000Z\r\nSUMMARY:Talk\r\n"));
  ASSERT_THAT(Listed(), SizeIs(1));
  EXPECT_EQ(Listed()[0].depth(), v1::INTERACTION_DEPTH_COUNSEL);
  EXPECT_EQ(Listed()[0].note(), "what we said");
  EXPECT_EQ(Listed()[0].occur_time().seconds(), absl::ToUnixSeconds(kNow) - 13 * 86400 - 3 * 3600);

  v1::CorrectInteractionRequest retract;
  retract.set_sequence(Listed()[0].sequence());
  retract.set_retract(true);
  ASSERT_TRUE(service_.CorrectInteraction(Call(), retract).ok());
  Import(Meeting("DTSTART:20260603T090000Z\r\nSUMMARY:Talk\r\n"));
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(LedgerServiceTest, EventsWithoutAContactAreLeftOutAndADryRunWritesNothing) {
  const auto nobody = Import(
      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART:20260601T090000Z\r\nATTENDEE:mailto:eve@x.org\r\n"
      "END:VEVENT\r\nEND:VCALENDAR\r\n");
  ASSERT_EQ(nobody.left_out_size(), 1);
  EXPECT_EQ(nobody.left_out(0).reason(), "without a contact");
  const auto dry = Import(Meeting("DTSTART:20260601T090000Z\r\n"), v1::INTERACTION_FORMAT_ICALENDAR, false, true);
  EXPECT_EQ(dry.created(), 1);
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(LedgerServiceTest, ATableThatGrewAddsOnlyWhatIsNew) {
  const std::string rows =
      "date,contact,depth\n2026-01-02,ann@x.org,update\n2026-01-02,ann@x.org,update\nbroken,ann@x.org,\n";
  const auto first = Import(rows, v1::INTERACTION_FORMAT_CSV);
  EXPECT_EQ(first.created(), 2);
  ASSERT_EQ(first.skipped_size(), 1);
  EXPECT_EQ(first.skipped(0).line(), 4);
  const auto grown = Import(rows + "2026-01-03,ann@x.org,update\n", v1::INTERACTION_FORMAT_CSV);
  EXPECT_EQ(grown.created(), 1);
  EXPECT_EQ(grown.unchanged(), 2);
}

TEST_F(LedgerServiceTest, NotesThatAreEditedCorrectTheirEntries) {
  const std::string person = "---\nemail: ann@x.org\n---\n# Ann\n";
  const auto import = [&](const std::string& paragraphs) {
    return Import(person + paragraphs, v1::INTERACTION_FORMAT_MARKDOWN);
  };
  const auto first = import("## 2026-03-14\nLunch\n## 2026-04-01\nCall\n## 2026-04-01\nWalk\n");
  EXPECT_EQ(first.created(), 3);
  const auto again = import("## 2026-03-14\nLunch\n## 2026-04-01\nCall\n## 2026-04-01\nWalk\n");
  EXPECT_EQ(again.unchanged(), 3);
  EXPECT_EQ(again.created() + again.corrected() + again.retracted(), 0);
  const auto edited = import("## 2026-03-14\nLong lunch\n## 2026-04-01\nCall\n## 2026-04-01\nWalk\n");
  EXPECT_EQ(edited.corrected(), 1);
  EXPECT_EQ(edited.unchanged(), 2);
  const auto grown =
      import("- 14 March 2026: Long lunch\n- 20.03.2026: Tea\n- 2026/04/01 Call\n- April 1, 2026 Walk\n");
  EXPECT_EQ(grown.created(), 1);
  EXPECT_EQ(grown.unchanged(), 3);
  const auto shortened = import("## 2026-03-14\nLong lunch\n## 2026-04-01\nWalk\n");
  EXPECT_EQ(shortened.retracted(), 2);
  EXPECT_EQ(shortened.corrected(), 1) << "the second of a day is the first now";
  const auto emptied = import("");
  EXPECT_EQ(emptied.retracted(), 0) << "a file without dates takes nothing back";
  const auto back = import("## 2026-03-14\nLong lunch\n## 2026-03-20\nTea\n## 2026-04-01\nWalk\n");
  EXPECT_EQ(back.created(), 1);
  EXPECT_EQ(back.unchanged(), 2);
}

TEST_F(LedgerServiceTest, ANewDayOfALastTalkIsAnotherTalk) {
  const auto import = [&](const std::string& rows) {
    std::vector<v1::ImportInteractionsRequest> messages(2);
    v1::ImportInteractionsOptions& options = *messages[0].mutable_options();
    options.set_format(v1::INTERACTION_FORMAT_CSV);
    (*options.mutable_columns())["Name"] = "contact";
    (*options.mutable_columns())["Last seen"] = "date";
    v1::KnownPerson& ann = *options.add_people();
    ann.set_name("Ann Lee");
    ann.set_contact_id(kAnn);
    messages[1].set_chunk("Name,Last seen\n" + rows);
    rpc::ListReader<v1::ImportInteractionsRequest> reader(std::move(messages));
    const auto response = service_.ImportInteractions(Call(), reader);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::ImportInteractionsResponse());
  };
  const auto first = import("ann lee,2026-03-14\nBob,\n");
  EXPECT_EQ(first.created(), 1);
  ASSERT_EQ(first.left_out_size(), 1);
  EXPECT_EQ(first.left_out(0).reason(), "without a date");
  EXPECT_EQ(import("Ann Lee,14.03.2026\n").unchanged(), 1);
  EXPECT_EQ(import("Ann Lee,2026-04-01\n").created(), 1);
  EXPECT_EQ(import("Ann Lee,2026-04-01\n").retracted(), 0);
}

void Know(const std::string& name, const std::string& uid, const std::string& contact_id,
          v1::ImportInteractionsOptions& options) {
  v1::KnownPerson& person = *options.add_people();
  person.set_name(name);
  person.set_uid(uid);
  person.set_contact_id(contact_id);
}

TEST_F(LedgerServiceTest, AnExportOfMonicaComesInOnceAndWhatChangedIsCorrected) {
  const std::string file = exports::kMonicaExport;
  v1::ImportInteractionsOptions options;
  options.set_format(v1::INTERACTION_FORMAT_MONICA_JSON);
  Know("", "C0000000-0000-4000-8000-000000000001", kAnn, options);
  Know("TOM ASH", "", kBob, options);
  const auto first = ImportWith(options, file);
  EXPECT_EQ(first.created(), 4);
  EXPECT_EQ(first.unknown_attendees_size(), 0);
  ASSERT_THAT(Listed(), SizeIs(4));
  EXPECT_THAT(Listed().back().contact_ids(), ElementsAre(kAnn, kBob)) << "the dinner";
  EXPECT_EQ(ImportWith(options, file).unchanged(), 4);

  const auto changed =
      ImportWith(options, absl::StrReplaceAll(file, {{"Whether to take the offer", "When to take the offer"}}));
  EXPECT_EQ(changed.corrected(), 1);
  EXPECT_EQ(changed.unchanged(), 3);

  // What Monica no longer tells of happened all the same.
  const auto shorter = ImportWith(options, absl::StrReplaceAll(file, {{"\"activity\"", "\"gone\""}}));
  EXPECT_EQ(shorter.retracted(), 0);
  EXPECT_THAT(Listed(), SizeIs(4));
}

TEST_F(LedgerServiceTest, ANameOfSeveralContactsMeetsNobodyByMistake) {
  v1::ImportInteractionsOptions options;
  options.set_format(v1::INTERACTION_FORMAT_MONICA_JSON);
  Know("Tom Ash", "", kAnn, options);
  Know("Tom Ash", "", kBob, options);
  const auto imported = ImportWith(options, exports::kMonicaExport);
  EXPECT_EQ(imported.created(), 0);
  std::map<std::string, int> left_out;
  for (const v1::LeftOut& left : imported.left_out()) left_out[left.reason()] = left.records();
  EXPECT_EQ(left_out["with a name that several contacts have"], 1) << "the dinner";
  EXPECT_EQ(left_out["without a contact"], 2) << "the call and the messages";
  ASSERT_EQ(imported.unknown_attendees_size(), 1) << "Rosa, and not Tom";
  EXPECT_EQ(imported.unknown_attendees(0).email(), "rosa@tidewater.example");
  EXPECT_EQ(imported.unknown_attendees(0).name(), "Rosa Maria Lindqvist");
  EXPECT_EQ(imported.unknown_attendees(0).meetings(), 4);
}

TEST_F(LedgerServiceTest, EachDayOnWhichDexSawSomebodyStays) {
  v1::ImportInteractionsOptions options;
  options.set_format(v1::INTERACTION_FORMAT_DEX_CSV);
  Know("Rosa", "", kAnn, options);
  EXPECT_EQ(ImportWith(options, "Name,Last Seen\nRosa,2026-01-05\n").created(), 1);
  EXPECT_EQ(ImportWith(options, "Name,Last Seen\nRosa,2026-01-05\n").unchanged(), 1);
  EXPECT_EQ(ImportWith(options, "Name,Last Seen\nRosa,2026-02-05\n").created(), 1);
  EXPECT_THAT(Listed(), SizeIs(2));
}

TEST_F(LedgerServiceTest, OfManyRowsThatCannotBeReadAThousandAreNamed) {
  std::string table = "date,contact\n";
  for (int i = 0; i < 5000; ++i) table += "x\n";
  const auto imported = Import(table, v1::INTERACTION_FORMAT_CSV);
  EXPECT_EQ(imported.skipped_size(), 1001);
  EXPECT_EQ(imported.skipped(1000).reason(), "and 4000 more, not named here one by one");
}

TEST_F(LedgerServiceTest, PromisesComeTheSoonestDueFirstPageByPage) {
  for (const char* day : {"2026-09-01", "", "2026-07-01"}) {
    v1::AppendInteractionRequest request = Talk(kAnn);
    v1::Promise& promise = *request.mutable_interaction()->add_promises();
    promise.set_text("text");
    promise.set_due_day(day);
    ASSERT_TRUE(Append(request).ok());
  }
  v1::ListPromisesRequest request;
  request.set_page_size(1);
  std::vector<std::string> days;
  do {
    const auto page = service_.ListPromises(Call("ListPromises"), request);
    ASSERT_TRUE(page.ok()) << page.status();
    days.push_back(page->promises(0).promise().due_day());
    EXPECT_FALSE(page->promises(0).promise().id().empty());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(days, ElementsAre("2026-07-01", "2026-09-01", ""));
}

}  // namespace
}  // namespace council::ledger
