// Ways to decide with whom to spend the week's hours.
#ifndef COUNCIL_TESTS_TRIAL_ARMS_H_
#define COUNCIL_TESTS_TRIAL_ARMS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/trial/diary.h"
#include "tests/trial/life.h"

namespace council::trial {

enum class Arm {
  // Whom one is close to and enjoys, by chance.
  kNoAdvice,
  // Of the seats, whoever was not met for longest.
  kLongestFirst,
  // Of the seats, anyone who was not met for 30 days; without one, as without advice.
  kRandomDue,
  // What ListRecommendations says; the hours that it leaves, as without advice.
  kCouncil,
  // The same people as Council says, but talks as they come: a control that shows what the choice alone does.
  kCouncilPlain,
};
inline constexpr Arm kArms[] = {Arm::kNoAdvice, Arm::kLongestFirst, Arm::kRandomDue, Arm::kCouncil, Arm::kCouncilPlain};
std::string NameOf(Arm arm);

// One person under one arm. Before the trial begins all live as without advice for half a year and write it down. The
// hours are the same in each arm. Who is told to ask, to give or to take time for a real talk means to, which is part
// of the advice.
class Participant {
 public:
  // `ego` must outlive this.
  Participant(Arm arm, const Ego& ego, const std::shared_ptr<grpc::Channel>& channel, const std::string& owner,
              std::uint64_t seed);

  void Begin(absl::Time now) { diary_.Begin(kSeats, now); }
  // A week of the trial from 0; the half year before has weeks below 0.
  void LiveWeek(int week, absl::Time now);

  Outcome outcome() const { return life_.outcome(); }
  double Score() { return diary_.Score(); }

  static constexpr int kWeeksBefore = 26;
  static constexpr std::size_t kSeats = 12;

 private:
  void FollowAdvice(absl::Time now);
  bool Follow(const recommendations::v1::Recommendation& step, absl::Time now);
  // Whom to meet next; nothing where nobody is left this week.
  std::optional<std::size_t> Next(bool in_trial);
  std::optional<std::size_t> ByHabit();
  std::optional<std::size_t> Longest();
  std::optional<std::size_t> AnyDue();
  bool advised() const { return arm_ == Arm::kCouncil || arm_ == Arm::kCouncilPlain; }
  void Meet(const Meeting& meeting, absl::Time now);
  // A quarter of an hour with the calendar or a letter.
  void Plan();
  void Introduce(std::size_t a, std::size_t b, absl::Time now);
  // Two who are warm and don't know each other.
  void IntroduceAny(absl::Time now);

  const Arm arm_;
  Life life_;
  Diary diary_;
  double hours_left_ = 0;
  std::vector<bool> met_;        // This week.
  std::vector<int> rest_until_;  // Weeks.
  int week_ = 0;
};

}  // namespace council::trial

#endif  // COUNCIL_TESTS_TRIAL_ARMS_H_
