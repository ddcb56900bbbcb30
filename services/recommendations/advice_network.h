#ifndef COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_NETWORK_H_
#define COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_NETWORK_H_

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "council/contacts/v1/contacts.pb.h"
#include "council/ledger/v1/ledger.pb.h"
#include "services/recommendations/balance_components.h"
#include "services/recommendations/balance_model.h"
#include "services/recommendations/council_facts.h"
#include "services/recommendations/network_snapshot.h"
#include "services/recommendations/what_if.h"

namespace council::recommendations {

// The newest entries of a ledger.
struct NewestEntries {
  // Live, due, newest first.
  std::vector<ledger::v1::Interaction> entries;
  // All entries from then on are there; InfinitePast: all that there are.
  absl::Time since = absl::InfinitePast();
};

// Someone the owner may be advised about, with what advice asks of them.
struct Person {
  // Never null.
  const contacts::v1::Contact* contact = nullptr;
  // Null: no seat; no entries.
  const contacts::v1::CouncilSeat* seat = nullptr;
  const ledger::v1::Tie* tie = nullptr;
  // Of the tie as if they had a seat; the seat's own where they have one.
  SeatFacts facts;
  // Days between talks: the seat's, else that of past gaps, else 30; and which of these.
  double cadence = 30;
  bool cadence_set = false;
  // The longest gap in days that is fine by the seat; infinite where there is none. Shorter than the cadence only where
  // that comes from somewhere else: from a tag, from past gaps.
  double longest_gap = 0;
  // Days since any entry; infinite where there is none.
  double quiet = 0;
  // Days until the next plan; infinite where there is none.
  double next_plan = 0;
  // 0 where it is not known.
  double strength = 0;
  double earlier_strength = 0;
  // Minutes that a talk usually takes.
  int minutes = 30;
  // Their entries among the newest, newest first.
  std::vector<const ledger::v1::Interaction*> newest;

  const std::string& id() const { return contact->id(); }
  const std::string& name() const { return contact->display_name(); }
};

// Whether talks with someone have been tiring lately: by their mean over two entries or more, and by what is felt of it
// still. They are not asked for more of.
bool IsTiring(const Person& person);

// Whether somebody may be advised about on the day `today` of the owner's: nobody with whom no contact is wanted, who
// has died, or who is PAUSED until a day to come.
bool MayBeAdvisedAbout(const contacts::v1::Contact& contact, absl::CivilDay today);

// Everything that advice is made of, found quickly. Views what it is made from, which must outlive it.
//
// Contacts of the statuses NO_CONTACT and DECEASED, and those PAUSED until their day has come in the owner's time
// zone, are not among its people, though a seat that they still have counts in the score.
class AdviceNetwork {
 public:
  AdviceNetwork(const NetworkSnapshot& network, const NewestEntries& newest, absl::Time as_of,
                const BalanceModel& model);
  AdviceNetwork(const AdviceNetwork&) = delete;
  AdviceNetwork& operator=(const AdviceNetwork&) = delete;

  const NetworkSnapshot& snapshot() const { return network_; }
  const NewestEntries& newest() const { return newest_; }
  absl::Time as_of() const { return as_of_; }
  const BalanceModel& model() const { return model_; }
  absl::TimeZone zone() const { return zone_; }
  absl::CivilDay today() const { return absl::ToCivilDay(as_of_, zone_); }

  // In order of ids.
  const std::vector<Person>& people() const { return people_; }
  // By any id that they have or had; null: nobody to advise about.
  const Person* Find(std::string_view id) const;

  // All seats, and the figures of the council as it is.
  const CouncilFacts& facts() const { return facts_; }
  const BalanceFigures& figures() const { return figures_; }
  // Decayed hours of the seats by domain.
  const std::array<double, kLifeDomains>& hours() const { return hours_; }
  // The council with the ties of its seats, to try changes on a copy.
  const WhatIf& as_it_is() const { return as_it_is_; }

  // Whether all entries of the last `days` days are among the newest.
  bool Knows(double days) const;

 private:
  void AddPeople();
  void AddEntriesAndPlans();
  void FinishRhythm(Person& person) const;

  const NetworkSnapshot& network_;
  const NewestEntries& newest_;
  const absl::Time as_of_;
  const BalanceModel& model_;
  absl::TimeZone zone_;
  WhatIf as_it_is_;
  CouncilFacts facts_;
  BalanceFigures figures_;
  std::array<double, kLifeDomains> hours_ = {};
  std::vector<Person> people_;
  std::unordered_map<std::string_view, size_t> index_;
};

}  // namespace council::recommendations

#endif  // COUNCIL_SERVICES_RECOMMENDATIONS_ADVICE_NETWORK_H_
