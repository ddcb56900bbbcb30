#include "clients/cli/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "clients/cli/editor.h"
#include "clients/cli/import_format.h"
#include "clients/cli/state.h"
#include "council/common/v1/council.pb.h"
#include "tests/support/temp_dir.h"

namespace council::cli {
namespace {

using testing::HasSubstr;

TEST(Words, AreTheEnumsOfTheContractInLowerCase) {
  EXPECT_EQ(Word(common::v1::COUNCIL_ROLE_MENTOR), "mentor");
  EXPECT_EQ(Word(ledger::v1::CHANNEL_IN_PERSON), "in-person");
  EXPECT_EQ(Word(ledger::v1::CHANNEL_UNSPECIFIED), "");
  EXPECT_EQ(*ParseEnum<ledger::v1::Channel>("channel", "In_Person"), ledger::v1::CHANNEL_IN_PERSON);
  EXPECT_EQ(*ParseEnum<ledger::v1::InteractionDepth>("depth", "conv"), ledger::v1::INTERACTION_DEPTH_CONVERSATION);
}

TEST(Words, AStartThatFitsTwoIsRefusedWithTheWordsThereAre) {
  const auto depth = ParseEnum<ledger::v1::InteractionDepth>("depth", "co");
  EXPECT_EQ(depth.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(depth.status().message()), HasSubstr("exchange, update, conversation, counsel"));
  EXPECT_FALSE(ParseEnum<ledger::v1::InteractionDepth>("depth", "").ok());
  EXPECT_FALSE(ParseEnum<ledger::v1::InteractionDepth>("depth", "unspecified").ok());
}

TEST(Energy, TakesWordsAndNumbers) {
  EXPECT_EQ(*ParseEnergy("drained"), -2);
  EXPECT_EQ(*ParseEnergy("neutral"), 0);
  EXPECT_EQ(*ParseEnergy("+2"), 2);
  EXPECT_EQ(*ParseEnergy("-1"), -1);
  EXPECT_FALSE(ParseEnergy("3").ok());
  EXPECT_FALSE(ParseEnergy("happy").ok());
  for (int energy = -2; energy <= 2; ++energy) EXPECT_EQ(*ParseEnergy(EnergyWord(energy)), energy);
}

TEST(Benefit, HasAKindAWeightAndAName) {
  const absl::StatusOr<BenefitText> benefit = ParseBenefit("introduction:2=Tom Baker");
  ASSERT_TRUE(benefit.ok());
  EXPECT_EQ(benefit->kind, ledger::v1::BENEFIT_KIND_INTRODUCTION);
  EXPECT_EQ(benefit->weight, 2);
  EXPECT_EQ(benefit->introduced, "Tom Baker");
  EXPECT_EQ(ParseBenefit("advice")->weight, 0);
  for (const char* text : {"advice:6", "advice:0", "advice:x", "gold:2", "advice=Tom", ":3", ""}) {
    EXPECT_FALSE(ParseBenefit(text).ok()) << text;
  }
}

TEST(DetectFormat, GoesByWhatIsInsideWhateverTheName) {
  EXPECT_EQ(DetectFormat("\r\nBEGIN:VCARD\r\nVERSION:2.1\r\n")->contacts, contacts::v1::CONTACT_FORMAT_VCARD);
  EXPECT_EQ(DetectFormat("begin:vcalendar\nBEGIN:VCARD\n")->interactions, ledger::v1::INTERACTION_FORMAT_ICALENDAR);
  EXPECT_EQ(DetectFormat("\xEF\xBB\xBFNotes:\n\"…\"\n\nFirst Name,Last Name,URL,Email Address,Company,Position,"
                         "Connected On\n")
                ->contacts,
            contacts::v1::CONTACT_FORMAT_LINKEDIN_CSV);
  EXPECT_EQ(DetectFormat("Name,Given Name,Additional Name,Family Name\n")->contacts,
            contacts::v1::CONTACT_FORMAT_GOOGLE_CSV);
  EXPECT_EQ(DetectFormat("First Name,Middle Name,Labels,E-mail 1 - Label\n")->contacts,
            contacts::v1::CONTACT_FORMAT_GOOGLE_CSV);
  EXPECT_EQ(DetectFormat("date,contact,depth\n")->interactions, ledger::v1::INTERACTION_FORMAT_CSV);
  EXPECT_FALSE(DetectFormat("a,b,c\n1,2,3\n").ok());
  EXPECT_FALSE(DetectFormat("").ok());
}

TEST(DetectFormat, LooksIntoUtf16) {
  std::string utf16 = "\xFF\xFE";
  for (const char c : std::string("BEGIN:VCARD\r\n")) utf16.append({c, '\0'});
  EXPECT_EQ(DetectFormat(utf16)->contacts, contacts::v1::CONTACT_FORMAT_VCARD);
}

TEST(StateFile, KeepsEachOwnersMemoryApart) {
  const test::TempDir directory;
  const std::string path = directory / "deep" / "state.json";
  Memory memory;
  memory.tokens = {{"ledger", "t1"}};
  memory.head_sequence = 7;
  memory.written = {{5, false}, {6, true}};
  ASSERT_TRUE(StateFile(path, "ada@here").Save(memory).ok());
  ASSERT_TRUE(StateFile(path, "ben@here").Save(Memory()).ok());
  const Memory ada = StateFile(path, "ada@here").Load();
  EXPECT_EQ(ada.tokens, memory.tokens);
  EXPECT_EQ(ada.head_sequence, 7);
  ASSERT_EQ(ada.written.size(), 2u);
  EXPECT_EQ(ada.written[1].sequence, 6);
  EXPECT_TRUE(ada.written[1].restored);
  EXPECT_EQ(StateFile(path, "ben@here").Load().head_sequence, 0);
}

TEST(StateFile, ABrokenFileIsBegunAnew) {
  const test::TempDir directory;
  const std::string path = directory / "state.json";
  std::ofstream(path) << "{\"ada\": {\"written\": \"no list\"}, nonsense";
  EXPECT_EQ(StateFile(path, "ada").Load().head_sequence, 0);
  Memory memory;
  memory.head_sequence = 1;
  ASSERT_TRUE(StateFile(path, "ada").Save(memory).ok());
  EXPECT_EQ(StateFile(path, "ada").Load().head_sequence, 1);
}

TEST(StateFile, IsReadableByItsOwnerAlone) {
  const test::TempDir directory;
  const std::string path = directory / "state.json";
  ASSERT_TRUE(StateFile(path, "ada").Save(Memory()).ok());
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(Editor, GivesWhatWasWrittenAndLeavesNoFile) {
  const test::TempDir directory;
  setenv("TMPDIR", directory.path().c_str(), 1);
  setenv("VISUAL", "sed -i s/draft/note/", 1);
  const absl::StatusOr<std::string> note = WriteInEditor("a draft\n\n");
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(*note, "a note");
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  setenv("VISUAL", "false", 1);
  EXPECT_FALSE(WriteInEditor("a draft").ok());
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

}  // namespace
}  // namespace council::cli
