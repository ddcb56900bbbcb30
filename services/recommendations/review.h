// A year looked back on: talks and hours, who came and who went, what passed, what introductions led to.
#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_REVIEW_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_REVIEW_H_

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts.pb.h"
#include "council/contacts/v1/contacts_service.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "services/recommendations/owner_zone.h"

namespace council::recommendations {

// What a review reaches over: a calendar year of the owner's time zone, or as much of it as has passed.
struct ReviewTime {
  int year = 0;
  // In which days are.
  OwnerZone owner;
  absl::Time now;
  // The first moment and the last, which is `now` or the year's last one.
  absl::Time start;
  absl::Time until;
  absl::CivilDay first_day;
  absl::CivilDay last_day;
};

// `year` must have begun by `now` in the owner's zone.
ReviewTime ReviewTimeOf(int year, const OwnerZone& owner, absl::Time now);

// The days whose balances a review shows: the one before it, and the last of each month or of the review. Balances have
// UTC days: they are taken by the same dates, and today's where the owner is a day ahead of UTC.
std::set<absl::CivilDay> BalanceDaysOf(const ReviewTime& time);

// What a review is made of. Views all of it.
struct ReviewFacts {
  const ReviewTime& time;
  // Everyone whom the owner knows.
  std::span<const contacts::v1::Contact> contacts;
  // The live ones of the review's time, and of later ones up to now those with whoever was introduced in it, as far as
  // they are known. Each once, in any order.
  std::span<const ledger::v1::Interaction> entries;
  // Just before `time.start`, and at `time.until`.
  const contacts::v1::GetCouncilResponse& council_before;
  const contacts::v1::GetCouncilResponse& council_after;
  // As of the same two moments, with strengths, under the contacts' ids of today. One that is missing has no entries.
  std::span<const ledger::v1::Tie> ties_before;
  std::span<const ledger::v1::Tie> ties_after;
  // By day, those of BalanceDaysOf that there are.
  const std::map<std::string, v1::BalancePoint>& points;
};

// The review, all but the advice.
//
// Talks are touches (ties::IsTouch), their hours as in ties::HoursSpent. Whoever is no contact any more counts in talks
// and hours and is not among the people. A tie faded where its strength p was ½ or more when the year began, the odds
// p/(1 − p) are less than a third of what they were, and there was no touch in the last 60 days; the latest 20 are
// named. By the odds, since after years of monthly talks the strength itself is still high when a year went by without
// one; from ½ on, a strength that halves is among them. People with whom no contact is wanted or who died count in all
// figures, and are not named as having faded, joined or left, nor with an introduction that led to no talk; those
// PAUSED are not named as having faded. Lists of ids are in their order, faded ties the latest first.
//
// An introduction that says whose it was by an empty `Benefit.contact_id` is that of the entry's only contact; with
// several of them `ReviewIntroduction.contact_id` is empty. The oldest 200 introductions of people who are known are
// looked into.
v1::GetReviewResponse MakeReview(const ReviewFacts& facts);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_REVIEW_H_
