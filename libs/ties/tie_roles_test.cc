#include "libs/ties/tie_roles.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace council::ties {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ledger::v1::TieBenefit& AddBenefit(ledger::v1::Tie& tie, ledger::v1::BenefitKind kind) {
  ledger::v1::TieBenefit& benefit = *tie.add_benefits();
  benefit.set_kind(kind);
  return benefit;
}

TEST(RolesShown, WhatWasReceivedMakesTheRole) {
  ledger::v1::Tie tie;
  AddBenefit(tie, ledger::v1::BENEFIT_KIND_FEEDBACK).set_received(1);
  AddBenefit(tie, ledger::v1::BENEFIT_KIND_ADVICE).set_received(3);
  AddBenefit(tie, ledger::v1::BENEFIT_KIND_SPONSORSHIP).set_received(0.1);
  EXPECT_THAT(RolesShown(tie), ElementsAre(common::v1::COUNCIL_ROLE_MENTOR, common::v1::COUNCIL_ROLE_SPONSOR));
}

TEST(RolesShown, WhatWasOnlyGivenShowsNone) {
  ledger::v1::Tie tie;
  AddBenefit(tie, ledger::v1::BENEFIT_KIND_SUPPORT).set_given(5);
  EXPECT_THAT(RolesShown(tie), IsEmpty());
}

TEST(RolesShown, AnEnergizerTakesAMeanOfOneOverThreeEntries) {
  ledger::v1::Tie tie;
  tie.set_energy_entries(2);
  tie.set_energy_sum(4);
  EXPECT_THAT(RolesShown(tie), IsEmpty());
  tie.set_energy_entries(3);
  tie.set_energy_sum(2);
  EXPECT_THAT(RolesShown(tie), IsEmpty());
  tie.set_energy_sum(3);
  EXPECT_THAT(RolesShown(tie), ElementsAre(common::v1::COUNCIL_ROLE_ENERGIZER));
}

}  // namespace
}  // namespace council::ties
