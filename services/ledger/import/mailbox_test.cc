#include "services/ledger/import/mailbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/ledger/service_for_test.h"

namespace council::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::string Mail(const std::string& from, const std::vector<std::string>& to, int days_ago,
                 const std::string& more = "") {
  return absl::StrCat(
      "From - Mon Jun 15 12:00:00 2026\nFrom: ", from, "\nTo: ", absl::StrJoin(to, ", "), "\nDate: ",
      absl::FormatTime(absl::RFC1123_full, kNow - days_ago * absl::Hours(24) - absl::Hours(1), absl::UTCTimeZone()),
      "\nSubject: secret\n", more, "\nsecret\n\n");
}

absl::StatusOr<ImportedFile> Read(const std::string& mbox) {
  return ReadMailbox(mbox, {"me@x.org"}, {.now = kNow});
}

// Whom each record is with, by its uid.
std::map<std::string, std::string> Records(const ImportedFile& file) {
  std::map<std::string, std::string> records;
  for (const ImportedRecord& record : file.happened) {
    std::string& said = records[record.uid];
    EXPECT_EQ(said, "") << "two records of one id";
    for (const ImportedPerson& person : record.people) absl::StrAppend(&said, person.address, " ");
    absl::StrAppend(&said, record.content.ShortDebugString());
  }
  return records;
}

TEST(MailboxTest, ARecordIsADayWithThoseIWroteToOrHeardFrom) {
  const auto file = Read(Mail("Ann <ann@x.org>", {"me@x.org"}, 2) + Mail("me@x.org", {"ann@x.org"}, 2) +
                         Mail("me@x.org", {"bob@x.org", "ann@x.org", "Me@x.org"}, 2) +
                         Mail("ann@x.org", {"me@x.org", "bob@x.org"}, 2) + Mail("ann@x.org", {"me@x.org"}, 1));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_THAT(file->happened, SizeIs(4));
  int exchanges = 0;
  std::multiset<std::string> with;
  for (const ImportedRecord& record : file->happened) {
    EXPECT_EQ(record.content.channel(), v1::CHANNEL_EMAIL);
    EXPECT_EQ(record.content.note(), "");
    exchanges += record.content.depth() == v1::INTERACTION_DEPTH_EXCHANGE ? 1 : 0;
    with.insert(absl::StrJoin(record.people, " ", [](std::string* out, const ImportedPerson& person) {
      absl::StrAppend(out, person.address);
    }));
  }
  EXPECT_THAT(with, UnorderedElementsAre("ann@x.org", "ann@x.org", "ann@x.org", "ann@x.org bob@x.org"));
  EXPECT_EQ(exchanges, 1) << "what others received too";
}

TEST(MailboxTest, WhatSaysNothingOfATieIsLeftOutByReason) {
  const std::vector<std::string> nine = {"1@x.org", "2@x.org", "3@x.org", "4@x.org", "5@x.org",
                                         "6@x.org", "7@x.org", "8@x.org", "me@x.org"};
  const auto file =
      Read(Mail("me@x.org", {"me@x.org"}, 1) + Mail("ann@x.org", {"bob@x.org"}, 1) + Mail("ann@x.org", nine, 1) +
           Mail("ann@x.org", {"me@x.org"}, -2) + Mail("no-reply@x.org", {"me@x.org"}, 1) +
           Mail("ann@x.org", {"me@x.org"}, 1, "List-Id: <l.x.org>\n") +
           "From - Mon Jun 15 12:00:00 2026\nFrom: ann@x.org\nTo: me@x.org\n\n");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->happened, IsEmpty());
  EXPECT_THAT(file->left_out,
              ElementsAre(Pair("neither from nor to an address of yours", 1), Pair("of a day to come", 1),
                          Pair("of mailing lists and programs", 2), Pair("to more than eight", 1),
                          Pair("to yourself", 1), Pair("without a date", 1)));
  EXPECT_EQ(base::ReasonOf(Read("no mailbox").status()), common::v1::ERROR_REASON_INVALID_FIELD);
}

TEST(MailboxTest, InWhicheverOrderAndHoweverOftenMessagesComeTheRecordsAreTheSame) {
  const bool holds = rc::check([] {
    std::vector<std::string> mails;
    for (int i = *rc::gen::inRange(1, 10); i > 0; --i) {
      const auto person = [] { return *rc::gen::element<std::string>("me@x.org", "ann@x.org", "bob@x.org"); };
      std::vector<std::string> to(static_cast<std::size_t>(*rc::gen::inRange(1, 4)));
      std::generate(to.begin(), to.end(), person);
      mails.push_back(Mail(person(), to, *rc::gen::inRange(0, 4)));
    }
    const auto first = Records(Read(absl::StrJoin(mails, "")).value());
    std::reverse(mails.begin(), mails.end());
    mails.insert(mails.end(), mails.begin(), mails.begin() + 1);
    RC_ASSERT(Records(Read(absl::StrJoin(mails, "")).value()) == first);
    for (const auto& [uid, said] : first) {
      RC_ASSERT(uid.find("x.org") == std::string::npos);  // An erasure leaves it.
      RC_ASSERT(said.find("secret") == std::string::npos);
    }
    // A part of the messages makes a part of the records.
    for (const auto& [uid, said] : Records(Read(mails[0]).value())) RC_ASSERT(first.at(uid) == said);
  });
  EXPECT_TRUE(holds);
}

class MailboxServiceTest : public ServiceTest {
 protected:
  static absl::StatusOr<v1::ImportInteractionsResponse> Import(LedgerService& service, const std::string& tenant,
                                                               bool with_own_emails = true) {
    std::vector<v1::ImportInteractionsRequest> messages(1);
    v1::ImportInteractionsOptions& options = *messages[0].mutable_options();
    options.set_format(v1::INTERACTION_FORMAT_MBOX);
    if (with_own_emails) options.add_own_emails("Me@x.org");
    AddPerson("ann@x.org", kAnn, options);
    messages.emplace_back().set_chunk(Mail("ann@x.org", {"me@x.org"}, 2) + Mail("me@x.org", {"eva@x.org"}, 2));
    rpc::ListReader<v1::ImportInteractionsRequest> reader(std::move(messages));
    return service.ImportInteractions(rpc::CallContext::ForOwner({tenant, "rosa"}, "Test"), reader);
  }
};

TEST_F(MailboxServiceTest, MailIsTakenForTenantsThatAllowItAndNothingOfItsTextIsKept) {
  LedgerService service(ledger_, changes_, accesses_,
                        seal::TokenCodec(seal::DevelopmentSharedKey(), store_->identity().token_key), {"acme"});
  for (const auto& refused : {Import(service, "other"), Import(service_, "acme")}) {
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kPermissionDenied);
  }
  EXPECT_EQ(Import(service, "acme", false).status().code(), absl::StatusCode::kInvalidArgument);
  const auto imported = Import(service, "acme");
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->created(), 1);
  EXPECT_THAT(imported->unknown_attendees(), IsEmpty());
  EXPECT_EQ(Import(service, "acme")->unchanged(), 1);
  const auto entries = Entries(rpc::CallContext::ForOwner({"acme", "rosa"}, "Test"));
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_THAT(entries[0].contact_ids(), ElementsAre(kAnn));
  EXPECT_EQ(entries[0].DebugString().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace council::ledger
