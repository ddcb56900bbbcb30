#ifndef COUNCIL_CLIENTS_CLI_STEPS_H_
#define COUNCIL_CLIENTS_CLI_STEPS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "clients/cli/terminal.h"
#include "council/recommendations/v1/recommendations.pb.h"
#include "libs/words/language.h"

namespace council::cli {

// The name of the contact with an id.
using NameOf = std::function<std::string(const std::string& id)>;

// A recommendation as a person reads it.
struct Step {
  // What to do, in a few words: "Talk with Rosa Lindqvist".
  std::string what;
  // Empty: not shown.
  std::string reason;
  int minutes = 0;
  // Points of the score that it would bring. Unset: not shown.
  std::optional<double> gain;
  // What the owner said to it: "accepted", "dismissed", "snoozed until Mon 7 Dec"; empty: nothing yet.
  std::string answer;
};
// The recommendation in full; people.h has what a session may show of it.
Step DescribeStep(const recommendations::v1::Recommendation& recommendation, const NameOf& name_of, absl::Time now,
                  absl::TimeZone zone, const words::Language& language = words::Language::Plain());

// A difference of points with its sign and one decimal: "+1.2", "−0.4"; "0.0" where nothing changes.
std::string SignedPoints(double points);

// The gain of a step: the same, and "<0.1" for a gain too small for it.
std::string GainText(double points);

// "You dismissed 5 of 6 steps of the kind give-back: they come up less."
std::string FewerText(const recommendations::v1::KindAnswers& kind);
// The same for each of several kinds; where `discreet` without those about energy (discretion.h).
std::vector<std::string> FewerTexts(const google::protobuf::RepeatedPtrField<recommendations::v1::KindAnswers>& kinds,
                                    bool discreet);

// The steps, numbered from 1: what, minutes and gain on a line, the reason below, wrapped. No line is wider than the
// terminal.
std::string RenderSteps(const std::vector<Step>& steps, const Terminal& terminal);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_STEPS_H_
