#include "services/recommendations/proposal_candidates.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/contact_status.h"
#include "services/recommendations/council_facts.h"
#include "services/recommendations/owner_zone.h"
#include "services/recommendations/people.h"
#include "services/recommendations/request_tokens.h"

namespace council::recommendations {
namespace {

using contacts::v1::Contact;
using contacts::v1::CouncilSeat;

constexpr int kMostIds = 2000;
constexpr int kMostSeats = 100;
constexpr int kUsualLeast = 12;
constexpr int kUsualMost = 18;
constexpr absl::Duration kNewcomerSeatedFor = absl::Hours(24 * 90);

// Seats at least and at most. Where only one is said, the other moves as far as it must.
std::pair<int, int> SizesOf(const v1::ProposeCouncilRequest& request) {
  int least = request.size_min();
  int most = request.size_max();
  if (most == 0) most = std::max(kUsualMost, least);
  if (least == 0) least = std::min(kUsualLeast, most);
  return {least, most};
}

// Who is who in a network.
class Directory {
 public:
  explicit Directory(const NetworkSnapshot& network) : people_(network.contacts) {
    for (const CouncilSeat& seat : network.council.seats()) seats_.emplace(seat.seat().contact_id(), &seat);
    for (const ledger::v1::Tie& tie : network.ties) ties_.emplace(tie.contact_id(), &tie);
  }

  // By any id that they have or had. Null: nobody.
  const Contact* Find(std::string_view id) const { return people_.Find(id); }
  // Null: none.
  const CouncilSeat* SeatOf(const Contact& contact) const { return At(seats_, contact.id()); }
  const ledger::v1::Tie* TieOf(const Contact& contact) const { return At(ties_, contact.id()); }

 private:
  template <typename T>
  static const T* At(const std::map<std::string_view, const T*>& map, std::string_view id) {
    const auto at = map.find(id);
    return at == map.end() ? nullptr : at->second;
  }

  People people_;
  std::map<std::string_view, const CouncilSeat*> seats_;
  std::map<std::string_view, const ledger::v1::Tie*> ties_;
};

// Ids of the contacts that `ids` name.
using Ids = std::set<std::string>;

Ids Resolve(const google::protobuf::RepeatedPtrField<std::string>& ids, const char* field, const Directory& directory,
            base::FieldViolations& violations) {
  Ids resolved;
  for (int i = 0; i < ids.size(); ++i) {
    if (const Contact* contact = directory.Find(ids[i])) {
      resolved.insert(contact->id());
    } else {
      violations.Add(absl::StrCat(field, "[", i, "]"), absl::StrCat("no contact has the id \"", ids[i], "\""));
    }
  }
  return resolved;
}

void CheckPinned(const v1::ProposeCouncilRequest& request, const Ids& excluded, const Directory& directory,
                 base::FieldViolations& violations) {
  for (int i = 0; i < request.pinned_ids_size(); ++i) {
    const Contact* contact = directory.Find(request.pinned_ids(i));
    if (contact == nullptr) continue;
    const std::string field = absl::StrCat("pinned_ids[", i, "]");
    if (excluded.contains(contact->id())) violations.Add(field, "must not be in excluded_ids too");
    CheckMayHaveSeat(*contact, field, violations);
  }
}

CouncilSeat NewcomerSeat(const Contact& contact, const ledger::v1::Tie* tie, const contacts::v1::Settings& settings,
                         absl::Time as_of) {
  CouncilSeat newcomer;
  *newcomer.mutable_contact() = contact;
  contacts::v1::Seat& seat = *newcomer.mutable_seat();
  seat.set_contact_id(contact.id());
  if (tie != nullptr) *seat.mutable_roles() = tie->shown_roles();
  *seat.mutable_first_seated_time() = base::ToProto(as_of - kNewcomerSeatedFor);
  for (const contacts::v1::TagCadence& cadence : settings.tag_cadences()) {
    const bool has_tag = std::any_of(contact.tags().begin(), contact.tags().end(), [&](const std::string& tag) {
      return absl::EqualsIgnoreCase(tag, cadence.tag());
    });
    if (has_tag && (!newcomer.has_effective_cadence() ||
                    base::FromProto(cadence.cadence()) < base::FromProto(newcomer.effective_cadence()))) {
      *newcomer.mutable_effective_cadence() = cadence.cadence();
    }
  }
  return newcomer;
}

}  // namespace

absl::Status CheckProposal(const v1::ProposeCouncilRequest& request) {
  base::FieldViolations violations;
  const auto check_ids = [&](const char* field, int count) {
    if (count > kMostIds) violations.Add(field, absl::StrCat("must be at most ", kMostIds));
  };
  check_ids("candidate_ids", request.candidate_ids_size());
  check_ids("pinned_ids", request.pinned_ids_size());
  check_ids("excluded_ids", request.excluded_ids_size());
  CheckTokens(request, violations);
  const auto check_size = [&](const char* field, int size) {
    if (size < 0 || size > kMostSeats) violations.Add(field, absl::StrCat("must be 1 to ", kMostSeats));
  };
  check_size("size_min", request.size_min());
  check_size("size_max", request.size_max());
  if (request.size_max() > 0 && request.size_min() > request.size_max()) {
    violations.Add("size_min", "must not be more than size_max");
  }
  return violations.ToStatus();
}

absl::StatusOr<ProposalCandidates> CandidatesOf(const v1::ProposeCouncilRequest& request,
                                                const NetworkSnapshot& network, absl::Time as_of) {
  const Directory directory(network);
  base::FieldViolations violations;
  const Ids named = Resolve(request.candidate_ids(), "candidate_ids", directory, violations);
  const Ids excluded = Resolve(request.excluded_ids(), "excluded_ids", directory, violations);
  ProposalCandidates candidates;
  ProposalTask& task = candidates.task;
  task.pinned = Resolve(request.pinned_ids(), "pinned_ids", directory, violations);
  CheckPinned(request, excluded, directory, violations);
  std::tie(task.size_min, task.size_max) = SizesOf(request);
  if (task.pinned.size() > static_cast<size_t>(task.size_max)) {
    violations.Add("pinned_ids", absl::StrCat("must be at most ", task.size_max, ", the seats there are to be"));
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());

  const absl::CivilDay today = absl::ToCivilDay(as_of, ZoneOf(network.settings).zone);
  for (const Contact& contact : network.contacts) {
    const CouncilSeat* seat = directory.SeatOf(contact);
    if (!task.pinned.contains(contact.id())) {
      if (request.candidate_ids_size() > 0 && !named.contains(contact.id())) continue;
      if (excluded.contains(contact.id())) continue;
      if (IsOffCouncil(contact)) continue;
      if (seat == nullptr && IsResting(contact, today)) continue;
    }
    if (seat != nullptr) task.seated.insert(contact.id());
    *candidates.seats.add_seats() =
        seat != nullptr ? *seat : NewcomerSeat(contact, directory.TieOf(contact), network.settings, as_of);
  }
  task.candidates = GatherFacts(candidates.seats, network.ties, as_of).seats;
  for (const contacts::v1::Acquaintance& acquaintance : network.acquaintances) {
    task.acquainted.emplace_back(acquaintance.contact_id(), acquaintance.other_contact_id());
    *candidates.seats.add_acquaintances() = acquaintance;
  }
  return candidates;
}

}  // namespace council::recommendations
