#include "clients/cli/review_words.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "clients/cli/advice_table.h"
#include "clients/cli/dates.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/proto_time.h"
#include "libs/words/language.h"

namespace council::cli {
namespace {

using words::As;
using words::Language;
using words::Say;

using google::protobuf::Timestamp;
using recommendations::v1::GetReviewResponse;
using recommendations::v1::ReviewIntroduction;

constexpr double kRecorded = 0.5;
constexpr size_t kStructureComponents = 3;

absl::CivilDay LastDayOf(const GetReviewResponse& review) {
  absl::CivilDay day(review.year(), 12, 31);
  absl::ParseCivilTime(review.last_day(), &day);
  return day;
}

bool IsOver(const GetReviewResponse& review) {
  return LastDayOf(review) == absl::CivilDay(review.year(), 12, 31);
}

// A year is no number of anything: it is written without commas.
std::string YearOf(const GetReviewResponse& review) {
  return absl::StrCat(review.year());
}

// "3 March", with the year where it is another one.
std::string DayIn(const GetReviewResponse& review, const Timestamp& time, const Language& language) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(review.time_zone(), &zone);
  const absl::CivilDay day = absl::ToCivilDay(base::FromProto(time), zone);
  return day.year() == review.year() ? language.Say<"day.of_month">(As<"day">(day))
                                     : language.Say<"day.date">(As<"day">(day));
}

// "30 minutes", "1.5 hours", "96 hours".
std::string HoursText(double hours, const Language& language) {
  if (hours < 1) return Say<"review.minutes">(As<"minutes">(std::lround(60 * hours)));
  const double tenths = hours >= 10 ? 1 : 10;
  return language.Say<"review.hours">(As<"hours">(std::round(tenths * hours) / tenths));
}

std::vector<std::string> DescribeTalks(const GetReviewResponse& review, const NameOf& name_of,
                                       const Language& language) {
  if (review.talks() == 0) return {Say<"review.talks.none">(As<"year">(YearOf(review)))};
  std::vector<std::string> sentences = {language.Say<"review.talks">(As<"talks">(review.talks()),
                                                                     As<"people">(review.met_ids_size()),
                                                                     As<"time">(HoursText(review.hours(), language)))};
  const int newly_met = review.newly_met_ids_size();
  if (newly_met == 0) return sentences;
  if (newly_met == review.met_ids_size()) {
    sentences.push_back(Say<"review.first.all">(As<"people">(newly_met)));
  } else if (newly_met > kMostNames) {
    sentences.push_back(Say<"review.first.many">(As<"people">(newly_met)));
  } else {
    sentences.push_back(language.Say<"review.first">(As<"names">(SortedNames(review.newly_met_ids(), name_of))));
  }
  return sentences;
}

std::vector<std::string> DescribeSeats(const GetReviewResponse& review, const NameOf& name_of,
                                       const Language& language) {
  std::vector<std::string> sentences;
  if (!review.joined_ids().empty()) {
    sentences.push_back(language.Say<"review.joined">(As<"names">(SortedNames(review.joined_ids(), name_of))));
  }
  if (!review.left_ids().empty()) {
    sentences.push_back(language.Say<"review.left">(As<"names">(SortedNames(review.left_ids(), name_of))));
  }
  if (sentences.empty()) sentences.push_back(Say<"review.seats.none">());
  return sentences;
}

std::vector<std::string> DescribeFaded(const GetReviewResponse& review, const NameOf& name_of,
                                       const Language& language) {
  if (review.faded().empty()) return {Say<"review.faded.none">()};
  std::vector<std::pair<std::string, std::string>> people;
  for (const recommendations::v1::FadedTie& tie : review.faded()) {
    people.emplace_back(OneLine(name_of(tie.contact_id())), DayIn(review, tie.last_time(), language));
  }
  std::stable_sort(people.begin(), people.end(),
                   [](const auto& a, const auto& b) { return Fold(a.first) < Fold(b.first); });
  std::vector<std::string> sentences;
  for (const auto& [name, day] : people) {
    sentences.push_back(
        Say<"review.faded">(As<"over">(IsOver(review)), As<"year">(YearOf(review)), As<"name">(name), As<"day">(day)));
  }
  return sentences;
}

std::vector<std::string> DescribeBenefits(const GetReviewResponse& review) {
  int given = 0;
  int received = 0;
  for (const BenefitCounts& counts : CountBenefits(review)) {
    given += counts.given;
    received += counts.received;
  }
  if (given == 0 && received == 0) {
    return {Say<"review.benefits.none">()};
  }
  if (given == 0) return {Say<"review.benefits.received">(As<"received">(TimesText(received)))};
  if (received == 0) return {Say<"review.benefits.given">(As<"given">(TimesText(given)))};
  return {Say<"review.benefits">(As<"given">(TimesText(given)), As<"received">(TimesText(received)))};
}

std::string DescribeIntroduction(const GetReviewResponse& review, const ReviewIntroduction& introduction,
                                 const NameOf& name_of, const Language& language) {
  const auto name = [&name_of](const std::string& id) { return id.empty() ? "" : OneLine(name_of(id)); };
  const std::string contact = name(introduction.contact_id());
  const std::string introduced = name(introduction.introduced_contact_id());
  const std::string day = DayIn(review, introduction.occur_time(), language);
  const std::string talk_day = introduction.has_talk_time() ? DayIn(review, introduction.talk_time(), language) : "";
  if (introduction.direction() == ledger::v1::BENEFIT_DIRECTION_GIVEN) {
    const bool both = !introduction.contact_id().empty() && !introduction.introduced_contact_id().empty();
    return Say<"review.introduced.by_me">(As<"introduced">(introduced), As<"name">(contact), As<"day">(day),
                                          As<"outcome">(!talk_day.empty() ? "talk"
                                                        : both            ? "none"
                                                                          : "unknown"),
                                          As<"talk_day">(talk_day));
  }
  const bool known = !introduction.introduced_contact_id().empty();
  return Say<"review.introduced.to_me">(As<"introduced">(introduced), As<"name">(contact), As<"day">(day),
                                        As<"outcome">(!talk_day.empty() ? "talk"
                                                      : known           ? "none"
                                                                        : "unknown"),
                                        As<"talk_day">(talk_day));
}

std::vector<std::string> DescribeIntroductions(const GetReviewResponse& review, const NameOf& name_of,
                                               const Language& language) {
  if (review.introductions().empty()) return {Say<"review.introductions.none">()};
  int talks = 0;
  for (const ReviewIntroduction& one : review.introductions()) talks += one.has_talk_time() ? 1 : 0;
  const int all = review.introductions_size();
  std::vector<std::string> sentences = {Say<"review.introductions">(As<"count">(all), As<"talks">(talks))};
  for (const ReviewIntroduction& one : review.introductions()) {
    sentences.push_back(DescribeIntroduction(review, one, name_of, language));
  }
  return sentences;
}

std::vector<std::string> DescribeBalances(const GetReviewResponse& review, const Language& language) {
  const std::vector<ReviewPoint> points = PointsOf(review);
  const auto has_balance = [](const ReviewPoint& point) { return point.balance != nullptr; };
  const auto first = std::find_if(points.begin(), points.end(), has_balance);
  if (first == points.end()) return {Say<"review.balance.none">()};
  const auto last = std::find_if(points.rbegin(), points.rend(), has_balance);
  const auto when = [&](const ReviewPoint& point) -> std::string {
    if (&point == &points.front()) return Say<"review.when.start">();
    if (&point == &points.back() && !IsOver(review)) {
      return language.Say<"review.when.day">(As<"day">(LastDayOf(review)));
    }
    return language.Say<"review.when.month">(
        As<"month">(absl::CivilDay(review.year(), static_cast<int>(&point - points.data()), 1)));
  };
  const std::optional<double> before = ScoreOf(*first);
  const std::optional<double> after = ScoreOf(*last);
  if (!after.has_value()) {
    return {Say<"review.balance.unrecorded">(As<"when">(when(*last)))};
  }
  std::vector<std::string> sentences;
  if (&*first == &*last) {
    sentences.push_back(Say<"review.balance.once">(As<"score">(FigureText(after)), As<"when">(when(*last))));
  } else if (before.has_value()) {
    sentences.push_back(Say<"review.balance.twice">(As<"before">(FigureText(before)), As<"first">(when(*first)),
                                                    As<"after">(FigureText(after)), As<"last">(when(*last))));
  } else {
    sentences.push_back(Say<"review.balance.later">(As<"after">(FigureText(after)), As<"last">(when(*last)),
                                                    As<"first">(when(*first))));
  }
  if (first->balance->model_version() != last->balance->model_version()) {
    sentences.push_back(Say<"review.balance.model">());
  }
  return sentences;
}

std::vector<std::string> DescribeAdvice(const GetReviewResponse& review) {
  const std::string followed = FollowedText(review.advice());
  if (followed.empty()) return {Say<"review.advice.none">(As<"year">(YearOf(review)))};
  return {followed};
}

}  // namespace

ReviewWords DescribeReview(const GetReviewResponse& review, const NameOf& name_of, const words::Language& language) {
  return {.title = language.Say<"review.title">(As<"year">(YearOf(review)), As<"over">(IsOver(review)),
                                                As<"day">(LastDayOf(review))),
          .talks = DescribeTalks(review, name_of, language),
          .seats = DescribeSeats(review, name_of, language),
          .faded = DescribeFaded(review, name_of, language),
          .benefits = DescribeBenefits(review),
          .introductions = DescribeIntroductions(review, name_of, language),
          .balance = DescribeBalances(review, language),
          .advice = DescribeAdvice(review)};
}

std::optional<std::string> DescribeEmptyReview(const GetReviewResponse& review) {
  const std::vector<ReviewPoint> points = PointsOf(review);
  const bool seats =
      std::any_of(points.begin(), points.end(), [](const auto& point) { return point.balance != nullptr; });
  if (seats || review.talks() > 0 || !review.joined_ids().empty() || !review.left_ids().empty() ||
      !review.faded().empty() || !review.benefits().empty() || !review.introductions().empty() ||
      !review.advice().empty()) {
    return std::nullopt;
  }
  return Say<"review.nothing">(As<"year">(YearOf(review)));
}

std::vector<std::string> SortedNames(const google::protobuf::RepeatedPtrField<std::string>& ids,
                                     const NameOf& name_of) {
  std::vector<std::string> names;
  for (const std::string& id : ids) names.push_back(OneLine(name_of(id)));
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) { return std::pair(Fold(a), a) < std::pair(Fold(b), b); });
  return names;
}

std::string MonthName(int index, bool whole) {
  return absl::FormatTime(whole ? "%B" : "%b", absl::FromCivil(absl::CivilDay(2000, index + 1), absl::UTCTimeZone()),
                          absl::UTCTimeZone());
}

std::vector<ReviewPoint> PointsOf(const GetReviewResponse& review) {
  std::vector<ReviewPoint> points = {
      {.label = "start", .balance = review.has_balance_before() ? &review.balance_before() : nullptr}};
  for (int i = 0; i < review.months_size(); ++i) {
    const recommendations::v1::ReviewMonth& month = review.months(i);
    points.push_back({.label = MonthName(i), .balance = month.has_balance() ? &month.balance() : nullptr});
  }
  return points;
}

std::optional<double> ScoreOf(const ReviewPoint& point) {
  if (point.balance == nullptr || !(point.balance->confidence() >= kRecorded)) return std::nullopt;
  return point.balance->score();
}

std::optional<double> ComponentOf(const ReviewPoint& point, size_t index) {
  if (point.balance == nullptr || index >= static_cast<size_t>(point.balance->component_values_size())) {
    return std::nullopt;
  }
  if (index >= kStructureComponents && !ScoreOf(point).has_value()) return std::nullopt;
  return 100 * point.balance->component_values(static_cast<int>(index));
}

std::string FigureText(const std::optional<double>& value) {
  return value.has_value() ? absl::StrFormat("%.0f", *value) : "–";
}

std::vector<BenefitCounts> CountBenefits(const GetReviewResponse& review) {
  std::map<ledger::v1::BenefitKind, BenefitCounts> by_kind;
  for (const recommendations::v1::BenefitTimes& times : review.benefits()) {
    BenefitCounts& counts = by_kind[times.kind()];
    (times.direction() == ledger::v1::BENEFIT_DIRECTION_GIVEN ? counts.given : counts.received) += times.times();
  }
  std::vector<BenefitCounts> all;
  for (auto& [kind, counts] : by_kind) {
    counts.kind = Word(kind);
    all.push_back(std::move(counts));
  }
  return all;
}

}  // namespace council::cli
