// The fit of the shipped coefficients: what became of ties in some networks, seen from several past dates, and again
// with the networks slowed down, sped up, thinned out and reorganised, so that the coefficients do not learn one pace.
#ifndef COUNCIL_TOOLS_EVAL_NETWORK_FIT_H_
#define COUNCIL_TOOLS_EVAL_NETWORK_FIT_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "libs/ties/tie_strength.h"
#include "tools/eval/event_file.h"

namespace council::eval {

struct Variant {
  // By how much time is stretched.
  double pace = 1;
  // The share of messages that stay.
  double kept = 1;
  // The events happen twice: first with half of the people in each other's places, then as they did. What stood before
  // the reorganisation is a record of ties that mostly ended.
  bool reorganised = false;
  double weight = 1;

  // For people to read.
  std::string Name() const;
};

// Paces of ⅓, 1 and 3, each with all, a third and a tenth of the messages, and two reorganisations of weight 0.4.
const std::vector<Variant>& Variants();

// Deterministic. `events` are in order, and not empty.
std::vector<Event> Vary(std::span<const Event> events, const Variant& variant);

// Second at which the share `share` of the events is over.
std::int64_t ShareOf(std::span<const Event> events, double share);

// The moments from which a variant of a network is looked back at: when 30, 40, 50, 60 and 70 % of its events were
// over, of a reorganised one those after the reorganisation alike. `events` are the variant's.
std::vector<std::int64_t> LookBackTimes(std::span<const Event> events, const Variant& variant);

// The model fitted to the networks, each of the same weight, in all variants and at all their moments; alive is what is
// seen in the rest. The intercept comes from the networks as they are, alive being what is seen within 90 days, as of
// those moments that have so many after them.
ties::StrengthModel FitNetworks(std::span<const std::vector<Event>> networks, std::string version);

}  // namespace council::eval

#endif  // COUNCIL_TOOLS_EVAL_NETWORK_FIT_H_
