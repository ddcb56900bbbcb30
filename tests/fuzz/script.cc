#include "tests/fuzz/script.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace council::fuzz {
namespace {

const std::string kContinues = "+";

// What is wrong with a message is of no interest.
class Silent final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, google::protobuf::io::ColumnNumber, const std::string&) override {}
};

// Takes what there is of the message, up to what can't be read.
void ParseMessage(const std::string& text, google::protobuf::Message& message) {
  Silent silent;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&silent);
  parser.AllowPartialMessage(true);
  static_cast<void>(parser.ParseFromString(text, &message));
}

}  // namespace

std::vector<ScriptCall> ParseScript(std::string_view text) {
  const auto& methods = SuiteUnderFuzz::Get().methods();
  std::vector<ScriptCall> calls;
  for (const absl::string_view line : absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    const auto method = methods.find(parts.first);
    if (parts.first == kContinues) {
      if (calls.empty() || calls.back().requests.size() == kMostMessages) continue;
    } else if (method == methods.end() || calls.size() == kMostCalls) {
      continue;
    } else {
      calls.push_back({.name = method->first, .method = method->second, .requests = {}});
    }
    ScriptCall& call = calls.back();
    call.requests.push_back(SuiteUnderFuzz::NewRequest(*call.method));
    ParseMessage(parts.second, *call.requests.back());
  }
  return calls;
}

std::string FormatScript(const std::vector<ScriptCall>& calls) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::string text;
  for (const ScriptCall& call : calls) {
    bool first = true;
    for (const Message& request : call.requests) {
      std::string message;
      printer.PrintToString(*request, &message);
      const std::string line = absl::StrCat(first ? call.name : kContinues, " ", message);
      absl::StrAppend(&text, absl::StripAsciiWhitespace(line), "\n");
      first = false;
    }
  }
  return text;
}

}  // namespace council::fuzz
