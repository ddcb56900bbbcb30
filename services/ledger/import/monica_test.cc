#include "services/ledger/import/monica.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/exports/exports_for_test.h"
#include "services/ledger/validation.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr char kRosa[] = "monica:c0000000-0000-4000-8000-000000000001";
constexpr char kTom[] = "monica:c0000000-0000-4000-8000-000000000002";
const absl::Time kNow = absl::FromUnixSeconds(1'781'524'800);  // 2026-06-15 12:00 UTC.

ImportedFile Read(const std::string& text) {
  absl::TimeZone stockholm;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Stockholm", &stockholm));
  auto file = ReadMonica(text, {.time_zone = stockholm, .now = kNow});
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : ImportedFile();
}

std::string TimeOf(const ImportedRecord& record) {
  return absl::FormatTime(absl::RFC3339_sec, base::FromProto(record.content.occur_time()), absl::UTCTimeZone());
}

TEST(MonicaTest, CallsConversationsAndActivitiesAreRead) {
  const ImportedFile file = Read(exports::kMonicaExport);
  EXPECT_THAT(file.skipped, IsEmpty());
  EXPECT_THAT(file.left_out, ElementsAre(Pair("of a time to come", 1)));
  ASSERT_THAT(file.happened, SizeIs(4));
  const ImportedRecord& call = file.happened[0];
  EXPECT_EQ(call.uid, "monica:f0000000-0000-4000-8000-000000000001");
  EXPECT_EQ(call.content.channel(), v1::CHANNEL_PHONE);
  EXPECT_EQ(call.content.note(), "Whether to take the offer");
  EXPECT_EQ(call.content.source(), "monica");
  EXPECT_EQ(call.content.depth(), v1::INTERACTION_DEPTH_UNSPECIFIED);
  EXPECT_EQ(TimeOf(call), "2024-01-05T14:00:00+00:00");
  EXPECT_THAT(call.people, ElementsAre(testing::Field(&ImportedPerson::address, kRosa)));
  EXPECT_EQ(call.people[0].name, "Rosa Maria Lindqvist");

  const ImportedRecord& chat = file.happened[1];
  EXPECT_EQ(chat.recurrence_id, "2024-01-08");
  EXPECT_EQ(chat.content.channel(), v1::CHANNEL_CHAT);
  EXPECT_EQ(chat.content.note(),
            "Rosa Maria Lindqvist: How did it go?\nMe: They said yes\nRosa Maria Lindqvist: When do you start?");
  EXPECT_EQ(TimeOf(chat), "2024-01-08T11:00:00+00:00") << "noon in Stockholm";
  EXPECT_EQ(file.happened[2].recurrence_id, "2024-01-09");
  EXPECT_EQ(file.happened[2].uid, chat.uid);

  const ImportedRecord& dinner = file.happened[3];
  EXPECT_EQ(dinner.uid, "monica:b0000000-0000-4000-8000-000000000001");
  EXPECT_EQ(dinner.content.channel(), v1::CHANNEL_IN_PERSON);
  EXPECT_EQ(dinner.content.note(), "Dinner at the harbour\n\nTalked about the offer until late");
  EXPECT_EQ(TimeOf(dinner), "2024-01-03T11:00:00+00:00");
  EXPECT_THAT(dinner.people, ElementsAre(testing::Field(&ImportedPerson::address, kRosa),
                                         testing::Field(&ImportedPerson::address, kTom)));
  EXPECT_THAT(file.also_known_as.at(kRosa),
              ElementsAre("c0000000-0000-4000-8000-000000000001", "rosa@tidewater.example", "rosa maria lindqvist"));
}

TEST(MonicaTest, ALongTextIsCutAndSaidSo) {
  nlohmann::json json = nlohmann::json::parse(exports::kMonicaExport);
  json["account"]["data"][1]["values"][0]["data"][0]["values"][0]["properties"]["content"] = std::string(5000, 'x');
  const ImportedFile file = Read(json.dump());
  EXPECT_EQ(CountCharacters(file.happened[0].content.note()), kMaxNoteCharacters);
  EXPECT_EQ(file.left_out.at("ends of notes, behind 4,000 characters"), 1);
}

TEST(MonicaTest, RecordsThatCannotBeKnownOrDatedAreReportedAndStopNothing) {
  nlohmann::json json = nlohmann::json::parse(exports::kMonicaExport);
  nlohmann::json& calls = json["account"]["data"][1]["values"][0]["data"][0]["values"];
  nlohmann::json call = calls[0];
  call.erase("uuid");
  calls.push_back(call);
  call["uuid"] = calls[0]["uuid"];
  calls.push_back(call);
  call["uuid"] = "another";
  call["properties"]["called_at"] = "lately";
  calls.push_back(call);
  const ImportedFile file = Read(json.dump());
  EXPECT_THAT(file.happened, SizeIs(4));
  ASSERT_THAT(file.skipped, SizeIs(3));
  EXPECT_THAT(file.skipped[0].reason(), HasSubstr("a call with Rosa Maria Lindqvist: Monica gives it no UUID"));
  EXPECT_THAT(file.skipped[1].reason(), HasSubstr("something else in the file has its UUID"));
  EXPECT_THAT(file.skipped[2].reason(), HasSubstr("YYYY-MM-DD"));
}

TEST(MonicaTest, AGatheringOfManyIsNoTalkWithEach) {
  nlohmann::json json = nlohmann::json::parse(exports::kMonicaExport);
  nlohmann::json& people = json["account"]["data"][1]["values"];
  for (int i = 0; i < 8; ++i) {
    nlohmann::json tom = people[1];
    tom["uuid"] = absl::StrCat("guest-", i);
    people.push_back(std::move(tom));
  }
  const ImportedFile file = Read(json.dump());
  EXPECT_THAT(file.happened.back().people, SizeIs(10));
  EXPECT_EQ(file.happened.back().content.depth(), v1::INTERACTION_DEPTH_EXCHANGE);
}

TEST(MonicaTest, WhatIsNoExportIsRefused) {
  EXPECT_EQ(ReadMonica("{", {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadMonica("{}", {}).status().code(), absl::StatusCode::kInvalidArgument);
}

// The fixture with some of its values replaced.
void Disturb(nlohmann::json& value) {
  if (*rc::gen::inRange(0, 20) == 0) {
    value = *rc::gen::element<nlohmann::json>(nullptr, 7, true, "", "2024-01-05", "2024-13-45", "0000-00-00", "\n;🙂",
                                              std::string(9000, 'x'), nlohmann::json::array({1, "x", nullptr}),
                                              nlohmann::json::object({{"uuid", "u"}, {"properties", 7}}));
  } else if (value.is_structured()) {
    for (nlohmann::json& member : value) Disturb(member);
  }
}

RC_GTEST_PROP(MonicaProperty, WhateverStandsWhereRecordsMayBeAppendedAndAreKnownOnce, ()) {
  nlohmann::json json = nlohmann::json::parse(exports::kMonicaExport);
  Disturb(json["account"]);
  const auto file = ReadMonica(json.dump(), {.now = kNow});
  if (!file.ok()) {
    RC_ASSERT(file.status().code() == absl::StatusCode::kInvalidArgument);
    return;
  }
  std::set<std::pair<std::string, std::string>> known;
  for (const ImportedRecord& record : file->happened) {
    RC_ASSERT(known.insert({record.uid, record.recurrence_id}).second);
    v1::Interaction entry = record.content;
    entry.add_contact_ids("0190a000-0000-7000-8000-000000000001");
    base::FieldViolations violations;
    ValidateInteraction(entry, "interaction", kNow, violations);
    RC_ASSERT(violations.empty());
  }
}

}  // namespace
}  // namespace council::ledger
