#include "tools/eval/network_fit.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "libs/ties/strength_fit.h"
#include "tools/eval/snapshot.h"

namespace council::eval {
namespace {

constexpr double kLookBackShares[] = {0.3, 0.4, 0.5, 0.6, 0.7};
constexpr double kReorganisedWeight = 0.4;
constexpr double kRidge = 0.01;
constexpr double kMostIntercept = 30;
constexpr double kPrecision = 1e-9;
constexpr unsigned kSeed = 20260101;

// Its numbers are laid down in the standard, unlike what its distributions make of them.
using Random = std::mt19937_64;

double Uniform(Random& random) {
  return static_cast<double>(random() >> 11U) * 0x1p-53;
}

std::vector<Event> Thinned(std::span<const Event> events, double kept, Random& random) {
  std::vector<Event> result;
  bool stays = false;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool same_message =
        i > 0 && events[i].seconds == events[i - 1].seconds && events[i].from == events[i - 1].from;
    if (!same_message) stays = Uniform(random) < kept;
    if (stays) result.push_back(events[i]);
  }
  return result;
}

// Everyone's place after half of the people were sent round.
std::map<int, int> NewPlaces(std::span<const Event> events, Random& random) {
  std::set<int> people;
  for (const Event& event : events) people.insert({event.from, event.to});
  std::map<int, int> places;
  std::vector<int> movers;
  for (const int person : people) {
    places[person] = person;
    if (Uniform(random) < 0.5) movers.push_back(person);
  }
  std::vector<int> seats = movers;
  for (std::size_t i = seats.size(); i > 1; --i) std::swap(seats[i - 1], seats[random() % i]);
  for (std::size_t i = 0; i < movers.size(); ++i) places[movers[i]] = seats[i];
  return places;
}

std::vector<Event> Reorganised(std::span<const Event> events, Random& random) {
  const std::map<int, int> places = NewPlaces(events, random);
  const std::int64_t span = events.back().seconds - events.front().seconds + 1;
  std::vector<Event> result;
  for (const Event& event : events) {
    result.push_back({.seconds = event.seconds, .from = places.at(event.from), .to = places.at(event.to)});
  }
  for (const Event& event : events) {
    result.push_back({.seconds = event.seconds + span, .from = event.from, .to = event.to});
  }
  std::sort(result.begin(), result.end());
  return result;
}

// The shipped model goes without `lately`, the last feature: it gained nothing there that carried over.
ties::LookBack WithoutLately(ties::LookBack look_back) {
  for (ties::Person& person : look_back.people) {
    for (ties::PastTie& tie : person) tie.features.back() = 0;
  }
  return look_back;
}

// With which the strengths of all ties have the mean of their outcomes, each look-back by its weight. The factor stays
// 1: the odds that of two ties of which one lived on it was the first are e^(difference of their logits), so that the
// fit to pairs has the scale of a probability already.
double InterceptFor(std::span<const ties::LookBack> look_backs, const ties::StrengthFeatures& coefficients) {
  // The mean strength grows with the intercept, so that halving finds where it meets the mean outcome.
  double low = -kMostIntercept;
  double high = kMostIntercept;
  while (high - low > kPrecision) {
    const ties::StrengthModel model = {.version = "", .coefficients = coefficients, .intercept = (low + high) / 2};
    double excess = 0;
    for (const ties::LookBack& look_back : look_backs) {
      double sum = 0;
      std::size_t ties = 0;
      for (const ties::Person& person : look_back.people) {
        for (const ties::PastTie& tie : person) sum += ties::StrengthOf(tie.features, model) - ties::Outcome(tie);
        ties += person.size();
      }
      if (ties > 0) excess += look_back.weight * sum / static_cast<double>(ties);
    }
    (excess > 0 ? high : low) = model.intercept;
  }
  return (low + high) / 2;
}

}  // namespace

std::string Variant::Name() const {
  if (reorganised) return absl::StrFormat("reorganised, %.0f %% of messages", 100 * kept);
  return absl::StrFormat("time × %.2f, %.0f %% of messages", pace, 100 * kept);
}

const std::vector<Variant>& Variants() {
  static const auto* const kVariants = [] {
    auto* variants = new std::vector<Variant>;
    for (const double pace : {1.0, 1.0 / 3, 3.0}) {
      for (const double kept : {1.0, 1.0 / 3, 0.1}) variants->push_back({.pace = pace, .kept = kept});
    }
    for (const double kept : {1.0, 1.0 / 3}) {
      variants->push_back({.kept = kept, .reorganised = true, .weight = kReorganisedWeight});
    }
    return variants;
  }();
  return *kVariants;
}

std::vector<Event> Vary(std::span<const Event> events, const Variant& variant) {
  Random random(kSeed);
  std::vector<Event> result = Thinned(events, variant.kept, random);
  const std::int64_t start = result.front().seconds;
  for (Event& event : result) {
    event.seconds = start + std::llround(static_cast<double>(event.seconds - start) * variant.pace);
  }
  std::sort(result.begin(), result.end());
  return variant.reorganised ? Reorganised(result, random) : result;
}

std::int64_t ShareOf(std::span<const Event> events, double share) {
  return events[static_cast<std::size_t>(share * static_cast<double>(events.size() - 1))].seconds;
}

std::vector<std::int64_t> LookBackTimes(std::span<const Event> events, const Variant& variant) {
  std::vector<std::int64_t> times;
  for (const double share : kLookBackShares) {
    times.push_back(ShareOf(events, variant.reorganised ? (1 + share) / 2 : share));
  }
  return times;
}

ties::StrengthModel FitNetworks(std::span<const std::vector<Event>> networks, std::string version) {
  std::vector<ties::LookBack> look_backs;
  std::vector<ties::LookBack> as_they_are;
  const auto outlook = static_cast<std::int64_t>(absl::ToInt64Seconds(ties::kStrengthOutlook));
  for (const std::vector<Event>& network : networks) {
    for (const Variant& variant : Variants()) {
      const std::vector<Event> events = Vary(network, variant);
      for (const std::int64_t as_of : LookBackTimes(events, variant)) {
        look_backs.push_back(WithoutLately(ForFit(LookBackAt(events, as_of), variant.weight)));
      }
    }
    std::vector<ties::LookBack> plain;
    for (const double share : kLookBackShares) {
      const std::int64_t end = ShareOf(network, share) + outlook;
      if (end > network.back().seconds) continue;
      plain.push_back(WithoutLately(ForFit(LookBackAt(network, ShareOf(network, share), end), 1)));
    }
    for (ties::LookBack& look_back : plain) {
      look_back.weight = 1 / static_cast<double>(plain.size());
      as_they_are.push_back(std::move(look_back));
    }
  }
  ties::StrengthModel model;
  model.version = std::move(version);
  model.coefficients = ties::FitCoefficients(look_backs, model, kRidge);
  model.intercept = InterceptFor(as_they_are, model.coefficients);
  return model;
}

}  // namespace council::eval
