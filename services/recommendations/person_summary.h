#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_PERSON_SUMMARY_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_PERSON_SUMMARY_H_

#include <span>
#include <vector>

#include "absl/time/time.h"
#include "council/contacts/v1/contacts.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/recommendations/v1/recommendations.pb.h"

namespace council::recommendations {

// What is known of one person before a talk.
struct PersonFacts {
  absl::Time now;
  // The owner's, in which days are.
  absl::TimeZone zone;
  const contacts::v1::Contact& contact;
  // Nullptr: they have no seat.
  const contacts::v1::Seat* seat = nullptr;
  // Live entries with them of the last kPassedTime, newest first.
  std::span<const ledger::v1::Interaction> entries;
  // Open ones with them, the soonest due first.
  std::span<const ledger::v1::PromiseRecord> promises;
};

// How far back it is told what passed between the two.
inline constexpr absl::Duration kPassedTime = absl::Hours(24 * 365);

// What passed in the entries, the most frequent first, then in the order of the enums; one that names nobody passed
// with each who took part.
std::vector<v1::BenefitTimes> BenefitTimesOf(const PersonFacts& facts);

// At most two things worth saying or asking, the weightiest first, in the order of the enum: promises before all, then
// a birthday within the coming two weeks, then what the entries show is missing, and where that is nothing what the
// last talk was about. Where more would be said, one promise is enough: the summary has all of them. None about
// somebody with whom no contact is wanted or who has died.
std::vector<v1::TalkingPoint> TalkingPointsOf(const PersonFacts& facts);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_PERSON_SUMMARY_H_
