#ifndef COUNCIL_SERVICES_LEDGER_SERVICE_FOR_TEST_H_
#define COUNCIL_SERVICES_LEDGER_SERVICE_FOR_TEST_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "libs/audit/access_log.h"
#include "libs/base/clock.h"
#include "libs/base/owner_changes.h"
#include "libs/base/random.h"
#include "libs/rpc/streams_for_test.h"
#include "libs/seal/token.h"
#include "services/ledger/ledger_service.h"
#include "services/ledger/sqlite_ledger_store.h"
#include "tests/support/temp_dir.h"

namespace council::ledger {

inline constexpr char kAnn[] = "0190a000-0000-7000-8000-000000000001";
inline constexpr char kBob[] = "0190a000-0000-7000-8000-000000000002";
inline const absl::Time kNow = absl::FromUnixSeconds(1'781'524'800);  // 2026-06-15 12:00 UTC, a Monday.
inline constexpr absl::Duration kDay = absl::Hours(24);

// The service's handlers over SQLite in a directory of its own, without a server, at a time that the test sets.
class ServiceTest : public ::testing::Test {
 protected:
  // Puts a store before the real one.
  using Wrap = std::function<std::unique_ptr<LedgerStore>(LedgerStore&)>;

  explicit ServiceTest(const Wrap& wrap = nullptr)
      : store_([this] {
          sql::SqliteOptions options;
          options.path = (directory_ / "ledger.db").string();
          return SqliteLedgerStore::Open(options, seal::DevelopmentSharedKey(), random_).value();
        }()),
        wrapped_(wrap ? wrap(*store_) : nullptr),
        ledger_(wrapped_ ? *wrapped_ : *store_, clock_, random_),
        service_(ledger_, changes_, accesses_,
                 seal::TokenCodec(seal::DevelopmentSharedKey(), store_->identity().token_key)) {}

  static void AddPerson(const std::string& email, const std::string& contact_id,
                        v1::ImportInteractionsOptions& options) {
    v1::KnownPerson& person = *options.add_people();
    person.set_email(email);
    person.set_contact_id(contact_id);
  }

  // Imports a file that comes in two pieces.
  v1::ImportInteractionsResponse ImportFile(const rpc::CallContext& call, const v1::ImportInteractionsOptions& options,
                                            const std::string& text) {
    std::vector<v1::ImportInteractionsRequest> messages(3);
    *messages[0].mutable_options() = options;
    messages[1].set_chunk(text.substr(0, text.size() / 2));
    messages[2].set_chunk(text.substr(text.size() / 2));
    rpc::ListReader<v1::ImportInteractionsRequest> reader(std::move(messages));
    const auto response = service_.ImportInteractions(call, reader);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::ImportInteractionsResponse());
  }

  absl::StatusOr<v1::UndoImportResponse> UndoImport(const rpc::CallContext& call, const std::string& import_id) {
    v1::UndoImportRequest request;
    request.set_import_id(import_id);
    return service_.UndoImport(call, request);
  }

  // Newest first; at most 1,000.
  std::vector<v1::Interaction> Entries(const rpc::CallContext& call, bool include_corrected = false) {
    v1::ListInteractionsRequest request;
    request.set_include_corrected(include_corrected);
    request.set_page_size(1000);
    const auto response = service_.ListInteractions(call, request);
    EXPECT_TRUE(response.ok()) << response.status();
    if (!response.ok()) return {};
    return {response->interactions().begin(), response->interactions().end()};
  }

  bool ChainHolds(const base::Owner& owner) {
    return ledger_.Verify(owner, {}, 1, 0, "", [] { return false; })->verified;
  }

  // Whether another storage would take the caller's ledger over.
  bool CanBeMoved(const rpc::CallContext& call) {
    v1::ExportOwnerRequest request;
    request.set_for_import(true);
    rpc::ChunkWriter<v1::ExportOwnerResponse> writer;
    EXPECT_TRUE(service_.ExportOwner(call, request, writer).ok());
    auto reader = rpc::OwnerLines<v1::ImportOwnerRequest>(writer.text, /*dry_run=*/true);
    const auto taken = service_.ImportOwner(rpc::CallContext::ForOwner({"acme", "elsewhere"}, "Test"), reader);
    EXPECT_TRUE(taken.ok()) << taken.status();
    return taken.ok();
  }

  test::TempDir directory_;
  base::SeededRandom random_{3};
  base::ManualClock clock_{kNow};
  std::unique_ptr<SqliteLedgerStore> store_;
  std::unique_ptr<LedgerStore> wrapped_;
  base::OwnerChanges changes_{{.poll_interval = absl::Hours(1)}, [](std::span<const base::Owner> owners) {
                                return std::vector<std::int64_t>(owners.size());
                              }};
  audit::AccessLog accesses_{*store_, clock_};
  Ledger ledger_;
  LedgerService service_;
};

}  // namespace council::ledger

#endif  // COUNCIL_SERVICES_LEDGER_SERVICE_FOR_TEST_H_
