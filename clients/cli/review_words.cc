#include "clients/cli/review_words.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "clients/cli/text.h"
#include "clients/cli/words.h"
#include "libs/base/proto_time.h"

namespace council::cli {
namespace {

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

std::string FormatCivil(const char* format, absl::CivilDay day) {
  return absl::FormatTime(format, absl::FromCivil(day, absl::UTCTimeZone()), absl::UTCTimeZone());
}

// "3 March", with the year where it is another one.
std::string DayIn(const GetReviewResponse& review, const Timestamp& time) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(review.time_zone(), &zone);
  const absl::CivilDay day = absl::ToCivilDay(base::FromProto(time), zone);
  return FormatCivil(day.year() == review.year() ? "%-d %B" : "%-d %B %Y", day);
}

std::string TimesText(int times) {
  return times == 1 ? "once" : times == 2 ? "twice" : absl::StrCat(times, " times");
}

// "30 minutes", "1.5 hours", "96 hours".
std::string HoursText(double hours) {
  if (hours < 1) return Count(std::lround(60 * hours), "minute");
  if (hours >= 10) return absl::StrFormat("%.0f hours", hours);
  const double rounded = std::round(10 * hours) / 10;
  return absl::StrFormat("%g %s", rounded, rounded == 1 ? "hour" : "hours");
}

std::vector<std::string> DescribeTalks(const GetReviewResponse& review, const NameOf& name_of) {
  if (review.talks() == 0) return {absl::StrCat("No talk is written down in ", review.year(), ".")};
  const std::string people =
      review.met_ids().empty() ? "" : absl::StrCat(" with ", Count(review.met_ids_size(), "person", "people"));
  std::vector<std::string> sentences = {
      absl::StrCat("You had ", Count(review.talks(), "talk"), people, ", about ", HoursText(review.hours()), ".")};
  const int newly_met = review.newly_met_ids_size();
  if (newly_met == 0) return sentences;
  if (newly_met == review.met_ids_size()) {
    sentences.push_back(
        absl::StrCat(newly_met == 1 ? "It" : "With each of them it", " was the first time in your ledger."));
  } else if (newly_met > kMostNames) {
    sentences.push_back(absl::StrCat("With ", newly_met, " of them it was the first time in your ledger."));
  } else {
    sentences.push_back(absl::StrCat("For the first time in your ledger you talked with ",
                                     JoinWords(SortedNames(review.newly_met_ids(), name_of)), "."));
  }
  return sentences;
}

std::vector<std::string> DescribeSeats(const GetReviewResponse& review, const NameOf& name_of) {
  std::vector<std::string> sentences;
  if (!review.joined_ids().empty()) {
    sentences.push_back(absl::StrCat("Joined: ", JoinWords(SortedNames(review.joined_ids(), name_of)), "."));
  }
  if (!review.left_ids().empty()) {
    sentences.push_back(absl::StrCat("Left: ", JoinWords(SortedNames(review.left_ids(), name_of)), "."));
  }
  if (sentences.empty()) sentences.emplace_back("Nobody joined and nobody left.");
  return sentences;
}

std::vector<std::string> DescribeFaded(const GetReviewResponse& review, const NameOf& name_of) {
  if (review.faded().empty()) return {"No tie that was alive when the year began has faded."};
  std::vector<std::pair<std::string, std::string>> people;
  for (const recommendations::v1::FadedTie& tie : review.faded()) {
    people.emplace_back(OneLine(name_of(tie.contact_id())), DayIn(review, tie.last_time()));
  }
  std::stable_sort(people.begin(), people.end(),
                   [](const auto& a, const auto& b) { return Fold(a.first) < Fold(b.first); });
  const std::string began = IsOver(review) ? absl::StrCat("By the end of ", review.year(), " you had not been")
                                           : std::string("You have not been");
  std::vector<std::string> sentences;
  for (const auto& [name, day] : people) {
    sentences.push_back(absl::StrCat(began, " in touch with ", name, " since ", day, "."));
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
    return {"Nothing given or received is written down; council log NAME --received advice writes it down."};
  }
  if (given == 0) return {absl::StrCat("Received ", TimesText(received), "; nothing given is written down.")};
  if (received == 0) return {absl::StrCat("Given ", TimesText(given), "; nothing received is written down.")};
  return {absl::StrCat("Given ", TimesText(given), ", received ", TimesText(received), ".")};
}

std::string DescribeIntroduction(const GetReviewResponse& review, const ReviewIntroduction& introduction,
                                 const NameOf& name_of) {
  const auto name = [&name_of](const std::string& id) { return id.empty() ? "someone" : OneLine(name_of(id)); };
  const std::string contact = name(introduction.contact_id());
  const std::string introduced = name(introduction.introduced_contact_id());
  const std::string day = DayIn(review, introduction.occur_time());
  const std::string talk_day = introduction.has_talk_time() ? DayIn(review, introduction.talk_time()) : "";
  if (introduction.direction() == ledger::v1::BENEFIT_DIRECTION_GIVEN) {
    const bool both = !introduction.contact_id().empty() && !introduction.introduced_contact_id().empty();
    return absl::StrCat("You introduced ", introduced, " to ", contact, " on ", day,
                        !talk_day.empty() ? absl::StrCat("; a talk with both was on ", talk_day)
                        : both            ? "; no talk with both is recorded since"
                                          : "",
                        ".");
  }
  return absl::StrCat(introduction.contact_id().empty() ? "Someone" : contact, " introduced you to ", introduced,
                      " on ", day,
                      !talk_day.empty() ? absl::StrCat("; your first talk with ", introduced, " was on ", talk_day)
                      : !introduction.introduced_contact_id().empty()
                          ? absl::StrCat("; no talk with ", introduced, " is recorded since")
                          : "",
                      ".");
}

std::vector<std::string> DescribeIntroductions(const GetReviewResponse& review, const NameOf& name_of) {
  if (review.introductions().empty()) return {"No introduction is written down."};
  int talks = 0;
  for (const ReviewIntroduction& one : review.introductions()) talks += one.has_talk_time() ? 1 : 0;
  const int all = review.introductions_size();
  std::string outcome = all == 1 ? "; it led to a talk." : absl::StrCat(", of which ", talks, " led to a talk.");
  if (talks == 0) {
    outcome = all == 1 ? "; no talk that came of it is recorded." : "; no talk that came of them is recorded.";
  }
  std::vector<std::string> sentences = {absl::StrCat(Count(all, "introduction"), outcome)};
  for (const ReviewIntroduction& one : review.introductions()) {
    sentences.push_back(DescribeIntroduction(review, one, name_of));
  }
  return sentences;
}

std::vector<std::string> DescribeBalances(const GetReviewResponse& review) {
  const std::vector<ReviewPoint> points = PointsOf(review);
  const auto has_balance = [](const ReviewPoint& point) { return point.balance != nullptr; };
  const auto first = std::find_if(points.begin(), points.end(), has_balance);
  if (first == points.end()) return {"Nobody had a seat at the end of any month: there is no balance to show."};
  const auto last = std::find_if(points.rbegin(), points.rend(), has_balance);
  const auto when = [&](const ReviewPoint& point) -> std::string {
    if (&point == &points.front()) return "when the year began";
    if (&point == &points.back() && !IsOver(review)) {
      return absl::StrCat("on ", FormatCivil("%-d %B", LastDayOf(review)));
    }
    return absl::StrCat("at the end of ", MonthName(static_cast<int>(&point - points.data()) - 1, /*whole=*/true));
  };
  const std::optional<double> before = ScoreOf(*first);
  const std::optional<double> after = ScoreOf(*last);
  if (!after.has_value()) {
    return {absl::StrCat("Less than half of what the score rests on was recorded ", when(*last),
                         ": how the council is lived can't be told yet.")};
  }
  std::vector<std::string> sentences;
  if (&*first == &*last) {
    sentences.push_back(absl::StrCat("The score was ", FigureText(after), " of 100 ", when(*last), "."));
  } else if (before.has_value()) {
    sentences.push_back(absl::StrCat("The score was ", FigureText(before), " of 100 ", when(*first), " and ",
                                     FigureText(after), " ", when(*last), "."));
  } else {
    sentences.push_back(absl::StrCat("The score was ", FigureText(after), " of 100 ", when(*last), "; ", when(*first),
                                     " less than half of it was recorded."));
  }
  if (first->balance->model_version() != last->balance->model_version()) {
    sentences.emplace_back("It is computed in another way since: the two figures can't be compared to the point.");
  }
  return sentences;
}

std::vector<std::string> DescribeAdvice(const GetReviewResponse& review) {
  int given = 0;
  int followed = 0;
  for (const recommendations::v1::HindsightKind& kind : review.advice()) {
    given += kind.given();
    followed += kind.followed();
  }
  if (given == 0) return {absl::StrCat("No step was advised in ", review.year(), "; council advice names some.")};
  return {absl::StrCat("Of ", Count(given, "step"), " that Council advised you followed ", followed, ".")};
}

}  // namespace

ReviewWords DescribeReview(const GetReviewResponse& review, const NameOf& name_of) {
  const std::string up_to = IsOver(review) ? "" : absl::StrCat(", up to ", FormatCivil("%-d %B", LastDayOf(review)));
  return {.title = absl::StrCat("Your council in ", review.year(), up_to),
          .talks = DescribeTalks(review, name_of),
          .seats = DescribeSeats(review, name_of),
          .faded = DescribeFaded(review, name_of),
          .benefits = DescribeBenefits(review),
          .introductions = DescribeIntroductions(review, name_of),
          .balance = DescribeBalances(review),
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
  return absl::StrCat("Nothing is written down for ", review.year(),
                      ". council log NAME writes down a talk, council import brings those of your calendar.");
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
  return FormatCivil(whole ? "%B" : "%b", absl::CivilDay(2000, index + 1));
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

std::vector<std::vector<std::string>> AdviceRows(const GetReviewResponse& review, bool discreet) {
  std::vector<std::vector<std::string>> rows;
  for (const recommendations::v1::HindsightKind& kind : review.advice()) {
    // That somebody is tiring is not for others to see.
    if (discreet && kind.answers().kind() == recommendations::v1::RECOMMENDATION_KIND_REST) continue;
    std::vector<std::string>& row = rows.emplace_back();
    row = {Word(kind.answers().kind()), absl::StrCat(kind.given()), absl::StrCat(kind.followed())};
    if (discreet) continue;
    const bool measured = kind.measured() > 0;
    row.push_back(measured ? GainText(kind.mean_expected_gain()) : "");
    row.push_back(measured ? SignedPoints(kind.mean_actual_gain()) : "");
    row.push_back(kind.measured_not_followed() > 0 ? SignedPoints(kind.mean_gain_not_followed()) : "");
  }
  return rows;
}

}  // namespace council::cli
