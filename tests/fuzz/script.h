// Calls as lines of text, for people to write and for a fuzzer to change.
#ifndef COUNCIL_TESTS_FUZZ_SCRIPT_H_
#define COUNCIL_TESTS_FUZZ_SCRIPT_H_

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/suite_under_fuzz.h"

namespace council::fuzz {

// A call and the messages that it sends, one at least.
struct ScriptCall {
  std::string name;  // "ledger.AppendInteraction"
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::vector<Message> requests;
};

// A script takes no longer than these.
inline constexpr std::size_t kMostCalls = 8;
inline constexpr std::size_t kMostMessages = 8;

// The calls of a script (targets.h), without lines that are none.
std::vector<ScriptCall> ParseScript(std::string_view text);

// The reverse.
std::string FormatScript(const std::vector<ScriptCall>& calls);

}  // namespace council::fuzz

#endif  // COUNCIL_TESTS_FUZZ_SCRIPT_H_
