// Files that people import.

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/check.h"
#include "libs/base/status.h"
#include "libs/mail/mbox.h"
#include "libs/mail/message.h"
#include "services/contacts/contact_rules.h"
#include "services/contacts/import/contact_file.h"
#include "services/contacts/import/vcard_writer.h"
#include "services/ledger/import/dex.h"
#include "services/ledger/import/icalendar.h"
#include "services/ledger/import/interaction_table.h"
#include "services/ledger/import/mailbox.h"
#include "services/ledger/import/markdown_notes.h"
#include "services/ledger/import/monica.h"
#include "services/ledger/validation.h"
#include "tests/fuzz/targets.h"

namespace council::fuzz {
namespace {

using google::protobuf::util::MessageDifferencer;

const absl::Time kNow = absl::FromUnixSeconds(1'781'524'800);  // 2026-06-15 12:00 UTC.

std::vector<contacts::FileRecord> Read(contacts::v1::ContactFormat format, std::string_view input,
                                       const contacts::FileOptions& options = {}) {
  std::vector<contacts::FileRecord> records;
  const auto take = [&records](contacts::FileRecord record) {
    records.push_back(std::move(record));
    return true;
  };
  // Fails where there is no header that is known.
  contacts::ReadContacts(format, {input.data(), input.size()}, take, options).IgnoreError();
  return records;
}

void CheckContacts(const std::vector<contacts::FileRecord>& records) {
  for (const contacts::FileRecord& record : records) {
    COUNCIL_CHECK(record.contact.has_value() || !record.left_out.empty());
    if (!record.contact.has_value()) continue;
    contacts::v1::Contact contact = *record.contact;
    contacts::NormalizeContact(contact);
    base::FieldViolations violations;
    contacts::ValidateContact(contact, "contact", /*consented_facets=*/{}, violations);
    // Cards that Council wrote may say what it refuses by now; the import tells so.
    if (!violations.empty()) continue;
    const auto again = Read(contacts::v1::CONTACT_FORMAT_VCARD, contacts::WriteVcard(contact));
    COUNCIL_CHECK(again.size() == 1 && again[0].left_out.empty() && again[0].contact.has_value());
    COUNCIL_CHECK(MessageDifferencer::Equals(*again[0].contact, contact));
  }
}

void CheckMeetings(const std::vector<ledger::ImportedRecord>& records, bool happened) {
  for (const ledger::ImportedRecord& record : records) {
    ledger::v1::Interaction entry = record.content;
    entry.add_contact_ids("0190a000-0000-7000-8000-000000000001");
    base::FieldViolations violations;
    ledger::ValidateInteraction(entry, "interaction", happened ? kNow : absl::InfiniteFuture(), violations);
    COUNCIL_CHECK(violations.empty());
    COUNCIL_CHECK(!record.uid.empty());
  }
}

void CheckFile(const absl::StatusOr<ledger::ImportedFile>& file) {
  if (!file.ok()) {
    COUNCIL_CHECK(base::ReasonOf(file.status()) != common::v1::ERROR_REASON_UNSPECIFIED);
    return;
  }
  CheckMeetings(file->happened, /*happened=*/true);
  CheckMeetings(file->coming, /*happened=*/false);
  for (const auto& skipped : file->skipped) COUNCIL_CHECK(!skipped.reason().empty());
}

}  // namespace

void Vcard(std::string_view input) {
  CheckContacts(Read(contacts::v1::CONTACT_FORMAT_VCARD, input));
}

void ContactsCsv(std::string_view input) {
  contacts::DetectFormat({input.data(), input.size()}).IgnoreError();
  CheckContacts(Read(contacts::v1::CONTACT_FORMAT_LINKEDIN_CSV, input));
  CheckContacts(Read(contacts::v1::CONTACT_FORMAT_GOOGLE_CSV, input));
  CheckContacts(Read(contacts::v1::CONTACT_FORMAT_CSV, input,
                     {.columns = {{"Name", "display_name"},
                                  {"First", "given_name"},
                                  {"Mail", "email"},
                                  {"Born", "birthday"},
                                  {"Notes", "note"},
                                  {"Trade", "facet.industry"}},
                      .file_name = ""}));
}

void Monica(std::string_view input) {
  CheckContacts(Read(contacts::v1::CONTACT_FORMAT_MONICA_JSON, input));
  CheckFile(ledger::ReadMonica(std::string(input), {.now = kNow}));
}

void Dex(std::string_view input) {
  CheckContacts(Read(contacts::v1::CONTACT_FORMAT_DEX_CSV, input));
  CheckFile(ledger::ReadDex(std::string(input), {.now = kNow}));
}

void Calendar(std::string_view input) {
  ledger::CalendarOptions options;
  options.own_emails = {"me@x.org"};
  options.now = kNow;
  CheckFile(ledger::ReadCalendar(std::string(input), options));
}

void LedgerTable(std::string_view input) {
  CheckFile(ledger::ReadInteractionTable(std::string(input), {.now = kNow}));
  CheckFile(ledger::ReadInteractionTable(
      std::string(input),
      {.now = kNow, .columns = {{"Name", "contact"}, {"Mail", "contact"}, {"Last seen", "date"}, {"About", "note"}}}));
}

void Mail(std::string_view input) {
  std::istringstream in{std::string(input)};
  mail::MboxReader reader(in);
  std::string sent;
  while (const auto header = reader.Next()) sent += mail::WriteMessage(mail::ReadMessage(*header));
  const auto file = ledger::ReadMailbox(std::string(input), {"me@x.org"}, {.now = kNow});
  CheckFile(file);
  if (!file.ok()) return;
  const auto again = ledger::ReadMailbox(sent, {"me@x.org"}, {.now = kNow});
  COUNCIL_CHECK(again.ok() && again->left_out == file->left_out && again->happened.size() == file->happened.size());
  for (std::size_t i = 0; i < file->happened.size(); ++i) {
    COUNCIL_CHECK(again->happened[i].uid == file->happened[i].uid);
  }
}

void Markdown(std::string_view input) {
  CheckContacts(Read(contacts::v1::CONTACT_FORMAT_MARKDOWN, input, {.columns = {}, .file_name = "Anna.md"}));
  CheckFile(ledger::ReadMarkdownNotes(std::string(input), {.file_name = "Anna.md", .now = kNow}));
}

}  // namespace council::fuzz
