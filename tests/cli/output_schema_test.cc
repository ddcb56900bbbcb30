// What council prints with --output=json is what clients/cli/schema says, for every command that there is.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/cli/cli_fixtures.h"
#include "tests/support/process.h"

namespace council::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// By the definition of commands.json that each should be an instance of.
using Documents = std::map<std::string, std::vector<json>>;

// Commands that are not run here, with the reason.
const std::map<std::string, std::string>& NotRun() {
  static const auto* const kNotRun = new std::map<std::string, std::string>{
      {"council start", "asks a person at a terminal, and prints no JSON"},
      {"council login", "needs an identity provider; prints what whoami does, which is run signed in"},
  };
  return *kNotRun;
}

// RFC 8410, 10.3: an Ed25519 key.
constexpr char kSigningKey[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";

std::string SchemaPath(const std::string& name) {
  return absl::StrCat(std::getenv("COUNCIL_SOURCE_DIR"), "/clients/cli/schema/", name);
}

// What is wrong with the JSON in a file by the schema in another, a line each; empty: nothing. Asks Debian's
// python3-jsonschema, whatever other Python is on the path.
std::string ProblemsOf(const std::string& instance, const std::string& schema) {
  int code = -1;
  const auto output =
      RunToEnd({.command = {"/usr/bin/jsonschema", "--error-format", "{error.json_path}: {error.message:.300}\n",
                            "--instance", instance, schema}},
               code, absl::Minutes(2));
  if (!output.ok()) return output.status().ToString();
  return code == 0 ? "" : absl::StrCat("exit code ", code, ":\n", *output);
}

// The same for documents by commands.json; a line begins with "$.DEFINITION[INDEX]".
std::string ProblemsOf(const Documents& documents) {
  const TempDir directory;
  json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"}};
  for (const auto& [definition, list] : documents) {
    const std::string name = absl::StrReplaceAll(definition, {{" ", "%20"}});
    schema["properties"][definition]["items"]["$ref"] =
        absl::StrCat("file://", SchemaPath("commands.json"), "#/definitions/", name);
  }
  const std::string instance_path =
      WriteFile(directory / "documents.json", json(documents).dump(-1, ' ', /*ensure_ascii=*/true));
  const std::string schema_path = WriteFile(directory / "schema.json", schema.dump());
  return ProblemsOf(instance_path, schema_path);
}

// Adds the command `words` and those that its help lists, theirs too: "council", "council contacts",
// "council contacts add" …
void ListCommands(const CommandLine& council, const std::vector<std::string>& words, std::set<std::string>& commands) {
  static const auto* const kCommand = new std::regex("  ([a-z][a-z-]*)( .*)?");
  commands.insert(absl::StrJoin(words, " "));
  std::vector<std::string> arguments(words.begin() + 1, words.end());
  arguments.emplace_back("--help");
  const CommandResult help = council.Run(arguments);
  EXPECT_EQ(help.code, 0) << help.err;
  const std::vector<std::string> lines = absl::StrSplit(help.out, '\n');
  bool in_list = false;
  for (const std::string& line : lines) {
    std::smatch match;
    if (line == "Subcommands:") {
      in_list = true;
    } else if (line.empty()) {
      in_list = false;
    } else if (in_list && std::regex_match(line, match, *kCommand)) {
      std::vector<std::string> longer = words;
      longer.push_back(match[1]);
      ListCommands(council, longer, commands);
    }
  }
}

// The command that a definition is of: "council seat" for "council seat --from=FILE".
std::string CommandOf(const std::string& definition, const std::set<std::string>& commands) {
  std::string command = definition;
  while (commands.count(command) == 0 && absl::StrContains(command, ' ')) command.resize(command.rfind(' '));
  return command;
}

class OutputSchemaTest : public SampleTest {
 protected:
  // Runs a command that ends with `code` and prints what `definition` says, and gives that. On another suite where
  // `elsewhere` is given.
  json Document(const std::string& definition, std::vector<std::string> arguments, int code = 0,
                const std::string& input = "", const CommandLine* elsewhere = nullptr) {
    arguments.emplace_back("--output=json");
    const CommandResult result = (elsewhere == nullptr ? council_ : *elsewhere).Run(arguments, input);
    EXPECT_EQ(result.code, code) << definition << ":\n" << result.err;
    return Keep(definition, result.out);
  }

  // For a command that only reads: with everything, and as others may see it.
  json Read(const std::string& definition, std::vector<std::string> arguments) {
    json all = Document(definition, arguments);
    arguments.emplace_back("--discreet");
    Document(definition, arguments);
    return all;
  }

  // For a command that prints JSON lines.
  void Lines(const std::string& definition, std::vector<std::string> arguments) {
    arguments.emplace_back("--output=json");
    const CommandResult result = council_.Run(arguments);
    EXPECT_EQ(result.code, 0) << definition << ":\n" << result.err;
    const std::vector<std::string> lines = absl::StrSplit(result.out, '\n', absl::SkipEmpty());
    EXPECT_FALSE(lines.empty()) << definition;
    for (const std::string& line : lines) Keep(definition, line);
  }

  // For a command that fails.
  void Fail(int code, std::vector<std::string> arguments) {
    arguments.emplace_back("--output=json");
    const CommandResult result = council_.Run(arguments);
    EXPECT_EQ(result.code, code) << result.out << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    Keep("error", result.err);
  }

  std::string Path(const std::string& name) { return (council_.directory() / name).string(); }

  // Meetings that began an hour ago and are no entries yet, which takes a ledger without any.
  void Plan(const std::vector<std::string>& titles, const std::string& contact_id) {
    const absl::Time start = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now())) - absl::Hours(1);
    std::vector<PlannedMeeting> meetings;
    for (const std::string& title : titles) meetings.push_back({.title = title, .start = start});
    const absl::Status made = MakePlans(*suite, owner_, contact_id, meetings);
    ASSERT_TRUE(made.ok()) << made;
  }

  void ImportFiles();
  void ChangePeople();
  void ChangeTalks();
  void AnswerAdvice();
  void ReadAll();
  void TakeAlong();
  void SignIn();

  const std::string owner_ = ::testing::UnitTest::GetInstance()->current_test_info()->name();
  Documents documents_;

 private:
  json Keep(const std::string& definition, const std::string& text) {
    json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(document.is_discarded()) << definition << " printed:\n" << text;
    if (document.is_discarded()) return nullptr;
    documents_[definition].push_back(document);
    return document;
  }
};

void OutputSchemaTest::ImportFiles() {
  Document("council settings", {"settings", "--my-email", "ines.marchetti@tidewater.example,ines@marchetti.example",
                                "--time-zone", "Europe/Berlin", "--hours", "4", "--cadence", "mentors=30d:45d"});
  Document("council import", {"import", "--dry-run", File("contacts.vcf")});
  Document("council import", {"import", File("contacts.vcf"), File("Connections.csv")});
  Document("council import", {"import", File("contacts.vcf"), Path("missing.vcf")}, 6);
  Write("one.vcf", "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Nora Vik\r\nEND:VCARD\r\n");
  Document("council import", {"import", Path("one.vcf")});
  Document("council undo import", {"undo", "import", "--yes"});

  const json rosa = Document("council contacts", {"contacts", "rosa lindqvist"})["contacts"][0]["id"];
  ASSERT_NO_FATAL_FAILURE(Plan({"Coffee", "Walk"}, rosa));
  const json plans = Read("council plans", {"plans"})["unconfirmedPlans"];
  ASSERT_EQ(plans.size(), 2u);
  Document("council plans happened", {"plans", "happened", plans[0]["id"], "--energy=good"});
  Document("council plans missed", {"plans", "missed", plans[1]["id"]});

  Document("council seat --from=FILE", {"seat", "--from", File("council.jsonl")});
  Document("council seat --from=FILE", {"seat", "--from=-"}, 2, "{\"contact\": \"nobody at all\"}\n");
  Document("council import", {"import", File("calendar.ics")});
  Document("council log --from=FILE", {"log", "--from", File("log.jsonl")});
  Document("council log --from=FILE", {"log", "--from=-"}, 2, "not json\n");
}

void OutputSchemaTest::ChangePeople() {
  const json ann = Document("council contacts add", {"contacts", "add", "Ann Miller", "--email=ann@miller.example",
                                                     "--phone=+49 40 1", "--tag=mentors", "--facet=function=design",
                                                     "--notes=plays the cello", "--birthday=1980-05-17"})["contact"];
  const json other =
      Document("council contacts add", {"contacts", "add", "Ann Baker", "--email=ann@miller.example"})["contact"];
  Fail(4, {"log", "ann"});
  Read("council contacts duplicates", {"contacts", "duplicates"});
  Document("council contacts edit",
           {"contacts", "edit", ann["id"], "--status=paused", "--paused-until=2099-01-01", "--title=Head of Design"});
  Document("council contacts merge --all", {"contacts", "merge", "--all", "--yes"});
  Document("council contacts merge", {"contacts", "merge", ann["id"], other["id"], "--yes"});
  Document("council contacts acquaint", {"contacts", "acquaint", ann["id"], "rosa"});
  Document("council seat NAME", {"seat", ann["id"], "--as=mentor", "--domain=career", "--every=6w", "--at-most=9w"});
  Document("council unseat", {"unseat", ann["id"]});
  Document("council contacts delete", {"contacts", "delete", ann["id"], "--yes"});
}

void OutputSchemaTest::ChangeTalks() {
  Document("council log",
           {"log", "rosa", "pricing", "--on=yesterday 18:30", "--channel=in-person", "--depth=counsel", "--energy=-1",
            "--domain=career", "--duration=1h15", "--received=advice:3,feedback", "--given=introduction:2=lukas"});
  Document("council correct", {"correct", "last", "--depth=update"});
  Document("council undo", {"undo"});
  Document("council promise", {"promise", "rosa", "the paper on pricing", "--by=tomorrow"});
  Document("council promise", {"promise", "lukas", "a route along the river", "--theirs"});
  const json promises = Read("council promises", {"promises"})["promises"];
  ASSERT_EQ(promises.size(), 2u);
  Document("council done", {"done", promises[1]["promise"]["id"]});
  Document("council promises", {"promises", "--all"});
  const json heike = Document("council contacts", {"contacts", "sommerfeld"})["contacts"][0]["id"];
  Document("council forget", {"forget", heike, "--yes"});

  Fail(2, {"frobnicate"});
  Fail(2, {"log", "rosa", "--depth=abyss", "--energy=9"});
  Fail(3, {"log", "nobody at all"});
  Fail(5, {"talks", "--ledger=127.0.0.1:1"});
}

void OutputSchemaTest::AnswerAdvice() {
  const json steps = Read("council advice", {"advice"})["recommendations"];
  ASSERT_GE(steps.size(), 3u);
  Read("council advice why", {"advice", "why", "--id", steps[0]["id"]});
  Document("council advice accept", {"advice", "accept", "--id", steps[0]["id"]});
  Document("council advice dismiss", {"advice", "dismiss", "--id", steps[1]["id"]});
  Document("council advice snooze", {"advice", "snooze", "--id", steps[2]["id"], "--for=2w"});
  Read("council advice", {"advice", "--all"});
}

void OutputSchemaTest::ReadAll() {
  Read("council", {});
  Read("council contacts", {"contacts"});
  Read("council show", {"show", "rosa"});
  Read("council prep", {"prep"});
  Read("council prep", {"prep", "rosa,lukas"});
  Read("council seat", {"seat"});
  Read("council talks", {"talks", "--all", "--limit=1000"});
  Read("council ties", {"ties"});
  Read("council plans", {"plans", "--days=30"});
  Read("council balance", {"balance"});
  Read("council balance --explain=COMPONENT", {"balance", "--explain=reciprocity"});
  Read("council history", {"history"});
  Read("council hindsight", {"hindsight"});
  Read("council review", {"review"});
  Read("council introductions", {"introductions"});
  Read("council digest", {"digest"});
  Read("council calendar", {"calendar"});
  Read("council propose", {"propose"});
  Read("council try", {"try", "--add=grace", "--as=mentor", "--drop=jonas", "--talk=hana"});
  Read("council settings", {"settings"});
  Read("council verify", {"verify"});
  Document("council verify", {"verify", "--expect=1:" + std::string(64, '0')}, 1);
  Read("council access", {"access", "--limit=1000"});
}

void OutputSchemaTest::TakeAlong() {
  Lines("council export contacts", {"export", "contacts"});
  Lines("council export ledger", {"export", "ledger"});
  Lines("council export all", {"export", "all"});
  Lines("council export --all", {"export", "--all"});
  const std::string file = Path("council.jsonl");
  Document("council export --all --out=FILE", {"export", "--all", "--out", file});
  // Into a suite of its own, where nothing is yet.
  const CommandLine elsewhere;
  Document("council import --all FILE", {"import", "--all", file}, 0, "", &elsewhere);
}

void OutputSchemaTest::SignIn() {
  const json nobody = Document("council whoami", {"whoami"}, 3);
  ASSERT_TRUE(nobody.is_object());
  const json login = {{"issuer", "http://127.0.0.1:1"},
                      {"clientId", "council"},
                      {"accessToken", "token"},
                      {"refreshToken", ""},
                      {"subject", "ines"},
                      {"name", "Ines"},
                      {"expires", 4102444800}};
  Write("state/council/logins.json", json({{nobody["suite"].get<std::string>(), login}}).dump());
  const json ines = Document("council whoami", {"whoami"});
  EXPECT_EQ(ines["subject"], "ines");
  EXPECT_TRUE(ines.contains("expireTime"));
  Document("council logout", {"logout"});
  Write("key.pem", kSigningKey);
  Document("council dev-token", {"dev-token", "--key=" + Path("key.pem"), "--subject=ines"});
}

TEST_F(OutputSchemaTest, EveryCommandPrintsWhatItsSchemaSays) {
  ASSERT_NO_FATAL_FAILURE(ImportFiles());
  ASSERT_NO_FATAL_FAILURE(ChangePeople());
  ASSERT_NO_FATAL_FAILURE(ChangeTalks());
  ASSERT_NO_FATAL_FAILURE(AnswerAdvice());
  ReadAll();
  TakeAlong();
  ASSERT_NO_FATAL_FAILURE(SignIn());
  Document("council forget --everything", {"forget", "--everything", "--yes"});
  EXPECT_EQ(ProblemsOf(documents_), "");

  std::set<std::string> commands;
  ListCommands(council_, {"council"}, commands);
  EXPECT_GT(commands.size(), 40u);
  std::set<std::string> run;
  for (const auto& [definition, list] : documents_) run.insert(CommandOf(definition, commands));
  for (const std::string& command : commands) {
    EXPECT_TRUE(run.count(command) > 0 || NotRun().count(command) > 0)
        << command << " is new: describe its JSON in clients/cli/schema/commands.json, and run it here";
  }
  const json definitions = json::parse(std::ifstream(SchemaPath("commands.json")))["definitions"];
  for (const auto& [definition, schema] : definitions.items()) {
    if (!absl::StartsWith(definition, "council")) continue;
    EXPECT_TRUE(documents_.count(definition) > 0 || NotRun().count(definition) > 0)
        << "nothing printed \"" << definition << "\"";
  }
}

TEST_F(OutputSchemaTest, WhatTheSchemaDoesNotSayIsRefused) {
  Add("Rosa");
  Expect(0, {"log", "rosa", "--depth=counsel", "--duration=30m", "--received=advice"});
  const json right = Document("council talks", {"talks"});
  const auto with = [&right](const char* member, const json& value) {
    json wrong = right;
    wrong["interactions"][0][member] = value;
    return wrong;
  };
  std::vector<json>& documents = documents_["council talks"];
  documents = {with("sequence", 1),
               with("depth", "INTERACTION_DEPTH_ABYSS"),
               with("occurTime", "yesterday"),
               with("duration", "30m"),
               with("hash", "no base64"),
               with("domains", "LIFE_DOMAIN_CAREER"),
               with("contact_ids", json::array()),
               with("benefits", json::array({{{"contactId", ""}}}))};
  documents.push_back(right);
  documents.back()["interactions"][0].erase("contactIds");
  documents.push_back(right);
  documents.back()["more"] = true;

  const std::string problems = ProblemsOf(documents_);
  for (size_t i = 0; i < documents.size(); ++i) {
    EXPECT_THAT(problems, HasSubstr(absl::StrCat("$.council talks[", i, "]"))) << documents[i].dump(2);
  }
}

TEST(SchemaFilesTest, AreSchemas) {
  for (const char* name : {"commands.json", "messages.json"}) {
    EXPECT_EQ(ProblemsOf(SchemaPath(name), SchemaPath(name)), "") << name;
  }
}

}  // namespace
}  // namespace council::test
