// A company's own coefficients of tie strength, from what became of its people's ties, and how right they are.
//
// People in one company talk daily, in another monthly. Looking back from some past days tells which ties lived on, and
// a fit to that, drawn towards the shipped coefficients, follows the company as far as it has data. The last look-back
// takes no part in a first fit, so that it shows whether coefficients of its own rank better there, by more than
// chance. Where they do not the shipped ones stay, scaled to how many ties live on where that makes better
// probabilities.
//
// Nobody can be read off the result: a fit is of 20 people at least, each of whom weighs the same and pulls no more
// than so far, noise as large as that is added, to coefficients and to what is said of how right they are, and what
// comes out is rounded.
#ifndef COUNCIL_LIBS_TIES_CALIBRATION_H_
#define COUNCIL_LIBS_TIES_CALIBRATION_H_

#include <array>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "council/ledger/v1/ledger.pb.h"
#include "libs/ties/strength_fit.h"
#include "libs/ties/tie_strength.h"

namespace council::ties {

// People with a tie that lived on and one that faded, fewer of whom are not fitted to.
inline constexpr int kLeastPeople = 20;

inline constexpr int kMostLookBacks = 6;

// How right a model was at a look-back.
struct StrengthAccuracy {
  // With a tie that lived on and one that faded.
  int people = 0;
  // Mean over them of the probability that of a tie that lived on and one that faded the first was the stronger one.
  double auc = 0;
  // (strength − outcome)² in the mean over each one's ties and over everybody with ties; ¼ for a strength of ½
  // throughout.
  double brier = 0;
};

StrengthAccuracy AccuracyOf(const LookBack& look_back, const StrengthModel& model);

// What the ties of one person, with their days, were like at the end of the UTC day of `moment`, and whether there was
// contact within kStrengthOutlook after it.
Person PersonAt(std::span<const ledger::v1::Tie> ties, absl::Time moment);

// `person` with at most 200 ties, evenly taken, whose features are bounded: all that a calibration looks at.
Person Bounded(const Person& person);

struct Calibration {
  // With the version asked for where it is the company's own, else the prior.
  StrengthModel model;
  bool own = false;
  // Of the prior, and of what was fitted to the earlier look-backs alone, at the newest one. Without people where there
  // were too few.
  StrengthAccuracy prior;
  StrengthAccuracy fitted;
  // The same with noise, to be shown.
  StrengthAccuracy shown_prior;
  StrengthAccuracy shown_fitted;
};

// Noise for one Calibrate: what hides whether one person took part. It must be drawn anew for each result that somebody
// sees, from `uniform`, which gives numbers in [0, 1) that nobody can foretell.
struct CalibrationNoise {
  StrengthFeatures coefficients = {};
  std::array<double, 2> scale = {};
  // Of AUC and Brier score, of the prior and of what was fitted.
  std::array<double, 4> accuracy = {};
};
CalibrationNoise DrawNoise(absl::FunctionRef<double()> uniform);

// Look-backs are at moments that follow each other in even steps, the newest first, and tell what came within one step
// of each. `look_backs` settle the ranks; `outlooks`, with steps of kStrengthOutlook, make probabilities of them, and
// may be the same. Where there are fewer than two of these, strengths stay as near to the prior's as ranks allow: how
// many live on for another time says nothing about it.
Calibration Calibrate(std::span<const LookBack> look_backs, std::span<const LookBack> outlooks,
                      const StrengthModel& prior, std::string version, const CalibrationNoise& noise = {});

}  // namespace council::ties

#endif  // COUNCIL_LIBS_TIES_CALIBRATION_H_
