#include "tests/trial/life.h"

#include <algorithm>
#include <cmath>

namespace council::trial {
namespace {

constexpr double kNever = -1e6;
constexpr double kCoolingDays = 120;
constexpr double kWarmedByTalk = 0.3;
// A tie that is colder gives news at most.
constexpr double kWarm = 0.25;
constexpr double kServedDays = 90;
constexpr double kMutualDays = 180;
constexpr int kMutualTimes = 2;
constexpr double kBurnoutDays = 56;
constexpr double kPlanningHours = 0.25;
constexpr double kWeeksAYear = 52;
// From which imbalance on it is felt.
constexpr double kOwed = 6;

constexpr int kEnergizer = 0;

// What serving a need brings.
ledger::v1::BenefitKind KindFor(std::size_t need) {
  constexpr ledger::v1::BenefitKind kKinds[] = {ledger::v1::BENEFIT_KIND_SUPPORT, ledger::v1::BENEFIT_KIND_INFORMATION,
                                                ledger::v1::BENEFIT_KIND_SUPPORT, ledger::v1::BENEFIT_KIND_BRAINSTORM,
                                                ledger::v1::BENEFIT_KIND_ADVICE};
  return kKinds[need];
}

}  // namespace

Life::Life(const Ego& ego, std::uint64_t seed)
    : ego_(ego),
      random_(seed),
      last_(ego.alters.size(), kNever),
      balance_(ego.alters.size()),
      passed_(ego.alters.size()),
      acquainted_(ego.acquainted) {
  for (const Alter& alter : ego.alters) warmth_.push_back(alter.closeness);
  served_.fill(kNever);
}

void Life::BeginWeek(int week) {
  day_ = 7 * week;
  for (double& warmth : warmth_) warmth *= std::exp2(-7 / kCoolingDays);
  hours_this_week_ = 0;
  introductions_this_week_ = 0;
}

Talk Life::Meet(const Meeting& meeting) {
  const Alter& alter = ego_.alters[meeting.alter];
  double& warmth = warmth_[meeting.alter];
  double& balance = balance_[meeting.alter];
  Talk talk;
  talk.alter = meeting.alter;
  talk.minutes = std::round(std::clamp(random_.Normal(40, 15), 20.0, 90.0));
  talk.domain = meeting.about.value_or(random_.Chance(0.7) ? alter.domain : common::v1::LIFE_DOMAIN_CAREER);

  const double depth = random_.Uniform();
  const bool deep = warmth >= kWarm && (meeting.deep || meeting.asks ? depth < 0.85 : depth < 0.5);
  talk.depth = !deep          ? ledger::v1::INTERACTION_DEPTH_UPDATE
               : depth < 0.15 ? ledger::v1::INTERACTION_DEPTH_COUNSEL
                              : ledger::v1::INTERACTION_DEPTH_CONVERSATION;

  // Somebody to whom one owes much holds back, and giving much for little tires.
  const double readiness = alter.gives * (balance > kOwed ? 0.5 : 1) * (deep ? 1 : 0.4) * (meeting.asks ? 1.4 : 1);
  talk.energy = static_cast<int>(
      std::lround(std::clamp(alter.energy + random_.Normal(0, 0.6) - (balance < -kOwed ? 0.4 : 0), -2.0, 2.0)));
  if (talk.energy >= 1 && alter.serves[kEnergizer]) Serve(kEnergizer);

  std::vector<std::size_t> needs;
  std::vector<std::size_t> lacks;
  for (std::size_t need = 1; need < kNeeds; ++need) {
    if (alter.serves[need]) needs.push_back(need);
    if (alter.lacks[need]) lacks.push_back(need);
  }
  if (random_.Chance(readiness)) {
    talk.received = 1 + static_cast<int>(random_.Index(3));
    talk.received_kind = ledger::v1::BENEFIT_KIND_INFORMATION;
    if (!needs.empty()) {
      const std::size_t need = needs[random_.Index(needs.size())];
      talk.received_kind = KindFor(need);
      if (deep) Serve(need);
    }
  }
  if (random_.Chance((meeting.gives ? 0.9 : ego_.gives) * alter.takes)) {
    talk.given = 1 + static_cast<int>(random_.Index(3));
    talk.given_kind =
        lacks.empty() ? ledger::v1::BENEFIT_KIND_INFORMATION : KindFor(lacks[random_.Index(lacks.size())]);
  }
  balance += talk.received - talk.given;
  for (const bool given : {false, true}) {
    if ((given ? talk.given : talk.received) > 0) passed_[meeting.alter].push_back({day_, given});
  }
  warmth += kWarmedByTalk * (1 - warmth);
  last_[meeting.alter] = day_;
  felt_.emplace_back(day_, talk.energy);
  hours_this_week_ += talk.minutes / 60;
  return talk;
}

double Life::Plan() {
  hours_this_week_ += kPlanningHours;
  return kPlanningHours;
}

bool Life::Introduce(std::size_t a, std::size_t b) {
  const bool could = a != b && !acquainted_[a][b] && warmth_[a] >= kWarm && warmth_[b] >= kWarm;
  bool complements = false;
  for (std::size_t need = 0; need < kNeeds; ++need) {
    complements |= ego_.alters[a].serves[need] && ego_.alters[b].lacks[need];
    complements |= ego_.alters[b].serves[need] && ego_.alters[a].lacks[need];
  }
  const bool led_somewhere = random_.Chance(complements ? 0.6 : 0.2) && could;
  if (!could) return false;
  acquainted_[a][b] = acquainted_[b][a] = true;
  if (led_somewhere) ++introductions_this_week_;
  return led_somewhere;
}

void Life::EndWeek(bool counts) {
  while (!felt_.empty() && felt_.front().first < day_ - kBurnoutDays) felt_.pop_front();
  for (auto& passed : passed_) {
    while (!passed.empty() && passed.front().day < day_ - kMutualDays) passed.pop_front();
  }
  if (!counts) return;
  ++weeks_;
  const bool all =
      std::all_of(served_.begin(), served_.end(), [this](double day) { return day_ - day <= kServedDays; });
  sums_.all_served += all ? 1 : 0;
  for (const auto& passed : passed_) {
    const auto given = std::count_if(passed.begin(), passed.end(), [](const Passed& one) { return one.given; });
    const auto received = static_cast<std::ptrdiff_t>(passed.size()) - given;
    sums_.mutual_ties += given >= kMutualTimes && received >= kMutualTimes ? 1 : 0;
  }
  int felt = 0;
  for (const auto& [day, energy] : felt_) felt += energy;
  sums_.burnt_out += felt < 0 ? 1 : 0;
  sums_.introductions += introductions_this_week_;
  sums_.hours += hours_this_week_;
}

Outcome Life::outcome() const {
  Outcome outcome = sums_;
  const double weeks = std::max(1, weeks_);
  outcome.all_served /= weeks;
  outcome.mutual_ties /= weeks;
  outcome.burnt_out /= weeks;
  outcome.introductions *= kWeeksAYear / weeks;
  outcome.hours /= weeks;
  return outcome;
}

}  // namespace council::trial
