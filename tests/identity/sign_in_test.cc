// Signing in to a real suite at a real identity provider, as a person does it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/http/http.h"
#include "tests/cli/command_line.h"
#include "tests/identity/browser.h"
#include "tests/identity/identity_provider.h"
#include "tests/support/council.h"
#include "tests/support/temp_dir.h"

namespace council::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A provider and a councild that trusts it, for all tests.
struct Installation {
  IdentityProvider provider;
  TempDir directory;
  CouncilProgram councild = Start(provider, directory);

  static CouncilProgram Start(const IdentityProvider& provider, const TempDir& directory) {
    const std::string issuers = (directory / "issuers.json").string();
    std::ofstream(issuers) << provider.Issuers();
    return CouncilProgram(
        "councild", {"--auth=jwt", "--auth-issuers=" + issuers, "--storage=sqlite:" + (directory / "data").string()});
  }
};

// A person's machine.
class Machine {
 public:
  explicit Machine(const Installation& installation) : council(installation.councild), installation_(installation) {}

  std::vector<std::string> LoginCommand(std::vector<std::string> more = {}) const {
    std::vector<std::string> command = {"login", "--issuer=" + installation_.provider.issuer(), "--client-id=council",
                                        "--resource=https://council.test"};
    command.insert(command.end(), more.begin(), more.end());
    return command;
  }

  // Signs in as `login` (NAME.TENANT) with a browser on this machine, and returns what council printed.
  std::string SignIn(const std::string& login, std::vector<std::string> more = {}) const {
    return SignInWith(LoginCommand(std::move(more)), login);
  }
  std::string SignInWith(const std::vector<std::string>& command, const std::string& login) const {
    const auto process = council.Start(command);
    const std::string url = AddressIn(*process, installation_.provider.issuer() + "/auth?");
    EXPECT_THAT(Browser().GoThrough(url, {{"login", login}, {"password", "any"}}), HasSubstr("You are signed in"));
    return OutputOf(*process, 0);
  }

  // The address in the line of output that contains `text`.
  static std::string AddressIn(const Process& process, const std::string& text) {
    const auto line = process.WaitForLine(text);
    EXPECT_TRUE(line.ok()) << line.status();
    return line.ok() ? line->substr(line->find("http")) : "";
  }

  static std::string OutputOf(Process& process, int code) {
    const auto exit = process.WaitForExit();
    EXPECT_TRUE(exit.ok()) << exit.status();
    EXPECT_EQ(exit.value_or(-1), code) << process.output();
    return process.output();
  }

  CommandResult Run(const std::vector<std::string>& arguments) const { return council.Run(arguments); }
  int CodeOf(const std::vector<std::string>& arguments) const { return council.Run(arguments).code; }

  // The names of all contacts.
  std::vector<std::string> Contacts() const {
    std::vector<std::string> names;
    const json answer = council.Json({"contacts"});
    for (const json& contact : answer.at("contacts")) names.push_back(contact["displayName"]);
    return names;
  }

  std::string LoginFile() const { return (council.directory() / "state" / "council" / "logins.json").string(); }
  json Login() const { return json::parse(ReadAll(LoginFile())).at(installation_.councild.address()); }
  void SetLogin(const json& login) const {
    std::ofstream(LoginFile()) << json({{installation_.councild.address(), login}});
  }
  // Makes council think that its access token has ended.
  void ExpireToken() const {
    json login = Login();
    login["expires"] = absl::ToUnixSeconds(absl::Now() - absl::Minutes(1));
    SetLogin(login);
  }
  // Keeps a token that the suite refuses.
  void SpoilToken() const {
    json login = Login();
    login["accessToken"] = login["accessToken"].get<std::string>() + "x";
    SetLogin(login);
  }

  const CommandLine council;

 private:
  const Installation& installation_;
};

class SignInTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (IdentityProvider::Available()) installation = std::make_unique<Installation>();
  }
  static void TearDownTestSuite() { installation.reset(); }
  void SetUp() override {
    if (installation == nullptr) GTEST_SKIP() << "oidc-provider is not installed; `make setup` installs it";
  }

  static std::unique_ptr<Installation> installation;
};

std::unique_ptr<Installation> SignInTest::installation;

TEST_F(SignInTest, WithABrowserOnThisMachine) {
  const Machine ada(*installation);
  const CommandResult before = ada.Run({"contacts"});
  EXPECT_EQ(before.code, 1);
  EXPECT_THAT(before.err, HasSubstr("does not know who you are: council login signs you in"));
  EXPECT_EQ(ada.CodeOf({"whoami"}), 3);

  EXPECT_THAT(ada.SignIn("ada.acme"), HasSubstr("You are ada of acme (ada.acme) at "));
  EXPECT_EQ(ada.CodeOf({"contacts", "add", "Rosa Lind"}), 0);
  EXPECT_EQ(ada.CodeOf({"seat", "rosa", "--as", "mentor"}), 0);
  EXPECT_EQ(ada.CodeOf({"log", "rosa", "--depth", "counsel"}), 0);
  // Recommendations ask the other two in the caller's name.
  EXPECT_GT(ada.council.Json({"balance"})["balance"]["score"].get<double>(), 0);
  EXPECT_EQ(ada.council.Json({"whoami"})["subject"], "ada.acme");

  struct stat status = {};
  ASSERT_EQ(stat(ada.LoginFile().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(SignInTest, WithABrowserElsewhere) {
  const Machine ben(*installation);
  const auto process = ben.council.Start(ben.LoginCommand({"--device"}));
  const std::string url = Machine::AddressIn(*process, "or open ");
  EXPECT_THAT(Browser().GoThrough(url, {{"login", "ben.acme"}, {"password", "any"}}), HasSubstr("Sign-in Success"));
  EXPECT_THAT(Machine::OutputOf(*process, 0), HasSubstr("You are ben of acme"));
  EXPECT_EQ(ben.CodeOf({"contacts", "add", "Rosa Lind"}), 0);
}

TEST_F(SignInTest, APersonOfOneNameInAnotherTenantIsAnother) {
  const Machine acme(*installation);
  const Machine globex(*installation);
  const Machine other(*installation);
  acme.SignIn("cleo.acme");
  globex.SignIn("cleo.globex");
  other.SignIn("dan.acme");
  EXPECT_EQ(acme.CodeOf({"contacts", "add", "Rosa Lind"}), 0);
  EXPECT_EQ(acme.Contacts(), std::vector<std::string>{"Rosa Lind"});
  EXPECT_TRUE(globex.Contacts().empty());
  EXPECT_TRUE(other.Contacts().empty());
  // Who is signed in is nobody else for the asking.
  EXPECT_EQ(other.council.Json({"contacts", "--owner=cleo"})["contacts"].size(), 0u);
}

TEST_F(SignInTest, ATenantThatTheIssuerMayNotSpeakForIsRefused) {
  const Machine eve(*installation);
  eve.SignIn("eve.initech");
  const CommandResult result = eve.Run({"contacts"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("may not speak for this tenant"));
  EXPECT_THAT(result.err, Not(HasSubstr(eve.Login()["accessToken"].get<std::string>())));
}

TEST_F(SignInTest, AnEndedTokenIsRenewedOnceForAllWhoRunAtOnce) {
  const Machine fay(*installation);
  fay.SignIn("fay.acme");
  const json before = fay.Login();
  const int granted = installation->provider.Granted("refresh_token");
  fay.ExpireToken();
  std::vector<std::unique_ptr<Process>> running;
  for (int i = 0; i < 4; ++i) running.push_back(fay.council.Start({"contacts", "add", absl::StrCat("Contact ", i)}));
  for (const auto& process : running) Machine::OutputOf(*process, 0);
  EXPECT_EQ(installation->provider.Granted("refresh_token"), granted + 1);
  const json after = fay.Login();
  EXPECT_NE(after["accessToken"], before["accessToken"]);
  EXPECT_NE(after["refreshToken"], before["refreshToken"]);
  EXPECT_EQ(fay.Contacts().size(), 4u);
}

TEST_F(SignInTest, ARefusedTokenIsRenewedAlsoBeforeAFileIsSent) {
  const Machine gus(*installation);
  gus.SignIn("gus.acme");
  gus.SpoilToken();
  EXPECT_EQ(gus.CodeOf({"contacts", "add", "Rosa Lind"}), 0);
  gus.SpoilToken();
  const std::string file = (gus.council.directory() / "people.vcf").string();
  std::ofstream(file) << "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Tom Baker\r\nEND:VCARD\r\n";
  EXPECT_EQ(gus.CodeOf({"import", file}), 0);
  gus.SpoilToken();
  EXPECT_EQ(gus.CodeOf({"export", "--all", "--out=" + file + ".all"}), 0);
  EXPECT_EQ(gus.Contacts().size(), 2u);
}

TEST_F(SignInTest, WhoMayOnlyReadWritesNothing) {
  const Machine hal(*installation);
  hal.SignIn("hal.acme", {"--scope=openid council.read"});
  EXPECT_EQ(hal.CodeOf({"contacts"}), 0);
  const CommandResult result = hal.Run({"contacts", "add", "Rosa Lind"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("the access token lacks the scope council.write"));
}

TEST_F(SignInTest, SigningOutEndsItForGoodAndRemembersWhereToSignIn) {
  const Machine ida(*installation);
  ida.SignIn("ida.acme");
  const json copy = ida.Login();
  EXPECT_THAT(ida.Run({"logout"}).out, HasSubstr("You are signed out"));
  EXPECT_THAT(ReadAll(ida.LoginFile()), Not(HasSubstr(copy["refreshToken"].get<std::string>())));
  EXPECT_EQ(ida.CodeOf({"contacts"}), 1);

  // A copy of the file is worth no more than its access token.
  ida.SetLogin(copy);
  ida.ExpireToken();
  EXPECT_THAT(ida.Run({"contacts"}).err, HasSubstr("your sign-in has ended"));

  EXPECT_THAT(ida.SignInWith({"login"}, "ida.acme"), HasSubstr("You are ida of acme"));
  EXPECT_EQ(ida.CodeOf({"contacts"}), 0);
}

TEST_F(SignInTest, OnlyTheAnswerToItsOwnQuestionIsTaken) {
  const Machine jon(*installation);
  const auto process = jon.council.Start(jon.LoginCommand());
  const std::string url = Machine::AddressIn(*process, installation->provider.issuer() + "/auth?");
  std::smatch port;
  std::smatch state;
  ASSERT_TRUE(std::regex_search(url, port, std::regex("127\\.0\\.0\\.1%3a([0-9]+)%2fcallback", std::regex::icase)))
      << url;
  ASSERT_TRUE(std::regex_search(url, state, std::regex("&state=([^&]+)"))) << url;
  const auto answer = [&](const std::string& to) {
    const auto response = http::Get(
        *http::WithQuery(absl::StrCat("http://127.0.0.1:", port[1].str(), "/callback"),
                         {{"state", to}, {"error", "access_denied"}, {"iss", installation->provider.issuer()}}));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->status : 0;
  };
  EXPECT_EQ(answer("guessed"), 400);
  EXPECT_EQ(answer(state[1]), 200);
  EXPECT_THAT(Machine::OutputOf(*process, 1), HasSubstr("says no (access_denied): it was declined there"));
  EXPECT_EQ(jon.CodeOf({"whoami"}), 3);
}

TEST_F(SignInTest, WhatIsWrongIsSaidInWords) {
  const Machine kim(*installation);
  const std::string issuer = "--issuer=" + installation->provider.issuer();
  const struct {
    std::vector<std::string> arguments;
    int code;
    std::string message;
  } wrong[] = {
      {{"login"}, 2, "where do you sign in? --issuer=URL and --client-id=ID"},
      {{"login", "--issuer=http://login.example", "--client-id=council"}, 2, "must be https"},
      {{"login", issuer + "/other", "--client-id=council"}, 1, "is no identity provider to sign in at"},
      {{"login", issuer, "--client-id=nobody", "--device"}, 1, "does not know this program by that --client-id"},
  };
  for (const auto& [arguments, code, message] : wrong) {
    const CommandResult result = kim.Run(arguments);
    EXPECT_EQ(result.code, code) << result.err;
    EXPECT_THAT(result.err, HasSubstr(message));
  }
  const CommandResult nowhere = CommandLine().Run({"login", issuer, "--client-id=council"});
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("which suite? --server=HOST:PORT names it"));
}

TEST_F(SignInTest, NewKeysOfTheProviderArePickedUp) {
  const Machine lea(*installation);
  lea.SignIn("lea.acme");
  ASSERT_EQ(lea.CodeOf({"contacts", "add", "Rosa Lind"}), 0);
  installation->provider.ReplaceKeys();
  lea.ExpireToken();
  // A key that is not known makes the suite fetch the keys, but not more often than each half minute.
  const absl::Time patience = absl::Now() + absl::Minutes(2);
  int code = 1;
  while (code != 0 && absl::Now() < patience) code = lea.CodeOf({"contacts"});
  EXPECT_EQ(code, 0);
  EXPECT_EQ(lea.Contacts(), std::vector<std::string>{"Rosa Lind"});
}

}  // namespace
}  // namespace council::test
