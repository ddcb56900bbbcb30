#include "clients/cli/editor.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace council::cli {

absl::StatusOr<std::string> WriteInEditor(const std::string& text) {
  std::string path = (std::filesystem::temp_directory_path() / "council-note-XXXXXX").string();
  const int file = mkstemp(path.data());
  if (file < 0) return absl::FailedPreconditionError(absl::StrCat("can't make a file for the note in ", path));
  close(file);
  const absl::Cleanup remove = [&path] { unlink(path.c_str()); };
  std::ofstream(path) << text;

  std::string editor = "vi";
  for (const char* name : {"EDITOR", "VISUAL"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') editor = value;
  }
  // The editor may come with arguments of its own ("code --wait"); the path has no character that a shell would read.
  if (std::system(absl::StrCat(editor, " ", path).c_str()) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("the editor failed: ", editor));
  }
  std::ifstream written(path);
  std::string note(std::istreambuf_iterator<char>(written), {});
  absl::StripTrailingAsciiWhitespace(&note);
  return note;
}

}  // namespace council::cli
