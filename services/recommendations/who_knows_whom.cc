#include "services/recommendations/who_knows_whom.h"

#include <algorithm>
#include <vector>

namespace council::recommendations {
namespace {

// In a larger round not everyone talks with everyone.
constexpr int kMostInATalk = 8;

}  // namespace

WhoKnowsWhom::WhoKnowsWhom(const AdviceNetwork& network) {
  for (const contacts::v1::Acquaintance& acquaintance : network.snapshot().acquaintances) {
    Link(network, acquaintance.contact_id(), acquaintance.other_contact_id());
  }
  for (const contacts::v1::Acquaintance& acquaintance : network.snapshot().council.acquaintances()) {
    Link(network, acquaintance.contact_id(), acquaintance.other_contact_id());
  }
  for (const ledger::v1::Interaction& entry : network.newest().entries) {
    for (const ledger::v1::Benefit& benefit : entry.benefits()) {
      if (benefit.introduced_contact_id().empty()) continue;
      for (const std::string& id : entry.contact_ids()) {
        if (benefit.contact_id().empty() || benefit.contact_id() == id)
          Link(network, id, benefit.introduced_contact_id());
      }
    }
    if (entry.contact_ids_size() > kMostInATalk || entry.depth() == ledger::v1::INTERACTION_DEPTH_EXCHANGE) continue;
    for (int i = 0; i < entry.contact_ids_size(); ++i) {
      for (int j = i + 1; j < entry.contact_ids_size(); ++j) Link(network, entry.contact_ids(i), entry.contact_ids(j));
    }
  }
  FindGroups();
}

void WhoKnowsWhom::Link(const AdviceNetwork& network, const std::string& a, const std::string& b) {
  const Person* one = network.Find(a);
  const Person* other = network.Find(b);
  const std::string& id = one == nullptr ? a : one->id();
  const std::string& other_id = other == nullptr ? b : other->id();
  if (id == other_id) return;
  known_[id].insert(other_id);
  known_[other_id].insert(id);
}

void WhoKnowsWhom::FindGroups() {
  size_t groups = 0;
  for (const auto& [id, others] : known_) {
    if (!group_.try_emplace(id, groups).second) continue;
    std::vector<std::string> to_visit(others.begin(), others.end());
    while (!to_visit.empty()) {
      const std::string next = std::move(to_visit.back());
      to_visit.pop_back();
      if (!group_.try_emplace(next, groups).second) continue;
      const Known& beyond = known_.find(next)->second;
      to_visit.insert(to_visit.end(), beyond.begin(), beyond.end());
    }
    ++groups;
  }
}

const WhoKnowsWhom::Known* WhoKnowsWhom::KnownTo(std::string_view id) const {
  const auto at = known_.find(id);
  return at == known_.end() ? nullptr : &at->second;
}

bool WhoKnowsWhom::KnowEachOther(std::string_view a, std::string_view b) const {
  const Known* known = KnownTo(a);
  return known != nullptr && known->contains(b);
}

bool WhoKnowsWhom::SameGroup(std::string_view a, std::string_view b) const {
  const auto one = group_.find(a);
  const auto other = group_.find(b);
  return one != group_.end() && other != group_.end() && one->second == other->second;
}

size_t WhoKnowsWhom::CommonAcquaintances(std::string_view a, std::string_view b) const {
  const Known* one = KnownTo(a);
  const Known* other = KnownTo(b);
  if (one == nullptr || other == nullptr) return 0;
  return static_cast<size_t>(
      std::count_if(one->begin(), one->end(), [other](const std::string& id) { return other->contains(id); }));
}

}  // namespace council::recommendations
