#include "libs/rpc/scope.h"

#include <gtest/gtest.h>

#include "council/ledger/v1/ledger_service.pb.h"
#include "libs/base/status.h"

namespace council::rpc {
namespace {

namespace v1 = ledger::v1;

TEST(ScopeTest, IsReadFromTheMethodThatTakesTheRequest) {
  EXPECT_EQ(ScopeOf(*v1::GetTieRequest::descriptor()), common::v1::SCOPE_READ);
  EXPECT_EQ(ScopeOf(*v1::ExportOwnerRequest::descriptor()), common::v1::SCOPE_READ);
  EXPECT_EQ(ScopeOf(*v1::AppendInteractionRequest::descriptor()), common::v1::SCOPE_WRITE);
  EXPECT_EQ(ScopeOf(*v1::ImportOwnerRequest::descriptor()), common::v1::SCOPE_WRITE);
}

TEST(ScopeTest, IsUnknownOfWhatNoMethodTakes) {
  EXPECT_EQ(ScopeOf(*v1::GetTieResponse::descriptor()), common::v1::SCOPE_UNSPECIFIED);
}

TEST(ScopeTest, ReadingDoesNotAllowToWriteNorWritingToRead) {
  const Principal reader{.owner = {"acme", "ada"}, .may_read = true};
  const Principal writer{.owner = {"acme", "ada"}, .may_write = true};
  EXPECT_TRUE(CheckScope(reader, common::v1::SCOPE_READ).ok());
  EXPECT_TRUE(CheckScope(writer, common::v1::SCOPE_WRITE).ok());
  for (const absl::Status& refused :
       {CheckScope(reader, common::v1::SCOPE_WRITE), CheckScope(writer, common::v1::SCOPE_READ)}) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(base::ReasonOf(refused), common::v1::ERROR_REASON_PERMISSION_DENIED);
  }
  EXPECT_EQ(CheckScope(reader, common::v1::SCOPE_WRITE).message(), "the access token lacks the scope council.write");
}

TEST(ScopeTest, AMethodThatDeclaresNoneIsAnsweredToNobody) {
  const Principal all{.owner = {"acme", "ada"}, .may_read = true, .may_write = true};
  EXPECT_EQ(CheckScope(all, common::v1::SCOPE_UNSPECIFIED).code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace council::rpc
