#include "services/ledger/canonical.h"

#include <algorithm>

#include "absl/time/time.h"
#include "libs/base/proto_time.h"
#include "libs/seal/hash.h"

namespace council::ledger {
namespace {

void WriteBenefit(CanonicalWriter& out, int index, const v1::Benefit& benefit) {
  out.Int(index).Int(benefit.direction()).Int(benefit.kind()).Int(benefit.weight());
}

// The benefits that name `contact_id` ("": those that name nobody), each with its place among all.
// What was erased of one who is known no more names nobody, but is not of this kind.
void WriteBenefitsOf(CanonicalWriter& out, const v1::Interaction& entry, const std::string& contact_id) {
  const auto is_theirs = [&contact_id](const v1::Benefit& benefit) {
    return benefit.contact_id() == contact_id && benefit.direction() != v1::BENEFIT_DIRECTION_UNSPECIFIED;
  };
  out.Int(std::count_if(entry.benefits().begin(), entry.benefits().end(), is_theirs));
  for (int i = 0; i < entry.benefits_size(); ++i) {
    if (is_theirs(entry.benefits(i))) WriteBenefit(out, i, entry.benefits(i));
  }
}

// All that is neither free text nor said of one contact alone.
void WriteShared(CanonicalWriter& out, const v1::Interaction& entry) {
  out.Text(entry.id()).Int(entry.kind()).Int(entry.corrects());
  out.Int(entry.has_occur_time() ? 1 : 0).Int(absl::ToUnixMicros(base::FromProto(entry.occur_time())));
  out.Int(entry.channel()).Int(entry.depth());
  out.Int(entry.domains_size());
  for (const int domain : entry.domains()) out.Int(domain);
  out.Int(entry.has_energy() ? 1 : 0).Int(entry.energy());
  out.Int(entry.has_duration() ? 1 : 0).Int(absl::ToInt64Microseconds(base::FromProto(entry.duration())));
  out.Text(entry.source());
  out.Int(entry.closes_promises_size());
  for (const std::string& id : entry.closes_promises()) out.Text(id);
  out.Int(entry.promises_size());
  for (const v1::Promise& promise : entry.promises()) {
    out.Text(promise.id()).Int(promise.by_me() ? 1 : 0).Text(promise.due_day());
  }
  out.Int(entry.contact_ids_size()).Int(entry.benefits_size());
  WriteBenefitsOf(out, entry, "");
  if (entry.kind() != v1::INTERACTION_KIND_ERASURE) return;
  out.Int(entry.erases_size());
  for (const std::int64_t sequence : entry.erases()) out.Int(sequence);
}

}  // namespace

CanonicalWriter::CanonicalWriter(std::string_view kind) {
  Int(kCanonicalVersion);
  Text(kind);
}

CanonicalWriter& CanonicalWriter::Int(std::int64_t value) {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (56 - 8 * i));
  bytes_.append(bytes, sizeof bytes);
  return *this;
}

CanonicalWriter& CanonicalWriter::Text(std::string_view value) {
  Int(static_cast<std::int64_t>(value.size()));
  bytes_.append(value);
  return *this;
}

std::vector<std::string> CanonicalParts(const v1::Interaction& entry) {
  std::vector<std::string> parts;
  CanonicalWriter shared("shared");
  WriteShared(shared, entry);
  parts.push_back(std::move(shared).Take());
  for (const std::string& contact_id : entry.contact_ids()) {
    if (contact_id.empty()) continue;
    CanonicalWriter contact("contact");
    contact.Text(contact_id);
    WriteBenefitsOf(contact, entry, contact_id);
    parts.push_back(std::move(contact).Take());
  }
  for (int i = 0; i < entry.benefits_size(); ++i) {
    const std::string& introduced = entry.benefits(i).introduced_contact_id();
    if (introduced.empty()) continue;
    parts.push_back(std::move(CanonicalWriter("introduced").Int(i).Text(introduced)).Take());
  }
  if (!entry.note().empty()) parts.push_back(std::move(CanonicalWriter("note").Text(entry.note())).Take());
  for (const v1::Promise& promise : entry.promises()) {
    if (promise.text().empty()) continue;
    parts.push_back(std::move(CanonicalWriter("promise").Text(promise.id()).Text(promise.text())).Take());
  }
  return parts;
}

RequestDigest DigestRequest(std::string_view method, std::int64_t corrects, const v1::Interaction& as_sent) {
  CanonicalWriter content("request");
  content.Text(method).Int(corrects);
  WriteShared(content, as_sent);
  for (const std::string& contact_id : as_sent.contact_ids()) content.Text(contact_id);
  for (int i = 0; i < as_sent.benefits_size(); ++i) {
    WriteBenefit(content, i, as_sent.benefits(i));
    content.Text(as_sent.benefits(i).contact_id()).Text(as_sent.benefits(i).introduced_contact_id());
  }
  CanonicalWriter text("request text");
  text.Text(as_sent.note());
  for (const v1::Promise& promise : as_sent.promises()) text.Text(promise.text());
  return {.content = seal::Sha256({std::move(content).Take()}), .text = seal::Sha256({std::move(text).Take()})};
}

bool SameRequest(const RequestDigest& known, const RequestDigest& asked) {
  return (known.content.empty() || known.content == asked.content) && (known.text.empty() || known.text == asked.text);
}

}  // namespace council::ledger
