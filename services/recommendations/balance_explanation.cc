#include "services/recommendations/balance_explanation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "services/recommendations/council_sums.h"

namespace council::recommendations {
namespace {

constexpr size_t kMostContacts = 20;
constexpr size_t kMostNames = 2;
constexpr std::array<absl::string_view, kNeededRoles> kRoleNames = {"energizer", "informant", "supporter",
                                                                    "brainstormer", "mentor"};
constexpr std::array<absl::string_view, kLifeDomains> kDomainNames = {"career", "physical", "mental", "emotional",
                                                                      "social"};

using SeatPtrs = std::vector<const SeatFacts*>;

// "1 talk", "2 talks".
std::string Counted(int64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

int Percent(double share) {
  return static_cast<int>(std::lround(100 * share));
}

// Seats that `matter` gives more than 0, the greatest first, equal ones by contact id.
SeatPtrs Ranked(const CouncilFacts& facts, const std::function<double(const SeatFacts&)>& matter) {
  std::vector<std::pair<double, const SeatFacts*>> ranked;
  for (const SeatFacts& seat : facts.seats) {
    if (const double rank = matter(seat); rank > 0) ranked.emplace_back(rank, &seat);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  SeatPtrs seats;
  seats.reserve(ranked.size());
  for (const auto& [rank, seat] : ranked) seats.push_back(seat);
  return seats;
}

std::vector<std::string> Ids(const SeatPtrs& seats) {
  std::vector<std::string> ids;
  for (size_t i = 0; i < std::min(seats.size(), kMostContacts); ++i) ids.push_back(seats[i]->contact_id);
  return ids;
}

// "Rosa", "Rosa and Tom", "Rosa, Tom and 3 others".
std::string Names(const SeatPtrs& seats) {
  std::vector<absl::string_view> names;
  for (size_t i = 0; i < std::min(seats.size(), kMostNames); ++i) names.push_back(seats[i]->name);
  const size_t others = seats.size() - names.size();
  if (others > 0)
    return absl::StrCat(absl::StrJoin(names, ", "), " and ", Counted(static_cast<int64_t>(others), "other"));
  return absl::StrJoin(names, " and ");
}

int64_t Entries(const CouncilFacts& facts, int64_t TieFacts::*count) {
  int64_t sum = 0;
  for (const SeatFacts& seat : facts.seats) sum += seat.tie.*count;
  return sum;
}

double QuietFor(const SeatFacts& seat) {
  return seat.gap > seat.cadence && !seat.resting ? seat.gap / seat.cadence : 0;
}

int64_t Resting(const CouncilFacts& facts) {
  return std::count_if(facts.seats.begin(), facts.seats.end(), [](const SeatFacts& seat) { return seat.resting; });
}

// ", and 1 is paused"; empty for none.
std::string AndPaused(int64_t resting) {
  return resting == 0 ? "" : absl::StrCat(", and ", resting, resting == 1 ? " is paused" : " are paused");
}

Explanation ExplainSize(const CouncilFacts& facts, const BalanceModel& model) {
  const auto n = static_cast<int64_t>(facts.seats.size());
  const SeatPtrs quiet = Ranked(facts, QuietFor);
  const int64_t resting = Resting(facts);
  const auto active = n - resting - static_cast<int64_t>(quiet.size());
  Explanation explanation;
  explanation.evidence_count = n;
  explanation.contact_ids = Ids(quiet.empty() ? Ranked(facts, [](const SeatFacts&) { return 1.0; }) : quiet);
  explanation.sentence = absl::StrFormat(
      "%s taken, %d of them in touch as often as you mean to%s; %d to %d active people "
      "serve best%s.",
      n == 1 ? "1 seat is" : absl::StrCat(n, " seats are"), active, AndPaused(resting), model.size_low, model.size_high,
      n > model.size_high ? ", and more are hard to keep up with" : "");
  return explanation;
}

Explanation ExplainRoles(const CouncilFacts& facts) {
  std::array<int, kNeededRoles> people = {};
  for (const SeatFacts& seat : facts.seats) {
    for (size_t role = 0; role < kNeededRoles; ++role) people[role] += seat.roles[role] ? 1 : 0;
  }
  std::vector<std::string> counts;
  for (size_t role = 0; role < kNeededRoles; ++role) {
    counts.push_back(people[role] == 0 ? absl::StrCat("no ", kRoleNames[role])
                                       : Counted(people[role], kRoleNames[role]));
  }
  Explanation explanation;
  const SeatPtrs seats = Ranked(facts, RoleShare);
  explanation.evidence_count = static_cast<int64_t>(seats.size());
  explanation.contact_ids = Ids(seats);
  explanation.sentence = absl::StrCat("You have ", absl::StrJoin(counts, ", "),
                                      "; two active people for each serve best, and nobody who stands for everything.");
  return explanation;
}

// A facet, how often two seats picked at random differ in it, and its most common value.
struct FacetSpread {
  std::string name;
  double differ = 0;
  std::string most_common;
};

std::vector<FacetSpread> SpreadOfFacets(const CouncilFacts& facts) {
  std::map<std::string, std::map<std::string, int>> counts;
  for (const SeatFacts& seat : facts.seats) {
    for (const auto& [facet, value] : seat.facets) ++counts[facet][value];
  }
  std::vector<FacetSpread> spreads;
  for (const auto& [facet, values] : counts) {
    FacetSpread spread;
    spread.name = facet;
    double known = 0;
    double squares = 0;
    int most = 0;
    for (const auto& [value, count] : values) {
      known += count;
      squares += static_cast<double>(count) * count;
      if (count > most) spread.most_common = value;
      most = std::max(most, count);
    }
    if (2 * known <= static_cast<double>(facts.seats.size())) continue;  // known of too few to count
    spread.differ = 1 - squares / (known * known);
    spreads.push_back(std::move(spread));
  }
  std::stable_sort(spreads.begin(), spreads.end(),
                   [](const FacetSpread& a, const FacetSpread& b) { return a.differ < b.differ; });
  return spreads;
}

Explanation ExplainDiversity(const CouncilFacts& facts) {
  const std::vector<FacetSpread> spreads = SpreadOfFacets(facts);
  const SeatPtrs described = Ranked(facts, [](const SeatFacts& s) { return static_cast<double>(s.facets.size()); });
  Explanation explanation;
  explanation.evidence_count = static_cast<int64_t>(described.size());
  if (spreads.empty()) {
    explanation.contact_ids = Ids(Ranked(facts, [](const SeatFacts& s) { return s.facets.empty() ? 1.0 : 0.0; }));
    explanation.sentence =
        "No facet, such as function, seniority or location, is known of more than half of the seats.";
    return explanation;
  }
  const FacetSpread& least = spreads.front();
  explanation.contact_ids = Ids(Ranked(facts, [&least](const SeatFacts& s) {
    const auto facet = s.facets.find(least.name);
    return facet != s.facets.end() && facet->second == least.most_common ? 1.0 : 0.0;
  }));
  std::vector<std::string> parts;
  for (const FacetSpread& spread : spreads) {
    parts.push_back(absl::StrFormat("%s %d %%", spread.name, Percent(spread.differ)));
  }
  const auto n = static_cast<int64_t>(facts.seats.size());
  explanation.sentence = absl::StrFormat(
      "How often two people of your council, picked at random, differ: %s (half the time is enough); %d of %s know "
      "each "
      "other.",
      absl::StrJoin(parts, ", "), facts.acquainted_pairs, Counted(n * (n - 1) / 2, "pair"));
  return explanation;
}

Explanation ExplainEnergy(const CouncilFacts& facts) {
  double lifting = 0;
  double tiring = 0;
  for (const SeatFacts& seat : facts.seats) {
    lifting += seat.tie.energizing;
    tiring += seat.tie.draining;
  }
  const SeatPtrs tiring_seats = Ranked(facts, [](const SeatFacts& s) { return s.tie.draining - s.tie.energizing; });
  Explanation explanation;
  explanation.contact_ids = Ids(Ranked(facts, [](const SeatFacts& s) { return s.tie.energizing + s.tie.draining; }));
  explanation.sentence = absl::StrFormat(
      "Lately talks lifted you by %.1f and tired you by %.1f (tiring counts double, older talks less)%s.", lifting,
      tiring, tiring_seats.empty() ? "" : absl::StrCat("; tiring lately: ", Names(tiring_seats)));
  return explanation;
}

Explanation ExplainReciprocity(const CouncilFacts& facts) {
  double given = 0;
  double received = 0;
  for (const SeatFacts& seat : facts.seats) {
    given += seat.tie.given;
    received += seat.tie.received;
  }
  const SeatPtrs mutual = Ranked(facts, MutualBenefit);
  Explanation explanation;
  explanation.contact_ids =
      Ids(Ranked(facts, [](const SeatFacts& s) { return std::abs(s.tie.given - s.tie.received); }));
  explanation.sentence = absl::StrFormat(
      "Over the last year or so you gave %.1f and received %.1f (by weight, older ones "
      "count less), both ways with %d of %s.",
      given, received, mutual.size(), Counted(static_cast<int64_t>(facts.seats.size()), "seat"));
  return explanation;
}

Explanation ExplainDepth(const CouncilFacts& facts) {
  constexpr double kHalfway = 0.5;
  const SeatPtrs shallow = Ranked(facts, [](const SeatFacts& s) { return s.expected - DepthOf(s); });
  const auto deep =
      std::count_if(facts.seats.begin(), facts.seats.end(), [](const SeatFacts& s) { return DepthOf(s) >= kHalfway; });
  Explanation explanation;
  explanation.contact_ids = Ids(shallow);
  explanation.sentence = absl::StrFormat(
      "With %d of %s there was a deep talk lately, at least half of what a quarter asks "
      "for: one counsel, or a conversation and a half.",
      deep, Counted(static_cast<int64_t>(facts.seats.size()), "seat"));
  return explanation;
}

Explanation ExplainVitality(const CouncilFacts& facts) {
  const SeatPtrs quiet = Ranked(facts, QuietFor);
  const auto n = static_cast<int64_t>(facts.seats.size());
  const int64_t resting = Resting(facts);
  const int64_t active = n - resting - static_cast<int64_t>(quiet.size());
  Explanation explanation;
  explanation.contact_ids = Ids(quiet);
  explanation.sentence =
      absl::StrFormat("You are in touch with %s of %s as often as you mean to be%s",
                      active == n ? "all" : absl::StrCat(active), Counted(n, "seat"), AndPaused(resting));
  if (!quiet.empty()) {
    const SeatFacts& longest = *quiet.front();
    absl::StrAppendFormat(&explanation.sentence,
                          "; it has been quiet with %s for %d days, and you mean to talk every %d", longest.name,
                          static_cast<int64_t>(longest.gap), static_cast<int64_t>(longest.cadence));
  }
  explanation.sentence += ".";
  return explanation;
}

Explanation ExplainEngagement(const CouncilFacts& facts, const BalanceModel& model) {
  std::array<double, kLifeDomains> hours = {};
  double total = 0;
  for (const SeatFacts& seat : facts.seats) {
    for (size_t domain = 0; domain < kLifeDomains; ++domain) {
      hours[domain] += seat.tie.hours[domain];
      total += seat.tie.hours[domain];
    }
  }
  std::vector<std::string> shares;
  for (size_t domain = 0; domain < kLifeDomains; ++domain) {
    if (const int percent = total > 0 ? Percent(hours[domain] / total) : 0; percent > 0) {
      shares.push_back(absl::StrFormat("%s %d %%", kDomainNames[domain], percent));
    }
  }
  Explanation explanation;
  explanation.contact_ids = Ids(Ranked(facts, [](const SeatFacts& s) {
    double sum = 0;
    for (const double h : s.tie.hours) sum += h;
    return sum;
  }));
  explanation.sentence = absl::StrFormat(
      "Talks took %.1f hours lately (older ones count less)%s%s; career at %d to %d %%, "
      "with some physical, mental and emotional, serves best.",
      total, shares.empty() ? "" : ": ", absl::StrJoin(shares, ", "), Percent(model.career_low),
      Percent(model.career_high));
  return explanation;
}

Explanation ExplainReach(const CouncilFacts& facts) {
  double introductions = 0;
  for (const SeatFacts& seat : facts.seats) introductions += seat.tie.introductions;
  Explanation explanation;
  explanation.contact_ids = Ids(Ranked(facts, [](const SeatFacts& s) { return s.tie.introductions; }));
  explanation.sentence = absl::StrFormat(
      "%.1f introductions, made for you or by you, over the last year or so (older ones count less, at most "
      "two for each seat); five are plenty.",
      introductions);
  return explanation;
}

// What an entry of the component's kind says, for "Not recorded yet: …".
absl::string_view Recorded(Component component) {
  switch (component) {
    case kEnergy:
      return "an entry that says how a talk felt";
    case kReciprocity:
    case kReach:
      return "an entry that says who helped whom";
    case kDepth:
      return "an entry that says how deep a talk went";
    case kEngagement:
      return "a talk with a side of life it was about";
    default:
      return "an entry";
  }
}

Explanation NotRecordedYet(Component component, const CouncilFacts& facts, double TieFacts::*coverage) {
  // The decayed count is zero only for those who have no such entry, however long ago.
  const SeatPtrs with = Ranked(facts, [coverage](const SeatFacts& s) { return s.tie.*coverage; });
  const SeatPtrs without = Ranked(facts, [coverage](const SeatFacts& s) { return s.tie.*coverage > 0 ? 0.0 : 1.0; });
  Explanation explanation;
  explanation.contact_ids = Ids(without);
  explanation.sentence = absl::StrFormat("Not recorded yet: %d of %s %s %s.", with.size(),
                                         Counted(static_cast<int64_t>(facts.seats.size()), "seat"),
                                         with.size() == 1 ? "has" : "have", Recorded(component));
  return explanation;
}

struct Practice {
  double TieFacts::*coverage;
  int64_t TieFacts::*entries;
};

Practice PracticeOf(Component component) {
  switch (component) {
    case kEnergy:
      return {&TieFacts::energy_coverage, &TieFacts::energy_entries};
    case kReciprocity:
      return {&TieFacts::benefit_coverage, &TieFacts::benefit_entries};
    case kDepth:
      return {&TieFacts::depth_coverage, &TieFacts::depth_entries};
    case kEngagement:
      return {&TieFacts::domain_coverage, &TieFacts::timed_entries};
    case kReach:
      return {&TieFacts::benefit_coverage, &TieFacts::introduction_entries};
    default:
      return {&TieFacts::any_coverage, &TieFacts::entries};
  }
}

Explanation ExplainRecorded(Component component, const CouncilFacts& facts, const BalanceModel& model) {
  switch (component) {
    case kSize:
      return ExplainSize(facts, model);
    case kRoles:
      return ExplainRoles(facts);
    case kDiversity:
      return ExplainDiversity(facts);
    case kEnergy:
      return ExplainEnergy(facts);
    case kReciprocity:
      return ExplainReciprocity(facts);
    case kDepth:
      return ExplainDepth(facts);
    case kVitality:
      return ExplainVitality(facts);
    case kEngagement:
      return ExplainEngagement(facts, model);
    case kReach:
      return ExplainReach(facts);
  }
  return {};
}

}  // namespace

Explanation Explain(Component component, const CouncilFacts& facts, const BalanceFigures& figures,
                    const BalanceModel& model) {
  if (facts.seats.empty()) {
    Explanation nobody;
    nobody.sentence =
        absl::StrFormat("Nobody has a seat yet; %d to %d people serve best.", model.size_low, model.size_high);
    return nobody;
  }
  if (component == kSize || component == kRoles) return ExplainRecorded(component, facts, model);
  const bool recorded = figures.coverage[component] >= kRecordedCoverage;
  if (component == kDiversity) {
    Explanation explanation = ExplainRecorded(component, facts, model);
    if (!recorded) {
      explanation.sentence =
          absl::StrFormat("Not recorded yet: function, seniority or location are known of %d of %s.",
                          explanation.evidence_count, Counted(static_cast<int64_t>(facts.seats.size()), "seat"));
    }
    return explanation;
  }
  const Practice practice = PracticeOf(component);
  Explanation explanation = recorded ? ExplainRecorded(component, facts, model)  //
                                     : NotRecordedYet(component, facts, practice.coverage);
  explanation.evidence_count = Entries(facts, practice.entries);
  return explanation;
}

}  // namespace council::recommendations
