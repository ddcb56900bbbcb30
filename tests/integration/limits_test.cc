// What a caller who means harm can make a service do, measured at the real program over a real socket.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/council.h"

namespace council::test {
namespace {

using ledger::v1::LedgerService;

constexpr std::int64_t kMiB = 1 << 20;

class LimitsTest : public ::testing::Test {
 protected:
  LimitsTest() : ledgerd_("ledgerd", {absl::StrCat("--storage=sqlite:", (directory_ / "ledger.db").string())}) {}

  bool Lives() {
    const auto stub = LedgerService::NewStub(ledgerd_.Connect());
    return Call(*stub, &LedgerService::Stub::GetRevision, ledger::v1::GetRevisionRequest()).ok();
  }

  const TempDir directory_;
  CouncilProgram ledgerd_;
};

TEST_F(LimitsTest, ACompressedMessageIsRefusedBeforeItIsInflated) {
  ASSERT_TRUE(Lives());
  const std::int64_t before = ledgerd_.process().Use().peak_memory;
  ASSERT_GT(before, 0);
  // 300 MiB that travel as 300 KiB.
  ledger::v1::AppendInteractionRequest request;
  request.mutable_interaction()->set_note(std::string(300 * kMiB, 'x'));
  const auto stub = LedgerService::NewStub(ledgerd_.Connect());
  for (int i = 0; i < 3; ++i) {
    grpc::ClientContext context;
    Prepare({}, context);
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    ledger::v1::AppendInteractionResponse response;
    const grpc::Status status = stub->AppendInteraction(&context, request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << status.error_message();
  }
  EXPECT_LT(ledgerd_.process().Use().peak_memory - before, 50 * kMiB);
  EXPECT_TRUE(Lives());
}

TEST_F(LimitsTest, ACompressedStreamIsRefusedToo) {
  const auto stub = LedgerService::NewStub(ledgerd_.Connect());
  grpc::ClientContext context;
  Prepare({}, context);
  context.set_compression_algorithm(GRPC_COMPRESS_DEFLATE);
  ledger::v1::ImportInteractionsResponse response;
  const auto stream = stub->ImportInteractions(&context, &response);
  ledger::v1::ImportInteractionsRequest chunk;
  chunk.set_chunk(std::string(64 * kMiB, 'x'));
  while (stream->Write(chunk)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_TRUE(Lives());
}

}  // namespace
}  // namespace council::test
