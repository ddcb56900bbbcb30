// Files made to exhaust who reads them, sent to the real programs over a socket: each gets an answer that says what was
// too much, in bounded time and memory, and others are served as before.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status.h"
#include "libs/rpc/grpc_status.h"
#include "tests/support/council.h"

namespace council::test {
namespace {

using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using ::testing::HasSubstr;

// A build with a sanitizer takes several times as much of either.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSanitizerFactor = 8;
#else
constexpr int kSanitizerFactor = 1;
#endif

constexpr std::size_t kFile = 60'000'000;
constexpr std::int64_t kMostMemory = std::int64_t{900'000'000} * kSanitizerFactor;
// Of a program's threads for a test's files, whatever else the machine does meanwhile.
const absl::Duration kMostProcessorTime = absl::Minutes(2) * kSanitizerFactor;
// Ends a call that hangs.
const absl::Duration kDeadline = absl::Minutes(10) * kSanitizerFactor;

// `text` as often as it fits into a file.
std::string FileOf(const std::string& text) {
  std::string file;
  file.reserve(kFile);
  while (file.size() + text.size() <= kFile) file += text;
  return file;
}

class HostileFilesTest : public ::testing::Test {
 protected:
  template <typename Response, typename Stub, typename Request, typename Options>
  static absl::StatusOr<Response> Upload(
      Stub& stub, std::unique_ptr<grpc::ClientWriter<Request>> (Stub::*method)(grpc::ClientContext*, Response*),
      const Options& options, const std::string& file) {
    grpc::ClientContext context;
    Prepare({.timeout = kDeadline}, context);
    Response response;
    const auto writer = (stub.*method)(&context, &response);
    Request request;
    *request.mutable_options() = options;
    bool open = writer->Write(request);
    for (std::size_t at = 0; open && at < file.size(); at += request.chunk().size()) {
      request.set_chunk(file.substr(at, 1 << 20));
      open = writer->Write(request);
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }

  absl::StatusOr<contacts::v1::ImportContactsResponse> ImportContacts(const std::string& file) {
    contacts::v1::ImportContactsOptions options;
    options.set_format(file.starts_with("First") ? contacts::v1::CONTACT_FORMAT_LINKEDIN_CSV
                                                 : contacts::v1::CONTACT_FORMAT_VCARD);
    options.set_dry_run(true);
    return Upload<contacts::v1::ImportContactsResponse>(*contacts_, &ContactsService::Stub::ImportContacts, options,
                                                        file);
  }

  absl::StatusOr<ledger::v1::ImportInteractionsResponse> ImportInteractions(const std::string& file) {
    ledger::v1::ImportInteractionsOptions options;
    options.set_format(file.starts_with("BEGIN") ? ledger::v1::INTERACTION_FORMAT_ICALENDAR
                                                 : ledger::v1::INTERACTION_FORMAT_CSV);
    options.set_dry_run(true);
    return Upload<ledger::v1::ImportInteractionsResponse>(*ledger_, &LedgerService::Stub::ImportInteractions, options,
                                                          file);
  }

  void TearDown() override {
    for (CouncilProgram* program : {&contactsd_, &ledgerd_}) {
      const ProcessUse use = program->process().Use();
      EXPECT_LT(use.peak_memory, kMostMemory);
      EXPECT_LT(use.processor, kMostProcessorTime);
    }
    EXPECT_TRUE(Call(*contacts_, &ContactsService::Stub::GetCouncil, {}, {.owner = "bea"}).ok());
    EXPECT_TRUE(Call(*ledger_, &LedgerService::Stub::GetRevision, {}, {.owner = "bea"}).ok());
  }

  const TempDir directory_;
  CouncilProgram contactsd_{"contactsd", {"--storage=sqlite:" + (directory_ / "contacts.db").string()}};
  CouncilProgram ledgerd_{"ledgerd", {"--storage=sqlite:" + (directory_ / "ledger.db").string()}};
  std::unique_ptr<ContactsService::Stub> contacts_ = ContactsService::NewStub(contactsd_.Connect());
  std::unique_ptr<LedgerService::Stub> ledger_ = LedgerService::NewStub(ledgerd_.Connect());
};

bool IsOverLimit(const absl::Status& status) {
  return absl::IsResourceExhausted(status) && base::ReasonOf(status) == common::v1::ERROR_REASON_LIMIT_EXCEEDED;
}

TEST_F(HostileFilesTest, MillionsOfTinyCards) {
  const auto imported = ImportContacts(FileOf("BEGIN:VCARD\nFN:a\nEND:VCARD\n"));
  EXPECT_TRUE(IsOverLimit(imported.status())) << imported.status();
}

TEST_F(HostileFilesTest, CardsWhoseLinesAreMillions) {
  for (const char* line : {"x\n", "NOTE:a\n", "TEL:1\n", " \n"}) {
    const auto imported = ImportContacts("BEGIN:VCARD\nFN:a\n" + FileOf(line) + "END:VCARD\n");
    ASSERT_TRUE(imported.ok()) << imported.status();
    EXPECT_EQ(imported->created(), 1);
    EXPECT_LT(imported->ByteSizeLong(), 1u << 20);
  }
}

TEST_F(HostileFilesTest, CardsWithALineThatIsAllOfTheFile) {
  for (const char* text : {"x", ";", ",", "=\n", "\\n"}) {
    for (const char* name : {"NOTE:", "CATEGORIES:", "N;ENCODING=QUOTED-PRINTABLE:", "X;A="}) {
      const auto imported = ImportContacts(absl::StrCat("BEGIN:VCARD\nFN:a\n", name, FileOf(text), "\nEND:VCARD\n"));
      ASSERT_TRUE(imported.ok()) << imported.status();
    }
  }
}

// The time of the library that reads them grows with the square of their parts.
TEST_F(HostileFilesTest, CardsOfPropertiesWithAsManyPartsAsAreRead) {
  const std::string parts = "X-A:" + std::string(499, ';') + "\n";
  const auto imported = ImportContacts(FileOf("BEGIN:VCARD\nFN:a\n" + parts + parts + parts + "END:VCARD\n"));
  ASSERT_TRUE(imported.ok()) << imported.status();
}

TEST_F(HostileFilesTest, TablesOfOneLineAndOfMillions) {
  const std::string header = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n";
  const auto line = ImportContacts(header + FileOf(","));
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_THAT(line->skipped(0).reason(), HasSubstr("256 KiB"));
  EXPECT_TRUE(IsOverLimit(ImportContacts(header + FileOf("a,b,,,,,\n")).status()));
  EXPECT_TRUE(ImportContacts(header + FileOf("\"")).ok());

  EXPECT_TRUE(IsOverLimit(ImportInteractions("date,contact\n" + FileOf("2026-05-01,a@b\n")).status()));
  EXPECT_TRUE(IsOverLimit(ImportInteractions("date,contact\n" + FileOf("x\n")).status()));
  const auto row = ImportInteractions("date,contact\n2026-05-01," + FileOf("a;"));
  ASSERT_TRUE(row.ok()) << row.status();
  EXPECT_EQ(row->skipped_size(), 1);
}

TEST_F(HostileFilesTest, CalendarsWithinCalendars) {
  for (const char* component : {"VCALENDAR", "VEVENT", "X-ANY"}) {
    const auto imported = ImportInteractions("BEGIN:VCALENDAR\n" + FileOf(absl::StrCat("BEGIN:", component, "\n")));
    EXPECT_TRUE(absl::IsInvalidArgument(imported.status()) || imported.ok()) << imported.status();
  }
}

TEST_F(HostileFilesTest, CalendarsOfMillionsOfLines) {
  for (const char* lines :
       {"BEGIN:VEVENT\nEND:VEVENT\n", "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T100000Z\nEND:VEVENT\n"}) {
    EXPECT_TRUE(IsOverLimit(ImportInteractions("BEGIN:VCALENDAR\n" + FileOf(lines)).status())) << lines;
  }
  for (const char* line : {"DTSTART:x\n", "ATTENDEE:a\n", "RDATE:20260101T100000Z\n", "EXDATE;VALUE=DATE:20260101\n",
                           "SUMMARY:", "ATTENDEE;A=1:b\n", "X-A:1\n", ";A=1"}) {
    const auto imported = ImportInteractions("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260101T100000Z\n" +
                                             FileOf(line) + "\nEND:VEVENT\nEND:VCALENDAR\n");
    ASSERT_TRUE(imported.ok()) << line << imported.status();
  }
}

// Each event is as costly as it may be: broken lines, whose time grows with their square; rules that no day meets; a
// series of ten thousand; a thousand people.
TEST_F(HostileFilesTest, CalendarsOfCostlyEvents) {
  std::string broken;
  for (int i = 0; i < 1000; ++i) broken += "EXDATE:x\n";
  std::string people;
  for (int i = 0; i < 1000; ++i) absl::StrAppend(&people, "ATTENDEE:mailto:a", i, "@x.org\n");
  const std::string costly[] = {
      broken,
      "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n",
      "RRULE:FREQ=DAILY;COUNT=2000000000\n",
      "RRULE:FREQ=DAILY;UNTIL=99991231T235959Z\n" + people,
      people,
  };
  for (const std::string& lines : costly) {
    std::string file = "BEGIN:VCALENDAR\n";
    for (int i = 0; file.size() + lines.size() < kFile && i < 100'000; ++i) {
      absl::StrAppend(&file, "BEGIN:VEVENT\nUID:", i, "\nDTSTART:20000101T100000Z\n", lines, "END:VEVENT\n");
    }
    const auto imported = ImportInteractions(file + "END:VCALENDAR\n");
    EXPECT_TRUE(imported.ok() || IsOverLimit(imported.status())) << imported.status();
  }
}

TEST_F(HostileFilesTest, RequestsWithListsOfMillions) {
  contacts::v1::CreateContactRequest create;
  create.mutable_contact()->set_display_name("Rosa");
  const auto rosa = Call(*contacts_, &ContactsService::Stub::CreateContact, create);
  ASSERT_TRUE(rosa.ok()) << rosa.status();

  const auto expect_field = [](const absl::Status& status, const std::string& field) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    const auto wrong = base::BadRequestOf(status);
    ASSERT_GT(wrong.field_violations_size(), 0) << status;
    EXPECT_EQ(wrong.field_violations(0).field(), field);
  };
  contacts::v1::SeatContactRequest seat;
  seat.set_contact_id(rosa->contact().id());
  ledger::v1::AppendInteractionRequest append;
  append.mutable_interaction()->add_contact_ids(rosa->contact().id());
  for (int i = 0; i < 4'000'000; ++i) {
    seat.mutable_seat()->add_roles(common::v1::COUNCIL_ROLE_MENTOR);
    append.mutable_interaction()->add_domains(common::v1::LIFE_DOMAIN_CAREER);
  }
  expect_field(Call(*contacts_, &ContactsService::Stub::SeatContact, seat).status(), "seat.roles");
  expect_field(Call(*ledger_, &LedgerService::Stub::AppendInteraction, append).status(), "interaction.domains");

  contacts::v1::UpdateContactRequest update;
  contacts::v1::GetContactRequest get;
  for (int i = 0; i < 1'000'000; ++i) {
    update.mutable_update_mask()->add_paths("x");
    get.add_at_least_as_fresh("x");
  }
  expect_field(Call(*contacts_, &ContactsService::Stub::UpdateContact, update).status(), "update_mask.paths");
  expect_field(Call(*contacts_, &ContactsService::Stub::GetContact, get).status(), "at_least_as_fresh");

  // As many wrong fields as a request can have.
  ledger::v1::BatchAppendInteractionsRequest batch;
  for (int i = 0; i < 500; ++i) batch.add_requests()->mutable_interaction()->set_energy(9);
  const absl::Status many = Call(*ledger_, &LedgerService::Stub::BatchAppendInteractions, batch).status();
  expect_field(many, "requests[0].interaction.contact_ids");
  EXPECT_THAT(std::string(many.message()), HasSubstr("(and 999 more)"));
}

}  // namespace
}  // namespace council::test
