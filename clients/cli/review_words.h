#ifndef COUNCIL_CLIENTS_CLI_REVIEW_WORDS_H_
#define COUNCIL_CLIENTS_CLI_REVIEW_WORDS_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "clients/cli/steps.h"
#include "council/recommendations/v1/recommendations_service.pb.h"
#include "libs/words/language.h"

// A year's review in words and figures, as its text and its page share them.
namespace council::cli {

// In the order of BalancePoint.component_values.
inline constexpr std::array<const char*, 9> kComponentNames = {
    "size", "roles", "diversity", "energy", "reciprocity", "depth", "vitality", "engagement", "reach"};

// More names than that are hardly read on a terminal or in a sentence.
inline constexpr int kMostNames = 40;

// Sentences about each side of the year, one at least. Names are on one line each, and people in the order of their
// names.
struct ReviewWords {
  // "Your council in 2025", "Your council in 2026, up to 26 November".
  std::string title;
  std::vector<std::string> talks;
  std::vector<std::string> seats;
  std::vector<std::string> faded;
  std::vector<std::string> benefits;
  std::vector<std::string> introductions;
  // Scores.
  std::vector<std::string> balance;
  std::vector<std::string> advice;
};
ReviewWords DescribeReview(const recommendations::v1::GetReviewResponse& review, const NameOf& name_of,
                           const words::Language& language);

// What a year says of which there is nothing to say; nothing where there is something.
std::optional<std::string> DescribeEmptyReview(const recommendations::v1::GetReviewResponse& review);

// Names of contacts, on one line each, in the order of names.
std::vector<std::string> SortedNames(const google::protobuf::RepeatedPtrField<std::string>& ids, const NameOf& name_of);

// "Jan" for the month at `index`; "January" where `whole`.
std::string MonthName(int index, bool whole = false);

// The balances that a review shows, in order, the one from before the year first. `balance` is null where nobody had a
// seat.
struct ReviewPoint {
  // "start", "Jan" …
  std::string label;
  const recommendations::v1::BalancePoint* balance = nullptr;
};
std::vector<ReviewPoint> PointsOf(const recommendations::v1::GetReviewResponse& review);

// The score in points of 100; nothing where nobody had a seat, or less than half of what it rests on was recorded.
std::optional<double> ScoreOf(const ReviewPoint& point);
// The component at `index` of kComponentNames likewise. Size, roles and diversity are known from the seats alone.
std::optional<double> ComponentOf(const ReviewPoint& point, size_t index);

// "62"; "–" for nothing.
std::string FigureText(const std::optional<double>& value);

// How often each kind of use was given and received, in the order of the enum; only kinds that passed.
struct BenefitCounts {
  std::string kind;
  int given = 0;
  int received = 0;
};
std::vector<BenefitCounts> CountBenefits(const recommendations::v1::GetReviewResponse& review);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_REVIEW_WORDS_H_
