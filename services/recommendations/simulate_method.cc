#include "services/recommendations/simulate_method.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "libs/ties/tie_summary.h"
#include "services/recommendations/contact_status.h"
#include "services/recommendations/people.h"
#include "services/recommendations/what_if.h"

namespace council::recommendations {
namespace {

constexpr int kMostChanges = 100;
constexpr int kMostContacts = 20;
constexpr int kMostBenefits = 20;
constexpr int kMostNamed = 20;  // More than there are roles, or domains.
constexpr int kMostEnergy = 2;
constexpr int kMostWeight = 5;
constexpr absl::Duration kLongestTalk = absl::Hours(24 * 31);
constexpr absl::Duration kShortestCadence = absl::Hours(24);
constexpr absl::Duration kLongestCadence = absl::Hours(24 * 730);
// Of a tie from which an entry is left out.
constexpr size_t kMostEntries = 100'000;

void CheckContact(const std::string& id, const std::string& field, const People& people,
                  base::FieldViolations& violations) {
  if (people.Find(id) == nullptr) violations.Add(field, absl::StrCat("no contact has the id \"", id, "\""));
}

// Roles or domains: each known, and each once.
void CheckEach(const google::protobuf::RepeatedField<int>& values, bool (*is_valid)(int), const char* what,
               const std::string& field, base::FieldViolations& violations) {
  if (values.size() > kMostNamed) return violations.Add(field, absl::StrCat("must name each ", what, " once"));
  std::set<int> seen;
  for (int i = 0; i < values.size(); ++i) {
    const std::string path = absl::StrCat(field, "[", i, "]");
    if (values[i] == 0 || !is_valid(values[i])) {
      violations.Add(path, absl::StrCat("must be a ", what));
    } else if (!seen.insert(values[i]).second) {
      violations.Add(path, absl::StrCat("must name each ", what, " once"));
    }
  }
}

void CheckMoment(const google::protobuf::Timestamp& time, const std::string& field, absl::Time now,
                 base::FieldViolations& violations) {
  if (!base::IsValid(time)) {
    violations.Add(field, "must be a moment of the years 1 to 9999");
  } else if (base::FromProto(time) > now) {
    violations.Add(field, "must not lie in the future: it would not count yet");
  }
}

void CheckSeat(const contacts::v1::Seat& seat, const std::string& field, absl::Time now, const People& people,
               base::FieldViolations& violations) {
  CheckContact(seat.contact_id(), field + ".contact_id", people, violations);
  if (const contacts::v1::Contact* contact = people.Find(seat.contact_id())) {
    CheckMayHaveSeat(*contact, field + ".contact_id", violations);
  }
  CheckEach(seat.roles(), common::v1::CouncilRole_IsValid, "role", field + ".roles", violations);
  CheckEach(seat.domains(), common::v1::LifeDomain_IsValid, "domain", field + ".domains", violations);
  if (seat.has_cadence() && (!base::IsValid(seat.cadence()) || base::FromProto(seat.cadence()) < kShortestCadence ||
                             base::FromProto(seat.cadence()) > kLongestCadence)) {
    violations.Add(field + ".cadence", "must be 1 to 730 days");
  }
  if (seat.has_seated_time()) CheckMoment(seat.seated_time(), field + ".seated_time", now, violations);
}

void CheckBenefit(const ledger::v1::Benefit& benefit, const std::string& field, base::FieldViolations& violations) {
  if (benefit.direction() == 0 || !ledger::v1::BenefitDirection_IsValid(benefit.direction())) {
    violations.Add(field + ".direction", "must be GIVEN or RECEIVED");
  }
  if (benefit.kind() == 0 || !ledger::v1::BenefitKind_IsValid(benefit.kind())) {
    violations.Add(field + ".kind", "must be a kind of benefit");
  }
  if (benefit.weight() < 0 || benefit.weight() > kMostWeight) {
    violations.Add(field + ".weight", absl::StrCat("must be 1 to ", kMostWeight, ", or 0 for unset"));
  }
}

void CheckEntry(const ledger::v1::Interaction& entry, const std::string& field, absl::Time now, const People& people,
                base::FieldViolations& violations) {
  if (entry.contact_ids().empty() || entry.contact_ids_size() > kMostContacts) {
    return violations.Add(field + ".contact_ids", absl::StrCat("must be 1 to ", kMostContacts));
  }
  std::set<const contacts::v1::Contact*> named;
  for (int i = 0; i < entry.contact_ids_size(); ++i) {
    const std::string path = absl::StrCat(field, ".contact_ids[", i, "]");
    CheckContact(entry.contact_ids(i), path, people, violations);
    const contacts::v1::Contact* contact = people.Find(entry.contact_ids(i));
    if (contact != nullptr && !named.insert(contact).second) violations.Add(path, "must name each contact once");
  }
  if (entry.has_occur_time()) CheckMoment(entry.occur_time(), field + ".occur_time", now, violations);
  if (!ledger::v1::Channel_IsValid(entry.channel())) violations.Add(field + ".channel", "must be a channel");
  if (!ledger::v1::InteractionDepth_IsValid(entry.depth())) violations.Add(field + ".depth", "must be a depth");
  CheckEach(entry.domains(), common::v1::LifeDomain_IsValid, "domain", field + ".domains", violations);
  if (entry.has_energy() && (entry.energy() < -kMostEnergy || entry.energy() > kMostEnergy)) {
    violations.Add(field + ".energy", absl::StrCat("must be from -", kMostEnergy, " to ", kMostEnergy));
  }
  if (entry.has_duration()) {
    const absl::Duration duration = base::FromProto(entry.duration());
    if (duration < absl::ZeroDuration() || duration > kLongestTalk) {
      violations.Add(field + ".duration", "must be 0 to 31 days");
    }
  }
  if (entry.benefits_size() > kMostBenefits) {
    return violations.Add(field + ".benefits", absl::StrCat("must be at most ", kMostBenefits));
  }
  for (int i = 0; i < entry.benefits_size(); ++i) {
    const ledger::v1::Benefit& benefit = entry.benefits(i);
    const std::string path = absl::StrCat(field, ".benefits[", i, "]");
    CheckBenefit(benefit, path, violations);
    if (!benefit.contact_id().empty() && !named.contains(people.Find(benefit.contact_id()))) {
      violations.Add(path + ".contact_id", "must be one of the entry's contact_ids");
    }
  }
}

absl::Status Check(const v1::SimulateCouncilRequest& request, absl::Time now, const People& people) {
  base::FieldViolations violations;
  for (int i = 0; i < request.changes_size(); ++i) {
    const v1::CouncilChange& change = request.changes(i);
    const std::string field = absl::StrCat("changes[", i, "]");
    switch (change.change_case()) {
      case v1::CouncilChange::kAddSeat:
        CheckSeat(change.add_seat(), field + ".add_seat", now, people, violations);
        break;
      case v1::CouncilChange::kRemoveSeat:
        CheckContact(change.remove_seat(), field + ".remove_seat", people, violations);
        break;
      case v1::CouncilChange::kAddInteraction:
        CheckEntry(change.add_interaction(), field + ".add_interaction", now, people, violations);
        break;
      case v1::CouncilChange::kRemoveInteraction:
        break;
      case v1::CouncilChange::CHANGE_NOT_SET:
        violations.Add(field, "must be add_seat, remove_seat, add_interaction or remove_interaction");
        break;
    }
  }
  return violations.ToStatus();
}

// The entries that are to be left out.
absl::StatusOr<std::vector<ledger::v1::Interaction>> ReadLeftOut(const rpc::CallContext& call,
                                                                 const v1::SimulateCouncilRequest& request,
                                                                 LedgerClient& ledger) {
  std::vector<ledger::v1::Interaction> left_out;
  base::FieldViolations violations;
  for (int i = 0; i < request.changes_size(); ++i) {
    if (!request.changes(i).has_remove_interaction()) continue;
    const std::string field = absl::StrCat("changes[", i, "].remove_interaction");
    const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
    auto entry = ledger.GetInteraction(call, tokens, request.changes(i).remove_interaction());
    if (absl::IsNotFound(entry.status()) || absl::IsInvalidArgument(entry.status())) {
      violations.Add(field, absl::StrCat("no entry has the number ", request.changes(i).remove_interaction()));
    } else if (!entry.ok()) {
      return entry.status();
    } else if (!ties::IsLive(*entry)) {
      violations.Add(field, entry->corrected_by() != 0
                                ? absl::StrCat("was corrected by entry ", entry->corrected_by(), ": name that one")
                                : "is a retraction, which has no part in the balance");
    } else {
      left_out.push_back(*std::move(entry));
    }
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  return left_out;
}

// Takes entries out of the ties of their contacts, by building these again.
absl::Status LeaveOut(const rpc::CallContext& call, const std::vector<ledger::v1::Interaction>& left_out,
                      const People& people, LedgerClient& ledger, absl::Time now, WhatIf& council) {
  std::set<int64_t> sequences;
  std::set<const contacts::v1::Contact*> touched;
  for (const ledger::v1::Interaction& entry : left_out) {
    sequences.insert(entry.sequence());
    for (const std::string& id : entry.contact_ids()) {
      if (const contacts::v1::Contact* contact = people.Find(id)) touched.insert(contact);
    }
  }
  for (const contacts::v1::Contact* contact : touched) {
    const ledger::v1::TieContact ids = TieContactOf(*contact);
    COUNCIL_ASSIGN_OR_RETURN(auto entries, ledger.ListInteractions(call, {}, ids, now, kMostEntries));
    std::erase_if(entries, [&](const ledger::v1::Interaction& e) { return sequences.contains(e.sequence()); });
    std::vector<std::string> all_ids(ids.former_ids().begin(), ids.former_ids().end());
    all_ids.push_back(ids.contact_id());
    council.SetTie(ties::BuildTie(ids.contact_id(), all_ids, entries, now));
  }
  return absl::OkStatus();
}

// The entry with the ids that its contacts have today.
ledger::v1::Interaction Today(ledger::v1::Interaction entry, const People& people, absl::Time now) {
  if (!entry.has_occur_time()) *entry.mutable_occur_time() = base::ToProto(now);
  for (std::string& id : *entry.mutable_contact_ids()) id = people.Find(id)->id();
  for (ledger::v1::Benefit& benefit : *entry.mutable_benefits()) {
    if (!benefit.contact_id().empty()) benefit.set_contact_id(people.Find(benefit.contact_id())->id());
  }
  return entry;
}

}  // namespace

absl::StatusOr<v1::SimulateCouncilResponse> SimulateCouncil(const rpc::CallContext& call,
                                                            const v1::SimulateCouncilRequest& request,
                                                            NetworkReader& network, LedgerClient& ledger,
                                                            absl::Time now, const BalanceModel& model) {
  if (request.changes_size() > kMostChanges) {
    return base::InvalidField("changes", absl::StrCat("must be at most ", kMostChanges));
  }
  const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
  COUNCIL_ASSIGN_OR_RETURN(const NetworkSnapshot snapshot, network.Read(call, tokens));
  const People people(snapshot.contacts);
  COUNCIL_RETURN_IF_ERROR(Check(request, now, people));
  COUNCIL_ASSIGN_OR_RETURN(const auto left_out, ReadLeftOut(call, request, ledger));

  WhatIf council(snapshot.council, snapshot.ties, now, model);
  v1::SimulateCouncilResponse response;
  *response.mutable_before() = council.Balance();
  COUNCIL_RETURN_IF_ERROR(LeaveOut(call, left_out, people, ledger, now, council));
  for (const v1::CouncilChange& change : request.changes()) {
    if (change.has_add_seat()) council.Seat(*people.Find(change.add_seat().contact_id()), change.add_seat());
    if (change.has_remove_seat()) council.Unseat(people.Find(change.remove_seat())->id());
    if (change.has_add_interaction()) council.Append(Today(change.add_interaction(), people, now));
  }
  *response.mutable_after() = council.Balance();
  return response;
}

}  // namespace council::recommendations
