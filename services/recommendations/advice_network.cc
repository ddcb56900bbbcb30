#include "services/recommendations/advice_network.h"

#include <algorithm>
#include <limits>
#include <set>

#include "libs/base/proto_time.h"
#include "libs/ties/tie_summary.h"
#include "services/recommendations/contact_status.h"
#include "services/recommendations/owner_zone.h"
#include "services/recommendations/rhythm.h"

namespace council::recommendations {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr double kNever = std::numeric_limits<double>::infinity();

std::vector<ledger::v1::Tie> TiesOfSeats(const NetworkSnapshot& network) {
  std::set<std::string_view> seated;
  for (const contacts::v1::CouncilSeat& seat : network.council.seats()) seated.insert(seat.seat().contact_id());
  std::vector<ledger::v1::Tie> ties;
  for (const ledger::v1::Tie& tie : network.ties) {
    if (seated.contains(tie.contact_id())) ties.push_back(tie);
  }
  return ties;
}

// Facts of someone without a seat, as if they had one.
SeatFacts FactsWithoutSeat(const contacts::v1::Contact& contact, const ledger::v1::Tie* tie, absl::Time as_of) {
  contacts::v1::GetCouncilResponse council;
  contacts::v1::CouncilSeat& seat = *council.add_seats();
  seat.mutable_seat()->set_contact_id(contact.id());
  *seat.mutable_contact() = contact;
  std::vector<ledger::v1::Tie> ties;
  if (tie != nullptr) ties.push_back(*tie);
  return GatherFacts(council, ties, as_of).seats.front();
}

}  // namespace

bool MayBeAdvisedAbout(const contacts::v1::Contact& contact, absl::CivilDay today) {
  return !IsOffCouncil(contact) && !IsResting(contact, today);
}

bool IsTiring(const Person& person) {
  constexpr int kFewestEnergies = 2;
  constexpr double kTiringLately = 1;
  return person.tie != nullptr && person.tie->energy_entries() >= kFewestEnergies && person.tie->energy_sum() < 0 &&
         person.facts.tie.draining >= kTiringLately && person.facts.tie.draining > person.facts.tie.energizing;
}

AdviceNetwork::AdviceNetwork(const NetworkSnapshot& network, const NewestEntries& newest, absl::Time as_of,
                             const BalanceModel& model)
    : network_(network),
      newest_(newest),
      as_of_(as_of),
      model_(model),
      zone_(ZoneOf(network.settings).zone),
      as_it_is_(network.council, TiesOfSeats(network), as_of, model),
      facts_(GatherFacts(network.council, TiesOfSeats(network), as_of)),
      figures_(ComputeFigures(facts_, model)) {
  for (const SeatFacts& seat : facts_.seats) {
    for (size_t domain = 0; domain < kLifeDomains; ++domain) hours_[domain] += seat.tie.hours[domain];
  }
  AddPeople();
  AddEntriesAndPlans();
  for (Person& person : people_) FinishRhythm(person);
}

void AdviceNetwork::AddPeople() {
  std::unordered_map<std::string_view, const contacts::v1::CouncilSeat*> seats;
  std::unordered_map<std::string_view, const SeatFacts*> facts;
  std::unordered_map<std::string_view, const ledger::v1::Tie*> ties;
  for (const contacts::v1::CouncilSeat& seat : network_.council.seats()) seats.emplace(seat.seat().contact_id(), &seat);
  for (const SeatFacts& seat : facts_.seats) facts.emplace(seat.contact_id, &seat);
  for (const ledger::v1::Tie& tie : network_.ties) ties.emplace(tie.contact_id(), &tie);

  for (const contacts::v1::Contact& contact : network_.contacts) {
    if (!MayBeAdvisedAbout(contact, today())) continue;
    Person person;
    person.contact = &contact;
    person.next_plan = kNever;
    person.longest_gap = kNever;
    person.quiet = kNever;
    if (const auto tie = ties.find(contact.id()); tie != ties.end() && tie->second->entries() > 0) {
      person.tie = tie->second;
      person.quiet = absl::FDivDuration(as_of_ - base::FromProto(person.tie->last_time()), kDay);
      person.minutes = UsualMinutes(*person.tie);
      person.strength = person.tie->strength();
      person.earlier_strength = person.tie->earlier_strength();
    }
    if (const auto seat = seats.find(contact.id()); seat != seats.end()) {
      person.seat = seat->second;
      person.facts = *facts.at(contact.id());
    } else if (person.tie != nullptr) {
      person.facts = FactsWithoutSeat(contact, person.tie, as_of_);
    }
    people_.push_back(std::move(person));
  }
  std::sort(people_.begin(), people_.end(), [](const Person& a, const Person& b) { return a.id() < b.id(); });
  for (size_t i = 0; i < people_.size(); ++i) {
    index_.emplace(people_[i].id(), i);
    for (const std::string& former : people_[i].contact->former_ids()) index_.emplace(former, i);
  }
}

void AdviceNetwork::AddEntriesAndPlans() {
  for (const ledger::v1::Interaction& entry : newest_.entries) {
    for (const std::string& id : entry.contact_ids()) {
      const auto at = index_.find(id);
      if (at == index_.end()) continue;
      auto& newest = people_[at->second].newest;
      // An entry may name a contact by two ids after a merger.
      if (newest.empty() || newest.back() != &entry) newest.push_back(&entry);
    }
  }
  for (const ledger::v1::Plan& plan : network_.plans) {
    const double days = absl::FDivDuration(base::FromProto(plan.start_time()) - as_of_, kDay);
    if (days < 0) continue;
    for (const std::string& id : plan.contact_ids()) {
      const auto at = index_.find(id);
      if (at == index_.end()) continue;
      Person& person = people_[at->second];
      person.next_plan = std::min(person.next_plan, days);
    }
  }
}

void AdviceNetwork::FinishRhythm(Person& person) const {
  if (person.seat != nullptr && person.seat->has_effective_longest_gap()) {
    person.longest_gap = absl::FDivDuration(base::FromProto(person.seat->effective_longest_gap()), kDay);
  }
  if (person.seat != nullptr && person.seat->has_effective_cadence()) {
    person.cadence_set = true;
    person.cadence = std::max(absl::FDivDuration(base::FromProto(person.seat->effective_cadence()), kDay), 1.0);
    return;
  }
  std::set<int> days;
  for (const ledger::v1::Interaction* entry : person.newest) days.insert(ties::DayOf(*entry).day());
  const std::vector<int> in_order(days.begin(), days.end());
  if (const auto inferred = InferCadence(in_order)) person.cadence = absl::FDivDuration(*inferred, kDay);
}

const Person* AdviceNetwork::Find(std::string_view id) const {
  const auto at = index_.find(id);
  return at == index_.end() ? nullptr : &people_[at->second];
}

bool AdviceNetwork::Knows(double days) const {
  return newest_.since <= as_of_ - days * kDay;
}

}  // namespace council::recommendations
