#include "services/recommendations/owner_state.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/util/message_differencer.h"
#include "libs/base/proto_time.h"
#include "libs/base/uuid.h"
#include "libs/rpc/owner_lines.h"
#include "services/recommendations/balance_model.h"

namespace council::recommendations {
namespace {

using google::protobuf::util::MessageDifferencer;
using v1::OwnerStateRecord;

constexpr int kVersion = 1;
constexpr std::size_t kStateBytes = 64 << 20;
constexpr std::size_t kIdBytes = 200;
constexpr std::size_t kReasonBytes = 10'000;
constexpr int kContacts = 100;
constexpr int kEvidence = 100;
constexpr std::size_t kVersionBytes = 100;
constexpr int kDomains = 10;
constexpr absl::CivilDay kFirst(1, 1, 1);
constexpr absl::CivilDay kLast(9999, 12, 31);

v1::KeptRecommendation KeptOf(const GivenRecommendation& given) {
  v1::KeptRecommendation kept;
  *kept.mutable_recommendation() = given.recommendation();
  *kept.mutable_given_time() = given.given_time();
  kept.set_score(given.score());
  kept.set_component_value(given.component_value());
  kept.set_model_version(given.model_version());
  kept.set_strength(given.strength());
  kept.set_strength_version(given.strength_version());
  *kept.mutable_domains() = given.domains();
  *kept.mutable_cadences() = given.cadences();
  kept.set_fading(given.fading());
  if (given.has_response_time()) *kept.mutable_response_time() = given.response_time();
  return kept;
}

GivenRecommendation GivenOf(const v1::KeptRecommendation& kept) {
  GivenRecommendation given;
  *given.mutable_recommendation() = kept.recommendation();
  *given.mutable_given_time() = kept.given_time();
  given.set_score(kept.score());
  given.set_component_value(kept.component_value());
  given.set_model_version(kept.model_version());
  given.set_strength(kept.strength());
  given.set_strength_version(kept.strength_version());
  *given.mutable_domains() = kept.domains();
  *given.mutable_cadences() = kept.cadences();
  given.set_fading(kept.fading());
  if (kept.has_response_time()) *given.mutable_response_time() = kept.response_time();
  return given;
}

// What records are in the order of, and no two have alike.
std::tuple<int, std::string, absl::Time, std::string> KeyOf(const OwnerStateRecord& record) {
  const v1::KeptRecommendation& kept = record.recommendation();
  return {record.record_case(), record.balance_point().day(), base::FromProto(kept.given_time()),
          kept.recommendation().id()};
}

bool IsDay(const std::string& text) {
  absl::CivilDay day;
  return text.size() == 10 && absl::ParseCivilTime(text, &day) && absl::FormatCivilTime(day) == text;
}

bool IsUuid(const std::string& text) {
  const auto bytes = base::ParseUuid(text);
  return bytes.ok() && base::FormatUuid(*bytes) == text;
}

void CheckPercent(double value, const std::string& path, double largest, base::FieldViolations& violations) {
  // False for NaN too.
  if (!(value >= 0 && value <= largest)) violations.Add(path, absl::StrCat("must be 0 to ", largest));
}

}  // namespace

absl::StatusOr<std::vector<OwnerStateRecord>> StateOf(const base::Owner& owner, RecommendationsStore& store,
                                                      absl::Time deadline) {
  std::vector<OwnerStateRecord> records;
  COUNCIL_ASSIGN_OR_RETURN(auto points, store.ListPoints(owner, kFirst, kLast, deadline));
  for (v1::BalancePoint& point : points) *records.emplace_back().mutable_balance_point() = std::move(point);
  COUNCIL_ASSIGN_OR_RETURN(const auto given, store.ListGiven(owner, kFirst, kLast, deadline));
  for (const GivenRecommendation& one : given) *records.emplace_back().mutable_recommendation() = KeptOf(one);
  return records;
}

OwnerStateRecord StartOf(const std::vector<OwnerStateRecord>& state) {
  OwnerStateRecord record;
  record.mutable_start()->set_version(kVersion);
  record.mutable_start()->set_records(static_cast<std::int64_t>(state.size()));
  return record;
}

absl::Status ImportedState::CheckPlace(std::int64_t index, const OwnerStateRecord& record) const {
  const auto invalid = [index](std::string_view field, std::string_view description) {
    return rpc::InvalidRecord(index, field, description);
  };
  if ((index == 0) != record.has_start()) return invalid("", "the start must be the first record, and the only one");
  if (record.record_case() == OwnerStateRecord::RECORD_NOT_SET) return invalid("", "holds nothing");
  if (record.has_start()) {
    if (record.start().version() == kVersion) return absl::OkStatus();
    return invalid(".start.version", absl::StrCat("must be ", kVersion, ", which is what this program knows"));
  }
  if (index > announced_) return invalid("", absl::StrCat("is more than the ", announced_, " that the start says"));
  if (!records_.empty() && KeyOf(record) <= KeyOf(records_.back())) {
    return invalid("", "must come after the record before it, and only once");
  }
  return absl::OkStatus();
}

absl::Status ImportedState::Add(std::int64_t index, OwnerStateRecord record) {
  COUNCIL_RETURN_IF_ERROR(CheckPlace(index, record));
  bytes_ += record.ByteSizeLong();
  if (bytes_ > kStateBytes) {
    return base::OverLimit(absl::StrCat("a whole state has at most ", kStateBytes, " bytes here"));
  }
  if (record.has_start()) {
    announced_ = std::max<std::int64_t>(record.start().records(), 0);
    return absl::OkStatus();
  }
  base::FieldViolations violations;
  const std::string path = absl::StrCat("records[", index, "]");
  if (record.has_balance_point()) {
    Check(record.balance_point(), path + ".balance_point", violations);
  } else {
    Check(record.recommendation(), path + ".recommendation", violations);
  }
  COUNCIL_RETURN_IF_ERROR(violations.ToStatus());
  records_.push_back(std::move(record));
  return absl::OkStatus();
}

absl::Status ImportedState::Finish() const {
  if (announced_ < 0) return rpc::InvalidRecord(0, "", "is missing: there is no start");
  const auto records = static_cast<std::int64_t>(records_.size());
  if (records == announced_) return absl::OkStatus();
  return rpc::InvalidRecord(records + 1, "", absl::StrCat("is missing: the start says ", announced_, " records"));
}

void ImportedState::Check(const v1::BalancePoint& point, const std::string& path,
                          base::FieldViolations& violations) const {
  if (!IsDay(point.day())) violations.Add(path + ".day", "must be a day, YYYY-MM-DD");
  CheckPercent(point.score(), path + ".score", 100, violations);
  CheckPercent(point.structure(), path + ".structure", 100, violations);
  CheckPercent(point.practice(), path + ".practice", 100, violations);
  CheckPercent(point.confidence(), path + ".confidence", 1, violations);
  if (point.component_values_size() != 0 && point.component_values_size() != static_cast<int>(kComponents)) {
    violations.Add(path + ".component_values", absl::StrCat("must be ", kComponents));
  }
  for (const double value : point.component_values()) CheckPercent(value, path + ".component_values", 1, violations);
}

void ImportedState::Check(const v1::KeptRecommendation& kept, const std::string& path,
                          base::FieldViolations& violations) {
  const v1::Recommendation& recommendation = kept.recommendation();
  const std::string field = path + ".recommendation";
  if (recommendation.id().empty() || recommendation.id().size() > kIdBytes) {
    violations.Add(field + ".id", absl::StrCat("must have 1 to ", kIdBytes, " bytes"));
  } else if (!ids_.insert(recommendation.id()).second) {
    violations.Add(field + ".id", "is given twice");
  }
  if (recommendation.contact_ids_size() > kContacts ||
      !std::all_of(recommendation.contact_ids().begin(), recommendation.contact_ids().end(), IsUuid)) {
    violations.Add(field + ".contact_ids", absl::StrCat("must be ids of contacts, at most ", kContacts));
  }
  if (recommendation.reason().size() > kReasonBytes) violations.Add(field + ".reason", "is longer than any reason");
  if (recommendation.evidence_size() > kEvidence) violations.Add(field + ".evidence", "is more than any is given");
  if (!std::isfinite(recommendation.expected_gain())) violations.Add(field + ".expected_gain", "must be a number");
  const auto check_time = [&](bool present, const google::protobuf::Timestamp& time, const std::string& at) {
    if (present && !base::IsValid(time)) violations.Add(at, "must be a time of the years 1 to 9999");
  };
  check_time(recommendation.has_expire_time(), recommendation.expire_time(), field + ".expire_time");
  check_time(recommendation.has_snooze_until(), recommendation.snooze_until(), field + ".snooze_until");
  check_time(kept.has_response_time(), kept.response_time(), path + ".response_time");
  if (!kept.has_given_time() || !base::IsValid(kept.given_time())) {
    violations.Add(path + ".given_time", "must be a time of the years 1 to 9999");
  }
  CheckPercent(kept.score(), path + ".score", 100, violations);
  CheckPercent(kept.strength(), path + ".strength", 1, violations);
  if (kept.strength_version().size() > kVersionBytes) violations.Add(path + ".strength_version", "is longer than any");
  if (kept.cadences_size() > kContacts) violations.Add(path + ".cadences", absl::StrCat("must be at most ", kContacts));
  for (const google::protobuf::Duration& cadence : kept.cadences()) {
    if (!base::IsValid(cadence)) violations.Add(path + ".cadences", "must be lengths of time");
  }
  if (kept.domains_size() > kDomains) violations.Add(path + ".domains", "is more than there are");
  if (!std::isfinite(kept.component_value())) violations.Add(path + ".component_value", "must be a number");
}

absl::StatusOr<StateImport> WriteState(const ImportedState& state, const base::Owner& owner,
                                       RecommendationsStore& store, absl::Time deadline, bool dry_run) {
  COUNCIL_ASSIGN_OR_RETURN(const std::vector<OwnerStateRecord> present, StateOf(owner, store, deadline));
  std::map<decltype(KeyOf(OwnerStateRecord())), const OwnerStateRecord*> by_key;
  for (const OwnerStateRecord& record : present) by_key[KeyOf(record)] = &record;
  std::vector<v1::BalancePoint> points;
  std::vector<GivenRecommendation> given;
  StateImport result;
  bool differs = false;
  for (const OwnerStateRecord& record : state.records()) {
    const auto found = by_key.find(KeyOf(record));
    if (found != by_key.end()) {
      differs = differs || !MessageDifferencer::Equals(*found->second, record);
      ++result.unchanged;
    } else if (record.has_balance_point()) {
      points.push_back(record.balance_point());
    } else {
      given.push_back(GivenOf(record.recommendation()));
    }
  }
  result.imported = static_cast<std::int64_t>(points.size() + given.size());
  const bool others = static_cast<std::int64_t>(present.size()) > result.unchanged;
  if (differs || (others && result.imported > 0)) {
    const auto days = std::count_if(present.begin(), present.end(),
                                    [](const OwnerStateRecord& record) { return record.has_balance_point(); });
    const auto steps = static_cast<std::int64_t>(present.size()) - days;
    return base::Error(
        absl::StatusCode::kFailedPrecondition, common::v1::ERROR_REASON_STATE_NOT_EMPTY,
        absl::StrCat("there are the balances of ", days, days == 1 ? " day" : " days", " and ", steps,
                     steps == 1 ? " recommendation" : " recommendations",
                     " here already, and others; a whole state is taken over only where there is nothing"));
  }
  if (dry_run || result.imported == 0) return result;
  using IfKept = RecommendationsStore::IfKept;
  COUNCIL_RETURN_IF_ERROR(store.PutPoints(owner, points, IfKept::kKeepOld));
  COUNCIL_RETURN_IF_ERROR(store.PutGiven(owner, given, IfKept::kKeepOld));
  return result;
}

}  // namespace council::recommendations
