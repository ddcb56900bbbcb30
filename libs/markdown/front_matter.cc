#include "libs/markdown/front_matter.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status.h"

namespace council::markdown {
namespace {

// yaml-cpp reads what is nested by calling itself.
constexpr int kDeepest = 10;
constexpr char kNoKeys[] = "must be lines of \"key: value\"";

// Takes up what the parser comes across. What makes the whole unreadable is thrown, as the parser itself does.
class Collector final : public YAML::EventHandler {
 public:
  Collector(FrontMatter& matter, int first_line) : matter_(matter), first_line_(first_line) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { OnValue(mark, ""); }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    OnValue(mark, value);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    LeaveOut(mark);
    OnValue(mark, "");
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    Enter(mark, /*list=*/true);
  }
  void OnSequenceEnd() override { Leave(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    Enter(mark, /*list=*/false);
  }
  void OnMapEnd() override { Leave(); }

 private:
  void OnValue(const YAML::Mark& mark, const std::string& value) {
    const std::string text(absl::StripAsciiWhitespace(value));
    if (depth_ == 0) {
      if (!text.empty()) throw YAML::Exception(mark, kNoKeys);
    } else if (depth_ == 1 && at_key_) {
      key_ = absl::AsciiStrToLower(text);
      at_key_ = false;
    } else if (depth_ == 1 || (depth_ == 2 && in_list_)) {
      if (!key_.empty() && !text.empty()) matter_.values[key_].push_back(text);
      at_key_ |= depth_ == 1;
    }
  }

  void Enter(const YAML::Mark& mark, bool list) {
    if (depth_ == 0 && list) throw YAML::Exception(mark, kNoKeys);
    if (depth_ == 1) in_list_ = list && !at_key_;
    if (depth_ > 1 || (depth_ == 1 && !in_list_)) LeaveOut(mark);
    if (depth_ == 1 && at_key_) key_.clear();
    if (++depth_ > kDeepest) throw YAML::Exception(mark, "is nested too deep");
  }

  // After a list or what is left out, its key's value is there; after a key that is neither, its value follows.
  void Leave() {
    if (--depth_ == 1) at_key_ = !at_key_;
  }

  void LeaveOut(const YAML::Mark& mark) {
    const int line = first_line_ + mark.line;
    if (matter_.other_lines.empty() || matter_.other_lines.back() != line) matter_.other_lines.push_back(line);
  }

  FrontMatter& matter_;
  const int first_line_;
  int depth_ = 0;  // Lists and maps that are open; 1: among the keys.
  bool at_key_ = true;
  bool in_list_ = false;  // What is open at depth 2 is a list of values.
  std::string key_;
};

}  // namespace

absl::StatusOr<FrontMatter> ReadFrontMatter(absl::string_view yaml, int first_line) {
  if (yaml.size() > kMostFrontMatter) return base::InvalidField("chunk", "has front matter of more than 64 KiB");
  FrontMatter matter;
  try {
    std::istringstream in{std::string(yaml)};
    YAML::Parser parser(in);
    Collector collector(matter, first_line);
    parser.HandleNextDocument(collector);
  } catch (const YAML::Exception& error) {
    return base::InvalidField("chunk", absl::StrCat("line ", first_line + std::max(error.mark.line, 0),
                                                    ": the front matter between the lines of --- ",
                                                    error.msg == kNoKeys ? "" : "is not read: ", error.msg));
  } catch (const std::exception&) {
    return base::InvalidField("chunk", "has front matter that is no YAML");
  }
  return matter;
}

}  // namespace council::markdown
