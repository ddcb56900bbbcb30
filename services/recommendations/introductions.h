#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_INTRODUCTIONS_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_INTRODUCTIONS_H_

#include <string>
#include <vector>

#include "council/ledger/v1/ledger.pb.h"
#include "services/recommendations/advice_network.h"

namespace council::recommendations {

// Two contacts who don't know each other and should.
struct Introduction {
  // Who has something, and who could use it. Never null.
  const Person* has = nullptr;
  const Person* lacks = nullptr;
  ledger::v1::BenefitKind kind = ledger::v1::BENEFIT_KIND_UNSPECIFIED;
  // That the first has it shows in entries: they give it to the owner.
  bool gave = false;
  // That the other lacks it shows in entries: the owner gives it to them.
  bool shown = false;
  // 0 to 1: how much more one has than the other, times how strong both ties are, times how far apart their groups.
  double worth = 0;
};

// All introductions worth making, the worthiest first, each pair once; equal ones by ids.
//
// Someone has what they gave the owner beyond what they were given, or what their seat's roles stand for, and lacks
// what the owner gives them beyond what they give, or what nothing shows of them. Nobody is introduced to someone whose
// talks have been tiring lately. Those know each other who are acquainted, were introduced by the owner, or took part
// in one talk of at most eight among the newest entries. Across groups counts more than within: a common acquaintance
// halves the worth, as does being linked through others at all; facets that differ raise it. Looked at are the 200
// strongest ties, so the cost is bounded however many contacts there are.
std::vector<Introduction> FindIntroductions(const AdviceNetwork& network);

// Why, in one sentence for the owner.
std::string ReasonOf(const Introduction& introduction);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_INTRODUCTIONS_H_
