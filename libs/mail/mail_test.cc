#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/mail/mbox.h"
#include "libs/mail/message.h"

namespace council::mail {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kFrom[] = "From anna@example.com Mon Jun 15 12:00:00 2026\n";

std::vector<Message> ReadAll(const std::string& mbox) {
  std::istringstream in(mbox);
  MboxReader reader(in);
  std::vector<Message> messages;
  while (const auto header = reader.Next()) messages.push_back(ReadMessage(*header));
  return messages;
}

std::string WriteAll(const std::vector<Message>& messages) {
  std::string mbox;
  for (const Message& message : messages) mbox += WriteMessage(message);
  return mbox;
}

TEST(MailTest, AMessageSaysWhoWroteToWhomAndWhen) {
  const auto messages =
      ReadAll(absl::StrCat(kFrom,
                           "From: =?utf-8?q?Anna?= <Anna@Example.com>\r\n"
                           "To: \"Ash, Tom\" <tom@example.com>,\r\n"
                           " friends: eva@example.com, lou@example.com;\r\n"
                           "CC: kim@example.com\r\nBcc: max@example.com\r\n"
                           "Subject: a secret\r\nDate: Mon, 15 Jun 2026 14:00:00 +0200\r\n\r\nHi\r\n"));
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_EQ(messages[0].sender, "anna@example.com");
  EXPECT_THAT(messages[0].receivers, ElementsAre("eva@example.com", "kim@example.com", "lou@example.com",
                                                 "max@example.com", "tom@example.com"));
  EXPECT_EQ(messages[0].time, absl::FromUnixSeconds(1'781'524'800));
  EXPECT_FALSE(messages[0].automatic);
}

TEST(MailTest, ListsAndProgramsAreToldFromPeople) {
  for (const char* line : {"List-Id: <list.example.com>", "Auto-Submitted: auto-replied", "Precedence: Bulk",
                           "From: No-Reply@example.com", "From: MAILER-DAEMON@example.com"}) {
    const auto messages = ReadAll(absl::StrCat(kFrom, line, "\nTo: me@example.com\n\n"));
    ASSERT_THAT(messages, SizeIs(1));
    EXPECT_TRUE(messages[0].automatic) << line;
    EXPECT_EQ(WriteMessage(messages[0]).find("example.com"), std::string::npos);
  }
  EXPECT_FALSE(ReadAll(absl::StrCat(kFrom, "Auto-Submitted: no\nFrom: anna@example.com\n\n"))[0].automatic);
}

TEST(MailTest, ASentenceThatBeginsWithFromBeginsNoMessage) {
  EXPECT_THAT(ReadAll(absl::StrCat(kFrom, "From: a@x.org\n\nText.\n\nFrom here on\nTo: b@x.org\n\n>From me\n")),
              SizeIs(1));
  EXPECT_THAT(ReadAll("no mailbox"), IsEmpty());
  EXPECT_TRUE(LooksLikeMbox(kFrom));
  EXPECT_FALSE(LooksLikeMbox("From: anna@example.com\n"));
}

TEST(MailTest, NothingOfABodyReachesAnything) {
  const bool holds = rc::check([] {
    std::string mbox;
    const int messages = *rc::gen::inRange(1, 5);
    for (int i = 0; i < messages; ++i) {
      const auto lines = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
          "", "secret", "From: secret@x.org", "To: secret@x.org", "From secret on", ">From secret Mon 12:00 2026",
          "Content-Type: multipart/mixed; boundary=secret", "--secret", "Bcc: secret@x.org"));
      absl::StrAppend(&mbox, kFrom, "From: a@x.org\nTo: b@x.org\nSubject: secret\nContent-Type: multipart/mixed; ",
                      "boundary=secret\n\n", absl::StrJoin(lines, "\n"), "\n\n");
    }
    const std::vector<Message> read = ReadAll(mbox);
    RC_ASSERT(read.size() == static_cast<std::size_t>(messages));
    RC_ASSERT(WriteAll(read).find("secret") == std::string::npos);
  });
  EXPECT_TRUE(holds);
}

TEST(MailTest, WhatIsWrittenIsReadTheSameAgain) {
  const bool holds = rc::check([](const std::string& noise) {
    const auto messages = ReadAll(absl::StrCat(kFrom, noise, "\n\n", kFrom, "From: a@x.org\nTo: ", noise,
                                               "\nDate: Mon, 15 Jun 2026 14:00:00 +0200\n\n"));
    const auto again = ReadAll(WriteAll(messages));
    RC_ASSERT(again.size() == messages.size());
    for (std::size_t i = 0; i < again.size(); ++i) {
      RC_ASSERT(again[i].automatic == messages[i].automatic);
      if (again[i].automatic) continue;
      RC_ASSERT(again[i].sender == messages[i].sender);
      RC_ASSERT(again[i].receivers == messages[i].receivers);
      RC_ASSERT(again[i].time == messages[i].time);
    }
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace council::mail
