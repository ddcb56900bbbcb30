#include "clients/cli/flags.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <memory>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/text.h"

namespace council::cli {
namespace {

constexpr int kNameColumns = 28;

class WrappedFormatter final : public CLI::Formatter {
 public:
  explicit WrappedFormatter(int width) : width_(width) { column_width(kNameColumns); }

  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    // What a flag is set to where its second name is said is no part of that name.
    const std::string name = absl::StrReplaceAll(make_option_name(option, is_positional), {{"{false}", ""}});
    return Lines(name + (is_positional ? "" : make_option_opts(option)), make_option_desc(option));
  }

  // What a flag takes, as a word: its variable in the environment is told in its description.
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_items_expected_max() == 0 || option->get_type_size_max() == 0) return "";
    const std::string type = option->get_type_name();
    return " " + (type.empty() ? "TEXT" : type.substr(0, type.find(':')));
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    std::string description = option->get_description();
    if (!option->get_default_str().empty()) description += " (default: " + option->get_default_str() + ")";
    if (!option->get_envname().empty()) description += " [$" + option->get_envname() + "]";
    return description;
  }

  std::string make_subcommand(const CLI::App* command) const override {
    return Lines(command->get_name(), command->get_description());
  }

 private:
  std::string Lines(const std::string& name, const std::string& description) const {
    std::string text = "  " + Pad(name, kNameColumns - 2);
    bool first = DisplayWidth(name) < kNameColumns - 2;
    if (!first) text = "  " + name + "\n";
    for (const std::string& line : Wrap(description, std::max(20, width_ - kNameColumns))) {
      if (!first) text += std::string(kNameColumns, ' ');
      text += line + "\n";
      first = false;
    }
    return text;
  }

  const int width_;
};

// How many letters have to be put in, left out or changed to get from `a` to `b`.
size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

void SetFormatter(CLI::App& app, const std::shared_ptr<CLI::FormatterBase>& formatter) {
  app.formatter(formatter);
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) SetFormatter(*command, formatter);
}

}  // namespace

CLI::Option* AddList(CLI::App& command, const std::string& flag, std::vector<std::string>& values,
                     const std::string& description) {
  return command.add_option(flag, values, description)->delimiter(',')->allow_extra_args(false);
}

void UseWrappedHelp(CLI::App& app, int width) {
  SetFormatter(app, std::make_shared<WrappedFormatter>(width));
}

std::string NoSuchCommand(const CLI::App& app, const std::string& word) {
  std::string nearest;
  size_t distance = 3;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const size_t d = EditDistance(word, command->get_name());
    if (d < std::min(distance, word.size())) {
      distance = d;
      nearest = command->get_name();
    }
  }
  return absl::StrCat(
      "there is no command \"", word, "\"",
      nearest.empty() ? "; council --help lists them" : absl::StrCat("; did you mean council ", nearest, "?"));
}

}  // namespace council::cli
