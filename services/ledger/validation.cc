#include "services/ledger/validation.h"

#include <algorithm>
#include <cstddef>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/base/proto_time.h"
#include "libs/base/uuid.h"

namespace council::ledger {
namespace {

std::string At(const std::string& path, const char* field, int index) {
  return absl::StrCat(path, ".", field, "[", index, "]");
}

void ValidateText(const std::string& text, int limit, const std::string& path, base::FieldViolations& violations) {
  if (CountCharacters(text) > limit) violations.Add(path, absl::StrCat("must have at most ", limit, " characters"));
}

// What the service gives is not for the caller to set.
void ValidateUnset(const v1::Interaction& interaction, const std::string& path, base::FieldViolations& violations) {
  const auto given = [&](bool set, const char* field) {
    if (set) violations.Add(absl::StrCat(path, ".", field), "is given by the service and must be unset");
  };
  given(interaction.sequence() != 0, "sequence");
  given(!interaction.id().empty(), "id");
  given(interaction.kind() != v1::INTERACTION_KIND_UNSPECIFIED, "kind");
  given(interaction.has_record_time(), "record_time");
  given(interaction.corrects() != 0, "corrects");
  given(interaction.corrected_by() != 0, "corrected_by");
  given(!interaction.previous_hash().empty(), "previous_hash");
  given(!interaction.hash().empty(), "hash");
  given(!interaction.erases().empty(), "erases");
}

void ValidateContacts(const v1::Interaction& interaction, const std::string& path, base::FieldViolations& violations) {
  const int size = interaction.contact_ids_size();
  if (size < 1 || size > kMaxContacts) {
    violations.Add(path + ".contact_ids", absl::StrCat("must name 1 to ", kMaxContacts, " contacts"));
    if (size > kMaxContacts) return;
  }
  std::set<std::string> seen;
  for (int i = 0; i < size; ++i) {
    ValidateContactId(interaction.contact_ids(i), At(path, "contact_ids", i), violations);
    if (!seen.insert(interaction.contact_ids(i)).second) {
      violations.Add(At(path, "contact_ids", i), "must name each contact once");
    }
  }
}

void ValidateBenefits(const v1::Interaction& interaction, const std::string& path, base::FieldViolations& violations) {
  if (interaction.benefits_size() > kMaxBenefits) {
    violations.Add(path + ".benefits", absl::StrCat("must be at most ", kMaxBenefits));
    return;
  }
  for (int i = 0; i < interaction.benefits_size(); ++i) {
    const v1::Benefit& benefit = interaction.benefits(i);
    const std::string at = At(path, "benefits", i);
    if (benefit.direction() == v1::BENEFIT_DIRECTION_UNSPECIFIED ||
        !v1::BenefitDirection_IsValid(benefit.direction())) {
      violations.Add(at + ".direction", "must be GIVEN or RECEIVED");
    }
    if (benefit.kind() == v1::BENEFIT_KIND_UNSPECIFIED || !v1::BenefitKind_IsValid(benefit.kind())) {
      violations.Add(at + ".kind", "must be a kind of benefit");
    }
    if (benefit.weight() < 0 || benefit.weight() > 5) violations.Add(at + ".weight", "must be 1 to 5, or 0 for unset");
    const auto& ids = interaction.contact_ids();
    if (!benefit.contact_id().empty() && std::find(ids.begin(), ids.end(), benefit.contact_id()) == ids.end()) {
      violations.Add(at + ".contact_id", "must be one of the entry's contact_ids");
    }
    if (benefit.introduced_contact_id().empty()) continue;
    ValidateContactId(benefit.introduced_contact_id(), at + ".introduced_contact_id", violations);
    if (benefit.kind() != v1::BENEFIT_KIND_INTRODUCTION) {
      violations.Add(at + ".introduced_contact_id", "is for an INTRODUCTION only");
    }
  }
}

bool IsDay(const std::string& text) {
  absl::CivilDay day;
  return text.size() == 10 && absl::ParseCivilTime(text, &day);
}

void ValidatePromises(const v1::Interaction& interaction, const std::string& path, base::FieldViolations& violations) {
  if (interaction.promises_size() > kMaxPromises) {
    violations.Add(path + ".promises", absl::StrCat("must be at most ", kMaxPromises));
    return;
  }
  std::set<std::string> seen;
  for (int i = 0; i < interaction.promises_size(); ++i) {
    const v1::Promise& promise = interaction.promises(i);
    const std::string at = At(path, "promises", i);
    ValidateText(promise.id(), kMaxIdCharacters, at + ".id", violations);
    if (!promise.id().empty() && !seen.insert(promise.id()).second) violations.Add(at + ".id", "must be unique");
    if (promise.text().empty()) violations.Add(at + ".text", "must say what was promised");
    ValidateText(promise.text(), kMaxPromiseCharacters, at + ".text", violations);
    if (!promise.due_day().empty() && !IsDay(promise.due_day())) {
      violations.Add(at + ".due_day", "must be a day as YYYY-MM-DD");
    }
  }
  if (interaction.closes_promises_size() > kMaxClosesPromises) {
    violations.Add(path + ".closes_promises", absl::StrCat("must be at most ", kMaxClosesPromises));
    return;
  }
  for (int i = 0; i < interaction.closes_promises_size(); ++i) {
    const std::string& id = interaction.closes_promises(i);
    if (id.empty() || CountCharacters(id) > kMaxIdCharacters) {
      violations.Add(At(path, "closes_promises", i), "must be the id of a promise");
    }
  }
}

void ValidateOccurrence(const v1::Interaction& interaction, const std::string& path, absl::Time now,
                        base::FieldViolations& violations) {
  if (interaction.has_occur_time()) {
    if (!base::IsValid(interaction.occur_time())) {
      violations.Add(path + ".occur_time", "must be a time of the years 1 to 9999");
    } else if (base::FromProto(interaction.occur_time()) > now + kFutureAllowance) {
      violations.Add(path + ".occur_time", "must be at most a day in the future");
    }
  }
  if (interaction.has_duration()) {
    const bool valid = base::IsValid(interaction.duration());
    const absl::Duration duration = base::FromProto(interaction.duration());
    if (!valid || duration < absl::ZeroDuration() || duration > kMaxDuration) {
      violations.Add(path + ".duration", "must be 0 to 31 days");
    }
  }
}

}  // namespace

int CountCharacters(const std::string& text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool IsUuid(const std::string& text) {
  const auto bytes = base::ParseUuid(text);
  // Only the form that is given back: two spellings of one id would be two contacts to whoever compares text.
  return bytes.ok() && base::FormatUuid(*bytes) == text;
}

void ValidateContactId(const std::string& id, const std::string& path, base::FieldViolations& violations) {
  if (!IsUuid(id)) violations.Add(path, "must be the id of a contact, a UUID in lower case");
}

void ValidateRequestId(const std::string& request_id, const std::string& path, base::FieldViolations& violations) {
  ValidateKeptRequestId(request_id, path, violations);
  for (const absl::string_view words : {kUndo, kConfirmed}) {
    if (absl::StartsWith(request_id, words)) {
      violations.Add(path, absl::StrCat("must not begin with \"", words, "\", as the service's own ids do"));
    }
  }
}

void ValidateKeptRequestId(const std::string& request_id, const std::string& path, base::FieldViolations& violations) {
  ValidateText(request_id, kMaxRequestIdCharacters, path, violations);
}

void ValidateTieContact(const v1::TieContact& contact, const std::string& path, base::FieldViolations& violations) {
  ValidateContactId(contact.contact_id(), path + ".contact_id", violations);
  if (contact.former_ids_size() > kMaxFormerIds) {
    violations.Add(path + ".former_ids", absl::StrCat("must be at most ", kMaxFormerIds));
    return;
  }
  for (int i = 0; i < contact.former_ids_size(); ++i) {
    ValidateContactId(contact.former_ids(i), At(path, "former_ids", i), violations);
  }
}

void ValidateTime(bool present, const google::protobuf::Timestamp& time, const std::string& path,
                  base::FieldViolations& violations) {
  if (present && !base::IsValid(time)) violations.Add(path, "must be a time of the years 1 to 9999");
}

void ValidatePageSize(int page_size, base::FieldViolations& violations) {
  if (page_size < 0 || page_size > kMaxPageSize) {
    violations.Add("page_size", absl::StrCat("must be 1 to ", kMaxPageSize, ", or 0 for the default"));
  }
}

void ValidateInteraction(const v1::Interaction& interaction, const std::string& path, absl::Time now,
                         base::FieldViolations& violations) {
  ValidateUnset(interaction, path, violations);
  ValidateContacts(interaction, path, violations);
  ValidateOccurrence(interaction, path, now, violations);
  if (!v1::Channel_IsValid(interaction.channel())) violations.Add(path + ".channel", "must be a channel");
  if (!v1::InteractionDepth_IsValid(interaction.depth())) violations.Add(path + ".depth", "must be a depth");
  std::set<int> domains;
  if (interaction.domains_size() > kMaxDomains) {
    violations.Add(path + ".domains", absl::StrCat("must be at most ", kMaxDomains));
  }
  for (int i = 0; i < std::min(interaction.domains_size(), kMaxDomains); ++i) {
    const int domain = interaction.domains(i);
    if (domain == common::v1::LIFE_DOMAIN_UNSPECIFIED || !common::v1::LifeDomain_IsValid(domain)) {
      violations.Add(At(path, "domains", i), "must be a domain of life");
    } else if (!domains.insert(domain).second) {
      violations.Add(At(path, "domains", i), "must name each domain once");
    }
  }
  ValidateBenefits(interaction, path, violations);
  if (interaction.energy() < -2 || interaction.energy() > 2) violations.Add(path + ".energy", "must be -2 to 2");
  ValidateText(interaction.note(), kMaxNoteCharacters, path + ".note", violations);
  ValidatePromises(interaction, path, violations);
  ValidateText(interaction.source(), kMaxIdCharacters, path + ".source", violations);
}

}  // namespace council::ledger
