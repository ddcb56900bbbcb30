#include "tools/eval/own_model.h"

#include <algorithm>
#include <vector>

#include "absl/time/time.h"
#include "tools/eval/snapshot.h"

namespace council::eval {
namespace {

constexpr int kStepsInRecord = 10;

std::vector<ties::LookBack> LookBacksAt(std::span<const Event> events, std::int64_t as_of, std::int64_t step) {
  std::vector<ties::LookBack> look_backs;
  for (int i = 1; i <= ties::kMostLookBacks && as_of - i * step > events.front().seconds; ++i) {
    look_backs.push_back(ForFit(LookBackAt(events, as_of - i * step, as_of - (i - 1) * step), 1));
  }
  return look_backs;
}

}  // namespace

ties::Calibration CalibrateTo(std::span<const Event> events, std::int64_t as_of) {
  const std::int64_t outlook = absl::ToInt64Seconds(ties::kStrengthOutlook);
  const std::int64_t step =
      std::min(outlook, std::max<std::int64_t>(1, (as_of - events.front().seconds) / kStepsInRecord));
  return ties::Calibrate(LookBacksAt(events, as_of, step), LookBacksAt(events, as_of, outlook),
                         ties::ShippedStrengthModel(), "own");
}

}  // namespace council::eval
