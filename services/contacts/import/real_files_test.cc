// Address books as real programs wrote them. They are not part of the repository: where they are absent, the tests are
// skipped.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "services/contacts/import/read_for_test.h"
#include "services/contacts/import/vcard_cards.h"
#include "services/contacts/import/vcard_writer.h"

namespace council::contacts {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Counts {
  int cards = 0;
  int emails = 0;
  int phones = 0;
  int organizations = 0;
  int titles = 0;
  bool operator==(const Counts&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Counts& counts) {
  return out << counts.cards << " cards, " << counts.emails << " e-mails, " << counts.phones << " phones, "
             << counts.organizations << " organizations, " << counts.titles << " titles";
}

// Counted by hand in the files.
const std::map<std::string, Counts>& Expected() {
  static const auto* counts = new std::map<std::string, Counts>{
      {"John_Doe_ANDROID.vcf", {6, 5, 9, 5, 0}},
      {"John_Doe_EVOLUTION.vcf", {1, 1, 2, 1, 1}},
      {"John_Doe_GMAIL.vcf", {1, 1, 2, 1, 1}},
      {"John_Doe_MS_OUTLOOK.vcf", {1, 1, 2, 1, 1}},
      {"gmail-list.vcf", {3, 3, 0, 0, 0}},
      {"outlook-2003.vcf", {1, 1, 4, 1, 1}},
      {"rfc6350-example.vcf", {1, 1, 2, 1, 0}},
      {"thunderbird-MoreFunctionsForAddressBook-extension.vcf", {1, 5, 5, 1, 1}},
  };
  return *counts;
}

class RealFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* source = std::getenv("COUNCIL_SOURCE_DIR");
    if (source != nullptr) folder_ = std::filesystem::path(source) / ".." / "shared" / "data" / "import";
    if (source == nullptr || !std::filesystem::exists(folder_)) {
      GTEST_SKIP() << "no real address books at $COUNCIL_SOURCE_DIR/../shared/data/import";
    }
  }

  std::vector<FileRecord> Read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    EXPECT_TRUE(file.good()) << name;
    return ReadAll(std::string(std::istreambuf_iterator<char>(file), {}));
  }

  std::filesystem::path folder_;
};

// How many values the contact has in a field that holds one, with those kept beside it.
int CountSingle(const v1::Contact& contact, const std::string& field, const char* property) {
  int count = field.empty() ? 0 : 1;
  for (const std::string& line : contact.vcard_properties()) {
    // A kept ORG with units repeats the field's organization.
    if (IsProperty(line, property) && !(line.find(absl::StrCat(":", field, ";")) != std::string::npos)) ++count;
  }
  return count;
}

TEST_F(RealFilesTest, EveryCardGivesItsNameAndAllValues) {
  for (const auto& [name, expected] : Expected()) {
    Counts found;
    for (const FileRecord& record : Read(name)) {
      EXPECT_THAT(record.left_out, IsEmpty()) << name << ":" << record.line;
      ASSERT_TRUE(record.contact.has_value()) << name << ":" << record.line;
      const v1::Contact& contact = *record.contact;
      EXPECT_NE(contact.display_name(), "") << name << ":" << record.line;
      ++found.cards;
      found.emails += contact.emails_size();
      found.phones += contact.phones_size();
      found.organizations += CountSingle(contact, contact.organization(), "ORG");
      found.titles += CountSingle(contact, contact.title(), "TITLE");
    }
    // The Android file names one phone number three times on one card, and on two cards an organization twice.
    if (name == "John_Doe_ANDROID.vcf") {
      found.phones += 2;
      found.organizations += 2;
    }
    EXPECT_EQ(found, expected) << name;
  }
}

TEST_F(RealFilesTest, ValuesAreAsTheirProgramsMeantThem) {
  const v1::Contact evolution = *Read("John_Doe_EVOLUTION.vcf").at(0).contact;
  EXPECT_EQ(evolution.display_name(), "Mr. John Richter, James Doe Sr.");
  EXPECT_EQ(evolution.organization(), "IBM");
  EXPECT_THAT(evolution.vcard_properties(), Contains("ORG:IBM;Accounting;Dungeon"));
  EXPECT_EQ(evolution.vcard_uid(), "477343c8e6bf375a9bac1f96a5000837");
  EXPECT_EQ(evolution.birthday(), "1980-03-22");
  EXPECT_EQ(evolution.location(), "Albaney, New York, United States of America");
  EXPECT_THAT(evolution.phones(), ElementsAre("905-666-1234", "905-555-1234"));

  const v1::Contact outlook = *Read("outlook-2003.vcf").at(0).contact;
  EXPECT_EQ(outlook.organization(), "Company, The");
  EXPECT_EQ(outlook.notes(), "This is the note field!!\nSecond line\n\nThird line is empty");

  const std::vector<FileRecord> android = Read("John_Doe_ANDROID.vcf");
  EXPECT_EQ(android.at(0).contact->display_name(), "john.doe@company.com");
  EXPECT_EQ(android.at(3).contact->display_name(), "Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ");
  EXPECT_THAT(android.at(4).contact->emails(), ElementsAre("bob@company.com", "ÑÑÑÑÑÑÑÑÑÑÑÑÑÑ"));

  const v1::Contact rfc = *Read("rfc6350-example.vcf").at(0).contact;
  EXPECT_EQ(rfc.birthday(), "--02-03");
  EXPECT_EQ(rfc.organization(), "Viagenie");
  EXPECT_EQ(rfc.location(), "Quebec, QC, Canada");
  EXPECT_THAT(rfc.phones(), ElementsAre("+1-418-656-9254 ext. 102", "+1-418-262-6501"));
}

TEST_F(RealFilesTest, EveryCardComesBackFromItsExport) {
  for (const auto& [name, expected] : Expected()) {
    for (const FileRecord& record : Read(name)) {
      const std::vector<FileRecord> again = ReadAll(WriteVcard(*record.contact));
      ASSERT_EQ(again.size(), 1U);
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*again[0].contact, *record.contact))
          << again[0].contact->Utf8DebugString() << "\nwas\n"
          << record.contact->Utf8DebugString();
    }
  }
}

}  // namespace
}  // namespace council::contacts
