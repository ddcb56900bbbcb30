#ifndef COUNCIL_SERVICES_CONTACTS_SEATS_H_
#define COUNCIL_SERVICES_CONTACTS_SEATS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts.pb.h"
#include "services/contacts/contacts_storage.pb.h"

// The times in which a contact had a seat, as pure functions.
namespace council::contacts {

// The seat held at `time`, whole (contact_id, seated_time, first_seated_time); nothing where none was held.
std::optional<v1::Seat> SeatAt(const storage::v1::StoredSeat& stored, absl::Time time);

// The seat held now, however far in the past or just now it was taken; nothing where none is held.
std::optional<v1::Seat> HeldSeat(const storage::v1::StoredSeat& stored);

// When the last seat ended that was left by `time`; nothing where none was, or one is held at `time`.
std::optional<absl::Time> LeftAt(const storage::v1::StoredSeat& stored, absl::Time time);

// Takes a seat at `now`, or changes the one held: `seat` says what it is from now on. Without a seated_time, a seat
// that is held keeps its own and a new one gets `now`. Fails with INVALID_ARGUMENT where the seated_time lies within an
// earlier time of the seat, and with RESOURCE_EXHAUSTED where the seat was taken and left too many times.
absl::Status TakeSeat(const v1::Seat& seat, absl::Time now, storage::v1::StoredSeat& stored);

// Ends the seat at `now`. False where none is held.
bool LeaveSeat(absl::Time now, storage::v1::StoredSeat& stored);

// Takes a seat that ended at `time`, and was not taken since, as if it never had. False where there is none.
bool ReturnToSeat(absl::Time time, storage::v1::StoredSeat& stored);

// The times of both, overlapping ones joined; where both are held, what `into` says holds, with the roles and domains
// of both.
storage::v1::StoredSeat UniteSeats(const storage::v1::StoredSeat& into, const storage::v1::StoredSeat& from);

// Fills in the cadence and longest gap in force for a seat: the seat's own, else those of the shortest cadence among
// the contact's tags.
void SetEffectiveCadence(const v1::Settings& settings, v1::CouncilSeat& seat);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_SEATS_H_
