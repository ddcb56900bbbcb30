#include "services/recommendations/review_method.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/owner_zone.h"
#include "services/recommendations/request_tokens.h"
#include "services/recommendations/review.h"

namespace council::recommendations {
namespace {

using contacts::v1::Contact;
using ledger::v1::Interaction;

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 9999;
// More than anyone logs in a year.
constexpr size_t kMostEntries = 20'000;

absl::Status Check(const v1::GetReviewRequest& request) {
  base::FieldViolations violations;
  if (request.year() != 0 && (request.year() < kFirstYear || request.year() > kLastYear)) {
    violations.Add("year", absl::StrCat("must be a year from ", kFirstYear, " on, or 0 for the default"));
  }
  CheckTokens(request, violations);
  return violations.ToStatus();
}

absl::StatusOr<ReviewTime> TimeOf(const rpc::CallContext& call, std::span<const std::string> tokens, int year,
                                  ContactsClient& contacts, absl::Time now) {
  COUNCIL_ASSIGN_OR_RETURN(const contacts::v1::Settings settings, contacts.GetSettings(call, tokens));
  const OwnerZone owner = ZoneOf(settings);
  const absl::CivilMonth month = absl::ToCivilMonth(now, owner.zone);
  const int this_year = static_cast<int>(month.year());
  if (year > this_year) {
    return base::InvalidField("year", absl::StrCat("must not lie ahead: it is ", this_year));
  }
  if (year == 0) year = month.month() == 1 ? this_year - 1 : this_year;
  return ReviewTimeOf(year, owner, now);
}

// All ids of `people` whom an introduction in `entries` names as introduced. Views `people`.
std::unordered_set<std::string_view> IdsOfIntroduced(std::span<const Interaction> entries,
                                                     std::span<const Contact> people) {
  std::unordered_set<std::string_view> named;
  for (const Interaction& entry : entries) {
    for (const ledger::v1::Benefit& benefit : entry.benefits()) named.insert(benefit.introduced_contact_id());
  }
  std::unordered_set<std::string_view> ids;
  const auto is_named = [&named](std::string_view id) { return named.contains(id); };
  for (const Contact& contact : people) {
    const auto& former = contact.former_ids();
    if (!is_named(contact.id()) && std::none_of(former.begin(), former.end(), is_named)) continue;
    ids.insert(contact.id());
    for (const std::string& id : former) ids.insert(id);
  }
  return ids;
}

// Entries of the review's time, and later ones with whoever was introduced in it, of the newest kMostEntries.
absl::StatusOr<std::vector<Interaction>> EntriesFor(const rpc::CallContext& call, std::span<const std::string> tokens,
                                                    const ReviewTime& time, std::span<const Contact> people,
                                                    LedgerClient& ledger) {
  COUNCIL_ASSIGN_OR_RETURN(
      std::vector<Interaction> entries,
      ledger.ListInteractions(call, tokens, ledger::v1::TieContact(), time.until, kMostEntries, time.start));
  if (entries.size() == kMostEntries) {
    return base::InvalidField("year", absl::StrCat("has ", kMostEntries, " entries or more, too many to look back on"));
  }
  if (time.until == time.now) return entries;
  const std::unordered_set<std::string_view> introduced = IdsOfIntroduced(entries, people);
  if (introduced.empty()) return entries;
  COUNCIL_ASSIGN_OR_RETURN(std::vector<Interaction> later,
                           ledger.ListInteractions(call, tokens, ledger::v1::TieContact(), time.now, kMostEntries,
                                                   time.until + absl::Microseconds(1)));
  std::erase_if(later, [&introduced](const Interaction& entry) {
    return std::none_of(entry.contact_ids().begin(), entry.contact_ids().end(),
                        [&introduced](const std::string& id) { return introduced.contains(id); });
  });
  std::move(later.begin(), later.end(), std::back_inserter(entries));
  return entries;
}

struct TiesAtBothEnds {
  std::vector<ledger::v1::Tie> before;
  std::vector<ledger::v1::Tie> after;
};

absl::StatusOr<TiesAtBothEnds> TiesFor(const rpc::CallContext& call, std::span<const std::string> tokens,
                                       const ReviewTime& time, std::span<const Contact> people, LedgerClient& ledger) {
  TiesAtBothEnds ties;
  constexpr TieParts kParts = {.days = false, .strength = true};
  std::vector<ledger::v1::TieContact> contacts;
  for (const Contact& contact : people) contacts.push_back(TieContactOf(contact));
  const auto as_of = time.until < time.now ? std::optional(time.until) : std::nullopt;
  COUNCIL_ASSIGN_OR_RETURN(TiesSnapshot after, ledger.ListTies(call, tokens, contacts, as_of, kParts));
  ties.after = std::move(after.ties);
  // Ties of the past are made from their entries: none is asked for that had none.
  std::vector<ledger::v1::TieContact> older;
  for (size_t i = 0; i < contacts.size(); ++i) {
    const ledger::v1::Tie& tie = ties.after[i];
    if (tie.entries() > 0 && base::FromProto(tie.first_time()) < time.start) older.push_back(std::move(contacts[i]));
  }
  COUNCIL_ASSIGN_OR_RETURN(TiesSnapshot before,
                           ledger.ListTies(call, tokens, older, time.start - absl::Microseconds(1), kParts));
  ties.before = std::move(before.ties);
  return ties;
}

}  // namespace

absl::StatusOr<v1::GetReviewResponse> GetReview(const rpc::CallContext& call, const v1::GetReviewRequest& request,
                                                const HindsightParts& parts, absl::Time now) {
  COUNCIL_RETURN_IF_ERROR(Check(request));
  const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
  COUNCIL_ASSIGN_OR_RETURN(const ReviewTime time, TimeOf(call, tokens, request.year(), parts.contacts, now));
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Contact> people, parts.contacts.ListContacts(call, tokens));
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<Interaction> entries,
                           EntriesFor(call, tokens, time, people, parts.ledger));
  COUNCIL_ASSIGN_OR_RETURN(const auto council_before,
                           parts.contacts.GetCouncil(call, tokens, time.start - absl::Microseconds(1)));
  COUNCIL_ASSIGN_OR_RETURN(
      const auto council_after,
      parts.contacts.GetCouncil(call, tokens, time.until < now ? std::optional(time.until) : std::nullopt));
  COUNCIL_ASSIGN_OR_RETURN(const TiesAtBothEnds ties, TiesFor(call, tokens, time, people, parts.ledger));
  COUNCIL_ASSIGN_OR_RETURN(
      v1::GetHindsightResponse hindsight,
      HindsightOf(call, tokens, {.first = time.start, .last = time.until, .field = "year"}, people, parts, now));
  // Last, since it is what may take more than the caller's time: what was filled in is kept.
  COUNCIL_ASSIGN_OR_RETURN(const auto points, parts.history.PointsOf(call, BalanceDaysOf(time)));

  v1::GetReviewResponse response = MakeReview({.time = time,
                                               .contacts = people,
                                               .entries = entries,
                                               .council_before = council_before,
                                               .council_after = council_after,
                                               .ties_before = ties.before,
                                               .ties_after = ties.after,
                                               .points = points});
  *response.mutable_advice() = std::move(*hindsight.mutable_kinds());
  return response;
}

}  // namespace council::recommendations
