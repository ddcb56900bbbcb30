// The figures of docs/tie-strength.md, as Markdown.
#ifndef COUNCIL_TOOLS_EVAL_REPORT_H_
#define COUNCIL_TOOLS_EVAL_REPORT_H_

#include <ostream>
#include <span>
#include <string>

#include "libs/ties/tie_strength.h"
#include "tools/eval/measures.h"
#include "tools/eval/network.h"
#include "tools/eval/simple_rules.h"
#include "tools/eval/snapshot.h"

namespace council::eval {

// 0 for a tie without days up to the snapshot's moment.
double ScoreOf(const EgoTie& tie, const Snapshot& snapshot, const ties::StrengthModel& model);

Measures MeasureModel(const Snapshot& snapshot, const ties::StrengthModel& model);
Measures MeasureRule(const Snapshot& snapshot, const SimpleRule& rule);

// The model's line for a person to read: version, coefficients, intercept.
std::string Describe(const ties::StrengthModel& model);

// The shipped model beside the simple rules on each network, at its cut, at earlier ones and in its
// variants; and what the fit finds on
// each network alone, tested on the others.
void WriteReport(std::span<const Network> networks, std::ostream& out);

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_REPORT_H_
