#ifndef COUNCIL_CLIENTS_CLI_FLAGS_H_
#define COUNCIL_CLIENTS_CLI_FLAGS_H_

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace council::cli {

// Adds a flag that takes a list: values parted by commas, and the flag as often as wanted. Each takes one argument, so
// that a name behind it stays a name. `values` must outlive the parsing.
CLI::Option* AddList(CLI::App& command, const std::string& flag, std::vector<std::string>& values,
                     const std::string& description);

// Makes the help of `app` and its commands fit into `width` columns.
void UseWrappedHelp(CLI::App& app, int width);

// What to say where `word` stands for a command that there is none of: the one whose name is nearest, if any is near.
std::string NoSuchCommand(const CLI::App& app, const std::string& word);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_FLAGS_H_
