#ifndef COUNCIL_CLIENTS_CLI_ADVICE_TABLE_H_
#define COUNCIL_CLIENTS_CLI_ADVICE_TABLE_H_

#include <string>
#include <vector>

#include "clients/cli/table.h"
#include "council/recommendations/v1/recommendations_service.pb.h"

// What came of the steps that were advised, as hindsight and a year's review tell it.
namespace council::cli {

using AdviceKinds = google::protobuf::RepeatedPtrField<recommendations::v1::HindsightKind>;

// Stands below the gains that steps were expected to bring and brought.
inline constexpr char kGainNote[] =
    "Points of your balance: what was expected of a step, and what the 30 days after it brought, by whatever cause.";

// "Of 12 steps that Council advised you followed 5."; empty where none was given.
std::string FollowedText(const AdviceKinds& kinds);

// A row for each kind of step that was advised: kind, given, followed, and unless `discreet` the points that were
// expected, that came, and that came where it was not followed, empty where they are not known.
std::vector<std::vector<std::string>> AdviceRows(const AdviceKinds& kinds, bool discreet);

// The same under its heads.
Table AdviceTable(const AdviceKinds& kinds, bool discreet);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_ADVICE_TABLE_H_
