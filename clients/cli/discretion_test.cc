#include "clients/cli/discretion.h"

#include <gtest/gtest.h>

namespace council::cli {
namespace {

using nlohmann::ordered_json;

ordered_json Hidden(const char* text) {
  ordered_json document = ordered_json::parse(text);
  HideInJson(document);
  return document;
}

TEST(HideInJson, TakesNotesEnergiesAndScoresAwayAtAnyDepth) {
  EXPECT_EQ(Hidden(R"({"interactions": [{"sequence": "1", "note": "planted", "energy": -2}],
                       "tie": {"touches": "3", "strength": 0.5}, "score": 62})"),
            ordered_json::parse(R"({"interactions": [{"sequence": "1"}], "tie": {"touches": "3"}})"));
}

// As steps stand in lists of themselves, of what hindsight knows of them, and of a review's kinds.
TEST(HideInJson, LeavesNothingInAListThatNamesAStepAboutEnergy) {
  EXPECT_EQ(Hidden(R"({"steps": [{"kind": "RECOMMENDATION_KIND_REST"}, {"kind": "RECOMMENDATION_KIND_ASK"}],
                       "records": [{"recommendation": {"kind": "RECOMMENDATION_KIND_REST"}, "doneBy": []},
                                   {"recommendation": {"kind": "RECOMMENDATION_KIND_ASK"}, "doneBy": []}],
                       "advice": [{"answers": {"kind": "RECOMMENDATION_KIND_REST"}, "given": 1},
                                  {"answers": {"kind": "RECOMMENDATION_KIND_ASK"}, "given": 1}]})"),
            ordered_json::parse(R"({"steps": [{"kind": "RECOMMENDATION_KIND_ASK"}],
                       "records": [{"recommendation": {"kind": "RECOMMENDATION_KIND_ASK"}, "doneBy": []}],
                       "advice": [{"answers": {"kind": "RECOMMENDATION_KIND_ASK"}, "given": 1}]})"));
}

}  // namespace
}  // namespace council::cli
