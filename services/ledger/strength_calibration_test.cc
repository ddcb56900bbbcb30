#include "services/ledger/strength_calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/ledger/ledger_store_under_test.h"
#include "services/ledger/strength_models.h"

namespace council::ledger {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using Result = TenantCalibration::Result;

constexpr absl::Duration kDay = absl::Hours(24);

class StrengthCalibrationTest : public LedgerStoreTest {
 protected:
  static base::Owner Person(const std::string& tenant, int number) { return {tenant, absl::StrCat("person-", number)}; }

  // Somebody at a company where people meet for a week, and then hardly ever again: of those whom each one met, a new
  // one every ten days, one in ten stays.
  void AddPerson(const base::Owner& owner) {
    std::vector<NewEntry> entries;
    for (int contact = 1; contact <= 60; ++contact) {
      const std::string id = absl::StrFormat("0190a000-0000-7000-8000-%012d", contact);
      const std::size_t chance = std::hash<std::string>()(owner.subject + id);
      const int first = contact * 10;
      for (int day = first; day > first - 6; day -= 2) entries.push_back(Talk(id, "", kNoon - day * kDay));
      if (chance % 10 != 0) continue;
      for (int day = first - 40; day > 0; day -= 40) entries.push_back(Talk(id, "", kNoon - day * kDay));
    }
    for (std::size_t begin = 0; begin < entries.size(); begin += 100) {
      const std::size_t end = std::min(entries.size(), begin + 100);
      ASSERT_TRUE(ledger_
                      ->AppendAndWait(owner, {entries.begin() + static_cast<std::ptrdiff_t>(begin),
                                              entries.begin() + static_cast<std::ptrdiff_t>(end)})
                      .ok());
    }
  }

  std::vector<TenantCalibration> Calibrate(absl::Time now) {
    std::vector<TenantCalibration> found;
    const absl::Status status = CalibrateTenants(store_->database(), store_->sealer(), now, random_,
                                                 [&found](const TenantCalibration& one) { found.push_back(one); });
    EXPECT_TRUE(status.ok()) << status;
    return found;
  }

  // More than a date.
  bool IsStored(const std::string& tenant) {
    const auto stored =
        ReadTenantStrength(store_->database(), store_->sealer().TenantHash(tenant), absl::InfiniteFuture());
    EXPECT_TRUE(stored.ok()) << stored.status();
    return stored->has_value() && (*stored)->model.ByteSizeLong() > 0;
  }
};

TEST_P(StrengthCalibrationTest, ATenantGetsCoefficientsOfItsOwnAndOneOfFewPeopleLeavesNothing) {
  EXPECT_THAT(Calibrate(kNoon), IsEmpty());
  for (int i = 0; i < ties::kLeastPeople; ++i) AddPerson(Person("acme", i));
  for (int i = 0; i < ties::kLeastPeople - 1; ++i) AddPerson(Person("small", i));
  const std::vector<TenantCalibration> found = Calibrate(kNoon);
  ASSERT_THAT(found, SizeIs(2));
  for (const TenantCalibration& one : found) {
    const bool acme = one.tenant == store_->sealer().TenantHash("acme");
    EXPECT_EQ(one.result, acme ? Result::kOwn : Result::kTooFew);
    EXPECT_EQ(one.owners, acme ? ties::kLeastPeople : ties::kLeastPeople - 1);
    if (acme) {
      EXPECT_LT(one.calibration.fitted.brier, one.calibration.prior.brier);
    }
  }
  EXPECT_TRUE(IsStored("acme"));
  EXPECT_FALSE(IsStored("small"));

  // What is read from now on comes from them, and says so.
  StrengthModels models(store_->database(), store_->sealer(), clock_);
  Ledger calibrated(*store_, clock_, random_, &models);
  TieQuery query;
  query.include_strength = true;
  for (const char* tenant : {"acme", "small"}) {
    const auto page = calibrated.Ties(Person(tenant, 0), {}, query);
    ASSERT_TRUE(page.ok()) << page.status();
    const bool acme = tenant == std::string("acme");
    EXPECT_EQ(page->ties.at(0).strength_version(), acme ? "own-2025-06-15" : "shipped-1");
  }
}

TEST_P(StrengthCalibrationTest, WhatWasFoundStaysForAQuarterAndGoesWithItsPeople) {
  for (int i = 0; i < ties::kLeastPeople; ++i) AddPerson(Person("acme", i));
  EXPECT_EQ(Calibrate(kNoon).at(0).result, Result::kOwn);
  EXPECT_EQ(Calibrate(kNoon + 89 * kDay).at(0).result, Result::kStays);
  // Nobody wrote anything meanwhile: there is no outcome to learn from.
  EXPECT_EQ(Calibrate(kNoon + 90 * kDay).at(0).result, Result::kTooFew);
  EXPECT_EQ(Calibrate(kNoon).at(0).result, Result::kOwn);
  ASSERT_TRUE(IsStored("acme"));
  ASSERT_TRUE(store_->EraseOwner(Person("acme", 3)).ok());
  EXPECT_EQ(Calibrate(kNoon + kDay).at(0).result, Result::kTooFew);
  EXPECT_FALSE(IsStored("acme"));
  // Somebody new brings no fresh result before the quarter is over.
  AddPerson(Person("acme", ties::kLeastPeople));
  EXPECT_EQ(Calibrate(kNoon + 2 * kDay).at(0).result, Result::kStays);
  EXPECT_FALSE(IsStored("acme"));
  // A tenant of whom nobody is left is not visited, and leaves nothing either.
  TenantStrength strength;
  strength.fit_time = kNoon;
  strength.model.set_own(true);
  const std::string gone = store_->sealer().TenantHash("gone");
  ASSERT_TRUE(WriteTenantStrength(store_->database(), gone, strength).ok());
  Calibrate(kNoon + kDay);
  EXPECT_FALSE(IsStored("gone"));
}

TEST_P(StrengthCalibrationTest, TheSamePeopleGiveOtherCoefficientsEachTimeForTheNoise) {
  for (int i = 0; i < ties::kLeastPeople; ++i) AddPerson(Person("acme", i));
  const ties::StrengthModel once = Calibrate(kNoon).at(0).calibration.model;
  ASSERT_TRUE(RemoveTenantStrength(store_->database(), store_->sealer().TenantHash("acme")).ok());
  const ties::StrengthModel again = Calibrate(kNoon).at(0).calibration.model;
  EXPECT_TRUE(once.coefficients != again.coefficients || once.intercept != again.intercept);
}

TEST_P(StrengthCalibrationTest, WhatCannotBeReadBackIsFoundAnewAndHoldsUpNobody) {
  for (int i = 0; i < ties::kLeastPeople; ++i) {
    AddPerson(Person("acme", i));
    AddPerson(Person("other", i));
  }
  const auto damage = [this](sql::Connection& connection) {
    const std::string tenant = store_->sealer().TenantHash("acme");
    connection.Prepare("INSERT INTO strength_models (tenant, fit_time, model) VALUES (?, ?, ?)")
        .Bind(sql::Blob{tenant}, absl::ToUnixMicros(kNoon), sql::Blob{"\xff\xff"})
        .Run();
    return absl::OkStatus();
  };
  ASSERT_TRUE(store_->database().Write(sql::Owners::None(), damage).ok());
  StrengthModels models(store_->database(), store_->sealer(), clock_);
  EXPECT_EQ(models.For("acme", absl::InfiniteFuture()).version, "shipped-1");
  const std::vector<TenantCalibration> found = Calibrate(kNoon);
  ASSERT_THAT(found, SizeIs(2));
  for (const TenantCalibration& one : found) EXPECT_EQ(one.result, Result::kOwn);
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(models.For("acme", absl::InfiniteFuture()).version, "own-2025-06-15");
}

TEST_P(StrengthCalibrationTest, CoefficientsAreReadAgainAfterFiveMinutes) {
  StrengthModels models(store_->database(), store_->sealer(), clock_);
  const std::string tenant = store_->sealer().TenantHash("acme");
  TenantStrength strength;
  strength.fit_time = kNoon;
  strength.model.set_own(true);
  strength.model.set_version("own-x");
  for (int i = 0; i < ties::kStrengthFeatures; ++i) strength.model.add_coefficients(i);
  ASSERT_TRUE(WriteTenantStrength(store_->database(), tenant, strength).ok());
  EXPECT_EQ(models.For("acme", absl::InfiniteFuture()).version, "own-x");
  ASSERT_TRUE(RemoveTenantStrength(store_->database(), tenant).ok());
  EXPECT_EQ(models.For("acme", absl::InfiniteFuture()).version, "own-x");
  clock_.Advance(absl::Minutes(6));
  EXPECT_EQ(models.For("acme", absl::InfiniteFuture()).version, "shipped-1");
}

COUNCIL_FOR_ALL_LEDGER_STORES(StrengthCalibrationTest);

}  // namespace
}  // namespace council::ledger
