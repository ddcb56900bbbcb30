#include "libs/ties/tie_summary.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "libs/base/proto_time.h"
#include "rapidcheck/gtest.h"

namespace council::ties {
namespace {

using common::v1::LIFE_DOMAIN_CAREER;
using common::v1::LIFE_DOMAIN_MENTAL;
using common::v1::LIFE_DOMAIN_UNSPECIFIED;

constexpr absl::Duration kDay = absl::Hours(24);
const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
const std::string kAnn = "ann";
const std::string kBob = "bob";

v1::Interaction Entry(absl::Duration age, std::vector<std::string> contacts) {
  v1::Interaction entry;
  *entry.mutable_occur_time() = base::ToProto(kNow - age);
  for (std::string& id : contacts) entry.add_contact_ids(std::move(id));
  return entry;
}

v1::Benefit& AddBenefit(v1::Interaction& entry, v1::BenefitDirection direction, v1::BenefitKind kind, int weight,
                        const std::string& contact = "") {
  v1::Benefit& benefit = *entry.add_benefits();
  benefit.set_direction(direction);
  benefit.set_kind(kind);
  benefit.set_weight(weight);
  benefit.set_contact_id(contact);
  return benefit;
}

v1::Tie Build(const std::vector<v1::Interaction>& entries) {
  return BuildTie(kAnn, {&kAnn, 1}, entries, kNow);
}

v1::Tie FoldAll(const std::vector<v1::Interaction>& entries) {
  v1::Tie tie;
  tie.set_contact_id(kAnn);
  for (const v1::Interaction& entry : entries) {
    FoldEntry(entry, {&kAnn, 1}, tie);
    if (std::count(entry.contact_ids().begin(), entry.contact_ids().end(), kAnn) > 0) FoldDay(DayOf(entry), tie);
  }
  return tie;
}

// Equal but for rounding: 1e-9 of the size of each figure.
bool SameFigures(const v1::Tie& a, const v1::Tie& b) {
  google::protobuf::util::DefaultFieldComparator comparator;
  comparator.set_float_comparison(google::protobuf::util::DefaultFieldComparator::APPROXIMATE);
  comparator.SetDefaultFractionAndMargin(1e-9, 1e-12);
  google::protobuf::util::MessageDifferencer differencer;
  differencer.set_field_comparator(&comparator);
  return differencer.Compare(a, b);
}

std::string Serialized(const v1::Tie& tie) {
  return tie.SerializeAsString();
}

TEST(TieSummaryTest, EntryWeighsHalfAfterItsHalfLife) {
  v1::Interaction counsel = Entry(90 * kDay, {kAnn});
  counsel.set_depth(v1::INTERACTION_DEPTH_COUNSEL);
  AddBenefit(counsel, v1::BENEFIT_DIRECTION_GIVEN, v1::BENEFIT_KIND_ADVICE, 4);
  v1::Tie tie = Build({counsel});
  DecayTie(kNow, tie);
  EXPECT_NEAR(tie.counsels(), 0.5, 1e-12);
  EXPECT_NEAR(tie.benefits(0).given(), 4 * std::exp2(-90.0 / 365.0), 1e-12);
  DecayTie(kNow + 275 * kDay, tie);
  EXPECT_NEAR(tie.benefits(0).given(), 2.0, 1e-12);
}

TEST(TieSummaryTest, DecayToAnEarlierMomentChangesNothing) {
  v1::Interaction entry = Entry(kDay, {kAnn});
  entry.set_energy(2);
  v1::Tie tie = Build({entry});
  const std::string before = Serialized(tie);
  DecayTie(kNow - 2 * kDay, tie);
  EXPECT_EQ(Serialized(tie), before);
}

TEST(TieSummaryTest, TieWithoutEntriesStaysEmpty) {
  v1::Tie tie = Build({Entry(kDay, {kBob})});
  DecayTie(kNow + kDay, tie);
  v1::Tie empty;
  empty.set_contact_id(kAnn);
  EXPECT_EQ(Serialized(tie), Serialized(empty));
}

TEST(TieSummaryTest, DrainWeighsDoubleAndZeroIsRecorded) {
  v1::Interaction up = Entry(absl::ZeroDuration(), {kAnn});
  up.set_energy(2);
  v1::Interaction down = up;
  down.set_energy(-2);
  v1::Interaction neutral = up;
  neutral.set_energy(0);
  v1::Interaction unsaid = Entry(absl::ZeroDuration(), {kAnn});
  const v1::Tie tie = Build({up, down, neutral, unsaid});
  EXPECT_EQ(tie.energizing(), 1.0);
  EXPECT_EQ(tie.draining(), 2.0);
  EXPECT_EQ(tie.energy_entries(), 3);
  EXPECT_EQ(tie.energy_sum(), 0);
  EXPECT_EQ(tie.energy_coverage(), 3.0);
  EXPECT_EQ(tie.any_coverage(), 4.0);
}

TEST(TieSummaryTest, TimeIsPartedAmongContactsAndDomains) {
  v1::Interaction entry = Entry(absl::ZeroDuration(), {kAnn, kBob});
  entry.mutable_duration()->set_seconds(2 * 3600);
  entry.add_domains(LIFE_DOMAIN_MENTAL);
  entry.add_domains(LIFE_DOMAIN_CAREER);
  const v1::Tie tie = Build({entry});
  ASSERT_EQ(tie.hours_size(), 2);
  EXPECT_EQ(tie.hours(0).domain(), LIFE_DOMAIN_CAREER);
  EXPECT_EQ(tie.hours(0).hours(), 0.5);
  EXPECT_EQ(tie.hours(1).domain(), LIFE_DOMAIN_MENTAL);
  EXPECT_EQ(tie.hours(1).hours(), 0.5);
  EXPECT_EQ(tie.domain_coverage(), 1.0);
}

TEST(TieSummaryTest, TimeWithoutDomainsWaitsForThoseOfTheSeat) {
  const v1::Tie tie = Build({Entry(absl::ZeroDuration(), {kAnn})});
  ASSERT_EQ(tie.hours_size(), 1);
  EXPECT_EQ(tie.hours(0).domain(), LIFE_DOMAIN_UNSPECIFIED);
  EXPECT_EQ(tie.hours(0).hours(), 0.5);
  EXPECT_EQ(tie.no_domain_coverage(), 1.0);
  EXPECT_EQ(tie.domain_coverage(), 0.0);
}

TEST(TieSummaryTest, TimeIsAtMostFourHoursAndFiveMinutesForAMessage) {
  v1::Interaction entry = Entry(kDay, {kAnn});
  EXPECT_EQ(HoursSpent(entry), 0.5);
  entry.set_channel(v1::CHANNEL_EMAIL);
  EXPECT_DOUBLE_EQ(HoursSpent(entry), 5.0 / 60);
  entry.mutable_duration()->set_seconds(31 * 86400);
  EXPECT_EQ(HoursSpent(entry), 4.0);
  entry.mutable_duration()->set_seconds(0);
  EXPECT_EQ(HoursSpent(entry), 0.0);
  entry.mutable_duration()->set_seconds(3600);
  entry.set_depth(v1::INTERACTION_DEPTH_EXCHANGE);
  EXPECT_EQ(HoursSpent(entry), 0.0);
}

TEST(TieSummaryTest, ExchangeIsNoTouchAndBringsNoTime) {
  v1::Interaction talk = Entry(10 * kDay, {kAnn});
  v1::Interaction card = Entry(kDay, {kAnn});
  card.set_depth(v1::INTERACTION_DEPTH_EXCHANGE);
  const v1::Tie tie = Build({talk, card});
  EXPECT_EQ(base::FromProto(tie.last_touch_time()), kNow - 10 * kDay);
  EXPECT_EQ(base::FromProto(tie.last_time()), kNow - kDay);
  EXPECT_EQ(base::FromProto(tie.reference_time()), kNow - kDay);
  EXPECT_EQ(tie.touches(), 1);
  EXPECT_EQ(tie.timed_entries(), 1);
}

TEST(TieSummaryTest, BenefitGoesToWhomItNamesElseInEqualParts) {
  v1::Interaction entry = Entry(absl::ZeroDuration(), {kAnn, kBob});
  AddBenefit(entry, v1::BENEFIT_DIRECTION_RECEIVED, v1::BENEFIT_KIND_INTRODUCTION, 3);
  AddBenefit(entry, v1::BENEFIT_DIRECTION_GIVEN, v1::BENEFIT_KIND_ADVICE, 0, kAnn);
  AddBenefit(entry, v1::BENEFIT_DIRECTION_GIVEN, v1::BENEFIT_KIND_SUPPORT, 5, kBob);
  const v1::Tie tie = Build({entry});
  ASSERT_EQ(tie.benefits_size(), 2);
  EXPECT_EQ(tie.benefits(0).kind(), v1::BENEFIT_KIND_ADVICE);
  EXPECT_EQ(tie.benefits(0).given(), 1.0);
  EXPECT_EQ(tie.benefits(1).received(), 1.5);
  EXPECT_EQ(tie.introductions(), 0.5);
  EXPECT_EQ(tie.benefit_entries(), 1);
  EXPECT_EQ(tie.benefit_coverage(), 1.0);
}

TEST(TieSummaryTest, EntryThatNamesTwoIdsOfOnePersonCountsOnce) {
  v1::Interaction entry = Entry(absl::ZeroDuration(), {kAnn, kBob, "cleo"});
  entry.set_depth(v1::INTERACTION_DEPTH_COUNSEL);
  AddBenefit(entry, v1::BENEFIT_DIRECTION_GIVEN, v1::BENEFIT_KIND_ADVICE, 3);
  const std::vector<std::string> ids = {kAnn, kBob};
  const v1::Tie tie = BuildTie(kAnn, ids, {&entry, 1}, kNow);
  EXPECT_EQ(tie.entries(), 1);
  EXPECT_EQ(tie.counsels(), 1.0);
  EXPECT_DOUBLE_EQ(tie.benefits(0).given(), 2.0);
}

TEST(TieSummaryTest, EntriesThatDoNotStandAreLeftOut) {
  v1::Interaction corrected = Entry(3 * kDay, {kAnn});
  corrected.set_sequence(1);
  corrected.set_corrected_by(2);
  v1::Interaction correction = Entry(2 * kDay, {kAnn});
  correction.set_sequence(2);
  correction.set_kind(v1::INTERACTION_KIND_CORRECTION);
  v1::Interaction retraction = Entry(kDay, {kAnn});
  retraction.set_sequence(3);
  retraction.set_kind(v1::INTERACTION_KIND_RETRACTION);
  v1::Interaction later = Entry(-kDay, {kAnn});
  later.set_sequence(4);
  const v1::Tie tie = Build({corrected, correction, retraction, later, correction});
  EXPECT_EQ(tie.entries(), 1);
  EXPECT_EQ(base::FromProto(tie.first_time()), kNow - 2 * kDay);
}

TEST(TieSummaryTest, DaysAreCountedInUtcAndInOrder) {
  const std::vector<v1::Interaction> entries = {Entry(kDay, {kAnn, kBob}), Entry(40 * kDay, {kAnn}),
                                                Entry(kDay, {kAnn})};
  const v1::Tie tie = FoldAll(entries);
  ASSERT_EQ(tie.days_size(), 2);
  EXPECT_EQ(tie.days(0).day(), 1'800'000'000 / 86400 - 40);
  EXPECT_EQ(tie.days(1).entries(), 2);
  EXPECT_EQ(tie.days(1).parted_entries(), 1.5);
}

TEST(TieSummaryTest, DayBeforeTheEpochIsNegative) {
  v1::Interaction entry;
  entry.add_contact_ids(kAnn);
  entry.mutable_occur_time()->set_seconds(-1);
  EXPECT_EQ(DayOf(entry).day(), -1);
}

TEST(TieSummaryTest, EntriesCenturiesApartDoNotDisturb) {
  v1::Interaction old = Entry(365 * 1900 * kDay, {kAnn});
  old.set_energy(2);
  v1::Interaction now = Entry(absl::ZeroDuration(), {kAnn});
  now.set_energy(1);
  const v1::Tie forth = FoldAll({old, now});
  const v1::Tie back = FoldAll({now, old});
  EXPECT_EQ(forth.energizing(), 0.5);
  EXPECT_EQ(back.energizing(), 0.5);
}

rc::Gen<v1::Interaction> AnyEntry() {
  return rc::gen::exec([] {
    std::vector<std::string> contacts;
    if (*rc::gen::arbitrary<bool>()) contacts.push_back(kAnn);
    if (contacts.empty() || *rc::gen::arbitrary<bool>()) contacts.push_back(kBob);
    v1::Interaction entry = Entry(absl::Seconds(*rc::gen::inRange<int64_t>(0, 5LL * 365 * 86400)), contacts);
    entry.set_depth(static_cast<v1::InteractionDepth>(*rc::gen::inRange(0, 5)));
    entry.set_channel(static_cast<v1::Channel>(*rc::gen::inRange(0, 7)));
    const int energy = *rc::gen::inRange(-2, 4);
    if (energy <= 2) entry.set_energy(energy);
    if (*rc::gen::arbitrary<bool>()) entry.mutable_duration()->set_seconds(*rc::gen::inRange(0, 20000));
    for (int domain = 1; domain <= 5; ++domain) {
      if (*rc::gen::inRange(0, 3) == 0) entry.add_domains(static_cast<common::v1::LifeDomain>(domain));
    }
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
      AddBenefit(entry, static_cast<v1::BenefitDirection>(*rc::gen::inRange(1, 3)),
                 static_cast<v1::BenefitKind>(*rc::gen::inRange(1, 8)), *rc::gen::inRange(0, 6),
                 *rc::gen::arbitrary<bool>() ? contacts.front() : "");
    }
    return entry;
  });
}

std::vector<v1::Interaction> AnyEntries() {
  auto entries = *rc::gen::container<std::vector<v1::Interaction>>(AnyEntry());
  int64_t sequence = 0;
  for (v1::Interaction& entry : entries) entry.set_sequence(++sequence);
  return entries;
}

RC_GTEST_PROP(TieSummaryProperty, LateEntriesGiveTheFiguresOfARebuild, ()) {
  const std::vector<v1::Interaction> entries = AnyEntries();
  RC_ASSERT(SameFigures(FoldAll(entries), Build(entries)));
}

RC_GTEST_PROP(TieSummaryProperty, RebuildGivesTheSameBytesInAnyOrder, ()) {
  std::vector<v1::Interaction> entries = AnyEntries();
  const std::string first = Serialized(Build(entries));
  std::reverse(entries.begin(), entries.end());
  RC_ASSERT(Serialized(Build(entries)) == first);
  std::rotate(entries.begin(), entries.begin() + static_cast<int64_t>(entries.size() / 2), entries.end());
  RC_ASSERT(Serialized(Build(entries)) == first);
}

RC_GTEST_PROP(TieSummaryProperty, DecayInTwoStepsIsDecayInOne, (uint32_t first, uint32_t second)) {
  v1::Tie once = Build(AnyEntries());
  v1::Tie twice = once;
  DecayTie(kNow + absl::Seconds(first), twice);
  DecayTie(kNow + absl::Seconds(first) + absl::Seconds(second), twice);
  DecayTie(kNow + absl::Seconds(first) + absl::Seconds(second), once);
  RC_ASSERT(SameFigures(once, twice));
}

RC_GTEST_PROP(TieSummaryProperty, PartsOfOneEntryAddUpToTheWhole, ()) {
  v1::Interaction entry = *AnyEntry();
  entry.clear_contact_ids();
  entry.add_contact_ids(kAnn);
  entry.add_contact_ids(kBob);
  for (v1::Benefit& benefit : *entry.mutable_benefits()) benefit.clear_contact_id();
  double hours = 0;
  double worth = 0;
  for (const std::string& id : {kAnn, kBob}) {
    v1::Tie tie;
    FoldEntry(entry, {&id, 1}, tie);
    for (const v1::TieHours& h : tie.hours()) hours += h.hours();
    for (const v1::TieBenefit& b : tie.benefits()) worth += b.given() + b.received();
  }
  double expected_worth = 0;
  for (const v1::Benefit& benefit : entry.benefits()) expected_worth += std::max(benefit.weight(), 1);
  RC_ASSERT(std::abs(hours - HoursSpent(entry)) < 1e-12);
  RC_ASSERT(std::abs(worth - expected_worth) < 1e-12);
}

}  // namespace
}  // namespace council::ties
