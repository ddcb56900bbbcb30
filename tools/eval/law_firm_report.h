// The figures of docs/law-firm.md, as Markdown.
#ifndef COUNCIL_TOOLS_EVAL_LAW_FIRM_REPORT_H_
#define COUNCIL_TOOLS_EVAL_LAW_FIRM_REPORT_H_

#include <ostream>
#include <span>

#include "tools/eval/law_firm.h"

namespace council::eval {

// How the structure is spread, the highest and lowest with their reasons, what goes with it, what proposals change, and
// a line for each lawyer. `councils` are those of `firm`.
void WriteLawFirmReport(const LawFirm& firm, std::span<const LawyerCouncil> councils, std::ostream& out);

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_LAW_FIRM_REPORT_H_
