council_library(council_tie_summary
  SOURCES tie_summary.cc
  DEPS council_proto council_base absl::time)

council_test(ledger_tie_summary_test
  SOURCES tie_summary_test.cc
  DEPS council_tie_summary rapidcheck)
