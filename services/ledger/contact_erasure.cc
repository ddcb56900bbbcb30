#include "services/ledger/contact_erasure.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "services/ledger/chain.h"
#include "services/ledger/row_codec.h"

namespace council::ledger {
namespace {

bool IsOf(const v1::Benefit& benefit, const ContactIds& contact) {
  return contact.contains(benefit.contact_id());
}

bool Introduces(const v1::Benefit& benefit, const ContactIds& contact) {
  return contact.contains(benefit.introduced_contact_id());
}

// For each part that the entry has, in the order of CanonicalParts: whether it goes.
std::vector<bool> PartsToErase(const v1::Interaction& entry, const ContactIds& contact) {
  std::vector<bool> erase = {false};
  for (const std::string& id : entry.contact_ids()) {
    if (!id.empty()) erase.push_back(contact.contains(id));
  }
  for (const v1::Benefit& benefit : entry.benefits()) {
    if (!benefit.introduced_contact_id().empty()) {
      erase.push_back(IsOf(benefit, contact) || Introduces(benefit, contact));
    }
  }
  if (!entry.note().empty()) erase.push_back(true);
  for (const v1::Promise& promise : entry.promises()) {
    if (!promise.text().empty()) erase.push_back(true);
  }
  return erase;
}

// Leaves blanks.
void Blank(v1::Interaction& entry, const ContactIds& contact) {
  for (std::string& id : *entry.mutable_contact_ids()) {
    if (contact.contains(id)) id.clear();
  }
  for (v1::Benefit& benefit : *entry.mutable_benefits()) {
    if (IsOf(benefit, contact)) {
      benefit.Clear();
    } else if (Introduces(benefit, contact)) {
      benefit.clear_introduced_contact_id();
    }
  }
  entry.clear_note();
  for (v1::Promise& promise : *entry.mutable_promises()) promise.clear_text();
}

// Takes ids out of a list that needs no blanks. Returns whether there were any.
bool TakeOut(google::protobuf::RepeatedPtrField<std::string>& ids, const ContactIds& contact) {
  const auto end =
      std::remove_if(ids.begin(), ids.end(), [&contact](const std::string& id) { return contact.contains(id); });
  const bool any = end != ids.end();
  ids.erase(end, ids.end());
  return any;
}

}  // namespace

absl::StatusOr<bool> EraseFrom(EntryRow& row, const ContactIds& contact) {
  if (!Names(row.entry, contact)) return false;
  const std::vector<std::string> commitments = Recommit(row.entry, row.salts, row.erased);
  if (commitments.empty()) return DamagedRow("entries");
  const std::vector<bool> erase = PartsToErase(row.entry, contact);
  std::size_t part = 0;
  row.erased.clear();
  for (std::size_t place = 0; place < row.salts.size(); ++place) {
    std::string& salt = row.salts[place];
    if (!salt.empty() && erase[part++]) salt.clear();
    if (salt.empty()) row.erased.push_back(commitments[place]);
  }
  Blank(row.entry, contact);
  row.request = RequestDigest();
  return true;
}

bool EraseFrom(EventRecord& record, const ContactIds& contact) {
  const auto erased =
      std::erase_if(record.attendees, [&contact](const auto& attendee) { return contact.contains(attendee.second); });
  const bool named = TakeOut(*record.imported.mutable_contact_ids(), contact);
  if (erased == 0 && !named) return false;
  record.imported.clear_note();
  record.text_erased = true;
  return true;
}

bool EraseFrom(ImportPart& part, const ContactIds& contact) {
  bool named = false;
  for (ImportPart::Entry& entry : part.entries) {
    if (entry.before.has_value() && EraseFrom(*entry.before, contact)) named = true;
  }
  return named;
}

bool EraseFrom(v1::Plan& plan, const ContactIds& contact) {
  if (!TakeOut(*plan.mutable_contact_ids(), contact)) return false;
  plan.clear_title();
  return true;
}

bool Names(const v1::Interaction& entry, const ContactIds& contact) {
  const auto is_named = [&contact](const std::string& id) { return contact.contains(id); };
  return std::any_of(entry.contact_ids().begin(), entry.contact_ids().end(), is_named) ||
         std::any_of(entry.benefits().begin(), entry.benefits().end(), [&contact](const v1::Benefit& benefit) {
           return IsOf(benefit, contact) || Introduces(benefit, contact);
         });
}

bool BringsBack(const Draft& draft, const ContactIds& erased) {
  if (!draft.event.has_value()) return false;
  const auto is_erased = [&erased](const std::string& id) { return erased.contains(id); };
  const auto record_names = [&](const EventRecord& record) {
    return Names(record.imported, erased) ||
           std::any_of(record.attendees.begin(), record.attendees.end(),
                       [&](const auto& attendee) { return is_erased(attendee.second); });
  };
  const EventChange& change = *draft.event;
  return Names(draft.content, erased) || record_names(change.record) ||
         (change.moved_from.has_value() && record_names(*change.moved_from)) ||
         std::any_of(change.former_contacts.begin(), change.former_contacts.end(), is_erased);
}

}  // namespace council::ledger
