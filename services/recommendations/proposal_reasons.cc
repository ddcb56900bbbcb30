#include "services/recommendations/proposal_reasons.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "libs/words/language.h"
#include "services/recommendations/advice_words.h"
#include "services/recommendations/candidate_pool.h"
#include "services/recommendations/council_sums.h"
#include "services/recommendations/trial_council.h"

namespace council::recommendations {
namespace {

using words::As;
using words::Say;

constexpr std::array<absl::string_view, kNeededRoles> kRoleNames = {"energizer", "informant", "supporter",
                                                                    "brainstormer", "mentor"};
constexpr double kPeoplePerRole = 2;

// Two shares as figures out of 100, with as many places as tell them apart, two at most.
std::pair<std::string, std::string> Figures(double from, double to) {
  const auto figure = [](double share, int places) { return absl::StrFormat("%.*f", places, 100 * share); };
  int places = 0;
  while (places < 2 && figure(from, places) == figure(to, places)) ++places;
  return {figure(from, places), figure(to, places)};
}

// A proposed council, counted in the ways that reasons speak of.
struct Counted {
  explicit Counted(std::span<const SeatFacts> seats, const CandidatePool& pool) {
    for (const SeatFacts& seat : seats) {
      Add(TermsOf(seat), sums);
      for (size_t role = 0; role < kNeededRoles; ++role) having_role[role] += seat.roles[role] ? 1 : 0;
      for (const auto& facet : seat.facets) ++having_value[facet];
    }
    for (size_t i = 0; i < pool.size(); ++i) twice_the_pairs += pool.acquaintances(i).size();
  }

  SeatTerms sums = {};
  std::array<size_t, kNeededRoles> having_role = {};
  // By facet and value.
  std::map<std::pair<std::string, std::string>, size_t> having_value;
  size_t twice_the_pairs = 0;
};

std::string WhyRoles(const SeatFacts& seat, const Counted& council) {
  // Of their roles the one that would be missed most.
  size_t missed = 0;
  double most = -1;
  for (size_t role = 0; role < kNeededRoles; ++role) {
    if (!seat.roles[role]) continue;
    const double people = council.sums[kRoleTerms + role];
    const double lost = std::min(kPeoplePerRole, people) - std::min(kPeoplePerRole, people - RoleShare(seat));
    if (lost <= most) continue;
    most = lost;
    missed = role;
  }
  const size_t having = council.having_role[missed];
  return Say<"propose.why.role">(As<"role">(kRoleNames[missed]), As<"count">(having), As<"number">(NumberText(having)));
}

// What the council's diversity is multiplied with since some of them know each other.
double StrangerFactor(size_t seats, size_t twice_the_pairs) {
  const auto n = static_cast<double>(seats);
  return n < 2 ? 1 : 1 - 0.5 * static_cast<double>(twice_the_pairs) / (n * (n - 1));
}

// `fall` is the ratio of diversity with them to that without.
std::string WhyDiversity(const SeatFacts& seat, size_t seats, size_t known, double fall, const Counted& council) {
  const double strangers =
      StrangerFactor(seats, council.twice_the_pairs) / StrangerFactor(seats - 1, council.twice_the_pairs - 2 * known);
  if (seat.facets.empty() || 2 * std::log(strangers) > std::log(fall)) {
    return Say<"propose.why.strangers">(As<"name">(seat.name), As<"known">(NumberText(known)), As<"others">(seats - 1),
                                        As<"number">(NumberText(seats - 1)));
  }
  const auto rarest = *std::min_element(seat.facets.begin(), seat.facets.end(), [&](const auto& a, const auto& b) {
    return council.having_value.at(a) < council.having_value.at(b);
  });
  const size_t having = council.having_value.at(rarest);
  return Say<"propose.why.facet">(As<"count">(having), As<"number">(NumberText(having)), As<"facet">(rarest.first),
                                  As<"value">(rarest.second));
}

std::string WhyReciprocity(const SeatFacts& seat) {
  const absl::string_view way = MutualBenefit(seat) > 0              ? "both"
                                : seat.tie.given > seat.tie.received ? "given"
                                                                     : "received";
  return Say<"propose.why.reciprocity">(As<"name">(seat.name), As<"way">(way));
}

std::string WhyEngagement(const SeatFacts& seat) {
  const auto most = std::max_element(seat.tie.hours.begin(), seat.tie.hours.end());
  return Say<"propose.why.engagement">(As<"name">(seat.name),
                                       As<"side">(DomainText(static_cast<size_t>(most - seat.tie.hours.begin()))));
}

}  // namespace

std::vector<SeatReason> ReasonsFor(std::span<const SeatFacts> seats, const ProposalTask& task,
                                   const BalanceModel& model) {
  const CandidatePool pool(seats, task.acquainted);
  const Counted council(seats, pool);
  TrialCouncil trial(pool, model);
  std::vector<size_t> everyone;
  for (size_t i = 0; i < pool.size(); ++i) everyone.push_back(i);
  trial.Set(everyone);
  const ComponentValues with = trial.Values();
  const double score = MeanOf(with, model, 0, kComponents);

  const auto why = [&](Component component, const SeatFacts& seat, const ComponentValues& without) {
    switch (component) {
      case kSize:
        return Say<"propose.why.size">(
            As<"people">(Say<"propose.people">(As<"number">(NumberText(seats.size())), As<"count">(seats.size()))),
            As<"low">(model.size_low), As<"high">(model.size_high));
      case kRoles:
        return WhyRoles(seat, council);
      case kDiversity:
        return WhyDiversity(seat, seats.size(), pool.acquaintances(pool.Find(seat.contact_id)).size(),
                            (with[kDiversity] + kMeanEpsilon) / (without[kDiversity] + kMeanEpsilon), council);
      case kEnergy:
        return Say<"propose.why.energy">(As<"name">(seat.name));
      case kReciprocity:
        return WhyReciprocity(seat);
      case kDepth:
        return Say<"propose.why.depth">(As<"name">(seat.name));
      case kVitality:
        return Say<"propose.why.vitality">(As<"name">(seat.name), As<"fresh">(seat.fresh == 1));
      case kEngagement:
        return WhyEngagement(seat);
      case kReach:
        return Say<"propose.why.reach">(As<"name">(seat.name));
    }
    return std::string();
  };
  std::vector<SeatReason> reasons;
  for (const SeatFacts& seat : seats) {
    std::vector<size_t> others = everyone;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(pool.Find(seat.contact_id)));
    trial.Set(others);
    const ComponentValues without = trial.Values();
    // The component whose fall alone would cost the score most; size, which falls alike for everybody, where no other
    // one falls.
    auto most = kSize;
    double most_lost = 0;
    for (size_t i = 0; i < kComponents; ++i) {
      const double lost = model.weights[i] * std::log((with[i] + kMeanEpsilon) / (without[i] + kMeanEpsilon));
      if (lost <= 0 || (most != kSize && lost <= most_lost)) continue;
      most_lost = lost;
      most = static_cast<Component>(i);
    }
    SeatReason& reason = reasons.emplace_back();
    reason.contribution = score - MeanOf(without, model, 0, kComponents);
    if (reason.contribution > 0 && seats.size() == 1) {
      reason.sentence = Say<"propose.alone">(As<"name">(seat.name));
    } else if (reason.contribution > 0 && most_lost > 0) {
      const auto [from, to] = Figures(with[most], without[most]);
      reason.sentence = Say<"propose.reason">(As<"why">(why(most, seat, without)), As<"name">(seat.name),
                                              As<"component">(ComponentName(most)), As<"from">(from), As<"to">(to));
    } else if (task.pinned.contains(seat.contact_id)) {
      reason.sentence = Say<"propose.pinned">(As<"name">(seat.name), As<"score">(std::llround(score)));
    } else if (most_lost > 0) {
      reason.sentence =
          Say<"propose.asked">(As<"why">(why(most, seat, without)), As<"name">(seat.name), As<"seats">(task.size_min));
    } else {
      reason.sentence = Say<"propose.unknown">(As<"name">(seat.name), As<"seats">(task.size_min));
    }
  }
  return reasons;
}

}  // namespace council::recommendations
