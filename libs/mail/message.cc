#include "libs/mail/message.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace council::mail {
namespace {

constexpr std::size_t kMostAddressBytes = 254;
constexpr std::size_t kMostReceivers = 100;
// Groups within groups are none that people write.
constexpr int kMostGroups = 4;

constexpr std::array<absl::string_view, 12> kProgramsNames = {
    "noreply",       "no-reply",   "no_reply", "donotreply", "do-not-reply",  "do_not_reply",
    "mailer-daemon", "postmaster", "bounce",   "bounces",    "notifications", "notification"};

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <typename Object>
using Owned = std::unique_ptr<Object, Unref>;

// GMime is set up once for the process, and stays so.
void SetUp() {
  static const bool done = [] {
    g_mime_init();
    return true;
  }();
  static_cast<void>(done);
}

// Nothing that could end a line or a list of addresses.
bool IsUsual(absl::string_view address) {
  const auto is_usual = [](unsigned char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("@.-_+'&=~#/", static_cast<char>(c));
  };
  return address.size() <= kMostAddressBytes && std::count(address.begin(), address.end(), '@') == 1 &&
         address.front() != '@' && address.back() != '@' && std::all_of(address.begin(), address.end(), is_usual);
}

void AddAddresses(InternetAddressList* list, int depth, std::set<std::string>& addresses) {
  const int length = list == nullptr ? 0 : internet_address_list_length(list);
  for (int i = 0; i < length && addresses.size() < kMostReceivers; ++i) {
    InternetAddress* address = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_GROUP(address)) {
      if (depth < kMostGroups) {
        AddAddresses(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)), depth + 1, addresses);
      }
    } else if (INTERNET_ADDRESS_IS_MAILBOX(address)) {
      const char* text = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
      if (text != nullptr && IsUsual(text)) addresses.insert(absl::AsciiStrToLower(text));
    }
  }
}

std::string HeaderOf(GMimeMessage* message, const char* name) {
  const char* value = g_mime_object_get_header(GMIME_OBJECT(message), name);
  return value == nullptr ? "" : absl::AsciiStrToLower(absl::StripAsciiWhitespace(value));
}

bool IsAutomatic(GMimeMessage* message, const std::string& sender) {
  const std::string submitted = HeaderOf(message, "Auto-Submitted");
  const std::string precedence = HeaderOf(message, "Precedence");
  if (!HeaderOf(message, "List-Id").empty() || (!submitted.empty() && submitted != "no") || precedence == "bulk" ||
      precedence == "list" || precedence == "junk") {
    return true;
  }
  const absl::string_view name = absl::string_view(sender).substr(0, sender.find('@'));
  return std::find(kProgramsNames.begin(), kProgramsNames.end(), name) != kProgramsNames.end();
}

}  // namespace

Message ReadMessage(const std::string& header) {
  SetUp();
  Message read;
  // The empty line, behind which nothing comes: there is no body to be read.
  const std::string bytes = absl::StrCat(header, "\n");
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  const Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (message == nullptr) return read;
  std::set<std::string> senders;
  AddAddresses(g_mime_message_get_from(message.get()), 0, senders);
  if (senders.size() == 1) read.sender = *senders.begin();
  AddAddresses(g_mime_message_get_to(message.get()), 0, read.receivers);
  AddAddresses(g_mime_message_get_cc(message.get()), 0, read.receivers);
  AddAddresses(g_mime_message_get_bcc(message.get()), 0, read.receivers);
  if (GDateTime* date = g_mime_message_get_date(message.get()); date != nullptr) {
    // Before there was mail, a clock was not set.
    if (const std::int64_t seconds = g_date_time_to_unix(date); seconds > 0) read.time = absl::FromUnixSeconds(seconds);
  }
  read.automatic = IsAutomatic(message.get(), read.sender);
  return read;
}

std::string WriteMessage(const Message& message) {
  std::string text = "From - Thu Jan  1 00:00:00 1970\n";
  if (message.automatic) return absl::StrCat(text, "Precedence: bulk\n\n");
  if (!message.sender.empty()) absl::StrAppend(&text, "From: ", message.sender, "\n");
  if (!message.receivers.empty()) absl::StrAppend(&text, "To: ", absl::StrJoin(message.receivers, ",\n "), "\n");
  if (message.time != absl::InfinitePast()) {
    absl::StrAppend(&text, "Date: ", absl::FormatTime(absl::RFC1123_full, message.time, absl::UTCTimeZone()), "\n");
  }
  return absl::StrCat(text, "\n");
}

}  // namespace council::mail
