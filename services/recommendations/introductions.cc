#include "services/recommendations/introductions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "libs/base/proto_time.h"
#include "libs/ties/tie_summary.h"
#include "libs/words/language.h"
#include "services/recommendations/advice_words.h"
#include "services/recommendations/who_knows_whom.h"

namespace council::recommendations {
namespace {

using words::As;
using words::Say;

constexpr size_t kMostPeople = 200;
constexpr double kStrong = 0.3;
constexpr size_t kKinds = ledger::v1::BenefitKind_ARRAYSIZE;
// Weights of this much are half of plenty.
constexpr double kHalfPlenty = 2;
// A stated role without entries is worth one gift; who shows nothing of a kind may lack it.
constexpr double kStatedRole = 1;
constexpr double kMayLack = 0.2;
constexpr double kLinked = 0.5;
constexpr double kLeastWorth = 0.005;

// What somebody has and lacks, by kind, each 0 to 1.
struct Side {
  const Person* person;
  std::array<double, kKinds> gave_me = {};
  std::array<double, kKinds> i_gave = {};
  std::array<double, kKinds> has = {};
  std::array<double, kKinds> lacks = {};
};

double Plenty(double weight) {
  return weight > 0 ? weight / (weight + kHalfPlenty) : 0;
}

std::optional<ledger::v1::BenefitKind> GiftOf(int role) {
  switch (role) {
    case common::v1::COUNCIL_ROLE_INFORMANT:
      return ledger::v1::BENEFIT_KIND_INFORMATION;
    case common::v1::COUNCIL_ROLE_SUPPORTER:
      return ledger::v1::BENEFIT_KIND_SUPPORT;
    case common::v1::COUNCIL_ROLE_BRAINSTORMER:
      return ledger::v1::BENEFIT_KIND_BRAINSTORM;
    case common::v1::COUNCIL_ROLE_MENTOR:
      return ledger::v1::BENEFIT_KIND_ADVICE;
    case common::v1::COUNCIL_ROLE_SPONSOR:
      return ledger::v1::BENEFIT_KIND_SPONSORSHIP;
    default:
      return std::nullopt;
  }
}

Side SideOf(const AdviceNetwork& network, const Person& person) {
  Side side;
  side.person = &person;
  const absl::Duration age = network.as_of() - base::FromProto(person.tie->reference_time());
  const double decay = std::exp2(-std::max(absl::FDivDuration(age, ties::kLongHalfLife), 0.0));
  for (const ledger::v1::TieBenefit& benefit : person.tie->benefits()) {
    const auto kind = static_cast<size_t>(benefit.kind());
    if (kind >= kKinds) continue;
    side.gave_me[kind] = std::max(benefit.received(), 0.0) * decay;
    side.i_gave[kind] = std::max(benefit.given(), 0.0) * decay;
  }
  std::array<double, kKinds> stated = {};
  if (person.seat != nullptr) {
    for (const int role : person.seat->seat().roles()) {
      if (const auto gift = GiftOf(role)) stated[static_cast<size_t>(*gift)] = kStatedRole;
    }
  }
  for (size_t kind = 1; kind < kKinds; ++kind) {
    // That someone introduces others is no reason to introduce them.
    if (kind == ledger::v1::BENEFIT_KIND_INTRODUCTION) continue;
    // What goes both ways alike is neither had nor lacked.
    const double more = side.gave_me[kind] - side.i_gave[kind];
    side.has[kind] = Plenty(std::max(more, stated[kind]));
    side.lacks[kind] = side.i_gave[kind] > 0 ? Plenty(-more) : side.has[kind] > 0 ? 0 : kMayLack;
  }
  return side;
}

// The share of the facets known of both in which they differ; half where none is.
double Differ(const Person& a, const Person& b) {
  int known = 0;
  int different = 0;
  for (const auto& [facet, value] : a.contact->facets()) {
    const auto other = b.contact->facets().find(facet);
    if (value.empty() || other == b.contact->facets().end() || other->second.empty()) continue;
    ++known;
    different += other->second != value ? 1 : 0;
  }
  return known == 0 ? 0.5 : static_cast<double>(different) / known;
}

// How far apart the groups of two are who don't know each other: 1 without any link, halved where others link them,
// and with each common acquaintance less.
double Apart(const WhoKnowsWhom& who, const Person& a, const Person& b) {
  const double linked = who.SameGroup(a.id(), b.id()) ? kLinked : 1;
  return linked / (1 + static_cast<double>(who.CommonAcquaintances(a.id(), b.id())));
}

// What the first has and the second lacks most: 0 to 1, and of which kind.
std::pair<double, size_t> Complement(const Side& has, const Side& lacks) {
  std::pair<double, size_t> most = {0, 0};
  for (size_t kind = 1; kind < kKinds; ++kind) {
    if (const double worth = has.has[kind] * lacks.lacks[kind]; worth > most.first) most = {worth, kind};
  }
  return most;
}

std::vector<Side> StrongestSides(const AdviceNetwork& network) {
  std::vector<const Person*> people;
  for (const Person& person : network.people()) {
    if (person.tie != nullptr && person.strength >= kStrong && !IsTiring(person)) people.push_back(&person);
  }
  std::stable_sort(people.begin(), people.end(),
                   [](const Person* a, const Person* b) { return a->strength > b->strength; });
  if (people.size() > kMostPeople) people.resize(kMostPeople);
  std::sort(people.begin(), people.end(), [](const Person* a, const Person* b) { return a->id() < b->id(); });
  std::vector<Side> sides;
  sides.reserve(people.size());
  for (const Person* person : people) sides.push_back(SideOf(network, *person));
  return sides;
}

}  // namespace

std::vector<Introduction> FindIntroductions(const AdviceNetwork& network) {
  const std::vector<Side> sides = StrongestSides(network);
  const WhoKnowsWhom who(network);
  std::vector<Introduction> introductions;
  for (size_t i = 0; i < sides.size(); ++i) {
    for (size_t j = i + 1; j < sides.size(); ++j) {
      const Side* has = &sides[i];
      const Side* lacks = &sides[j];
      auto complement = Complement(*has, *lacks);
      if (const auto other = Complement(*lacks, *has); other.first > complement.first) {
        complement = other;
        std::swap(has, lacks);
      }
      const double most = complement.first * std::sqrt(std::min(has->person->strength * lacks->person->strength, 1.0));
      if (!(most >= kLeastWorth) || who.KnowEachOther(has->person->id(), lacks->person->id())) continue;
      Introduction introduction;
      introduction.has = has->person;
      introduction.lacks = lacks->person;
      introduction.kind = static_cast<ledger::v1::BenefitKind>(complement.second);
      introduction.gave = has->gave_me[complement.second] > 0;
      introduction.shown = lacks->i_gave[complement.second] > 0;
      introduction.worth =
          most * Apart(who, *has->person, *lacks->person) * (1 + Differ(*has->person, *lacks->person)) / 2;
      if (introduction.worth < kLeastWorth) continue;
      introductions.push_back(introduction);
    }
  }
  std::sort(introductions.begin(), introductions.end(), [](const Introduction& a, const Introduction& b) {
    return std::tuple(-a.worth, std::string_view(a.has->id()), std::string_view(a.lacks->id())) <
           std::tuple(-b.worth, std::string_view(b.has->id()), std::string_view(b.lacks->id()));
  });
  return introductions;
}

std::string ReasonOf(const Introduction& introduction) {
  const absl::string_view kind = KindWord(introduction.kind);
  return Say<"advice.introduce">(As<"giver">(introduction.has->name()), As<"taker">(introduction.lacks->name()),
                                 As<"gave">(introduction.gave), As<"shown">(introduction.shown), As<"kind">(kind),
                                 As<"good">(Say<"advice.good">(As<"kind">(kind))));
}

}  // namespace council::recommendations
