// Moving in from anybody's own files, on the command line: a table whose columns one names, a folder of notes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/cli/cli_fixtures.h"

namespace council::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class NotesAndTablesTest : public CliTest {};

constexpr char kPeople[] =
    "Name;E-Mail;Company;Last seen\n"
    "Anna Berger;anna@example.com;Acme;14.03.2026\n"
    "Tom Ash;;Widgets;2026-04-01\n"
    "Eva Moos;eva@example.com;;\n";
constexpr char kMap[] = "--map=Name=display_name,E-Mail=email,Company=organization,Last seen=touch";

TEST_F(NotesAndTablesTest, ATableWhoseColumnsAreNamedBringsPeopleAndWhenTheyWereLastMet) {
  const std::string file = Write("people.csv", kPeople);
  const nlohmann::json first = council_.Json({"import", file, kMap})["files"][0];
  EXPECT_EQ(first["contacts"]["created"], 3) << first;
  EXPECT_EQ(first["interactions"]["created"], 2) << "Tom, who has no address, is known by name";
  EXPECT_EQ(first["interactions"]["leftOut"][0]["reason"], "without a date");
  EXPECT_THAT(Talks(), SizeIs(2));
  const nlohmann::json again = council_.Json({"import", file, kMap})["files"][0];
  EXPECT_EQ(again["contacts"]["unchanged"], 3) << again;
  EXPECT_EQ(again["interactions"]["unchanged"], 2) << again;

  const CommandResult missing = council_.Run({"import", file, "--map=Full name=display_name"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err,
              AllOf(HasSubstr("Full name"), HasSubstr("\"Name\", \"E-Mail\", \"Company\", \"Last seen\"")));
  const CommandResult unknown = council_.Run({"import", file, "--map=Name=name"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("there is no field \"name\"; there are display_name"));
  EXPECT_THAT(council_.Run({"import", file, "--map=Name=given_name,Last seen=touch"}).err,
              HasSubstr("one column must say who it was"));
  EXPECT_THAT(council_.Run({"import", Write("other.csv", "a,b\n1,2\n")}).err, HasSubstr("--map"));
}

TEST_F(NotesAndTablesTest, AFolderOfNotesBringsAPersonAFileWithTheirTalks) {
  Write("notes/Anna Berger.md", "---\nemail: anna@example.com\n---\nSails.\n\n## 2026-03-14 – lunch\nShe moves.\n");
  Write("notes/work/tom.md", "# Tom Ash\n- 2026-04-01: call\n- 03/04/2026: walk\n");
  Write("notes/.trash/old.md", "# Nobody\n");
  Write("notes/picture.png", "x");
  const std::string folder = (council_.directory() / "notes").string();

  const CommandResult first = council_.Run({"import", folder});
  EXPECT_EQ(first.code, 6) << first.out << first.err;
  EXPECT_THAT(first.out, AllOf(HasSubstr("(2 files)"), HasSubstr("Markdown, people"), HasSubstr("Markdown, talks"),
                               HasSubstr("work/tom.md, line 3: "), Not(HasSubstr("Nobody"))));
  EXPECT_THAT(Talks(), SizeIs(2));
  EXPECT_EQ(council_.Json({"contacts"})["totalSize"], 2);

  Write("notes/work/tom.md", "# Tom Ash\n- 2026-04-01: long call\n- 2026-04-03: walk\n");
  const nlohmann::json edited = council_.Json({"import", folder});
  ASSERT_THAT(edited["files"], SizeIs(2));
  EXPECT_EQ(edited["files"][0]["interactions"]["unchanged"], 1) << edited;
  EXPECT_EQ(edited["files"][1]["interactions"]["corrected"], 1) << edited;
  EXPECT_EQ(edited["files"][1]["interactions"]["created"], 1) << edited;
  Write("notes/work/tom.md", "# Tom Ash\n- 2026-04-01: long call\n");
  EXPECT_EQ(council_.Json({"import", folder})["files"][1]["interactions"]["retracted"], 1);
}

TEST_F(NotesAndTablesTest, OfNotesAboutOnePersonInTwoFilesTheFirstIsRead) {
  Write("vault/a/Anna.md", "2026-03-14 lunch\n");
  Write("vault/b/anna.md", "2026-04-01 call\n");
  const std::string folder = (council_.directory() / "vault").string();
  const CommandResult both = council_.Run({"import", folder});
  EXPECT_EQ(both.code, 6);
  EXPECT_THAT(both.out, HasSubstr("b/anna.md was not read: is about the same person as a/Anna.md"));
  EXPECT_THAT(Talks(), SizeIs(1));
}

TEST_F(NotesAndTablesTest, AFolderWithoutNotesIsSaidToBe) {
  std::filesystem::create_directories(council_.directory() / "empty");
  const CommandResult empty = council_.Run({"import", (council_.directory() / "empty").string()});
  EXPECT_NE(empty.code, 0);
  EXPECT_THAT(empty.err, HasSubstr("no Markdown file (.md) is in the folder"));
}

}  // namespace
}  // namespace council::test
