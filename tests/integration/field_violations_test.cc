// A wrong request is told what is wrong with each field, by google.rpc.BadRequest.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "libs/base/status.h"
#include "tests/support/council.h"

namespace council::test {
namespace {

using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;
using ::testing::IsSupersetOf;

// The fields that an INVALID_ARGUMENT names.
std::vector<std::string> ViolatedFields(const absl::Status& status) {
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ(base::ReasonOf(status), common::v1::ERROR_REASON_INVALID_FIELD);
  std::vector<std::string> fields;
  const google::rpc::BadRequest bad_request = base::BadRequestOf(status);
  for (const auto& violation : bad_request.field_violations()) {
    EXPECT_FALSE(violation.description().empty()) << violation.field();
    fields.push_back(violation.field());
  }
  return fields;
}

class FieldViolationsTest : public ::testing::Test {
 protected:
  CouncilSuite suite_;
};

TEST_F(FieldViolationsTest, OfAnEntryAreNamedAllAtOnce) {
  ledger::v1::AppendInteractionRequest request;
  ledger::v1::Interaction& talk = *request.mutable_interaction();
  talk.set_energy(7);
  talk.set_note(std::string(5000, 'x'));
  talk.mutable_duration()->set_seconds(-1);
  talk.mutable_occur_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(48)));
  talk.add_benefits()->set_weight(9);
  request.set_request_id(std::string(200, 'x'));
  EXPECT_THAT(ViolatedFields(Call(*suite_.ledger, &LedgerService::Stub::AppendInteraction, request).status()),
              IsSupersetOf({"interaction.contact_ids", "interaction.energy", "interaction.note", "interaction.duration",
                            "interaction.occur_time", "interaction.benefits[0].direction",
                            "interaction.benefits[0].kind", "interaction.benefits[0].weight", "request_id"}));
}

TEST_F(FieldViolationsTest, OfAContactAreNamedAllAtOnce) {
  contacts::v1::CreateContactRequest request;
  request.mutable_contact()->set_id("mine");
  request.mutable_contact()->set_birthday("the third of May");
  request.mutable_contact()->set_status(static_cast<contacts::v1::ContactStatus>(99));
  EXPECT_THAT(ViolatedFields(Call(*suite_.contacts, &ContactsService::Stub::CreateContact, request).status()),
              IsSupersetOf({"contact.display_name", "contact.birthday", "contact.status"}));
}

TEST_F(FieldViolationsTest, OfABalanceAreNamed) {
  recommendations::v1::GetCouncilBalanceRequest request;
  request.mutable_as_of()->set_nanos(-5);
  EXPECT_THAT(
      ViolatedFields(Call(*suite_.recommendations, &RecommendationsService::Stub::GetCouncilBalance, request).status()),
      IsSupersetOf({"as_of"}));
}

}  // namespace
}  // namespace council::test
