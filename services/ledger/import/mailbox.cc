#include "services/ledger/import/mailbox.h"

#include <optional>
#include <sstream>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/mail/mbox.h"
#include "libs/mail/message.h"
#include "services/ledger/import/icalendar.h"

namespace council::ledger {
namespace {

constexpr int kNoon = 12;

// What a record is of: the day, the others, and whether others received it too.
using Mail = std::tuple<absl::CivilDay, std::set<std::string>, bool>;

// What a message is about, or why it is left out.
struct Taken {
  std::optional<Mail> mail;
  const char* left_out = nullptr;  // Where it is.
};

Taken Take(const mail::Message& message, const std::set<std::string>& own_emails, const FileTimes& times) {
  if (message.automatic) return {.mail = {}, .left_out = "of mailing lists and programs"};
  if (message.sender.empty() || message.receivers.empty()) {
    return {.mail = {}, .left_out = "without a sender or receivers"};
  }
  if (message.time == absl::InfinitePast()) return {.mail = {}, .left_out = "without a date"};
  const absl::CivilDay day = absl::ToCivilDay(message.time, times.time_zone);
  if (day > absl::ToCivilDay(times.now, times.time_zone)) return {.mail = {}, .left_out = "of a day to come"};
  if (message.receivers.size() > kMostInATalk) return {.mail = {}, .left_out = "to more than eight"};
  const auto is_own = [&own_emails](const std::string& address) { return own_emails.contains(address); };
  std::set<std::string> others = message.receivers;
  std::erase_if(others, is_own);
  if (is_own(message.sender)) {
    if (others.empty()) return {.mail = {}, .left_out = "to yourself"};
    return {.mail = Mail(day, std::move(others), false), .left_out = nullptr};
  }
  if (others.size() == message.receivers.size()) {
    return {.mail = {}, .left_out = "neither from nor to an address of yours"};
  }
  return {.mail = Mail(day, {message.sender}, !others.empty()), .left_out = nullptr};
}

ImportedRecord RecordOf(const Mail& mail, absl::TimeZone zone) {
  const auto& [day, others, to_several] = mail;
  ImportedRecord record;
  const std::string said =
      absl::StrCat(absl::FormatCivilTime(day), to_several ? " of " : " with ", absl::StrJoin(others, " "));
  record.uid = absl::StrCat("mail:", DigestOf(said));
  for (const std::string& address : others) record.people.push_back({.address = address, .name = ""});
  const absl::CivilSecond noon(day.year(), day.month(), day.day(), kNoon);
  *record.content.mutable_occur_time() = base::ToProto(absl::FromCivil(noon, zone));
  record.content.set_channel(v1::CHANNEL_EMAIL);
  if (to_several) record.content.set_depth(v1::INTERACTION_DEPTH_EXCHANGE);
  record.content.set_source(kMailSource);
  return record;
}

}  // namespace

absl::StatusOr<ImportedFile> ReadMailbox(const std::string& bytes, const std::set<std::string>& own_emails,
                                         const FileTimes& times) {
  std::istringstream in(bytes);
  mail::MboxReader reader(in);
  ImportedFile file;
  std::set<Mail> mails;
  std::size_t messages = 0;
  while (const std::optional<std::string> header = reader.Next()) {
    if (absl::Now() > times.deadline) return absl::DeadlineExceededError("the file takes too long to read");
    Taken taken = Take(mail::ReadMessage(*header), own_emails, times);
    if (taken.mail.has_value()) {
      mails.insert(*std::move(taken.mail));
    } else {
      ++file.left_out[taken.left_out];
    }
    if (++messages > kMaxMessages || mails.size() > kMaxRecords) {
      return base::OverLimit(
          absl::StrCat("a file has at most ", kMaxMessages, " messages and ", kMaxRecords, " days with somebody"));
    }
  }
  if (messages == 0 && !bytes.empty()) {
    return base::InvalidField("chunk", "must be an mbox: messages that begin with a line \"From … \" with a time");
  }
  for (const Mail& mail : mails) file.happened.push_back(RecordOf(mail, times.time_zone));
  return file;
}

}  // namespace council::ledger
