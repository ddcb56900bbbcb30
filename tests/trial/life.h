// Two years of somebody's talks, as they truly go.
//
// A talk warms a tie, silence lets it cool, with a half-life of four months. Needs are served in talks of some depth
// with warm ties. Who takes more than they give is given less, who gives more than they get is tired by it.
#ifndef COUNCIL_TESTS_TRIAL_LIFE_H_
#define COUNCIL_TESTS_TRIAL_LIFE_H_

#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "council/ledger/v1/ledger.pb.h"
#include "tests/trial/world.h"

namespace council::trial {

// What somebody means to do.
struct Meeting {
  std::size_t alter = 0;
  bool deep = false;   // Time for more than news.
  bool asks = false;   // Asks for something.
  bool gives = false;  // Has something to give.
  std::optional<common::v1::LifeDomain> about;
};

// What came of it, as the ego truly felt it.
struct Talk {
  std::size_t alter = 0;
  double minutes = 0;
  ledger::v1::InteractionDepth depth = ledger::v1::INTERACTION_DEPTH_UNSPECIFIED;
  int energy = 0;
  common::v1::LifeDomain domain = common::v1::LIFE_DOMAIN_UNSPECIFIED;
  // 0: nothing passed.
  int given = 0;
  int received = 0;
  ledger::v1::BenefitKind given_kind = ledger::v1::BENEFIT_KIND_UNSPECIFIED;
  ledger::v1::BenefitKind received_kind = ledger::v1::BENEFIT_KIND_UNSPECIFIED;
};

// What is measured on the truth, over the weeks that count.
struct Outcome {
  // Share of weeks at whose end all five needs had been served within 90 days.
  double all_served = 0;
  // Mean number of ties in which both gave and received at least twice within 180 days.
  double mutual_ties = 0;
  // Share of weeks in which the talks of the last eight took more energy than they gave.
  double burnt_out = 0;
  // Introductions that led somewhere, a year.
  double introductions = 0;
  // Hours a week.
  double hours = 0;
};

class Life {
 public:
  // `ego` must outlive this.
  Life(const Ego& ego, std::uint64_t seed);

  const Ego& ego() const { return ego_; }
  Random& random() { return random_; }
  double warmth(std::size_t alter) const { return warmth_[alter]; }
  // Days since the last talk; since before the beginning where there was none.
  double quiet(std::size_t alter) const { return day_ - last_[alter]; }
  bool acquainted(std::size_t a, std::size_t b) const { return acquainted_[a][b]; }

  // The day of the week before which talks happen, from 0.
  void BeginWeek(int week);
  Talk Meet(const Meeting& meeting);
  // Time for something that is no talk; hours.
  double Plan();
  // Brings two together; whether something came of it.
  bool Introduce(std::size_t a, std::size_t b);
  // Counts the week, where `counts`.
  void EndWeek(bool counts);

  Outcome outcome() const;

 private:
  struct Passed {
    double day;
    bool given;
  };

  void Serve(std::size_t need) { served_[need] = day_; }

  const Ego& ego_;
  Random random_;
  double day_ = 0;
  std::vector<double> warmth_;
  std::vector<double> last_;
  std::vector<double> balance_;  // Received less given.
  std::vector<std::deque<Passed>> passed_;
  std::vector<std::vector<bool>> acquainted_;
  std::array<double, kNeeds> served_;
  std::deque<std::pair<double, int>> felt_;  // By day.
  double hours_this_week_ = 0;
  int introductions_this_week_ = 0;
  int weeks_ = 0;
  Outcome sums_;
};

}  // namespace council::trial

#endif  // COUNCIL_TESTS_TRIAL_LIFE_H_
