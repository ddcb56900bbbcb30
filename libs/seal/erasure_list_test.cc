#include "libs/seal/erasure_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "tests/support/temp_dir.h"

namespace council::seal {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kRosa[] = "0190a000-0000-7000-8000-000000000001";

class ErasureListTest : public ::testing::Test {
 protected:
  std::unique_ptr<ErasureList> Open(const std::string& service = "ledger") {
    auto list = ErasureList::Open(path_, service, clock_);
    EXPECT_TRUE(list.ok()) << list.status();
    return *std::move(list);
  }
  std::string Text() const {
    std::stringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }

  const test::TempDir directory_;
  const std::string path_ = (directory_ / "erasures.jsonl").string();
  base::ManualClock clock_{absl::FromUnixSeconds(1'750'000'000)};
  const std::string ada_ = std::string("\x00\xff", 2) + std::string(14, 'a');
};

TEST_F(ErasureListTest, WhatIsAddedIsReadAgainByItsServiceAlone) {
  const std::string bob = std::string(16, 'b');
  ASSERT_TRUE(Open()->Add({.owner_hash = ada_, .contact_ids = {kRosa}}).ok());
  ASSERT_TRUE(Open("contacts")->Add({.owner_hash = bob, .contact_ids = {}}).ok());
  ASSERT_TRUE(Open()->Add({.owner_hash = bob, .contact_ids = {}}).ok());
  // Owners come first: of one who is erased altogether nobody's rows can be opened.
  EXPECT_THAT(Open()->read(),
              ElementsAre(Field(&Erasure::owner_hash, bob),
                          AllOf(Field(&Erasure::owner_hash, ada_), Field(&Erasure::contact_ids, ElementsAre(kRosa)))));
  ASSERT_TRUE(Open()->Add({.owner_hash = ada_, .contact_ids = {}}).ok());
  EXPECT_THAT(Open()->read(), Each(Field(&Erasure::contact_ids, IsEmpty())));
  EXPECT_THAT(Open()->read(), SizeIs(2));
  EXPECT_THAT(Open("contacts")->read(), SizeIs(1));
  EXPECT_EQ(std::filesystem::status(path_).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ErasureListTest, TheSameTwiceIsOneLine) {
  const auto list = Open();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(list->Add({.owner_hash = ada_, .contact_ids = {}}).ok());
  ASSERT_TRUE(Open()->Add({.owner_hash = ada_, .contact_ids = {}}).ok());
  EXPECT_EQ(
      Text(),
      "{\"time\":\"2025-06-15T15:06:40Z\",\"service\":\"ledger\",\"owner\":\"00ff6161616161616161616161616161\"}\n");
}

TEST_F(ErasureListTest, ALineThatWasCutOffIsRemovedAndTheRestHolds) {
  ASSERT_TRUE(Open()->Add({.owner_hash = ada_, .contact_ids = {}}).ok());
  const std::string whole = Text();
  std::ofstream(path_, std::ios::app) << "{\"time\":\"20";
  EXPECT_THAT(Open()->read(), SizeIs(1));
  EXPECT_EQ(Text(), whole);
}

TEST_F(ErasureListTest, ALineThatIsNoErasureIsNamed) {
  for (const char* line : {"x", "{}", R"({"service":"ledger","owner":"00"})", R"({"service":"ledger","owner":3})",
                           R"({"service":"ledger","owner":"00ff6161616161616161616161616161","contacts":["rosa"]})",
                           R"({"service":"ledger","owner":"00ff6161616161616161616161616161","contacts":[]})"}) {
    std::ofstream(path_) << R"({"service":"ledger","owner":"00ff6161616161616161616161616161"})"
                         << "\n"
                         << line << "\n";
    const absl::Status status = ErasureList::Open(path_, "ledger", clock_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << line;
    EXPECT_THAT(status.message(), HasSubstr("line 2")) << line;
  }
}

TEST_F(ErasureListTest, AListThatCannotBeHadIsAFailure) {
  EXPECT_EQ(ErasureList::Open((directory_ / "no" / "such").string(), "ledger", clock_).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace council::seal
