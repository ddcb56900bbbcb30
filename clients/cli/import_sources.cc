#include "clients/cli/import_sources.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/mail_headers.h"
#include "libs/markdown/person_notes.h"

namespace council::cli {
namespace {

namespace fs = std::filesystem;

// Longer files are refused by the services.
constexpr std::uintmax_t kLongestNotes = 64 << 20;

bool IsHidden(const fs::path& path) {
  return absl::StartsWith(path.filename().string(), ".");
}

std::vector<ImportSource> SourcesIn(const std::string& folder) {
  std::vector<ImportSource> sources;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error); !error && at != fs::end(at); at.increment(error)) {
    std::error_code of_entry;
    if (IsHidden(at->path())) {
      if (at->is_directory(of_entry)) at.disable_recursion_pending();
    } else if (IsMarkdown(at->path().string()) && at->is_regular_file(of_entry)) {
      sources.push_back({.path = at->path().string(),
                         .folder = folder,
                         .name = at->path().lexically_relative(folder).string(),
                         .person_keys = {},
                         .status = absl::OkStatus()});
    }
  }
  std::sort(sources.begin(), sources.end(),
            [](const ImportSource& a, const ImportSource& b) { return a.name < b.name; });
  if (!error && !sources.empty()) return sources;
  return {{.path = folder,
           .folder = "",
           .name = folder,
           .person_keys = {},
           .status = error ? absl::NotFoundError(absl::StrCat("can't read the folder ", folder))
                           : absl::NotFoundError(absl::StrCat("no Markdown file (.md) is in the folder ", folder))}};
}

// Finds by what the notes know their person, and returns by which of these for good; empty where that can't be told,
// which the services say.
std::string FindPerson(ImportSource& source) {
  std::error_code error;
  if (fs::file_size(source.path, error) > kLongestNotes || error) return "";
  std::ifstream file(source.path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const auto notes = markdown::ReadPersonNotes(bytes, fs::path(source.path).filename().string());
  if (!notes.ok()) return "";
  for (const std::string& key : {notes->uid, notes->name}) source.person_keys.insert(absl::AsciiStrToLower(key));
  for (const std::string& email : notes->emails) source.person_keys.insert(absl::AsciiStrToLower(email));
  source.person_keys.erase("");
  return notes->LastingKey();
}

void PartPeople(std::vector<ImportSource>& sources) {
  std::map<std::string, std::string> names;  // Of the first file about a person.
  for (ImportSource& source : sources) {
    if (!source.status.ok() || !IsMarkdown(source.path)) continue;
    const std::string person = FindPerson(source);
    if (person.empty()) continue;
    const auto [known, first] = names.emplace(person, source.name);
    if (first) continue;
    source.status = absl::InvalidArgumentError(
        absl::StrCat("is about the same person as ", known->second,
                     ": put both into one file, or tell the people apart with a uid in the front matter of each"));
  }
}

}  // namespace

bool IsMarkdown(const std::string& path) {
  return absl::EndsWithIgnoreCase(path, ".md") || absl::EndsWithIgnoreCase(path, ".markdown");
}

std::vector<ImportSource> FindImportSources(const std::vector<std::string>& arguments) {
  std::vector<ImportSource> sources;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (fs::is_directory(argument, error) && !IsMaildir(argument)) {
      const std::vector<ImportSource> found = SourcesIn(argument);
      sources.insert(sources.end(), found.begin(), found.end());
    } else {
      sources.push_back({.path = argument,
                         .folder = "",
                         .name = fs::path(argument).filename().string(),
                         .person_keys = {},
                         .status = absl::OkStatus()});
    }
  }
  PartPeople(sources);
  return sources;
}

}  // namespace council::cli
