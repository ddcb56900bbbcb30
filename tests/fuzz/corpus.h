#ifndef COUNCIL_TESTS_FUZZ_CORPUS_H_
#define COUNCIL_TESTS_FUZZ_CORPUS_H_

#include <filesystem>
#include <map>
#include <string>

namespace council::fuzz {

// Where the corpora lie, a directory for each target.
std::filesystem::path CorpusDirectory();

// The inputs of a target's corpus by their files' names.
std::map<std::string, std::string> CorpusOf(const std::string& target);

}  // namespace council::fuzz

#endif  // COUNCIL_TESTS_FUZZ_CORPUS_H_
