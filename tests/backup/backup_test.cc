// What docs/operating.md says of backup and restore, done with real programs while owners write: all that was
// acknowledged before the backup began is there after the restore, and what the replaced storage said is known as such.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "tests/backup/ledger_load.h"
#include "tests/support/council.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"

namespace council::test {
namespace {

namespace fs = std::filesystem;
using contacts::v1::ContactsService;
using ledger::v1::LedgerService;

// Writes that come before the backup, while it is made, and behind it.
constexpr std::size_t kSome = 30;

void RunTool(const std::vector<std::string>& command) {
  int code = -1;
  const auto output = RunToEnd({.command = command}, code);
  ASSERT_TRUE(output.ok()) << command[0] << ": " << output.status();
  ASSERT_EQ(code, 0) << command[0] << ": " << *output;
}

// The ledgers hold all of `acknowledged`, verify with the heads that it ends with, go on, and refuse old tokens.
void ExpectRestored(CouncilProgram& ledgerd, const LedgerLoad::Answers& acknowledged) {
  const auto stub = LedgerService::NewStub(ledgerd.Connect());
  for (const auto& [owner, answers] : acknowledged) {
    const Caller caller{.owner = owner};
    ASSERT_GE(answers.size(), kSome);
    ledger::v1::VerifyLedgerRequest verify;
    verify.set_expected_sequence(answers.back().interaction().sequence());
    verify.set_expected_hash(answers.back().interaction().hash());
    const auto verified = Call(*stub, &LedgerService::Stub::VerifyLedger, verify, caller);
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_TRUE(verified->verified()) << owner << ": " << verified->problem();
    for (const auto& answer : answers) {
      ledger::v1::GetInteractionRequest get;
      get.set_id(answer.interaction().id());
      const auto found = Call(*stub, &LedgerService::Stub::GetInteraction, get, caller);
      ASSERT_TRUE(found.ok()) << owner << " lost entry " << answer.interaction().sequence() << ": " << found.status();
      EXPECT_EQ(found->interaction().SerializeAsString(), answer.interaction().SerializeAsString());
    }

    ledger::v1::ListInteractionsRequest list;
    list.add_at_least_as_fresh(answers.back().token());
    const auto stale = Call(*stub, &LedgerService::Stub::ListInteractions, list, caller);
    EXPECT_EQ(stale.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(base::ReasonOf(stale.status()), common::v1::ERROR_REASON_LINEAGE_CHANGED);

    // A request from before is known, a new one is appended.
    const auto retried =
        Call(*stub, &LedgerService::Stub::AppendInteraction, LedgerLoad::RequestOf(answers.size() - 1), caller);
    ASSERT_TRUE(retried.ok()) << retried.status();
    EXPECT_EQ(retried->interaction().sequence(), answers.back().interaction().sequence());
    const auto next = Call(*stub, &LedgerService::Stub::AppendInteraction, LedgerLoad::RequestOf(1'000'000), caller);
    ASSERT_TRUE(next.ok()) << next.status();
    list.clear_at_least_as_fresh();
    list.add_at_least_as_fresh(next->token());
    EXPECT_TRUE(Call(*stub, &LedgerService::Stub::ListInteractions, list, caller).ok());
  }
}

// The contact is there, and the token that came with it is refused.
void ExpectContact(CouncilProgram& contactsd, const contacts::v1::CreateContactResponse& created) {
  const auto stub = ContactsService::NewStub(contactsd.Connect());
  contacts::v1::GetContactRequest get;
  get.set_id(created.contact().id());
  const auto found = Call(*stub, &ContactsService::Stub::GetContact, get);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->contact().display_name(), created.contact().display_name());
  get.add_at_least_as_fresh(created.token());
  EXPECT_EQ(base::ReasonOf(Call(*stub, &ContactsService::Stub::GetContact, get).status()),
            common::v1::ERROR_REASON_LINEAGE_CHANGED);
}

// A copy of one moment, made while the program writes. (Its .backup begins again whenever another process writes.)
void BackUpSqlite(const fs::path& database, const fs::path& copy) {
  RunTool({"sqlite3", database.string(), absl::StrCat("VACUUM INTO '", copy.string(), "'")});
}

// Puts the copy where the storage was; the write-ahead log that lies there belongs to what it replaces.
void RestoreSqlite(const std::string& program, const fs::path& copy, const fs::path& database) {
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(database.string() + suffix);
  fs::copy_file(copy, database);
  RunTool({ProgramPath(program), "renew-lineage", absl::StrCat("--storage=sqlite:", database.string())});
}

TEST(BackupTest, SqliteIsCopiedUnderLoadAndRestoredAsOperatingMdSays) {
  CouncilSuite suite;
  const TempDir backup;
  contacts::v1::CreateContactRequest create;
  create.mutable_contact()->set_display_name("Rosa");
  const auto rosa = Call(*suite.contacts, &ContactsService::Stub::CreateContact, create);
  ASSERT_TRUE(rosa.ok()) << rosa.status();
  const auto balance = [&](const std::vector<std::string>& tokens) {
    recommendations::v1::GetCouncilBalanceRequest request;
    request.mutable_at_least_as_fresh()->Assign(tokens.begin(), tokens.end());
    return Call(*suite.recommendations, &recommendations::v1::RecommendationsService::Stub::GetCouncilBalance, request);
  };
  ASSERT_TRUE(balance({rosa->token()}).ok());

  LedgerLoad load(suite.ledgerd);
  ASSERT_TRUE(load.WaitForMore(kSome));
  const LedgerLoad::Answers before = load.acknowledged();
  // Contacts last: a contact whom an entry names was there before the entry.
  for (const char* name : {"ledger.db", "recommendations.db", "contacts.db"}) {
    BackUpSqlite(suite.directory / name, backup / name);
  }
  ASSERT_TRUE(load.WaitForMore(kSome)) << "the load went on while the copy was made, and behind it";
  load.Stop();

  for (CouncilProgram* program : {&suite.contactsd, &suite.ledgerd, &suite.recommendationsd}) program->process().Kill();
  RestoreSqlite("contactsd", backup / "contacts.db", suite.directory / "contacts.db");
  RestoreSqlite("ledgerd", backup / "ledger.db", suite.directory / "ledger.db");
  RestoreSqlite("recommendationsd", backup / "recommendations.db", suite.directory / "recommendations.db");
  for (CouncilProgram* program : {&suite.contactsd, &suite.ledgerd, &suite.recommendationsd}) program->Restart();

  ExpectRestored(suite.ledgerd, before);
  ExpectContact(suite.contactsd, *rosa);
  // Redis was not backed up and not emptied: what it knows of the replaced storages answers nobody.
  suite.recommendations = recommendations::v1::RecommendationsService::NewStub(suite.recommendationsd.Connect());
  EXPECT_EQ(base::ReasonOf(balance({rosa->token()}).status()), common::v1::ERROR_REASON_LINEAGE_CHANGED);
  EXPECT_TRUE(balance({}).ok());
}

TEST(BackupTest, PostgresIsDumpedUnderLoadAndRestoredAsOperatingMdSays) {
  PostgresServer server;
  const std::string database = server.CreateDatabase();
  constexpr const char* kPrograms[] = {"contactsd", "ledgerd", "recommendationsd"};
  const auto migrate = [&](const std::string& url) {
    for (const char* program : kPrograms) {
      RunTool({ProgramPath(program), "migrate", "--storage=" + url, "--service-role=council_service"});
    }
  };
  migrate(server.AdminUrl(database));
  // Row-level security would leave every row out of a dump, so pg_dump refuses to make one as any other role.
  server.Sql(database, "CREATE ROLE council_backup LOGIN BYPASSRLS; GRANT pg_read_all_data TO council_backup");
  const TempDir backup;
  const std::string dump = (backup / "council.dump").string();

  CouncilProgram contactsd("contactsd", {"--storage=" + server.ServiceUrl(database)});
  contacts::v1::CreateContactRequest create;
  create.mutable_contact()->set_display_name("Rosa");
  const auto rosa = Call(*ContactsService::NewStub(contactsd.Connect()), &ContactsService::Stub::CreateContact, create);
  ASSERT_TRUE(rosa.ok()) << rosa.status();
  CouncilProgram ledgerd("ledgerd", {"--storage=" + server.ServiceUrl(database)});
  LedgerLoad load(ledgerd);
  ASSERT_TRUE(load.WaitForMore(kSome));
  const LedgerLoad::Answers before = load.acknowledged();
  RunTool({"pg_dump", "--format=custom", "--file=" + dump,
           absl::StrCat("--dbname=postgresql://council_backup@127.0.0.1:", server.port(), "/", database)});
  ASSERT_TRUE(load.WaitForMore(kSome));
  load.Stop();
  ledgerd.process().Kill();

  const std::string restored = server.CreateDatabase();
  RunTool({"pg_restore", "--no-owner", "--exit-on-error", "--dbname=" + server.AdminUrl(restored), dump});
  migrate(server.AdminUrl(restored));
  for (const char* program : kPrograms) {
    RunTool({ProgramPath(program), "renew-lineage", "--storage=" + server.ServiceUrl(restored)});
  }
  CouncilProgram again("ledgerd", {"--storage=" + server.ServiceUrl(restored)});
  ExpectRestored(again, before);
  CouncilProgram contacts_again("contactsd", {"--storage=" + server.ServiceUrl(restored)});
  ExpectContact(contacts_again, *rosa);
}

TEST(BackupTest, ADumpThatRowLevelSecurityWouldEmptyIsRefusedAndNotMade) {
  PostgresServer server;
  const std::string database = server.CreateDatabase();
  RunTool(
      {ProgramPath("ledgerd"), "migrate", "--storage=" + server.AdminUrl(database), "--service-role=council_service"});
  const TempDir backup;
  int code = 0;
  const auto output =
      RunToEnd({.command = {"pg_dump", "--format=custom", "--file=" + (backup / "council.dump").string(),
                            "--dbname=" + server.AdminUrl(database)}},
               code);
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_NE(code, 0) << "the role that owns the tables is held by their policies too";
}

}  // namespace
}  // namespace council::test
