// A whole state from one owner's place to another.
#include "services/contacts/owner_state.h"

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "services/contacts/service_for_test.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OwnerStateTest : public ServiceTest {
 protected:
  std::string ExportFrom(const std::string& subject) {
    v1::ExportOwnerRequest request;
    request.set_for_import(true);
    rpc::ChunkWriter<v1::ExportOwnerResponse> writer;
    const absl::Status status = service_->ExportOwner(Call(subject), request, writer);
    EXPECT_TRUE(status.ok()) << status;
    return writer.text;
  }

  absl::StatusOr<v1::ImportOwnerResponse> ImportInto(const std::string& subject, const std::string& lines,
                                                     bool dry_run = false) {
    auto reader = rpc::OwnerLines<v1::ImportOwnerRequest>(lines, dry_run);
    return service_->ImportOwner(Call(subject), reader);
  }

  // The field that is wrong, or the message where none is named.
  std::string Wrong(const std::string& lines) {
    const absl::Status status = ImportInto("tom", lines).status();
    const google::rpc::BadRequest bad = base::BadRequestOf(status);
    return bad.field_violations().empty() ? std::string(status.message()) : bad.field_violations(0).field();
  }

  void Know(const std::string& a, const std::string& b) {
    v1::SetAcquaintanceRequest request;
    request.set_contact_id(a);
    request.set_other_contact_id(b);
    request.set_acquainted(true);
    EXPECT_TRUE(service_->SetAcquaintance(Call(), request).ok());
  }

  void Set(double hours) {
    v1::UpdateSettingsRequest request;
    request.mutable_settings()->set_hours_per_week(hours);
    request.mutable_update_mask()->add_paths("hours_per_week");
    EXPECT_TRUE(service_->UpdateSettings(Call(), request).ok());
  }

  // Two seats, one taken twice, a merged and an erased contact, settings, requests: something of everything.
  void MakeSmallState() {
    const v1::Contact rosa = Create("Rosa", "rosa@example.com", "make rosa");
    clock_.Advance(absl::Seconds(1));  // Ids are in the order of their times.
    const v1::Contact tom = Create("Tom \"T\" \xc5\x81ukasz\xe2\x80\xa8", "tom@example.com");
    const v1::Contact twin = Create("Rosa R.", "r@example.com");
    const v1::Contact gone = Create("Gone", "gone@example.com");
    v1::Contact facets = tom;
    for (const char* name : {"seniority", "function", "location"}) (*facets.mutable_facets())[name] = "some";
    EXPECT_TRUE(Update(facets, {"facets"}).ok());
    v1::Seat seat;
    seat.add_roles(common::v1::COUNCIL_ROLE_MENTOR);
    *seat.mutable_cadence() = base::ToProto(absl::Hours(24 * 30));
    EXPECT_TRUE(Seat(rosa.id(), seat).ok());
    EXPECT_TRUE(Seat(tom.id()).ok());
    v1::UnseatContactRequest unseat;
    unseat.set_contact_id(rosa.id());
    clock_.Advance(absl::Hours(24 * 100) + absl::Microseconds(17));
    EXPECT_TRUE(service_->UnseatContact(Call(), unseat).ok());
    clock_.Advance(absl::Hours(24));
    EXPECT_TRUE(Seat(rosa.id(), seat).ok());
    Know(rosa.id(), tom.id());
    Set(3.1);
    v1::MergeContactsRequest merge;
    merge.set_into_id(rosa.id());
    merge.add_from_ids(twin.id());
    merge.set_request_id("merge");
    EXPECT_TRUE(service_->MergeContacts(Call(), merge).ok());
    v1::EraseContactRequest erase;
    erase.set_id(gone.id());
    EXPECT_TRUE(service_->EraseContact(Call(), erase).ok());
  }

  // The lines after `change`, which is given each.
  static std::string Changed(const std::string& lines, const std::string& from, const std::string& to) {
    EXPECT_TRUE(absl::StrContains(lines, from)) << from;
    return absl::StrReplaceAll(lines, {{from, to}});
  }
};

TEST_F(OwnerStateTest, AStateThatWasTakenOverIsExportedWithTheSameBytes) {
  MakeSmallState();
  const std::string lines = ExportFrom("anna");
  EXPECT_EQ(ExportFrom("anna"), lines) << "that it was read is no part of it";
  const auto checked = ImportInto("tom", lines, true);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_THAT(Names("tom"), ElementsAre());
  const auto imported = ImportInto("tom", lines);
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->imported(), checked->imported());
  EXPECT_EQ(imported->imported(), std::ranges::count(lines, '\n') - 1);
  EXPECT_EQ(ExportFrom("tom"), lines);
  EXPECT_EQ(Names("tom"), Names("anna"));
}

TEST_F(OwnerStateTest, TheSameAgainChangesNothingAndARetriedRequestDoesNothingHereEither) {
  MakeSmallState();
  const std::string lines = ExportFrom("anna");
  const auto first = ImportInto("tom", lines);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto again = ImportInto("tom", lines);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->imported(), 0);
  EXPECT_EQ(again->unchanged(), first->imported());
  EXPECT_EQ(again->token(), first->token());

  v1::CreateContactRequest retried;
  retried.mutable_contact()->set_display_name("Rosa");
  retried.mutable_contact()->add_emails("rosa@example.com");
  retried.set_request_id("make rosa");
  EXPECT_TRUE(service_->CreateContact(Call("tom"), retried).ok());
  EXPECT_EQ(ExportFrom("tom"), lines);
}

TEST_F(OwnerStateTest, WhoHasAnythingElseIsToldWhatAndKeepsIt) {
  MakeSmallState();
  const std::string lines = ExportFrom("anna");
  v1::CreateContactRequest create;
  create.mutable_contact()->set_display_name("Own");
  create.set_request_id("make rosa");
  const auto own = service_->CreateContact(Call("tom"), create);
  ASSERT_TRUE(own.ok());
  for (const bool dry_run : {true, false}) {
    const absl::Status refused = ImportInto("tom", lines, dry_run).status();
    EXPECT_EQ(base::ReasonOf(refused), common::v1::ERROR_REASON_STATE_NOT_EMPTY);
    EXPECT_THAT(std::string(refused.message()), HasSubstr("1 contact "));
  }
  EXPECT_THAT(Names("tom"), ElementsAre("Own"));
  // With the contact gone there is room again; the request that made it stays what it was.
  v1::DeleteContactRequest remove;
  remove.set_id(own->contact().id());
  ASSERT_TRUE(service_->DeleteContact(Call("tom"), remove).ok());
  EXPECT_TRUE(ImportInto("tom", lines).ok());
  EXPECT_EQ(Names("tom"), Names("anna"));
}

TEST_F(OwnerStateTest, WhatWasErasedHereDoesNotComeBack) {
  const v1::Contact rosa = Create("Rosa");
  const std::string lines = ExportFrom("anna");
  ASSERT_TRUE(ImportInto("tom", lines).ok());
  v1::EraseContactRequest erase;
  erase.set_id(rosa.id());
  ASSERT_TRUE(service_->EraseContact(Call("tom"), erase).ok());
  EXPECT_EQ(base::ReasonOf(ImportInto("tom", lines).status()), common::v1::ERROR_REASON_STATE_NOT_EMPTY);
  EXPECT_THAT(Names("tom"), ElementsAre());
}

TEST_F(OwnerStateTest, ADamagedStateIsRefusedByTheRecordAndNothingIsWritten) {
  MakeSmallState();
  const std::string lines = ExportFrom("anna");
  std::vector<std::string> all = absl::StrSplit(lines, '\n', absl::SkipEmpty());
  const auto joined = [](const std::vector<std::string>& some) { return absl::StrJoin(some, "\n") + "\n"; };
  const auto without = [&](size_t index) {
    std::vector<std::string> some = all;
    some.erase(some.begin() + static_cast<std::ptrdiff_t>(index));
    return joined(some);
  };
  const auto swapped = [&](size_t index) {
    std::vector<std::string> some = all;
    std::swap(some[index], some[index + 1]);
    return joined(some);
  };
  EXPECT_EQ(Wrong(""), "records[0]");
  EXPECT_EQ(Wrong(without(0)), "records[0]");
  EXPECT_EQ(Wrong(without(1)), "records[2].seat.contact_id");
  EXPECT_EQ(Wrong(without(all.size() - 1)), absl::StrCat("records[", all.size() - 1, "]"));
  EXPECT_EQ(Wrong(swapped(1)), "records[2]");
  EXPECT_EQ(Wrong(lines + all.back() + "\n"), absl::StrCat("records[", all.size(), "]"));
  EXPECT_EQ(Wrong(lines.substr(0, lines.size() - 1)), absl::StrCat("records[", all.size() - 1, "]"));
  EXPECT_EQ(Wrong(Changed(lines, "\"version\":1", "\"version\":2")), "records[0].start.version");
  EXPECT_EQ(Wrong(Changed(lines, "\"displayName\":\"Rosa\"", "\"displayName\":\"\"")),
            "records[1].contact.contact.display_name");
  EXPECT_EQ(Wrong(Changed(lines, "\"displayName\":\"Rosa\"", "\"displayName\":\"Rosa\",\"etag\":\"1\"")),
            "records[1].contact.contact.etag");
  EXPECT_EQ(Wrong(Changed(lines, "\"seniority\"", "\"religion\"")), "records[2].contact.contact.facets[\"religion\"]");
  EXPECT_EQ(Wrong(Changed(lines, "\"hoursPerWeek\":3.1", "\"hoursPerWeek\":\"NaN\"")),
            "records[6].settings.hours_per_week");
  EXPECT_EQ(Wrong(Changed(lines, "{\"erasedContact\":{\"id\":\"0", "{\"erasedContact\":{\"id\":\"zz")),
            "records[7].erased_contact.id");
  EXPECT_THAT(ExportFrom("tom"), HasSubstr("\"start\":{\"version\":1}"));
}

TEST_F(OwnerStateTest, RandomBytesInAStateAreRefusedOrHarmless) {
  MakeSmallState();
  const std::string lines = ExportFrom("anna");
  const auto property = [&] {
    std::string damaged = lines;
    const int changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i) {
      damaged[*rc::gen::inRange<size_t>(0, lines.size())] = static_cast<char>(*rc::gen::inRange(0, 256));
    }
    const auto checked = ImportInto("tom", damaged, true);
    if (checked.ok()) {
      RC_TAG("taken");
    } else {
      RC_TAG("refused");
      RC_ASSERT(checked.status().code() == absl::StatusCode::kInvalidArgument);
    }
  };
  EXPECT_TRUE(rc::check("a damaged state is refused with INVALID_ARGUMENT", property));
}

TEST_F(OwnerStateTest, WhoeverStopsInTheMiddleHasWrittenNothing) {
  MakeSmallState();
  const std::string lines = ExportFrom("anna");
  auto reader = rpc::OwnerLines<v1::ImportOwnerRequest>(lines);
  const rpc::CallContext gone("ImportOwner", {.owner = {"acme", "tom"}, .client = "owner", .credential = {}},
                              absl::Now() + absl::Minutes(1), [] { return true; });
  EXPECT_EQ(service_->ImportOwner(gone, reader).status().code(), absl::StatusCode::kCancelled);
  EXPECT_THAT(Names("tom"), ElementsAre());
}

}  // namespace
}  // namespace council::contacts
