#include "services/recommendations/council_facts.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "libs/base/proto_time.h"
#include "services/recommendations/contact_status.h"

namespace council::recommendations {
namespace {

using contacts::v1::CouncilSeat;

constexpr absl::Duration kDay = absl::Hours(24);
constexpr double kShortHalfLifeDays = 90;
constexpr double kLongHalfLifeDays = 365;
constexpr double kDefaultCadenceDays = 30;
constexpr double kShortestCadenceDays = 1;
constexpr double kLongestCadenceDays = 90;
constexpr double kSettlingDays = 90;
constexpr double kHuge = 1e12;

double DaysBetween(absl::Time from, absl::Time to) {
  return std::max(absl::FDivDuration(to - from, kDay), 0.0);
}

// A sum times its decay, whatever the sum is.
double Decayed(double sum, double factor) {
  return sum > 0 ? std::min(sum, kHuge) * factor : 0.0;
}

int64_t Count(int64_t count) {
  return std::max<int64_t>(count, 0);
}

// The domains of a seat, each once, as indexes.
std::vector<size_t> DomainsOf(const contacts::v1::Seat& seat) {
  std::set<size_t> domains;
  for (const int domain : seat.domains()) {
    if (domain >= 1 && domain <= static_cast<int>(kLifeDomains)) domains.insert(static_cast<size_t>(domain - 1));
  }
  return {domains.begin(), domains.end()};
}

TieFacts GatherTie(const ledger::v1::Tie& tie, const contacts::v1::Seat& seat, absl::Time as_of) {
  const double age = DaysBetween(base::FromProto(tie.reference_time()), as_of);
  const double lately = std::exp2(-age / kShortHalfLifeDays);
  const double long_run = std::exp2(-age / kLongHalfLifeDays);

  TieFacts facts;
  facts.energizing = Decayed(tie.energizing(), lately);
  facts.draining = Decayed(tie.draining(), lately);
  facts.updates = Decayed(tie.updates(), lately);
  facts.conversations = Decayed(tie.conversations(), lately);
  facts.counsels = Decayed(tie.counsels(), lately);
  for (const ledger::v1::TieBenefit& benefit : tie.benefits()) {
    facts.given += Decayed(benefit.given(), long_run);
    facts.received += Decayed(benefit.received(), long_run);
  }
  facts.introductions = Decayed(tie.introductions(), long_run);

  // Time whose entries name no domain goes to those of the seat, and without any to none.
  const std::vector<size_t> seat_domains = DomainsOf(seat);
  double without_domain = 0;
  for (const ledger::v1::TieHours& hours : tie.hours()) {
    const int domain = hours.domain();
    if (domain < 0 || domain > static_cast<int>(kLifeDomains)) continue;
    double& sum = domain == 0 ? without_domain : facts.hours[static_cast<size_t>(domain - 1)];
    sum += Decayed(hours.hours(), lately);
  }
  for (const size_t domain : seat_domains) {
    facts.hours[domain] += without_domain / static_cast<double>(seat_domains.size());
  }

  facts.any_coverage = Decayed(tie.any_coverage(), long_run);
  facts.energy_coverage = Decayed(tie.energy_coverage(), long_run);
  facts.benefit_coverage = Decayed(tie.benefit_coverage(), long_run);
  facts.depth_coverage = Decayed(tie.depth_coverage(), long_run);
  facts.domain_coverage = Decayed(tie.domain_coverage(), long_run);
  if (!seat_domains.empty()) facts.domain_coverage += Decayed(tie.no_domain_coverage(), long_run);

  facts.entries = Count(tie.entries());
  facts.energy_entries = Count(tie.energy_entries());
  facts.benefit_entries = Count(tie.benefit_entries());
  facts.depth_entries = Count(tie.exchange_entries()) + Count(tie.update_entries()) +
                        Count(tie.conversation_entries()) + Count(tie.counsel_entries());
  facts.timed_entries = Count(tie.timed_entries());
  facts.introduction_entries = Count(tie.introduction_entries());
  return facts;
}

double CadenceDays(const CouncilSeat& council_seat) {
  const auto& cadence = council_seat.has_effective_cadence() ? council_seat.effective_cadence()  //
                                                             : council_seat.seat().cadence();
  const double days = absl::FDivDuration(base::FromProto(cadence), kDay);
  if (days <= 0) return kDefaultCadenceDays;
  return std::clamp(days, kShortestCadenceDays, kLongestCadenceDays);
}

absl::Time FirstSeated(const contacts::v1::Seat& seat, absl::Time as_of) {
  if (seat.has_first_seated_time()) return base::FromProto(seat.first_seated_time());
  return seat.has_seated_time() ? base::FromProto(seat.seated_time()) : as_of;
}

SeatFacts GatherSeat(const CouncilSeat& council_seat, const ledger::v1::Tie* tie, absl::Time as_of,
                     absl::CivilDay today) {
  const contacts::v1::Seat& seat = council_seat.seat();
  SeatFacts facts;
  facts.contact_id = seat.contact_id();
  facts.name = council_seat.contact().display_name();
  facts.resting = IsResting(council_seat.contact(), today);
  for (const int role : seat.roles()) {
    if (role < 1 || role > static_cast<int>(kNeededRoles)) continue;
    facts.roles[static_cast<size_t>(role - 1)] = true;
  }
  facts.role_count = static_cast<int>(std::count(facts.roles.begin(), facts.roles.end(), true));
  for (const auto& [name, value] : council_seat.contact().facets()) {
    if (!name.empty() && !value.empty()) facts.facets.emplace(name, value);
  }

  const absl::Time first_seated = FirstSeated(seat, as_of);
  facts.cadence = CadenceDays(council_seat);
  facts.gap = DaysBetween(first_seated, as_of);
  if (tie != nullptr && tie->has_last_touch_time()) {
    facts.gap = std::min(facts.gap, DaysBetween(base::FromProto(tie->last_touch_time()), as_of));
  }
  facts.fresh = facts.gap <= facts.cadence ? 1.0 : std::exp2(-(facts.gap - facts.cadence) / facts.cadence);
  facts.presence = 0.5 + 0.5 * facts.fresh;
  facts.expected = std::min(1.0, DaysBetween(first_seated, as_of) / kSettlingDays);
  if (tie != nullptr) facts.tie = GatherTie(*tie, seat, as_of);
  return facts;
}

int64_t AcquaintedPairs(const contacts::v1::GetCouncilResponse& council) {
  std::set<std::string_view> seated;
  for (const CouncilSeat& seat : council.seats()) seated.insert(seat.seat().contact_id());
  std::set<std::pair<std::string_view, std::string_view>> pairs;
  for (const contacts::v1::Acquaintance& acquaintance : council.acquaintances()) {
    const std::string_view a = acquaintance.contact_id();
    const std::string_view b = acquaintance.other_contact_id();
    if (a != b && seated.contains(a) && seated.contains(b)) pairs.insert(std::minmax(a, b));
  }
  return static_cast<int64_t>(pairs.size());
}

}  // namespace

CouncilFacts GatherFacts(const contacts::v1::GetCouncilResponse& council, std::span<const ledger::v1::Tie> ties,
                         absl::Time as_of) {
  std::unordered_map<std::string_view, const ledger::v1::Tie*> tie_of;
  for (const ledger::v1::Tie& tie : ties) tie_of.emplace(tie.contact_id(), &tie);

  const absl::CivilDay today = absl::ToCivilDay(as_of, absl::UTCTimeZone());
  CouncilFacts facts;
  facts.seats.reserve(static_cast<size_t>(council.seats_size()));
  for (const CouncilSeat& seat : council.seats()) {
    const auto tie = tie_of.find(seat.seat().contact_id());
    facts.seats.push_back(GatherSeat(seat, tie == tie_of.end() ? nullptr : tie->second, as_of, today));
  }
  std::sort(facts.seats.begin(), facts.seats.end(),
            [](const SeatFacts& a, const SeatFacts& b) { return a.contact_id < b.contact_id; });
  facts.acquainted_pairs = AcquaintedPairs(council);
  return facts;
}

}  // namespace council::recommendations
