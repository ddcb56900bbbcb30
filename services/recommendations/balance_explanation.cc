#include "services/recommendations/balance_explanation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "absl/strings/string_view.h"
#include "libs/words/language.h"
#include "services/recommendations/council_sums.h"

namespace council::recommendations {
namespace {

using words::As;
using words::Say;

constexpr size_t kMostContacts = 20;
constexpr size_t kMostNames = 2;
constexpr std::array<absl::string_view, kLifeDomains> kDomainNames = {"career", "physical", "mental", "emotional",
                                                                      "social"};

using SeatPtrs = std::vector<const SeatFacts*>;

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

// The first names, and behind them how many others: "3 others".
std::vector<std::string> SomeNames(const SeatPtrs& seats) {
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(seats.size(), kMostNames); ++i) names.push_back(seats[i]->name);
  if (seats.size() > names.size()) names.push_back(Say<"others">(As<"count">(seats.size() - names.size())));
  return names;
}

// "location 78 %".
std::string ShareText(absl::string_view what, double share) {
  return Say<"balance.share">(As<"what">(what), As<"percent">(Percent(share)));
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

Explanation ExplainSize(const CouncilFacts& facts, const BalanceModel& model) {
  const auto n = static_cast<int64_t>(facts.seats.size());
  const SeatPtrs quiet = Ranked(facts, QuietFor);
  const int64_t resting = Resting(facts);
  const auto active = n - resting - static_cast<int64_t>(quiet.size());
  Explanation explanation;
  explanation.evidence_count = n;
  explanation.contact_ids = Ids(quiet.empty() ? Ranked(facts, [](const SeatFacts&) { return 1.0; }) : quiet);
  explanation.sentence =
      Say<"balance.size">(As<"seats">(n), As<"active">(active), As<"paused">(resting), As<"low">(model.size_low),
                          As<"high">(model.size_high), As<"crowded">(n > model.size_high));
  return explanation;
}

Explanation ExplainRoles(const CouncilFacts& facts) {
  std::array<int, kNeededRoles> people = {};
  for (const SeatFacts& seat : facts.seats) {
    for (size_t role = 0; role < kNeededRoles; ++role) people[role] += seat.roles[role] ? 1 : 0;
  }
  Explanation explanation;
  const SeatPtrs seats = Ranked(facts, RoleShare);
  explanation.evidence_count = static_cast<int64_t>(seats.size());
  explanation.contact_ids = Ids(seats);
  explanation.sentence =
      Say<"balance.roles">(As<"energizers">(people[0]), As<"informants">(people[1]), As<"supporters">(people[2]),
                           As<"brainstormers">(people[3]), As<"mentors">(people[4]));
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
    explanation.sentence = Say<"balance.diversity.unknown">();
    return explanation;
  }
  const FacetSpread& least = spreads.front();
  explanation.contact_ids = Ids(Ranked(facts, [&least](const SeatFacts& s) {
    const auto facet = s.facets.find(least.name);
    return facet != s.facets.end() && facet->second == least.most_common ? 1.0 : 0.0;
  }));
  std::vector<std::string> parts;
  for (const FacetSpread& spread : spreads) {
    parts.push_back(ShareText(spread.name, spread.differ));
  }
  const auto n = static_cast<int64_t>(facts.seats.size());
  const int64_t pairs = n * (n - 1) / 2;
  const auto known = static_cast<int64_t>(facts.acquainted_pairs);
  explanation.sentence = pairs == 0 ? Say<"balance.diversity.alone">()
                                    : Say<"balance.diversity">(As<"facets">(parts), As<"known">(known),
                                                               As<"pairs">(pairs), As<"all">(known == pairs));
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
  const double moved = lifting + tiring;
  const int lifted = moved > 0 ? Percent(lifting / moved) : 0;
  explanation.sentence =
      Say<"balance.energy">(As<"moved">(moved > 0), As<"lifting">(lifted), As<"tiring">(100 - lifted),
                            As<"who">(tiring_seats.empty() ? "none" : "some"), As<"names">(SomeNames(tiring_seats)));
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
  const double passed = given + received;
  const int gave = passed > 0 ? Percent(given / passed) : 0;
  explanation.sentence = Say<"balance.reciprocity">(As<"given">(gave), As<"received">(passed > 0 ? 100 - gave : 0),
                                                    As<"mutual">(mutual.size()), As<"seats">(facts.seats.size()));
  return explanation;
}

Explanation ExplainDepth(const CouncilFacts& facts) {
  constexpr double kHalfway = 0.5;
  const SeatPtrs shallow = Ranked(facts, [](const SeatFacts& s) { return s.expected - DepthOf(s); });
  const auto deep =
      std::count_if(facts.seats.begin(), facts.seats.end(), [](const SeatFacts& s) { return DepthOf(s) >= kHalfway; });
  Explanation explanation;
  explanation.contact_ids = Ids(shallow);
  explanation.sentence = Say<"balance.depth">(As<"deep">(deep), As<"seats">(facts.seats.size()));
  return explanation;
}

Explanation ExplainVitality(const CouncilFacts& facts) {
  const SeatPtrs quiet = Ranked(facts, QuietFor);
  const auto n = static_cast<int64_t>(facts.seats.size());
  const int64_t resting = Resting(facts);
  const int64_t active = n - resting - static_cast<int64_t>(quiet.size());
  Explanation explanation;
  explanation.contact_ids = Ids(quiet);
  const SeatFacts* longest = quiet.empty() ? nullptr : quiet.front();
  explanation.sentence = Say<"balance.vitality">(
      As<"active">(active), As<"seats">(n), As<"all">(active == n), As<"paused">(resting),
      As<"quiet">(longest != nullptr), As<"name">(longest == nullptr ? absl::string_view() : longest->name),
      As<"gap">(longest == nullptr ? 0 : static_cast<int64_t>(longest->gap)),
      As<"rhythm">(longest == nullptr ? 0 : static_cast<int64_t>(longest->cadence)));
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
    if (total > 0 && Percent(hours[domain] / total) > 0) {
      shares.push_back(ShareText(kDomainNames[domain], hours[domain] / total));
    }
  }
  Explanation explanation;
  explanation.contact_ids = Ids(Ranked(facts, [](const SeatFacts& s) {
    double sum = 0;
    for (const double h : s.tie.hours) sum += h;
    return sum;
  }));
  explanation.sentence =
      Say<"balance.engagement">(As<"hours">(total), As<"told">(!shares.empty()), As<"shares">(shares),
                                As<"low">(Percent(model.career_low)), As<"high">(Percent(model.career_high)));
  return explanation;
}

Explanation ExplainReach(const CouncilFacts& facts) {
  double introductions = 0;
  for (const SeatFacts& seat : facts.seats) introductions += seat.tie.introductions;
  Explanation explanation;
  explanation.contact_ids = Ids(Ranked(facts, [](const SeatFacts& s) { return s.tie.introductions; }));
  // Of one that fades away nothing would be left in the figure.
  constexpr double kShown = 0.05;
  explanation.sentence =
      introductions < kShown ? Say<"balance.reach.none">() : Say<"balance.reach">(As<"introductions">(introductions));
  return explanation;
}

Explanation NotRecordedYet(Component component, const CouncilFacts& facts, double TieFacts::*coverage) {
  // The decayed count is zero only for those who have no such entry, however long ago.
  const SeatPtrs with = Ranked(facts, [coverage](const SeatFacts& s) { return s.tie.*coverage; });
  const SeatPtrs without = Ranked(facts, [coverage](const SeatFacts& s) { return s.tie.*coverage > 0 ? 0.0 : 1.0; });
  Explanation explanation;
  explanation.contact_ids = Ids(without);
  explanation.sentence = Say<"balance.not_recorded">(As<"with">(with.size()), As<"seats">(facts.seats.size()),
                                                     As<"what">(ComponentName(component)));
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
    nobody.sentence = Say<"balance.nobody">(As<"low">(model.size_low), As<"high">(model.size_high));
    return nobody;
  }
  if (component == kSize || component == kRoles) return ExplainRecorded(component, facts, model);
  const bool recorded = figures.coverage[component] >= kRecordedCoverage;
  if (component == kDiversity) {
    Explanation explanation = ExplainRecorded(component, facts, model);
    if (!recorded) {
      explanation.sentence = Say<"balance.diversity.not_recorded">(As<"described">(explanation.evidence_count),
                                                                   As<"seats">(facts.seats.size()));
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
