#include "tests/trial/arms.h"

#include <algorithm>
#include <utility>

namespace council::trial {
namespace {

using recommendations::v1::Recommendation;

constexpr double kDueDays = 30;
// What people do with advice.
constexpr double kFollowed = 0.8;
constexpr double kDismissed = 0.1;
// Somebody to be seen less often is not sought for so long.
constexpr int kRestWeeks = 13;
// About four a year, by habit, whatever one is advised.
constexpr double kIntroductionAWeek = 0.08;
// From which on there are too many seats.
constexpr std::ptrdiff_t kMostSeats = 18;
constexpr double kWarmEnough = 0.25;

}  // namespace

std::string NameOf(Arm arm) {
  switch (arm) {
    case Arm::kNoAdvice:
      return "no advice";
    case Arm::kLongestFirst:
      return "longest first";
    case Arm::kRandomDue:
      return "random due";
    case Arm::kCouncil:
      return "Council";
    case Arm::kCouncilPlain:
      return "Council's people, plain talks";
  }
  return "";
}

Participant::Participant(Arm arm, const Ego& ego, const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& owner, std::uint64_t seed)
    : arm_(arm),
      life_(ego, seed),
      diary_(channel, owner, ego, seed + 1),
      met_(ego.alters.size()),
      rest_until_(ego.alters.size(), -kWeeksBefore) {}

void Participant::LiveWeek(int week, absl::Time now) {
  week_ = week;
  life_.BeginWeek(week);
  // What a talk takes too long is taken from the next week.
  hours_left_ = std::min(hours_left_, 0.0) + life_.ego().hours_a_week;
  std::fill(met_.begin(), met_.end(), false);
  const bool in_trial = week >= 0;
  if (in_trial && advised()) FollowAdvice(now);
  while (hours_left_ > 0) {
    const std::optional<std::size_t> next = Next(in_trial);
    if (!next.has_value()) break;
    Meet({.alter = *next, .deep = false, .asks = false, .gives = false, .about = std::nullopt}, now);
  }
  if (life_.random().Chance(kIntroductionAWeek)) IntroduceAny(now);
  life_.EndWeek(in_trial);
  diary_.Send();
}

void Participant::FollowAdvice(absl::Time now) {
  for (const Recommendation& step : diary_.Advice()) {
    if (hours_left_ <= 0) return;
    const double mood = life_.random().Uniform();
    if (mood < kFollowed && Follow(step, now)) {
      diary_.Answer(step, recommendations::v1::RECOMMENDATION_RESPONSE_ACCEPT);
    } else if (mood > 1 - kDismissed) {
      diary_.Answer(step, recommendations::v1::RECOMMENDATION_RESPONSE_DISMISS);
    }
  }
}

bool Participant::Follow(const Recommendation& step, absl::Time now) {
  const std::vector<std::size_t> alters = diary_.AltersOf(step);
  if (alters.empty()) return false;
  const std::size_t alter = alters.front();
  Meeting meeting = {.alter = alter, .deep = false, .asks = false, .gives = false, .about = std::nullopt};
  switch (step.kind()) {
    case recommendations::v1::RECOMMENDATION_KIND_INVITE:
      if (diary_.seated(alter)) return false;
      diary_.Seat(alter);
      Plan();
      return true;
    case recommendations::v1::RECOMMENDATION_KIND_REST:
      if (diary_.seats() > kMostSeats && diary_.seated(alter)) diary_.Unseat(alter);
      rest_until_[alter] = week_ + kRestWeeks;
      return true;
    case recommendations::v1::RECOMMENDATION_KIND_INTRODUCE:
      if (alters.size() != 2) return false;
      Introduce(alters[0], alters[1], now);
      return true;
    case recommendations::v1::RECOMMENDATION_KIND_DEEPEN:
      meeting.deep = true;
      break;
    case recommendations::v1::RECOMMENDATION_KIND_ASK:
      meeting.asks = true;
      break;
    case recommendations::v1::RECOMMENDATION_KIND_GIVE_BACK:
      meeting.gives = true;
      break;
    case recommendations::v1::RECOMMENDATION_KIND_BROADEN:
    case recommendations::v1::RECOMMENDATION_KIND_REBALANCE:
      if (alters.size() != 1) return false;
      meeting.about = life_.ego().alters[alter].domain;
      break;
    default:
      break;
  }
  if (met_[alter]) return false;
  if (arm_ == Arm::kCouncilPlain) meeting = {.alter = alter, .deep = false, .asks = false, .gives = false, .about = {}};
  Meet(meeting, now);
  return true;
}

std::optional<std::size_t> Participant::Next(bool in_trial) {
  if (in_trial && arm_ == Arm::kLongestFirst) return Longest();
  if (in_trial && arm_ == Arm::kRandomDue) {
    const std::optional<std::size_t> due = AnyDue();
    if (due.has_value()) return due;
  }
  return ByHabit();
}

std::optional<std::size_t> Participant::ByHabit() {
  std::vector<double> pull(met_.size());
  double total = 0;
  for (std::size_t alter = 0; alter < pull.size(); ++alter) {
    if (met_[alter] || rest_until_[alter] > week_) continue;
    pull[alter] = life_.warmth(alter) * (1 + 0.3 * std::max(0.0, life_.ego().alters[alter].energy));
    total += pull[alter];
  }
  double at = life_.random().Uniform() * total;
  for (std::size_t alter = 0; alter < pull.size(); ++alter) {
    if (pull[alter] == 0) continue;
    at -= pull[alter];
    if (at <= 0) return alter;
  }
  return std::nullopt;
}

std::optional<std::size_t> Participant::Longest() {
  std::optional<std::size_t> longest;
  for (std::size_t alter = 0; alter < met_.size(); ++alter) {
    if (!diary_.seated(alter) || met_[alter]) continue;
    if (!longest.has_value() || life_.quiet(alter) > life_.quiet(*longest)) longest = alter;
  }
  return longest;
}

std::optional<std::size_t> Participant::AnyDue() {
  std::vector<std::size_t> due;
  for (std::size_t alter = 0; alter < met_.size(); ++alter) {
    if (diary_.seated(alter) && !met_[alter] && life_.quiet(alter) >= kDueDays) due.push_back(alter);
  }
  if (due.empty()) return std::nullopt;
  return due[life_.random().Index(due.size())];
}

void Participant::Meet(const Meeting& meeting, absl::Time now) {
  const Talk talk = life_.Meet(meeting);
  met_[meeting.alter] = true;
  hours_left_ -= talk.minutes / 60;
  diary_.Note(talk, now);
}

void Participant::Plan() {
  hours_left_ -= life_.Plan();
}

void Participant::Introduce(std::size_t a, std::size_t b, absl::Time now) {
  life_.Introduce(a, b);
  Plan();
  diary_.NoteIntroduction(a, b, now);
}

void Participant::IntroduceAny(absl::Time now) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t a = 0; a < met_.size(); ++a) {
    for (std::size_t b = a + 1; b < met_.size(); ++b) {
      const bool warm = life_.warmth(a) >= kWarmEnough && life_.warmth(b) >= kWarmEnough;
      if (warm && !life_.acquainted(a, b)) pairs.emplace_back(a, b);
    }
  }
  if (pairs.empty()) return;
  const auto& [a, b] = pairs[life_.random().Index(pairs.size())];
  Introduce(a, b, now);
}

}  // namespace council::trial
