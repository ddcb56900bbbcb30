// What operators do with keys, done with real programs: making, moving, changing and losing them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/support/council.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace council::test {
namespace {

namespace fs = std::filesystem;
using contacts::v1::ContactsService;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kName[] = "Rosa Lichtenberg";

struct Ended {
  int code = -1;
  std::string output;
};

// Runs a program that is to end of itself.
Ended RunProgram(const std::string& name, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), ProgramPath(name));
  Ended ended;
  const auto output = RunToEnd({.command = std::move(arguments)}, ended.code);
  ended.output = output.value_or(output.status().ToString());
  return ended;
}

// Starts a program that is to refuse.
Ended StartInVain(const std::string& name, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--listen=127.0.0.1:0", "--auth=insecure-dev"});
  return RunProgram(name, std::move(arguments));
}

std::string Create(const CouncilProgram& program) {
  contacts::v1::CreateContactRequest request;
  request.mutable_contact()->set_display_name(kName);
  const auto stub = ContactsService::NewStub(program.Connect());
  const auto created = Call(*stub, &ContactsService::Stub::CreateContact, request);
  EXPECT_TRUE(created.ok()) << created.status();
  return created.ok() ? created->contact().id() : "";
}

// The contact's name, or what went wrong.
std::string NameOf(const CouncilProgram& program, const std::string& id) {
  contacts::v1::GetContactRequest request;
  request.set_id(id);
  const auto stub = ContactsService::NewStub(program.Connect());
  const auto found = Call(*stub, &ContactsService::Stub::GetContact, request);
  return found.ok() ? found->contact().display_name() : found.status().ToString();
}

std::string ContentsOf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// What lies in the files of a SQLite storage, its log among them.
std::string StoredIn(const fs::path& database) {
  return ContentsOf(database) + ContentsOf(database.string() + "-wal");
}

class KeysTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (directory_ / name).string(); }

  // Makes a keyring of this name and returns the flag that names it.
  std::string MakeKeys(const std::string& name) const { return "--keys=" + MakeKeyring(path(name)); }

  nlohmann::json ReadKeyring(const std::string& name) const { return nlohmann::json::parse(ContentsOf(path(name))); }

  void WriteKeyring(const std::string& name, const nlohmann::json& keyring) const {
    std::ofstream(path(name)) << keyring.dump();
  }

  const TempDir directory_;
  const std::string storage_ = "--storage=sqlite:" + path("contacts.db");
};

TEST_F(KeysTest, AKeyringIsMadeForItsOwnerAloneAndNeverOverwritten) {
  const std::string keys = MakeKeys("keyring.json");
  struct stat about = {};
  ASSERT_EQ(::stat(path("keyring.json").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  const std::string made = ContentsOf(path("keyring.json"));
  const Ended again = RunProgram("contactsd", {"make-keys", keys});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.output, HasSubstr("there is a keyring"));
  EXPECT_EQ(ContentsOf(path("keyring.json")), made);
}

TEST_F(KeysTest, AStorageIsOpenedByItsOwnKeyringAlone) {
  const std::string keys = MakeKeys("keyring.json");
  const std::string other = MakeKeys("other.json");
  std::string id;
  {
    CouncilProgram contactsd("contactsd", {storage_, keys});
    id = Create(contactsd);
  }
  EXPECT_THAT(StoredIn(path("contacts.db")), Not(HasSubstr(kName)));

  const Ended with_other = StartInVain("contactsd", {storage_, other});
  EXPECT_EQ(with_other.code, 1);
  EXPECT_THAT(with_other.output, HasSubstr("the keyring is not the one that the keys of owners"));
  const Ended without_owners =
      StartInVain("contactsd", {storage_, other, "--key-storage=sqlite:" + path("elsewhere/contacts.db")});
  EXPECT_EQ(without_owners.code, 1);
  EXPECT_THAT(without_owners.output, HasSubstr("the keyring is not the one that the storage was sealed with"));
  for (const auto& arguments : {std::vector{storage_, std::string("--keys=none")}, std::vector{storage_}}) {
    const Ended without = StartInVain("contactsd", arguments);
    EXPECT_EQ(without.code, 1);
    EXPECT_THAT(without.output, HasSubstr("name the keyring that it was sealed with, --keys=file:PATH"));
  }
  const Ended lost = StartInVain("contactsd", {storage_, "--keys=file:" + path("lost.json")});
  EXPECT_EQ(lost.code, 1);
  EXPECT_THAT(lost.output, HasSubstr("there is no keyring " + path("lost.json")));

  CouncilProgram again("contactsd", {storage_, keys});
  EXPECT_EQ(NameOf(again, id), kName);
}

TEST_F(KeysTest, AKeyringThatOthersMayReadIsRefused) {
  const std::string keys = MakeKeys("keyring.json");
  ASSERT_EQ(::chmod(path("keyring.json").c_str(), 0644), 0);
  const Ended ended = StartInVain("contactsd", {storage_, keys});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.output, HasSubstr("must be readable by its owner alone, or by its group too: chmod 600 or 640"));
}

TEST_F(KeysTest, TheMasterKeyChangesAndTheOldOneCanBeDropped) {
  const std::string keys = MakeKeys("keyring.json");
  std::string id;
  {
    CouncilProgram contactsd("contactsd", {storage_, keys});
    id = Create(contactsd);
  }
  nlohmann::json keyring = ReadKeyring("keyring.json");
  const std::string old = keyring["primary"];
  keyring["keys"]["2027"] = absl::Base64Escape(std::string(32, 'n'));
  keyring["primary"] = "2027";
  WriteKeyring("keyring.json", keyring);
  nlohmann::json without_old = keyring;
  without_old["keys"].erase(old);
  WriteKeyring("without-old.json", without_old);
  ASSERT_EQ(::chmod(path("without-old.json").c_str(), 0600), 0);
  const std::string new_keys = "--keys=file:" + path("without-old.json");
  EXPECT_EQ(StartInVain("contactsd", {storage_, new_keys}).code, 1) << "it wraps everything still";

  const Ended rewrapped = RunProgram("contactsd", {"rewrap-keys", storage_, keys});
  ASSERT_EQ(rewrapped.code, 0) << rewrapped.output;
  EXPECT_THAT(rewrapped.output, HasSubstr("contacts: all is wrapped by the primary key now, 1 keys of owners anew"));
  CouncilProgram contactsd("contactsd", {storage_, new_keys});
  EXPECT_EQ(NameOf(contactsd, id), kName);
}

TEST_F(KeysTest, AnOwnersKeyChangesAndWhatTheOldOneSealedIsStillRead) {
  const std::string keys = MakeKeys("keyring.json");
  std::string id;
  {
    CouncilProgram contactsd("contactsd", {storage_, keys});
    id = Create(contactsd);
  }
  const Ended rotated = RunProgram("contactsd", {"rotate-keys", storage_, keys});
  ASSERT_EQ(rotated.code, 0) << rotated.output;
  EXPECT_THAT(rotated.output, HasSubstr("contacts: 1 owners have a new key"));
  CouncilProgram contactsd("contactsd", {storage_, keys});
  EXPECT_EQ(NameOf(contactsd, id), kName);
  EXPECT_EQ(NameOf(contactsd, Create(contactsd)), kName);
}

TEST_F(KeysTest, JobsOnKeysMakeNoStorageWhereThereIsNone) {
  const std::string keys = MakeKeys("keyring.json");
  for (const char* job : {"rewrap-keys", "rotate-keys"}) {
    const Ended ended = RunProgram("contactsd", {job, storage_, keys});
    EXPECT_EQ(ended.code, 1);
    EXPECT_THAT(ended.output, HasSubstr("there is no " + path("contacts.db")));
    EXPECT_FALSE(fs::exists(path("contacts.db")));
  }
}

TEST_F(KeysTest, KeysCanLieInAnotherDatabaseOnPostgres) {
  PostgresServer server;
  const std::string data = server.CreateDatabase();
  const std::string apart = server.CreateDatabase();
  const Ended migrated =
      RunProgram("contactsd", {"migrate", "--storage=" + server.AdminUrl(data),
                               "--key-storage=" + server.AdminUrl(apart), "--service-role=council_service"});
  ASSERT_EQ(migrated.code, 0) << migrated.output;
  const std::vector<std::string> flags = {MakeKeys("keyring.json"), "--storage=" + server.ServiceUrl(data),
                                          "--key-storage=" + server.ServiceUrl(apart)};
  std::string id;
  {
    CouncilProgram contactsd("contactsd", flags);
    id = Create(contactsd);
  }
  CouncilProgram contactsd("contactsd", flags);
  EXPECT_EQ(NameOf(contactsd, id), kName);
  EXPECT_EQ(server.Sql(apart, "SELECT count(*) FROM contacts_keys.owner_keys"), "2") << "the sentinel and ada's";
}

TEST_F(KeysTest, CouncildMakesItsKeyringOnTheFirstRunAndWarnsWhereItLies) {
  const std::string storage = "--storage=sqlite:" + path("data");
  std::string id;
  {
    CouncilProgram councild("councild", {storage});
    EXPECT_THAT(councild.process().output(), HasSubstr("lies beside the data that it seals: move it"));
    id = Create(councild);
    EXPECT_THAT(StoredIn(path("data/contacts.db")), Not(HasSubstr(kName)));
    councild.Restart();
    EXPECT_EQ(NameOf(councild, id), kName);
  }
  fs::rename(path("data/keyring.json"), path("moved.json"));
  const Ended unsaid = StartInVain("councild", {storage});
  EXPECT_EQ(unsaid.code, 1);
  EXPECT_THAT(unsaid.output, HasSubstr("say with --keys=file:PATH where the keyring is now"));
  CouncilProgram councild("councild", {storage, "--keys=file:" + path("moved.json")});
  EXPECT_THAT(councild.process().output(), Not(HasSubstr("lies beside the data")));
  EXPECT_EQ(NameOf(councild, id), kName);
}

TEST_F(KeysTest, WhatWasStoredBeforeThereWereKeysIsReadAndSealed) {
  const std::string storage = "--storage=sqlite:" + path("data");
  std::string id;
  {
    CouncilProgram councild("councild", {storage, "--keys=none"});
    id = Create(councild);
  }
  EXPECT_THAT(StoredIn(path("data/contacts.db")), HasSubstr(kName));
  CouncilProgram councild("councild", {storage});
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  do {
    ASSERT_EQ(NameOf(councild, id), kName);
  } while (StoredIn(path("data/contacts.db")).find(kName) != std::string::npos && absl::Now() < deadline);
  EXPECT_THAT(StoredIn(path("data/contacts.db")), Not(HasSubstr(kName)));
  EXPECT_EQ(NameOf(councild, id), kName);
}

TEST_F(KeysTest, WhatAProgramHoldsInMemoryGoesIntoNoCoreFile) {
  CouncilProgram contactsd("contactsd", {storage_});
  const std::string limits = ContentsOf(absl::StrCat("/proc/", contactsd.process().pid(), "/limits"));
  EXPECT_THAT(limits, ::testing::ContainsRegex("Max core file size +0 +0 "));
}

}  // namespace
}  // namespace council::test
