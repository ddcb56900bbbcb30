#include "services/recommendations/explain_method.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/proto_time.h"
#include "libs/base/status.h"
#include "services/recommendations/balance.h"
#include "services/recommendations/balance_evidence.h"

namespace council::recommendations {
namespace {

constexpr int kLargestPage = 100;
constexpr int kDefaultPage = 20;
// Of one seat: more are a lifetime's.
constexpr size_t kMostEntries = 10'000;

std::optional<Component> ComponentOf(const std::string& name) {
  for (size_t i = 0; i < kComponents; ++i) {
    if (ComponentName(static_cast<Component>(i)) == name) return static_cast<Component>(i);
  }
  return std::nullopt;
}

absl::Status Check(const v1::ExplainBalanceRequest& request, absl::Time now) {
  base::FieldViolations violations;
  if (!ComponentOf(request.component()).has_value()) {
    std::vector<absl::string_view> names;
    for (size_t i = 0; i < kComponents; ++i) names.push_back(ComponentName(static_cast<Component>(i)));
    violations.Add("component", absl::StrCat("must be one of ", absl::StrJoin(names, ", ")));
  }
  if (request.page_size() < 0 || request.page_size() > kLargestPage) {
    violations.Add("page_size", absl::StrCat("must be 1 to ", kLargestPage));
  }
  if (request.has_as_of() && (!base::IsValid(request.as_of()) || base::FromProto(request.as_of()) > now)) {
    violations.Add("as_of", "must be a moment of the past");
  }
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<v1::ExplainBalanceResponse> ExplainBalance(const rpc::CallContext& call,
                                                          const v1::ExplainBalanceRequest& request,
                                                          CouncilReader& council, LedgerClient& ledger, absl::Time now,
                                                          const BalanceModel& model) {
  COUNCIL_RETURN_IF_ERROR(Check(request, now));
  const Component component = *ComponentOf(request.component());
  const std::vector<std::string> tokens(request.at_least_as_fresh().begin(), request.at_least_as_fresh().end());
  std::optional<absl::Time> as_of;
  if (request.has_as_of()) as_of = base::FromProto(request.as_of());
  COUNCIL_ASSIGN_OR_RETURN(const CouncilSnapshot snapshot, council.Read(call, tokens, as_of));

  std::map<std::string, std::vector<ledger::v1::Interaction>> entries;
  for (const contacts::v1::CouncilSeat& seat : snapshot.council.seats()) {
    COUNCIL_ASSIGN_OR_RETURN(
        entries[seat.contact().id()],
        ledger.ListInteractions(call, tokens, TieContactOf(seat.contact()), as_of.value_or(now), kMostEntries));
  }
  BalanceEvidence found = FindEvidence(component, snapshot.council, std::move(entries), as_of.value_or(now), model);

  v1::ExplainBalanceResponse response;
  v1::CouncilBalance balance = ComputeBalance(snapshot.council, snapshot.ties, as_of.value_or(now), model);
  *response.mutable_component() = std::move(*balance.mutable_components(static_cast<int>(component)));
  const int page = request.page_size() == 0 ? kDefaultPage : request.page_size();
  const size_t shown = std::min(found.evidence.size(), static_cast<size_t>(page));
  for (size_t i = 0; i < shown; ++i) *response.add_evidence() = std::move(found.evidence[i]);
  response.set_examined_entries(static_cast<int32_t>(found.examined_entries));
  response.set_total_entries(static_cast<int32_t>(found.total_entries));
  return response;
}

}  // namespace council::recommendations
