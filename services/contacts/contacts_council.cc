// Contacts: the council, who knows whom, and settings.

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/contacts/contact_rules.h"
#include "services/contacts/contacts.h"
#include "services/contacts/contacts_common.h"
#include "services/contacts/seats.h"

namespace council::contacts {
namespace {

using storage::v1::StoredContact;
using storage::v1::StoredSeat;

absl::Status SeatNotFound() {
  return base::Error(absl::StatusCode::kNotFound, common::v1::ERROR_REASON_SEAT_NOT_FOUND,
                     "the contact has no seat on the council");
}

}  // namespace

absl::StatusOr<Changed<v1::Seat>> Contacts::Seat(const rpc::CallContext& call, const v1::SeatContactRequest& request) {
  base::FieldViolations violations;
  if (request.contact_id().empty()) violations.Add("contact_id", "is required");
  if (!request.seat().contact_id().empty() && request.seat().contact_id() != request.contact_id()) {
    violations.Add("seat.contact_id", "must be unset, or the request's contact_id");
  }
  ValidateSeat(request.seat(), "seat", clock_.Now(), violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  Changed<v1::Seat> seated;
  const auto work = [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const StoredContact contact, RequireContact(transaction, request.contact_id()));
    if (IsOffCouncil(contact.contact().status())) {
      return base::Error(absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_CONTACT_STATUS,
                         "who died, or with whom no contact is wanted, has no seat");
    }
    COUNCIL_ASSIGN_OR_RETURN(auto known, transaction.GetSeat(contact.contact().id()));
    StoredSeat stored;
    if (known.has_value()) stored = *std::move(known);
    stored.set_contact_id(contact.contact().id());
    if (!HeldSeat(stored).has_value()) COUNCIL_RETURN_IF_ERROR(CheckSeatLimit(transaction));
    COUNCIL_RETURN_IF_ERROR(TakeSeat(request.seat(), now, stored));
    COUNCIL_RETURN_IF_ERROR(transaction.PutSeat(stored));
    seated.value = *HeldSeat(stored);
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(seated.revision, Change(call, work));
  return seated;
}

absl::StatusOr<int64_t> Contacts::Unseat(const rpc::CallContext& call, const std::string& contact_id) {
  return Change(call, [&](ContactsTransaction& transaction, absl::Time now) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const StoredContact contact, RequireContact(transaction, contact_id));
    COUNCIL_ASSIGN_OR_RETURN(auto seat, transaction.GetSeat(contact.contact().id()));
    if (!seat.has_value() || !LeaveSeat(now, *seat)) return SeatNotFound();
    return transaction.PutSeat(*seat);
  });
}

absl::StatusOr<v1::GetCouncilResponse> Contacts::GetCouncil(const rpc::CallContext& call,
                                                            std::optional<absl::Time> as_of, bool include_former,
                                                            int64_t required) {
  v1::GetCouncilResponse council;
  const auto work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const auto seats, snapshot.AllSeats());
    COUNCIL_ASSIGN_OR_RETURN(const v1::Settings settings, snapshot.GetSettings());
    absl::flat_hash_set<std::string> seated;
    for (const StoredSeat& stored : seats) {
      auto seat = as_of.has_value() ? SeatAt(stored, *as_of) : HeldSeat(stored);
      const auto left =
          include_former && !seat.has_value() ? LeftAt(stored, as_of.value_or(absl::InfiniteFuture())) : std::nullopt;
      if (!seat.has_value() && !left.has_value()) continue;
      COUNCIL_ASSIGN_OR_RETURN(auto contact, snapshot.GetContact(stored.contact_id()));
      if (!contact.has_value()) continue;
      if (left.has_value()) {
        v1::FormerSeat& former = *council.add_former_seats();
        former.set_contact_id(stored.contact_id());
        *former.mutable_end_time() = base::ToProto(*left);
        continue;
      }
      seated.insert(stored.contact_id());
      v1::CouncilSeat& council_seat = *council.add_seats();
      *council_seat.mutable_seat() = *std::move(seat);
      *council_seat.mutable_contact() = std::move(*contact->mutable_contact());
      SetEffectiveCadence(settings, council_seat);
    }
    COUNCIL_ASSIGN_OR_RETURN(const auto acquaintances, snapshot.Acquaintances(std::nullopt));
    for (const v1::Acquaintance& known : acquaintances) {
      if (seated.contains(known.contact_id()) && seated.contains(known.other_contact_id())) {
        *council.add_acquaintances() = known;
      }
    }
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(const int64_t revision, Read(call, required, work));
  council.set_revision(revision);
  std::ranges::sort(*council.mutable_seats(), {}, [](const v1::CouncilSeat& seat) {
    return std::pair(base::FromProto(seat.seat().seated_time()), seat.seat().contact_id());
  });
  std::ranges::sort(*council.mutable_former_seats(), {}, &v1::FormerSeat::contact_id);
  return council;
}

absl::StatusOr<int64_t> Contacts::SetAcquaintance(const rpc::CallContext& call,
                                                  const v1::SetAcquaintanceRequest& request) {
  base::FieldViolations violations;
  if (request.contact_id().empty()) violations.Add("contact_id", "is required");
  if (request.other_contact_id().empty()) violations.Add("other_contact_id", "is required");
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  return Change(call, [&](ContactsTransaction& transaction, absl::Time) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(const StoredContact one, RequireContact(transaction, request.contact_id()));
    COUNCIL_ASSIGN_OR_RETURN(const StoredContact other, RequireContact(transaction, request.other_contact_id()));
    const std::string& a = one.contact().id();
    const std::string& b = other.contact().id();
    if (a == b) return base::InvalidField("other_contact_id", "must be another contact");
    if (request.acquainted() &&
        transaction.acquaintance_count() >= static_cast<int64_t>(limits::kAcquaintancesPerOwner)) {
      return base::Error(absl::StatusCode::kResourceExhausted, common::v1::ERROR_REASON_LIMIT_EXCEEDED,
                         absl::StrCat("at most ", limits::kAcquaintancesPerOwner, " acquaintances are kept"));
    }
    v1::Acquaintance acquaintance;
    acquaintance.set_contact_id(std::min(a, b));
    acquaintance.set_other_contact_id(std::max(a, b));
    return transaction.SetAcquaintance(acquaintance, request.acquainted());
  });
}

absl::StatusOr<Page<v1::Acquaintance>> Contacts::ListAcquaintances(const rpc::CallContext& call,
                                                                   const std::string& contact_id,
                                                                   const PageRequest& page, int64_t required) {
  std::vector<v1::Acquaintance> acquaintances;
  const auto work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    std::optional<std::string> id;
    if (!contact_id.empty()) {
      COUNCIL_ASSIGN_OR_RETURN(const StoredContact contact, RequireContact(snapshot, contact_id));
      id = contact.contact().id();
    }
    COUNCIL_ASSIGN_OR_RETURN(acquaintances, snapshot.Acquaintances(id));
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(const int64_t revision, Read(call, required, work));
  return CutPage(std::move(acquaintances), page, revision);
}

absl::StatusOr<v1::Settings> Contacts::GetSettings(const rpc::CallContext& call, int64_t required) {
  v1::Settings settings;
  const auto work = [&](ContactsSnapshot& snapshot) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(settings, snapshot.GetSettings());
    return absl::OkStatus();
  };
  COUNCIL_RETURN_IF_ERROR(Read(call, required, work).status());
  return settings;
}

absl::StatusOr<Changed<v1::Settings>> Contacts::UpdateSettings(const rpc::CallContext& call,
                                                               const v1::UpdateSettingsRequest& request) {
  base::FieldViolations violations;
  ValidateMask<v1::Settings>(request.update_mask(), violations);
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  Changed<v1::Settings> updated;
  const auto work = [&](ContactsTransaction& transaction, absl::Time) -> absl::Status {
    COUNCIL_ASSIGN_OR_RETURN(v1::Settings settings, transaction.GetSettings());
    COUNCIL_RETURN_IF_ERROR(CheckEtag(request.settings().etag(), settings.etag()));
    ApplyMask(request.update_mask(), request.settings(), settings);
    NormalizeSettings(settings);
    base::FieldViolations wrong;
    ValidateSettings(settings, "settings", wrong);
    COUNCIL_RETURN_IF_ERROR(wrong.ToStatus());
    COUNCIL_RETURN_IF_ERROR(transaction.PutSettings(settings));
    settings.set_etag(absl::StrCat(transaction.next_revision()));
    updated.value = std::move(settings);
    return absl::OkStatus();
  };
  COUNCIL_ASSIGN_OR_RETURN(updated.revision, Change(call, work));
  return updated;
}

}  // namespace council::contacts
