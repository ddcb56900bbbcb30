#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_EVIDENCE_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_EVIDENCE_H_

#include <cstddef>
#include <span>

#include "council/ledger/v1/ledger.pb.h"
#include "services/recommendations/advice_network.h"
#include "services/recommendations/advice_step.h"

namespace council::recommendations {

// How many of a contact's newest entries are read for a step.
inline constexpr size_t kMostEntriesRead = 200;

// The step with its evidence, sequences of entries, newest first, at most 20; and with what those entries say counted
// in its reason: "Rosa advised you three times since May; is there something they could use?".
//
// `entries` are the newest of the step's contacts, newest first, live, due, each once.
v1::Recommendation WithEvidence(const AdviceNetwork& network, const Step& step,
                                std::span<const ledger::v1::Interaction> entries);

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_EVIDENCE_H_
