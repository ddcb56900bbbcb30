#include "services/contacts/import/vcard_writer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/contacts/import/contact_builder.h"
#include "services/contacts/import/read_for_test.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

using ::google::protobuf::util::MessageDifferencer;

// Text as people and programs write it: letters, what vCard gives a meaning to, accents, emoji.
rc::Gen<std::string> AnyText(int longest) {
  return rc::gen::map(
      rc::gen::resize(
          longest, rc::gen::container<std::vector<std::string>>(rc::gen::weightedElement<std::string>(
                       {{20, "a"},  {20, "Z"},  {8, " "}, {2, ";"}, {2, ","}, {2, ":"},          {2, "\\"}, {2, "\""},
                        {2, "="},   {2, "\\n"}, {2, "'"}, {2, "é"}, {2, "ß"}, {2, "Ł"},          {2, "中"}, {2, "🙂"},
                        {2, "=20"}, {2, "^"},   {2, "7"}, {2, "+"}, {2, "@"}, {2, "BEGIN:VCARD"}}))),
      [](const std::vector<std::string>& parts) {
        std::string text;
        for (const std::string& part : parts) text += part;
        return Trimmed(text);
      });
}

rc::Gen<std::string> SomeText(int longest) {
  return rc::gen::map(AnyText(longest), [](std::string text) { return text.empty() ? "x" : text; });
}

std::string WithoutBlanks(std::string text) {
  std::erase(text, ' ');
  return text.empty() ? "x" : text;
}

v1::Contact AnyContact() {
  v1::Contact contact;
  contact.set_display_name(*SomeText(60));
  std::set<std::string> emails;
  for (const std::string& text : *rc::gen::resize(5, rc::gen::container<std::vector<std::string>>(SomeText(40)))) {
    if (emails.insert(EmailKey(WithoutBlanks(text))).second) contact.add_emails(WithoutBlanks(text));
  }
  for (const std::string& text : *rc::gen::resize(5, rc::gen::container<std::set<std::string>>(SomeText(10)))) {
    contact.add_phones(text);
  }
  contact.set_organization(*AnyText(60));
  contact.set_title(*AnyText(60));
  contact.set_location(*AnyText(60));
  contact.set_how_met(*AnyText(60));
  for (const std::string& text : *rc::gen::resize(5, rc::gen::container<std::set<std::string>>(SomeText(8)))) {
    contact.add_tags(text);
  }
  const auto lines = *rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(AnyText(100)));
  std::string notes;
  for (const std::string& line : lines) absl::StrAppend(&notes, line, *rc::gen::element("\n", "\n\n", "\t"));
  contact.set_notes(Trimmed(notes));
  for (const char* facet : {"function", "seniority", "field of work", "organization"}) {
    if (*rc::gen::arbitrary<bool>()) (*contact.mutable_facets())[facet] = *SomeText(15);
  }
  contact.set_directory_subject(*AnyText(20));
  contact.set_vcard_uid(*AnyText(30));
  contact.set_status(*rc::gen::element(v1::CONTACT_STATUS_UNSPECIFIED, v1::CONTACT_STATUS_ACTIVE,
                                       v1::CONTACT_STATUS_NO_CONTACT, v1::CONTACT_STATUS_DECEASED));
  if (*rc::gen::arbitrary<bool>()) {
    contact.set_status(v1::CONTACT_STATUS_PAUSED);
    contact.set_paused_until("2027-01-31");
  }
  contact.set_birthday(*rc::gen::element<std::string>("", "1980-03-22", "--02-29", "0099-12-31"));
  for (const std::string& name : *rc::gen::container<std::set<std::string>>(
           rc::gen::element<std::string>("TZ", "ORG", "ADR;TYPE=home", "N", "TITLE", "item1.EMAIL",
                                         "X-SPOUSE;X-A=\"b:c,d\"", "URL", "BDAY", "DEATHDATE", "X-COUNCIL-FACET"))) {
    contact.add_vcard_properties(absl::StrCat(name, ":", EscapeVcardText(*AnyText(100)), "."));
  }
  return contact;
}

RC_GTEST_PROP(VcardWriterTest, AnyContactComesBackFromItsCard, ()) {
  const v1::Contact contact = AnyContact();
  const std::string card = WriteVcard(contact);
  const std::vector<FileRecord> records = ReadAll(card);
  RC_ASSERT(records.size() == 1U);
  RC_ASSERT(records[0].contact.has_value());
  if (!MessageDifferencer::Equals(*records[0].contact, contact)) {
    RC_FAIL(absl::StrCat("written:\n", card, "\nread:\n", records[0].contact->Utf8DebugString(), "\nwas:\n",
                         contact.Utf8DebugString()));
  }
  RC_ASSERT(records[0].left_out.empty());
}

RC_GTEST_PROP(VcardWriterTest, LinesAreFoldedAtSeventyFiveOctetsAndStayText, ()) {
  for (const auto line : absl::StrSplit(WriteVcard(AnyContact()), "\r\n")) {
    RC_ASSERT(line.size() <= 75U);
    RC_ASSERT(IsUtf8(line));
  }
}

TEST(VcardWriterTest, OtherProgramsFindWhatTheyKnow) {
  v1::Contact contact;
  contact.set_display_name("Anna Berger");
  contact.add_emails("anna@example.com");
  contact.add_phones("+49 151 1");
  contact.set_organization("Example AG");
  contact.set_title("Head, Research");
  contact.set_location("Berlin, Germany");
  contact.set_birthday("--03-22");
  contact.add_tags("mentors");
  contact.add_tags("club");
  contact.add_vcard_properties("N:Berger;Anna;;;");
  contact.add_vcard_properties("ORG:Example AG;Research");
  EXPECT_EQ(WriteVcard(contact),
            "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Anna Berger\r\nEMAIL:anna@example.com\r\nTEL:+49 151 1\r\n"
            "X-COUNCIL-ORGANIZATION:Example AG\r\nTITLE:Head\\, Research\r\nADR:;;;Berlin\\, Germany;;;\r\n"
            "BDAY:--0322\r\nCATEGORIES:mentors,club\r\nX-COUNCIL-KEPT:1\r\nN:Berger;Anna;;;\r\n"
            "ORG:Example AG;Research\r\nEND:VCARD\r\n");
}

}  // namespace
}  // namespace council::contacts
