// What came of recommendations: whether what they ask for happened, what the balance did, how right strengths were.
#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_HINDSIGHT_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_HINDSIGHT_H_

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "services/recommendations/kind_answers.h"
#include "services/recommendations/people.h"
#include "services/recommendations/recommendations_storage.pb.h"

namespace council::recommendations {

// Within which what a step asks for counts as its doing, and after which the balance is looked at.
inline constexpr absl::Duration kHindsight = absl::Hours(30 * 24);

// The day at whose end a step that was given at `given_time` is looked back at; UTC.
absl::CivilDay DayOfHindsight(absl::Time given_time);

// The end of that day, of which the balance is that a step's is compared with.
absl::Time EndOfHindsight(const storage::v1::GivenRecommendation& given);

// Whether a step is done by seats that change and not by entries.
bool IsDoneBySeats(const storage::v1::GivenRecommendation& given);

// When the council is looked at, at `now`, for a step that is done by seats.
absl::Time MomentOfSeats(const storage::v1::GivenRecommendation& given, absl::Time now);

// What happened since, to be looked into. Views all of it.
struct HindsightFacts {
  absl::Time now;
  // Everyone whom the owner knows.
  const People& people;
  // Live, due, newest first; all from the day of the first step to 90 days after the last.
  std::span<const ledger::v1::Interaction> entries;
  // By MomentOfSeats, for steps that are done by seats. By the time given and by EndOfHindsight, where somebody who
  // IsOffCouncil had a seat at the first.
  const std::map<absl::Time, contacts::v1::GetCouncilResponse>& councils;
  // By day.
  const std::map<std::string, v1::BalancePoint>& points;
  // Of steps given up to then it was not looked into who went for good: what the balance did after them is not told.
  absl::Time untold_until = absl::InfinitePast();
};

// What came of `given`; nothing where one whom it is about is no contact any more, or IsOffCouncil. Where somebody who
// is has lost a seat meanwhile, without what the balance did: it would tell of that.
std::optional<v1::HindsightRecord> LookBack(const storage::v1::GivenRecommendation& given, const HindsightFacts& facts);

// Sums up `response.records`, newest first: kinds and fading ties.
void SumUp(const AnswersByKind& answers, absl::Time now, v1::GetHindsightResponse& response);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_HINDSIGHT_H_
