// What was erased stays erased when a backup from before is restored, whole keys and all: the services find it in the
// list of erasures and erase it again before they serve.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "council/common/v1/errors.pb.h"
#include "libs/base/status.h"
#include "tests/support/council.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"

namespace council::test {
namespace {

namespace fs = std::filesystem;
using contacts::v1::ContactsService;
using ledger::v1::LedgerService;
using recommendations::v1::RecommendationsService;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kServices[] = {"contacts", "ledger", "recommendations"};
constexpr char kConfirmation[] = "erase all my data";
const Caller kAda{.owner = "ada"};
const Caller kBob{.owner = "bob"};

void RunTool(const std::vector<std::string>& command) {
  int code = -1;
  const auto output = RunToEnd({.command = command}, code);
  ASSERT_TRUE(output.ok()) << command[0] << ": " << output.status();
  ASSERT_EQ(code, 0) << command[0] << ": " << *output;
}

// The three storages with their keys on one engine, and copies of them.
class Storages {
 public:
  virtual ~Storages() = default;
  virtual std::string Of(const std::string& service) const = 0;
  virtual void BackUp() = 0;
  // Puts the copies in the storages' place, as docs/operating.md says. Nothing may be running.
  virtual void Restore() = 0;

 protected:
  void RenewLineages() const {
    for (const char* service : kServices) {
      RunTool({ProgramPath(absl::StrCat(service, "d")), "renew-lineage", "--storage=" + Of(service)});
    }
  }
};

class SqliteStorages final : public Storages {
 public:
  std::string Of(const std::string& service) const override { return absl::StrCat("sqlite:", File(service).string()); }

  void BackUp() override {
    fs::create_directory(backup_ / "keys");
    for (const fs::path& file : Files()) {
      const fs::path copy = backup_ / fs::relative(file, directory_.path()).string();
      RunTool({"sqlite3", file.string(), absl::StrCat("VACUUM INTO '", copy.string(), "'")});
    }
  }

  void Restore() override {
    for (const fs::path& file : Files()) {
      for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(file.string() + suffix);
      fs::copy_file(backup_ / fs::relative(file, directory_.path()).string(), file);
    }
    RenewLineages();
  }

 private:
  fs::path File(const std::string& service) const { return directory_ / (service + ".db"); }

  std::vector<fs::path> Files() const {
    std::vector<fs::path> files;
    for (const char* service : kServices) {
      files.push_back(File(service));
      files.push_back(directory_ / absl::StrCat("keys/", service, ".db"));
    }
    return files;
  }

  const TempDir directory_;
  const TempDir backup_;
};

class PostgresStorages final : public Storages {
 public:
  PostgresStorages() {
    MigrateAll();
    server_.Sql(database_, "CREATE ROLE council_backup LOGIN BYPASSRLS; GRANT pg_read_all_data TO council_backup");
  }

  std::string Of(const std::string& /*service*/) const override { return server_.ServiceUrl(database_); }

  void BackUp() override {
    RunTool({"pg_dump", "--format=custom", "--file=" + Dump(),
             absl::StrCat("--dbname=postgresql://council_backup@127.0.0.1:", server_.port(), "/", database_)});
  }

  void Restore() override {
    database_ = server_.CreateDatabase();
    RunTool({"pg_restore", "--no-owner", "--exit-on-error", "--dbname=" + server_.AdminUrl(database_), Dump()});
    MigrateAll();
    RenewLineages();
  }

 private:
  std::string Dump() const { return (backup_ / "council.dump").string(); }

  void MigrateAll() const {
    for (const char* service : kServices) Migrate(absl::StrCat(service, "d"), server_.AdminUrl(database_));
  }

  PostgresServer server_;
  std::string database_ = server_.CreateDatabase();
  const TempDir backup_;
};

// On which engine: true for PostgreSQL.
class ErasuresTest : public ::testing::TestWithParam<bool> {
 protected:
  ErasuresTest() {
    if (GetParam()) {
      storages_ = std::make_unique<PostgresStorages>();
    } else {
      storages_ = std::make_unique<SqliteStorages>();
    }
  }

  void Start() {
    contactsd_ = std::make_unique<CouncilProgram>("contactsd", FlagsOf("contacts"));
    ledgerd_ = std::make_unique<CouncilProgram>("ledgerd", FlagsOf("ledger"));
    recommendationsd_ = std::make_unique<CouncilProgram>(
        "recommendationsd", FlagsOf("recommendations", {"--contacts=" + contactsd_->address(),
                                                        "--ledger=" + ledgerd_->address(), "--cache=" + redis_.url()}));
    contacts_ = ContactsService::NewStub(contactsd_->Connect());
    ledger_ = LedgerService::NewStub(ledgerd_->Connect());
    recommendations_ = RecommendationsService::NewStub(recommendationsd_->Connect());
  }

  void Stop() {
    for (auto* program : {&contactsd_, &ledgerd_, &recommendationsd_}) program->reset();
  }

  std::string Create(const std::string& name, const Caller& caller) {
    contacts::v1::CreateContactRequest request;
    request.mutable_contact()->set_display_name(name);
    const auto created = Call(*contacts_, &ContactsService::Stub::CreateContact, request, caller);
    EXPECT_TRUE(created.ok()) << created.status();
    return created.ok() ? created->contact().id() : "";
  }

  // An entry with the contacts, of whom the first gave advice.
  absl::Status Append(const std::vector<std::string>& ids, const std::string& note, const Caller& caller) {
    ledger::v1::AppendInteractionRequest request;
    ledger::v1::Interaction& talk = *request.mutable_interaction();
    for (const std::string& id : ids) talk.add_contact_ids(id);
    talk.set_note(note);
    ledger::v1::Benefit& benefit = *talk.add_benefits();
    benefit.set_contact_id(ids.front());
    benefit.set_direction(ledger::v1::BENEFIT_DIRECTION_RECEIVED);
    benefit.set_kind(ledger::v1::BENEFIT_KIND_ADVICE);
    return Call(*ledger_, &LedgerService::Stub::AppendInteraction, request, caller).status();
  }

  void EraseContact(const std::string& id, const Caller& caller) {
    recommendations::v1::EraseContactRequest of_advice;
    of_advice.set_contact_id(id);
    ledger::v1::EraseContactRequest of_entries;
    of_entries.set_contact_id(id);
    contacts::v1::EraseContactRequest of_contacts;
    of_contacts.set_id(id);
    const auto advice =
        Call(*recommendations_, &RecommendationsService::Stub::EraseContact, of_advice, caller).status();
    EXPECT_TRUE(advice.ok()) << advice;
    const auto entries = Call(*ledger_, &LedgerService::Stub::EraseContact, of_entries, caller).status();
    EXPECT_TRUE(entries.ok()) << entries;
    const auto contact = Call(*contacts_, &ContactsService::Stub::EraseContact, of_contacts, caller).status();
    EXPECT_TRUE(contact.ok()) << contact;
  }

  void EraseOwner(const Caller& caller) {
    recommendations::v1::EraseOwnerRequest of_advice;
    of_advice.set_confirmation(kConfirmation);
    ledger::v1::EraseOwnerRequest of_entries;
    of_entries.set_confirmation(kConfirmation);
    contacts::v1::EraseOwnerRequest of_contacts;
    of_contacts.set_confirmation(kConfirmation);
    const auto advice = Call(*recommendations_, &RecommendationsService::Stub::EraseOwner, of_advice, caller).status();
    EXPECT_TRUE(advice.ok()) << advice;
    const auto entries = Call(*ledger_, &LedgerService::Stub::EraseOwner, of_entries, caller).status();
    EXPECT_TRUE(entries.ok()) << entries;
    const auto contact = Call(*contacts_, &ContactsService::Stub::EraseOwner, of_contacts, caller).status();
    EXPECT_TRUE(contact.ok()) << contact;
  }

  // Nothing of Bob is found, and nothing taken.
  void ExpectBobIsErased() {
    contacts::v1::CreateContactRequest create;
    create.mutable_contact()->set_display_name("Back again");
    EXPECT_EQ(base::ReasonOf(Call(*contacts_, &ContactsService::Stub::CreateContact, create, kBob).status()),
              common::v1::ERROR_REASON_OWNER_ERASED);
    EXPECT_EQ(base::ReasonOf(Append({rosa_}, "back again", kBob)), common::v1::ERROR_REASON_OWNER_ERASED);
    const auto contacts =
        Call(*contacts_, &ContactsService::Stub::ListContacts, contacts::v1::ListContactsRequest(), kBob);
    ASSERT_TRUE(contacts.ok()) << contacts.status();
    EXPECT_TRUE(contacts->contacts().empty());
    const auto entries =
        Call(*ledger_, &LedgerService::Stub::ListInteractions, ledger::v1::ListInteractionsRequest(), kBob);
    ASSERT_TRUE(entries.ok()) << entries.status();
    EXPECT_TRUE(entries->interactions().empty());
    const auto history = Call(*recommendations_, &RecommendationsService::Stub::GetBalanceHistory,
                              recommendations::v1::GetBalanceHistoryRequest(), kBob);
    ASSERT_TRUE(history.ok()) << history.status();
    EXPECT_TRUE(history->points().empty());
  }

  // Nothing of Rosa is known to Ada, whose ledger still proves all else.
  void ExpectRosaIsErased() {
    contacts::v1::GetContactRequest get;
    get.set_id(rosa_);
    EXPECT_TRUE(absl::IsNotFound(Call(*contacts_, &ContactsService::Stub::GetContact, get, kAda).status()));
    get.set_id(ben_);
    EXPECT_TRUE(Call(*contacts_, &ContactsService::Stub::GetContact, get, kAda).ok());
    const auto entries =
        Call(*ledger_, &LedgerService::Stub::ListInteractions, ledger::v1::ListInteractionsRequest(), kAda);
    ASSERT_TRUE(entries.ok()) << entries.status();
    const std::string text = entries->DebugString();
    EXPECT_THAT(text, Not(HasSubstr(rosa_)));
    EXPECT_THAT(text, Not(HasSubstr("Rosa moves")));
    EXPECT_THAT(text, HasSubstr(ben_));
    EXPECT_THAT(text, HasSubstr("Ben stays"));
    const auto verified = Call(*ledger_, &LedgerService::Stub::VerifyLedger, ledger::v1::VerifyLedgerRequest(), kAda);
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_TRUE(verified->verified()) << verified->problem();
  }

  std::string rosa_;
  std::string ben_;
  std::unique_ptr<Storages> storages_;
  std::unique_ptr<ContactsService::Stub> contacts_;
  std::unique_ptr<LedgerService::Stub> ledger_;
  std::unique_ptr<RecommendationsService::Stub> recommendations_;

 private:
  std::vector<std::string> FlagsOf(const std::string& service, std::vector<std::string> flags = {}) const {
    flags.insert(flags.end(), {"--storage=" + storages_->Of(service), "--keys=" + keys_,
                               absl::StrCat("--erasures=", (directory_ / "erasures.jsonl").string())});
    return flags;
  }

  const TempDir directory_;
  const std::string keys_ = MakeKeyring(directory_ / "keyring.json");
  const RedisServer redis_;
  std::unique_ptr<CouncilProgram> contactsd_;
  std::unique_ptr<CouncilProgram> ledgerd_;
  std::unique_ptr<CouncilProgram> recommendationsd_;
};

TEST_P(ErasuresTest, WhatWasErasedAfterABackupIsErasedAgainWhenItIsRestored) {
  Start();
  rosa_ = Create("Rosa", kAda);
  ben_ = Create("Ben", kAda);
  ASSERT_TRUE(Append({rosa_, ben_}, "Rosa moves to Lisbon", kAda).ok());
  ASSERT_TRUE(Append({ben_}, "Ben stays", kAda).ok());
  ASSERT_TRUE(Append({Create("Bob's friend", kBob)}, "lunch", kBob).ok());
  ASSERT_TRUE(Call(*recommendations_, &RecommendationsService::Stub::GetCouncilBalance,
                   recommendations::v1::GetCouncilBalanceRequest(), kBob)
                  .ok());
  storages_->BackUp();

  EraseContact(rosa_, kAda);
  EraseOwner(kBob);
  ExpectRosaIsErased();
  ExpectBobIsErased();

  Stop();
  storages_->Restore();
  Start();
  ExpectRosaIsErased();
  ExpectBobIsErased();
  EXPECT_TRUE(Append({ben_}, "and again", kAda).ok());
}

INSTANTIATE_TEST_SUITE_P(Engines, ErasuresTest, ::testing::Bool(),
                         [](const auto& engine) { return engine.param ? "Postgres" : "Sqlite"; });

}  // namespace
}  // namespace council::test
