#include "services/recommendations/proposal_search.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace council::recommendations {
namespace {

constexpr uint64_t kSeed = 20110708;
// Candidates among whom shaken councils are mended: those further off hardly ever have a place in the best.
constexpr size_t kShortlist = 120;
// Shakes in vain after which the search ends.
constexpr int kIdleShakes = 100;
constexpr size_t kMostShaken = 4;
// Every so many shakes start from nothing, so that the search doesn't stay around one council.
constexpr int kFreshStart = 5;

std::vector<size_t> Without(const std::vector<size_t>& seats, size_t seat) {
  std::vector<size_t> rest;
  rest.reserve(seats.size());
  for (const size_t other : seats) {
    if (other != seat) rest.push_back(other);
  }
  return rest;
}

void Insert(size_t seat, std::vector<size_t>& seats) {
  seats.insert(std::lower_bound(seats.begin(), seats.end(), seat), seat);
}

// Tries councils that begin with those in `trial` and go on with candidates from `next` on.
void SearchFrom(const ProposalSpace& space, size_t next, TrialCouncil& trial, FoundCouncil& found) {
  const size_t size = trial.size() + 1;
  for (size_t i = next; i < space.free.size(); ++i) {
    if (size + space.free.size() - i - 1 < space.low) return;
    const size_t candidate = space.free[i];
    if (size >= space.low && found.best.Improve(trial.ValuesWith(candidate))) {
      found.seats.assign(trial.seats().begin(), trial.seats().end());
      found.seats.push_back(candidate);
    }
    if (size == space.high) continue;
    trial.Push(candidate);
    SearchFrom(space, i + 1, trial, found);
    trial.Pop();
  }
}

}  // namespace

double CountCouncils(const ProposalSpace& space) {
  double councils = 0;
  double subsets = 1;  // of `chosen` free ones
  for (size_t chosen = 0; chosen <= space.free.size() && space.pinned.size() + chosen <= space.high; ++chosen) {
    if (space.pinned.size() + chosen >= space.low) councils += subsets;
    subsets *= static_cast<double>(space.free.size() - chosen) / static_cast<double>(chosen + 1);
  }
  return councils;
}

FoundCouncil SearchAll(const ProposalSpace& space, const FoundCouncil& found) {
  FoundCouncil best = found;
  TrialCouncil trial(space.pool, space.model);
  trial.Set(space.pinned);
  if (trial.size() >= space.low && best.best.Improve(trial.Values())) best.seats = space.pinned;
  if (trial.size() < space.high) SearchFrom(space, 0, trial, best);
  std::sort(best.seats.begin(), best.seats.end());
  return best;
}

ProposalSearch::ProposalSearch(const ProposalSpace& space, int64_t trials)
    : space_(space), trial_(space.pool, space.model), pinned_(space.pool.size()), trials_left_(trials), random_(kSeed) {
  for (const size_t candidate : space.pinned) pinned_[candidate] = true;
}

bool ProposalSearch::IsSeated(const FoundCouncil& found, size_t candidate) const {
  return std::binary_search(found.seats.begin(), found.seats.end(), candidate);
}

FoundCouncil ProposalSearch::Climb(std::vector<size_t> seats) {
  FoundCouncil found = Complete(std::move(seats), space_.free);
  ClimbAmong(space_.free, found);
  return found;
}

FoundCouncil ProposalSearch::Complete(std::vector<size_t> seats, std::span<const size_t> among) {
  seats.insert(seats.end(), space_.pinned.begin(), space_.pinned.end());
  std::sort(seats.begin(), seats.end());
  seats.erase(std::unique(seats.begin(), seats.end()), seats.end());
  FoundCouncil found{.seats = std::move(seats), .best = BestCouncil(space_.model)};
  if (found.seats.size() > space_.high) {
    const std::vector<size_t> too_many = std::exchange(found.seats, space_.pinned);
    while (found.seats.size() < space_.high) {
      found.best = BestCouncil(space_.model);
      AddOne(too_many, found);
    }
  }
  while (found.seats.size() < space_.low) {
    found.best = BestCouncil(space_.model);
    if (AddOne(among, found)) continue;
    // `among` has too few: anyone will do.
    AddOne(space_.free, found);
  }
  trial_.Set(found.seats);
  found.best = BestCouncil(space_.model);
  found.best.Improve(trial_.Values());
  return found;
}

void ProposalSearch::ClimbAmong(std::span<const size_t> among, FoundCouncil& found) {
  bool helped = true;
  while (helped && trials_left_ > 0) {
    helped = AddOne(among, found);
    const std::vector<size_t> seats = found.seats;
    for (const size_t seat : seats) {
      if (!IsPinned(seat) && ReplaceOne(seat, among, found)) helped = true;
    }
  }
}

bool ProposalSearch::AddOne(std::span<const size_t> among, FoundCouncil& found) {
  if (found.seats.size() >= space_.high) return false;
  trial_.Set(found.seats);
  std::optional<size_t> added;
  for (const size_t candidate : among) {
    if (IsSeated(found, candidate)) continue;
    --trials_left_;
    if (found.best.Improve(trial_.ValuesWith(candidate))) added = candidate;
  }
  if (added) Insert(*added, found.seats);
  return added.has_value();
}

bool ProposalSearch::ReplaceOne(size_t seat, std::span<const size_t> among, FoundCouncil& found) {
  std::vector<size_t> rest = Without(found.seats, seat);
  trial_.Set(rest);
  bool helps = rest.size() >= space_.low && found.best.Improve(trial_.Values());
  std::optional<size_t> successor;
  for (const size_t candidate : among) {
    if (IsSeated(found, candidate)) continue;
    --trials_left_;
    if (!found.best.Improve(trial_.ValuesWith(candidate))) continue;
    helps = true;
    successor = candidate;
  }
  if (!helps) return false;
  found.seats = std::move(rest);
  if (successor) Insert(*successor, found.seats);
  return true;
}

std::vector<size_t> ProposalSearch::Shortlist(const FoundCouncil& found) {
  if (space_.free.size() <= kShortlist) return space_.free;
  // By candidate: how good `found` would be with them in the place of whoever is missed least then.
  std::vector<double> goodness(space_.pool.size(), -std::numeric_limits<double>::infinity());
  for (const size_t seat : found.seats) {
    if (IsPinned(seat)) continue;
    trial_.Set(Without(found.seats, seat));
    for (const size_t candidate : space_.free) {
      if (IsSeated(found, candidate)) continue;
      --trials_left_;
      BestCouncil measured(space_.model);
      measured.Improve(trial_.ValuesWith(candidate));
      goodness[candidate] = std::max(goodness[candidate], measured.goodness());
    }
  }
  std::vector<size_t> shortlist;
  std::vector<size_t> others;
  for (const size_t candidate : space_.free) (IsSeated(found, candidate) ? shortlist : others).push_back(candidate);
  std::stable_sort(others.begin(), others.end(), [&](size_t a, size_t b) { return goodness[a] > goodness[b]; });
  const size_t wanted = std::min(others.size(), kShortlist);
  shortlist.insert(shortlist.end(), others.begin(), others.begin() + static_cast<std::ptrdiff_t>(wanted));
  std::sort(shortlist.begin(), shortlist.end());
  return shortlist;
}

std::vector<size_t> ProposalSearch::Shaken(const FoundCouncil& found, const std::vector<size_t>& shortlist) {
  std::vector<size_t> seats = found.seats;
  const size_t swaps = 2 + Random(kMostShaken - 1);
  for (size_t i = 0; i < swaps && !seats.empty(); ++i) {
    seats.erase(seats.begin() + static_cast<std::ptrdiff_t>(Random(seats.size())));
    seats.push_back(shortlist[Random(shortlist.size())]);
  }
  return seats;
}

FoundCouncil ProposalSearch::Shake(FoundCouncil found) {
  if (space_.free.empty()) return found;
  for (bool helped = true; helped && trials_left_ > 0;) {
    helped = false;
    const std::vector<size_t> shortlist = Shortlist(found);
    int idle = 0;
    for (int shake = 1; idle < kIdleShakes && trials_left_ > 0; ++shake, ++idle) {
      FoundCouncil shaken = Complete(shake % kFreshStart == 0 ? std::vector<size_t>{shortlist[Random(shortlist.size())]}
                                                              : Shaken(found, shortlist),
                                     shortlist);
      ClimbAmong(shortlist, shaken);
      if (!shaken.best.IsBetterThan(found.best)) continue;
      found = std::move(shaken);
      helped = true;
      idle = 0;
    }
    // Those off the shortlist may fit the better council.
    if (shortlist.size() == space_.free.size()) break;
    if (helped) ClimbAmong(space_.free, found);
  }
  return found;
}

}  // namespace council::recommendations
