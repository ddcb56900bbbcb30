#include "services/contacts/import/contact_builder.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "libs/text/written_day.h"
#include "services/contacts/contact_limits.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

constexpr size_t kNamedLeftOut = 20;
constexpr size_t kNamedProperty = 50;
constexpr size_t kLongestWord = 64;

// `text` with line ends as "\n" and other control characters gone; where `single_line`, line ends and tabs become
// spaces.
std::string Cleaned(absl::string_view text, bool single_line) {
  std::string cleaned;
  cleaned.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') continue;
      c = '\n';
    }
    if (c == '\n' || c == '\t') {
      cleaned.push_back(single_line ? ' ' : c);
    } else if (!absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      cleaned.push_back(c);
    }
  }
  return Trimmed(cleaned);
}

std::string OverLimit(absl::string_view what, size_t length, size_t limit) {
  return absl::StrCat("the ", what, " has ", length, " characters, at most ", limit, " are kept: left out");
}

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return absl::ascii_isdigit(c); });
}

}  // namespace

bool ContactBuilder::SetText(std::string* field, absl::string_view value, size_t limit, absl::string_view what) {
  std::string cleaned = Cleaned(value, true);
  if (cleaned.empty() || cleaned == *field) return true;
  if (!field->empty()) return false;
  if (const size_t length = CountCharacters(cleaned); length > limit) {
    LeaveOut(OverLimit(what, length, limit));
    return true;
  }
  *field = std::move(cleaned);
  return true;
}

bool ContactBuilder::SetName(absl::string_view name) {
  return SetText(contact_.mutable_display_name(), name, limits::kDisplayName, "name");
}

bool ContactBuilder::SetOrganization(absl::string_view organization) {
  return SetText(contact_.mutable_organization(), organization, limits::kOrganization, "organization");
}

bool ContactBuilder::SetTitle(absl::string_view title) {
  return SetText(contact_.mutable_title(), title, limits::kTitle, "title");
}

bool ContactBuilder::SetLocation(absl::string_view location) {
  return SetText(contact_.mutable_location(), location, limits::kLocation, "location");
}

bool ContactBuilder::SetUid(absl::string_view uid) {
  return SetText(contact_.mutable_vcard_uid(), uid, limits::kVcardUid, "UID");
}

bool ContactBuilder::SetBirthday(absl::string_view date) {
  const std::string normalized = NormalizedDate(date);
  if (normalized.empty()) return Trimmed(date).empty();
  if (!contact_.birthday().empty()) return contact_.birthday() == normalized;
  contact_.set_birthday(normalized);
  return true;
}

void ContactBuilder::AddBirthday(absl::string_view date) {
  const std::string trimmed = Trimmed(date);
  const std::optional<text::WrittenDay> written = text::ReadDay(trimmed);
  const bool is_day = written.has_value() && written->day.has_value() && written->length == trimmed.size();
  if (!SetBirthday(is_day ? absl::FormatCivilTime(*written->day) : trimmed)) {
    AddVcardProperty(absl::StrCat("BDAY;VALUE=text:", EscapeVcardText(trimmed)));
  }
}

void ContactBuilder::AddEmail(absl::string_view email) {
  std::string cleaned = Cleaned(email, true);
  if (cleaned.empty()) return;
  if (cleaned.find(' ') != std::string::npos) {
    LeaveOut("an e-mail address has white space in it: left out");
  } else if (const size_t length = CountCharacters(cleaned); length > limits::kEmail) {
    LeaveOut(OverLimit("e-mail address", length, limits::kEmail));
  } else if (std::ranges::none_of(contact_.emails(), [key = EmailKey(cleaned)](const std::string& other) {
               return EmailKey(other) == key;
             })) {
    if (contact_.emails_size() == limits::kEmails) {
      LeaveOut(absl::StrCat("more than ", limits::kEmails, " e-mail addresses: one left out"));
    } else {
      contact_.add_emails(std::move(cleaned));
    }
  }
}

void ContactBuilder::AddPhone(absl::string_view phone) {
  std::string cleaned = Cleaned(phone, true);
  if (cleaned.empty()) return;
  if (const size_t length = CountCharacters(cleaned); length > limits::kPhone) {
    LeaveOut(OverLimit("phone number", length, limits::kPhone));
  } else if (std::ranges::find(contact_.phones(), cleaned) == contact_.phones().end()) {
    if (contact_.phones_size() == limits::kPhones) {
      LeaveOut(absl::StrCat("more than ", limits::kPhones, " phone numbers: one left out"));
    } else {
      contact_.add_phones(std::move(cleaned));
    }
  }
}

void ContactBuilder::AddTag(absl::string_view tag) {
  std::string cleaned = Cleaned(tag, true);
  if (cleaned.empty()) return;
  if (const size_t length = CountCharacters(cleaned); length > limits::kTag) {
    LeaveOut(OverLimit("category", length, limits::kTag));
  } else if (std::ranges::find(contact_.tags(), cleaned) == contact_.tags().end()) {
    if (contact_.tags_size() == limits::kTags) {
      LeaveOut(absl::StrCat("more than ", limits::kTags, " categories: one left out"));
    } else {
      contact_.add_tags(std::move(cleaned));
    }
  }
}

void ContactBuilder::AddNote(absl::string_view note) {
  const std::string cleaned = Cleaned(note, false);
  if (cleaned.empty() || cleaned == contact_.notes()) return;
  const absl::string_view gap = contact_.notes().empty() ? "" : "\n\n";
  const size_t length = notes_length_ + gap.size() + CountCharacters(cleaned);
  if (length > limits::kNotes) return LeaveOut(OverLimit("note", length, limits::kNotes));
  // Counted along: a person may have hundreds of thousands of notes.
  notes_length_ = length;
  absl::StrAppend(contact_.mutable_notes(), gap, cleaned);
}

void ContactBuilder::SetHowMet(absl::string_view how_met) {
  SetText(contact_.mutable_how_met(), how_met, limits::kHowMet, "text on how you met");
}

void ContactBuilder::SetFacet(absl::string_view name, absl::string_view value) {
  std::string cleaned = Cleaned(value, true);
  if (cleaned.empty() || CountCharacters(cleaned) > limits::kFacetValue) return;
  if (contact_.facets().size() >= limits::kFacets) return;
  contact_.mutable_facets()->try_emplace(std::string(name), std::move(cleaned));
}

void ContactBuilder::AddVcardProperty(absl::string_view line) {
  std::string cleaned = Cleaned(line, true);
  if (std::ranges::find(contact_.vcard_properties(), cleaned) != contact_.vcard_properties().end()) return;
  if (std::ranges::count(cleaned, ';') > kMostParts) {
    LeaveOut(absl::StrCat("a property has more than ", kMostParts, " parts: left out"));
    return;
  }
  const size_t length = CountCharacters(cleaned);
  if (contact_.vcard_properties_size() == limits::kVcardProperties ||
      vcard_properties_length_ + length > limits::kVcardPropertiesTotal) {
    LeaveOut(absl::StrCat("more further properties than are kept: ",
                          cleaned.substr(0, std::min(cleaned.find_first_of(";:"), kNamedProperty)), " left out"));
    return;
  }
  vcard_properties_length_ += length;
  contact_.add_vcard_properties(std::move(cleaned));
}

void ContactBuilder::AddStructured(absl::string_view name, const std::vector<std::string>& components) {
  if (std::ranges::all_of(components, [](const std::string& text) { return text.empty(); })) return;
  AddVcardProperty(absl::StrCat(name, ":", absl::StrJoin(components, ";", [](std::string* out, const auto& text) {
                                  out->append(EscapeVcardText(text));
                                })));
}

void ContactBuilder::AddProfile(absl::string_view network, absl::string_view profile) {
  if (absl::StartsWithIgnoreCase(profile, "http://") || absl::StartsWithIgnoreCase(profile, "https://")) {
    AddVcardProperty(absl::StrCat("URL:", profile));
  } else {
    const std::string word = VcardWord(network);
    AddVcardProperty(
        absl::StrCat("X-SOCIALPROFILE", word.empty() ? "" : ";TYPE=", word, ":", EscapeVcardText(profile)));
  }
}

void ContactBuilder::LeaveOut(std::string what) {
  if (record_.left_out.size() < kNamedLeftOut) {
    record_.left_out.push_back(std::move(what));
  } else {
    ++unnamed_;
  }
}

FileRecord ContactBuilder::Finish(bool derive_facets) {
  if (unnamed_ > 0) record_.left_out.push_back(absl::StrCat("and ", unnamed_, " more values of it: left out"));
  if (contact_.display_name().empty()) {
    const std::string* name = contact_.emails_size() > 0         ? &contact_.emails(0)
                              : !contact_.organization().empty() ? &contact_.organization()
                              : contact_.phones_size() > 0       ? &contact_.phones(0)
                                                                 : nullptr;
    if (name == nullptr) {
      LeaveOut("no name, e-mail address, organization or phone number");
      return std::move(record_);
    }
    if (CountCharacters(*name) > limits::kDisplayName) {
      LeaveOut("no name, and an e-mail address too long to stand for it");
      return std::move(record_);
    }
    contact_.set_display_name(*name);
  }
  if (derive_facets) {
    SetFacet("organization", contact_.organization());
    SetFacet("location", contact_.location());
  }
  record_.contact = std::move(contact_);
  return std::move(record_);
}

std::string JoinNonEmpty(std::vector<std::string> parts, absl::string_view separator) {
  std::erase(parts, "");
  return absl::StrJoin(parts, separator);
}

std::string VcardWord(absl::string_view text) {
  std::string word = absl::AsciiStrToLower(text);
  std::ranges::replace_if(
      word, [](unsigned char c) { return !absl::ascii_isalnum(c); }, '-');
  return word.size() <= kLongestWord ? word : "";
}

std::string EscapeVcardText(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\\", "\\\\"}, {",", "\\,"}, {";", "\\;"}, {"\r\n", "\\n"}, {"\n", "\\n"}});
}

std::string NormalizedDate(absl::string_view date) {
  const std::string trimmed = Trimmed(date);
  // A time of day may follow behind "T" or a space.
  const absl::string_view day = absl::string_view(trimmed).substr(0, trimmed.find_first_of("T "));
  const bool no_year = absl::StartsWith(day, "--");
  std::string digits;
  for (const absl::string_view rest = no_year ? day.substr(2) : day; const char c : rest) {
    if (c != '-') digits.push_back(c);
  }
  if (!AllDigits(digits) || digits.size() != (no_year ? 4 : 8)) return {};
  const size_t at = no_year ? 0 : 4;
  int year = 2000;  // a leap year: 29 February is a birthday
  int month = 0;
  int day_of_month = 0;
  if (!no_year && !absl::SimpleAtoi(digits.substr(0, 4), &year)) return {};
  if (!absl::SimpleAtoi(digits.substr(at, 2), &month) || !absl::SimpleAtoi(digits.substr(at + 2, 2), &day_of_month)) {
    return {};
  }
  const absl::CivilDay civil(year, month, day_of_month);
  if (year == 0 || civil.month() != month || civil.day() != day_of_month) return {};
  return no_year ? absl::StrFormat("--%02d-%02d", month, day_of_month)
                 : absl::StrFormat("%04d-%02d-%02d", year, month, day_of_month);
}

}  // namespace council::contacts
