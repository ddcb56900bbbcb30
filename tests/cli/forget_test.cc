// council forget, against the real suite.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/cli_fixtures.h"

namespace council::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(CliTest, WithoutATerminalForgetAsksForYesAndErasesNothing) {
  Add("Rosa");
  const CommandResult asked = council_.Run({"forget", "rosa"});
  EXPECT_EQ(asked.code, 2);
  EXPECT_THAT(asked.err, HasSubstr("say --yes"));
  EXPECT_EQ(council_.Run({"forget", "--yes"}).code, 2) << "nobody is named";
  EXPECT_EQ(council_.Run({"forget", "rosa", "--everything", "--yes"}).code, 2) << "two things at once";
  EXPECT_THAT(council_.Json({"contacts"})["contacts"], SizeIs(1));
}

TEST_F(CliTest, AForgottenPersonIsInNothingThatIsKeptAndTheLedgerStillVerifies) {
  Add("Rosa Lindqvist");
  Add("Tom Baker");
  Expect(0, {"seat", "rosa", "--as=mentor"});
  Expect(0, {"log", "rosa", "her new house", "--received", "advice:3"});
  Expect(0, {"log", "tom", "the garden"});
  Expect(0, {"balance"});
  Expect(0, {"verify"});
  const std::string id = council_.Json({"contacts", "rosa"})["contacts"][0]["id"];

  const CommandResult forgotten = council_.Run({"forget", "rosa", "--yes"});
  EXPECT_EQ(forgotten.code, 0) << forgotten.err;
  EXPECT_THAT(forgotten.out, HasSubstr("Rosa Lindqvist is forgotten. Of 1 entry of the ledger the rest stays"));
  EXPECT_EQ(council_.Run({"contacts", "rosa"}).code, 3);
  const CommandResult verified = council_.Run({"verify"});
  EXPECT_EQ(verified.code, 0) << verified.out;
  EXPECT_THAT(verified.out, HasSubstr("(#2) is still there"));
  const std::string all = council_.Run({"export", "--all", "--out=-"}).out;
  EXPECT_THAT(all, HasSubstr("the garden"));
  for (const char* gone : {"Rosa", "her new house"}) EXPECT_THAT(all, Not(HasSubstr(gone)));
  // The random id stays as a mark: whoever takes this over knows that it was erased.
  EXPECT_THAT(all, HasSubstr("\"erasedContact\":{\"id\":\"" + id));
  EXPECT_EQ(council_.Run({"forget", "rosa", "--yes"}).code, 3);
}

TEST_F(CliTest, OfWhoIsForgottenAltogetherNothingIsFoundAndNothingWritten) {
  Add("Rosa");
  Expect(0, {"log", "rosa"});
  const CommandResult forgotten = council_.Run({"forget", "--everything", "--yes"});
  EXPECT_EQ(forgotten.code, 0) << forgotten.err;
  EXPECT_THAT(forgotten.out, HasSubstr("All that this suite kept about you is erased"));
  EXPECT_THAT(council_.Json({"contacts"})["contacts"], IsEmpty());
  EXPECT_THAT(council_.Json({"talks"})["interactions"], IsEmpty());
  const CommandResult refused = council_.Run({"contacts", "add", "Tom", "--output=json"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.Json()["error"]["reason"], "OWNER_ERASED") << refused.out << refused.err;
  EXPECT_EQ(council_.Run({"forget", "--everything", "--yes"}).code, 0) << "as often as one likes";
}

}  // namespace
}  // namespace council::test
