// What the records of a whole state must be.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/uuid.h"
#include "libs/rpc/owner_lines.h"
#include "services/contacts/contact_limits.h"
#include "services/contacts/contact_rules.h"
#include "services/contacts/contacts_common.h"
#include "services/contacts/owner_state.h"
#include "services/contacts/text.h"

namespace council::contacts {
namespace {

using v1::OwnerStateRecord;

constexpr int kVersion = 1;
constexpr int kDigestBytes = 32;
// More than this many records of the largest size that the contract allows, twenty thousand of the usual one.
constexpr std::size_t kStateBytes = 128 << 20;
constexpr absl::Duration kClockDifference = absl::Hours(24);

bool IsUuid(const std::string& text) {
  const auto bytes = base::ParseUuid(text);
  return bytes.ok() && base::FormatUuid(*bytes) == text;
}

// What records of one kind are in the order of.
std::string KeyOf(const OwnerStateRecord& record) {
  switch (record.record_case()) {
    case OwnerStateRecord::kContact:
      return record.contact().contact().id();
    case OwnerStateRecord::kSeat:
      return record.seat().contact_id();
    case OwnerStateRecord::kAcquaintance:
      return record.acquaintance().contact_id() + record.acquaintance().other_contact_id();
    case OwnerStateRecord::kErasedContact:
      return record.erased_contact().id();
    case OwnerStateRecord::kRequest:
      return record.request().request_id();
    case OwnerStateRecord::kSettings:
    case OwnerStateRecord::kStart:
    case OwnerStateRecord::RECORD_NOT_SET:
      break;
  }
  return "";
}

void ValidateTime(bool present, const google::protobuf::Timestamp& time, const std::string& path,
                  base::FieldViolations& violations) {
  if (present && !base::IsValid(time)) violations.Add(path, "must be a time of the years 1 to 9999");
}

absl::Status TooMuch(const std::string& what) {
  return base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED, what);
}

}  // namespace

absl::Status ImportedState::CheckPlace(std::int64_t index, const OwnerStateRecord& record) const {
  const auto invalid = [index](absl::string_view field, absl::string_view description) {
    return rpc::InvalidRecord(index, {field.data(), field.size()}, {description.data(), description.size()});
  };
  if ((index == 0) != record.has_start()) return invalid("", "the start must be the first record, and the only one");
  if (record.record_case() == OwnerStateRecord::RECORD_NOT_SET) return invalid("", "holds nothing");
  if (record.has_start()) {
    if (record.start().version() != kVersion) {
      return invalid(".start.version", absl::StrCat("must be ", kVersion, ", which is what this program knows"));
    }
    return absl::OkStatus();
  }
  if (index > announced_) return invalid("", absl::StrCat("is more than the ", announced_, " that the start says"));
  if (records_.empty()) return absl::OkStatus();
  const OwnerStateRecord& before = records_.back();
  const bool in_order = record.record_case() == before.record_case() ? KeyOf(before) < KeyOf(record)
                                                                     : before.record_case() < record.record_case();
  if (!in_order) return invalid("", "must come after the record before it, and only once");
  return absl::OkStatus();
}

absl::Status ImportedState::Add(std::int64_t index, OwnerStateRecord record) {
  COUNCIL_RETURN_IF_ERROR(CheckPlace(index, record));
  bytes_ += record.ByteSizeLong();
  if (bytes_ > kStateBytes) return TooMuch(absl::StrCat("a whole state has at most ", kStateBytes, " bytes"));
  const std::string path = absl::StrCat("records[", index, "]");
  base::FieldViolations violations;
  switch (record.record_case()) {
    case OwnerStateRecord::kStart:
      announced_ = std::max<std::int64_t>(record.start().records(), 0);
      return absl::OkStatus();
    case OwnerStateRecord::kContact:
      Check(record.contact(), path + ".contact", violations);
      if (contacts_.size() > limits_.contacts) {
        return TooMuch(absl::StrCat("an owner has at most ", limits_.contacts, " contacts"));
      }
      break;
    case OwnerStateRecord::kSeat:
      Check(record.seat(), path + ".seat", violations);
      if (held_seats_ > limits::kSeats)
        return TooMuch(absl::StrCat("a council has at most ", limits::kSeats, " seats"));
      break;
    case OwnerStateRecord::kAcquaintance:
      Check(record.acquaintance(), path + ".acquaintance", violations);
      if (++acquaintances_ > limits::kAcquaintancesPerOwner) {
        return TooMuch(absl::StrCat("an owner has at most ", limits::kAcquaintancesPerOwner, " acquaintances"));
      }
      break;
    case OwnerStateRecord::kSettings:
      Check(record.settings(), path + ".settings", violations);
      break;
    case OwnerStateRecord::kErasedContact:
      Check(record.erased_contact(), path + ".erased_contact", violations);
      break;
    case OwnerStateRecord::kRequest:
      Check(record.request(), path + ".request", violations);
      break;
    case OwnerStateRecord::RECORD_NOT_SET:
      break;
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  records_.push_back(std::move(record));
  return absl::OkStatus();
}

absl::Status ImportedState::Finish() const {
  if (announced_ < 0) return rpc::InvalidRecord(0, "", "is missing: there is no start");
  const auto records = static_cast<std::int64_t>(records_.size());
  if (records == announced_) return absl::OkStatus();
  return rpc::InvalidRecord(records + 1, "", absl::StrCat("is missing: the start says ", announced_, " records"));
}

void ImportedState::TakeId(const std::string& id, const std::string& path, base::FieldViolations& violations) {
  if (!IsUuid(id)) {
    violations.Add(path, "must be a UUID in lower case");
  } else if (!ids_.insert(id).second) {
    violations.Add(path, "stands for another contact already");
  }
}

void ImportedState::Check(const v1::KeptContact& kept, const std::string& path, base::FieldViolations& violations) {
  const v1::Contact& contact = kept.contact();
  const std::string field = path + ".contact";
  TakeId(contact.id(), field + ".id", violations);
  for (int i = 0; i < contact.former_ids_size(); ++i) {
    TakeId(contact.former_ids(i), absl::StrCat(field, ".former_ids[", i, "]"), violations);
  }
  ValidateContact(contact, field, limits_.consented_facets, violations);
  if (!contact.etag().empty()) violations.Add(field + ".etag", "belongs to a storage and must be unset");
  ValidateTime(true, contact.create_time(), field + ".create_time", violations);
  ValidateTime(true, contact.update_time(), field + ".update_time", violations);

  constexpr int kMerged = 1000;
  constexpr std::size_t kNameKey = limits::kDisplayName + limits::kOrganization + 1;
  const auto take_uid = [&](const std::string& uid, const std::string& at) {
    ValidateText(uid, limits::kVcardUid, false, at, violations);
    if (!uid.empty() && !vcard_uids_.insert(uid).second) violations.Add(at, "is another contact's");
  };
  take_uid(contact.vcard_uid(), field + ".vcard_uid");
  for (int i = 0; i < kept.merged_vcard_uids_size(); ++i) {
    // A card that was merged and came again may be the contact's own by now.
    if (kept.merged_vcard_uids(i) == contact.vcard_uid()) continue;
    take_uid(kept.merged_vcard_uids(i), absl::StrCat(path, ".merged_vcard_uids[", i, "]"));
  }
  if (kept.merged_vcard_uids_size() > kMerged) violations.Add(path + ".merged_vcard_uids", "must be at most 1,000");
  if (kept.merged_name_keys_size() > kMerged) violations.Add(path + ".merged_name_keys", "must be at most 1,000");
  for (int i = 0; i < kept.merged_name_keys_size(); ++i) {
    // Folded names may be longer than the names were.
    if (CountCharacters(kept.merged_name_keys(i)) > 4 * kNameKey) {
      violations.Add(absl::StrCat(path, ".merged_name_keys[", i, "]"), "is longer than any name");
    }
  }
  contacts_.emplace(contact.id(), contact.status());
}

void ImportedState::Check(const v1::KeptSeat& kept, const std::string& path, base::FieldViolations& violations) {
  const auto contact = contacts_.find(kept.contact_id());
  if (contact == contacts_.end()) violations.Add(path + ".contact_id", "is no contact's");
  const int intervals = kept.intervals_size();
  if (intervals < 1 || static_cast<std::size_t>(intervals) > limits::kSeatIntervals) {
    violations.Add(path + ".intervals", absl::StrCat("must be 1 to ", limits::kSeatIntervals));
    return;
  }
  absl::Time end_before = absl::InfinitePast();
  for (int i = 0; i < intervals; ++i) {
    const v1::KeptSeatInterval& interval = kept.intervals(i);
    const std::string at = absl::StrCat(path, ".intervals[", i, "]");
    ValidateSeat(interval.seat(), at + ".seat", now_ + kClockDifference, violations);
    if (!interval.seat().contact_id().empty() || interval.seat().has_first_seated_time()) {
      violations.Add(at + ".seat", "has no contact_id and first_seated_time here");
    }
    ValidateTime(true, interval.seat().seated_time(), at + ".seat.seated_time", violations);
    ValidateTime(interval.has_end_time(), interval.end_time(), at + ".end_time", violations);
    const absl::Time start = base::FromProto(interval.seat().seated_time());
    const absl::Time end = interval.has_end_time() ? base::FromProto(interval.end_time()) : absl::InfiniteFuture();
    if (!interval.seat().has_seated_time() || start < end_before || end < start) {
      violations.Add(at, "must begin after the one before has ended, and end after it began");
    }
    end_before = end;
  }
  if (kept.intervals(intervals - 1).has_end_time()) return;
  ++held_seats_;
  if (contact != contacts_.end() && IsOffCouncil(contact->second)) {
    violations.Add(path + ".intervals", "are held by a contact whose status lets them have no seat");
  }
}

void ImportedState::Check(const v1::Acquaintance& known, const std::string& path, base::FieldViolations& violations) {
  if (!contacts_.contains(known.contact_id())) violations.Add(path + ".contact_id", "is no contact's");
  if (!contacts_.contains(known.other_contact_id())) violations.Add(path + ".other_contact_id", "is no contact's");
  if (known.contact_id() >= known.other_contact_id()) violations.Add(path, "must name the smaller id first");
}

void ImportedState::Check(const v1::Settings& settings, const std::string& path, base::FieldViolations& violations) {
  ValidateSettings(settings, path, violations);
  if (!settings.etag().empty()) violations.Add(path + ".etag", "belongs to a storage and must be unset");
}

void ImportedState::Check(const v1::ErasedContact& erased, const std::string& path, base::FieldViolations& violations) {
  TakeId(erased.id(), path + ".id", violations);
}

void ImportedState::Check(const v1::KeptRequest& request, const std::string& path, base::FieldViolations& violations) {
  if (request.request_id().empty()) violations.Add(path + ".request_id", "is required");
  ValidateText(request.request_id(), limits::kRequestId, false, path + ".request_id", violations);
  if (!request.digest().empty() && request.digest().size() != kDigestBytes) {
    violations.Add(path + ".digest", "must be 32 bytes, or empty");
  }
  if (!IsUuid(request.contact_id())) violations.Add(path + ".contact_id", "must be a UUID in lower case");
}

}  // namespace council::contacts
