#include "services/contacts/contact_rules.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "libs/base/proto_time.h"
#include "services/contacts/contact_limits.h"
#include "services/contacts/import/contact_builder.h"
#include "services/contacts/import/vcard_cards.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

using Strings = google::protobuf::RepeatedPtrField<std::string>;

void Trim(std::string* text) {
  *text = Trimmed(*text);
}

// Trims the values, and removes empty ones and those whose key came before.
template <typename Key>
void Distinct(Strings* values, Key key) {
  absl::flat_hash_set<std::string> seen;
  Strings kept;
  for (std::string& value : *values) {
    Trim(&value);
    if (!value.empty() && seen.insert(key(value)).second) kept.Add(std::move(value));
  }
  values->Swap(&kept);
}

std::string Same(const std::string& value) {
  return value;
}

void ValidateList(const Strings& values, size_t count, size_t length, const std::string& path,
                  base::FieldViolations& violations) {
  if (static_cast<size_t>(values.size()) > count) {
    violations.Add(path, absl::StrCat("has ", values.size(), " values; at most ", count, " are allowed"));
  }
  for (int i = 0; i < values.size(); ++i) {
    ValidateText(values[i], length, false, absl::StrCat(path, "[", i, "]"), violations);
  }
}

bool HasBlank(absl::string_view text) {
  return text.find(' ') != absl::string_view::npos;
}

// Special categories of personal data in law: no diversity is measured over them.
bool IsRefusedFacet(absl::string_view name) {
  static const absl::flat_hash_set<absl::string_view> kRefused = {
      "health",    "disability",        "illness",  "diagnosis",   "ethnicity",   "ethnic origin",
      "race",      "skin color",        "belief",   "religion",    "faith",       "politics",
      "party",     "political opinion", "union",    "trade union", "orientation", "sexual orientation",
      "sexuality", "sex life",          "genetics", "biometrics"};
  return kRefused.contains(name);
}

bool NeedsConsent(absl::string_view name) {
  return name == "background" || name == "generation";
}

bool IsFacetName(absl::string_view name) {
  return !name.empty() && name.front() != ' ' && name.back() != ' ' && name == Trimmed(name) &&
         CountCharacters(name) <= limits::kFacetName && std::ranges::all_of(name, [](unsigned char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == ' ' || c == '-' || c == '_' || c >= 0x80;
         });
}

void ValidateFacets(const v1::Contact& contact, const std::string& path,
                    const absl::flat_hash_set<std::string>& consented, base::FieldViolations& violations) {
  if (contact.facets().size() > limits::kFacets) {
    violations.Add(path,
                   absl::StrCat("has ", contact.facets().size(), " facets; at most ", limits::kFacets, " are allowed"));
  }
  for (const auto& [name, value] : contact.facets()) {
    const std::string facet = absl::StrCat(path, "[\"", name, "\"]");
    if (!IsFacetName(name)) {
      violations.Add(facet,
                     absl::StrCat("a facet's name is lower-case words of at most ", limits::kFacetName, " characters"));
    } else if (IsRefusedFacet(name)) {
      violations.Add(facet, "facets of health, ethnicity, belief, union and orientation are not kept");
    } else if (NeedsConsent(name) && !consented.contains(name)) {
      violations.Add(facet, "this facet is off until the tenant turns it on");
    }
    if (value.empty()) violations.Add(facet, "must not be empty; leave the facet out where it is not known");
    ValidateText(value, limits::kFacetValue, false, facet, violations);
  }
}

void ValidateVcardProperties(const v1::Contact& contact, const std::string& path, base::FieldViolations& violations) {
  size_t total = 0;
  for (int i = 0; i < contact.vcard_properties_size(); ++i) {
    const std::string& line = contact.vcard_properties(i);
    total += CountCharacters(line);
    if (!IsContentLine(line)) {
      violations.Add(absl::StrCat(path, "[", i, "]"), "must be a content line of vCard 4.0, NAME:value");
    }
  }
  ValidateList(contact.vcard_properties(), limits::kVcardProperties, limits::kVcardPropertiesTotal, path, violations);
  if (total > limits::kVcardPropertiesTotal) {
    violations.Add(path, absl::StrCat("have ", total, " characters together; at most ", limits::kVcardPropertiesTotal,
                                      " are allowed"));
  }
}

// Whether an optional cadence or gap is within 1 to 730 days.
bool IsCadence(const google::protobuf::Duration& duration) {
  if (!base::IsValid(duration)) return false;
  const absl::Duration value = base::FromProto(duration);
  return value >= absl::Hours(24) && value <= limits::kLongestCadenceDays * absl::Hours(24);
}

template <typename Message>
void ValidateCadence(const Message& message, const std::string& path, base::FieldViolations& violations) {
  if (message.has_cadence() && !IsCadence(message.cadence())) {
    violations.Add(path + ".cadence", "must be 1 to 730 days");
  }
  if (!message.has_longest_gap()) return;
  if (!IsCadence(message.longest_gap())) {
    violations.Add(path + ".longest_gap", "must be 1 to 730 days");
  } else if (message.has_cadence() && base::FromProto(message.longest_gap()) < base::FromProto(message.cadence())) {
    violations.Add(path + ".longest_gap", "must be at least the cadence");
  }
}

template <typename Values, typename Known>
void ValidateEnums(const Values& values, Known known, const std::string& path, base::FieldViolations& violations) {
  if (static_cast<size_t>(values.size()) > limits::kNamedValues) {
    return violations.Add(path, absl::StrCat("has ", values.size(), " values; each is to be named once at most"));
  }
  std::vector<int> seen;
  for (int i = 0; i < values.size(); ++i) {
    const std::string element = absl::StrCat(path, "[", i, "]");
    if (values[i] == 0 || !known(values[i])) violations.Add(element, "must be one of the named values");
    if (std::ranges::find(seen, values[i]) != seen.end()) violations.Add(element, "is named twice");
    seen.push_back(values[i]);
  }
}

bool IsGivenByService(const std::string& field) {
  return field == "id" || field == "former_ids" || field == "etag" || field == "create_time" || field == "update_time";
}

}  // namespace

void ValidateText(absl::string_view text, size_t limit, bool multi_line, const std::string& path,
                  base::FieldViolations& violations) {
  if (const size_t length = CountCharacters(text); length > limit) {
    violations.Add(path, absl::StrCat("has ", length, " characters; at most ", limit, " are allowed"));
  }
  if (std::ranges::any_of(text, [multi_line](unsigned char c) {
        return absl::ascii_iscntrl(c) && !(multi_line && (c == '\n' || c == '\t'));
      })) {
    violations.Add(path, "must not have control characters");
  }
}

void NormalizeContact(v1::Contact& contact) {
  for (std::string* text : {contact.mutable_display_name(), contact.mutable_organization(), contact.mutable_title(),
                            contact.mutable_location(), contact.mutable_how_met(), contact.mutable_directory_subject(),
                            contact.mutable_vcard_uid(), contact.mutable_paused_until(), contact.mutable_birthday()}) {
    Trim(text);
  }
  contact.set_notes(Trimmed(absl::StrReplaceAll(contact.notes(), {{"\r\n", "\n"}})));
  Distinct(contact.mutable_emails(), [](const std::string& email) { return EmailKey(email); });
  Distinct(contact.mutable_phones(), Same);
  Distinct(contact.mutable_tags(), Same);
  Distinct(contact.mutable_vcard_properties(), Same);
  for (auto& [name, value] : *contact.mutable_facets()) Trim(&value);
  if (contact.status() == v1::CONTACT_STATUS_UNSPECIFIED) contact.set_status(v1::CONTACT_STATUS_ACTIVE);
}

void ValidateContact(const v1::Contact& contact, const std::string& path,
                     const absl::flat_hash_set<std::string>& consented_facets, base::FieldViolations& violations) {
  const auto text = [&](const std::string& value, size_t limit, const char* field, bool multi_line = false) {
    ValidateText(value, limit, multi_line, absl::StrCat(path, ".", field), violations);
  };
  if (contact.display_name().empty()) violations.Add(path + ".display_name", "is required");
  text(contact.display_name(), limits::kDisplayName, "display_name");
  text(contact.organization(), limits::kOrganization, "organization");
  text(contact.title(), limits::kTitle, "title");
  text(contact.location(), limits::kLocation, "location");
  text(contact.how_met(), limits::kHowMet, "how_met");
  text(contact.notes(), limits::kNotes, "notes", true);
  text(contact.directory_subject(), limits::kDirectorySubject, "directory_subject");
  text(contact.vcard_uid(), limits::kVcardUid, "vcard_uid");
  ValidateList(contact.emails(), limits::kEmails, limits::kEmail, path + ".emails", violations);
  for (int i = 0; i < contact.emails_size(); ++i) {
    if (HasBlank(contact.emails(i))) {
      violations.Add(absl::StrCat(path, ".emails[", i, "]"), "must be an e-mail address, without blanks");
    }
  }
  ValidateList(contact.phones(), limits::kPhones, limits::kPhone, path + ".phones", violations);
  ValidateList(contact.tags(), limits::kTags, limits::kTag, path + ".tags", violations);
  ValidateFacets(contact, path + ".facets", consented_facets, violations);
  ValidateVcardProperties(contact, path + ".vcard_properties", violations);
  if (!v1::ContactStatus_IsValid(contact.status())) violations.Add(path + ".status", "must be one of the named values");
  if (!contact.paused_until().empty()) {
    if (contact.status() != v1::CONTACT_STATUS_PAUSED) {
      violations.Add(path + ".paused_until", "goes with the status PAUSED alone");
    } else if (NormalizedDate(contact.paused_until()) != contact.paused_until() ||
               absl::StartsWith(contact.paused_until(), "--")) {
      violations.Add(path + ".paused_until", "must be a day, YYYY-MM-DD");
    }
  }
  if (!contact.birthday().empty() && NormalizedDate(contact.birthday()) != contact.birthday()) {
    violations.Add(path + ".birthday", "must be a day, YYYY-MM-DD or --MM-DD");
  }
}

void ValidateNotGiven(const v1::Contact& contact, const std::string& path, base::FieldViolations& violations) {
  const google::protobuf::Descriptor* descriptor = v1::Contact::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = descriptor->field(i);
    const bool set = field->is_repeated() ? contact.GetReflection()->FieldSize(contact, field) > 0
                                          : contact.GetReflection()->HasField(contact, field);
    if (set && IsGivenByService(field->name())) {
      violations.Add(absl::StrCat(path, ".", field->name()), "is given by the service");
    }
  }
}

void ValidateSeat(const v1::Seat& seat, const std::string& path, absl::Time now, base::FieldViolations& violations) {
  ValidateEnums(
      seat.roles(), [](int value) { return common::v1::CouncilRole_IsValid(value); }, path + ".roles", violations);
  ValidateEnums(
      seat.domains(), [](int value) { return common::v1::LifeDomain_IsValid(value); }, path + ".domains", violations);
  ValidateCadence(seat, path, violations);
  if (seat.has_seated_time() && (!base::IsValid(seat.seated_time()) || base::FromProto(seat.seated_time()) > now)) {
    violations.Add(path + ".seated_time", "must not lie in the future");
  }
}

void NormalizeSettings(v1::Settings& settings) {
  Distinct(settings.mutable_own_emails(), [](const std::string& email) { return EmailKey(email); });
  for (v1::TagCadence& cadence : *settings.mutable_tag_cadences()) Trim(cadence.mutable_tag());
  Trim(settings.mutable_time_zone());
}

void ValidateSettings(const v1::Settings& settings, const std::string& path, base::FieldViolations& violations) {
  ValidateList(settings.own_emails(), limits::kOwnEmails, limits::kEmail, path + ".own_emails", violations);
  for (int i = 0; i < settings.own_emails_size(); ++i) {
    if (HasBlank(settings.own_emails(i))) {
      violations.Add(absl::StrCat(path, ".own_emails[", i, "]"), "must be an e-mail address, without blanks");
    }
  }
  // The comparison is false for NaN, which is no number of hours either.
  if (settings.has_hours_per_week() &&
      !(settings.hours_per_week() >= 0 && settings.hours_per_week() <= limits::kHoursPerWeek)) {
    violations.Add(path + ".hours_per_week", absl::StrCat("must be 0 to ", limits::kHoursPerWeek));
  }
  if (settings.check_ins_per_week() < 0 || settings.check_ins_per_week() > limits::kCheckInsPerWeek) {
    violations.Add(path + ".check_ins_per_week",
                   absl::StrCat("must be 1 to ", limits::kCheckInsPerWeek, ", or 0 for the default"));
  }
  if (static_cast<size_t>(settings.tag_cadences_size()) > limits::kTagCadences) {
    violations.Add(path + ".tag_cadences", absl::StrCat("has ", settings.tag_cadences_size(), " tags; at most ",
                                                        limits::kTagCadences, " are allowed"));
  }
  absl::flat_hash_set<std::string> tags;
  for (int i = 0; i < settings.tag_cadences_size(); ++i) {
    const v1::TagCadence& cadence = settings.tag_cadences(i);
    const std::string element = absl::StrCat(path, ".tag_cadences[", i, "]");
    if (cadence.tag().empty()) violations.Add(element + ".tag", "is required");
    ValidateText(cadence.tag(), limits::kTag, false, element + ".tag", violations);
    if (!tags.insert(Folded(cadence.tag())).second) violations.Add(element + ".tag", "is named twice");
    if (!cadence.has_cadence()) violations.Add(element + ".cadence", "is required");
    ValidateCadence(cadence, element, violations);
  }
  ValidateText(settings.time_zone(), limits::kTimeZone, false, path + ".time_zone", violations);
  absl::TimeZone zone;
  if (!settings.time_zone().empty() && !absl::LoadTimeZone(settings.time_zone(), &zone)) {
    violations.Add(path + ".time_zone", "must be an IANA time zone, for example Europe/Berlin");
  }
}

template <typename Message>
void ValidateMask(const google::protobuf::FieldMask& mask, base::FieldViolations& violations) {
  if (mask.paths().empty()) violations.Add("update_mask", "must name the fields to change");
  if (mask.paths_size() > limits::kMaskPaths) {
    return violations.Add("update_mask.paths", absl::StrCat("must be at most ", limits::kMaskPaths));
  }
  for (int i = 0; i < mask.paths_size(); ++i) {
    const std::string& path = mask.paths(i);
    const std::string element = absl::StrCat("update_mask.paths[", i, "]");
    if (Message::descriptor()->FindFieldByName(path) == nullptr) {
      violations.Add(element, "there is no such field");
    } else if (IsGivenByService(path)) {
      violations.Add(element, "is given by the service");
    }
  }
}

template void ValidateMask<v1::Contact>(const google::protobuf::FieldMask&, base::FieldViolations&);
template void ValidateMask<v1::Settings>(const google::protobuf::FieldMask&, base::FieldViolations&);

void ApplyMask(const google::protobuf::FieldMask& mask, const google::protobuf::Message& from,
               google::protobuf::Message& to) {
  std::unique_ptr<google::protobuf::Message> chosen(from.New());
  chosen->CopyFrom(from);
  const google::protobuf::Descriptor* descriptor = from.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = descriptor->field(i);
    if (std::ranges::find(mask.paths(), field->name()) == mask.paths().end()) {
      chosen->GetReflection()->ClearField(chosen.get(), field);
    } else {
      to.GetReflection()->ClearField(&to, field);
    }
  }
  to.MergeFrom(*chosen);
}

}  // namespace council::contacts
