#ifndef COUNCIL_CLIENTS_CLI_WORDS_H_
#define COUNCIL_CLIENTS_CLI_WORDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "council/ledger/v1/ledger.pb.h"
#include "google/protobuf/descriptor.h"

namespace council::cli {

// The words that people type and read for the contract's enums and numbers: COUNCIL_ROLE_MENTOR is "mentor",
// CHANNEL_IN_PERSON is "in-person".

// All words of an enum, without that for "unspecified".
std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& type);

// The word for `value`; empty for 0.
std::string WordFor(const google::protobuf::EnumDescriptor& type, int value);

// The value for a word or an unambiguous start of one, case, "-", "_" and " " being alike. INVALID_ARGUMENT names the
// words there are; `what` says what was expected ("depth").
absl::StatusOr<int> ParseWord(const google::protobuf::EnumDescriptor& type, const std::string& what,
                              const std::string& text);

template <typename Enum>
std::string Word(Enum value) {
  return WordFor(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

// The words of a repeated field of enum values.
template <typename Enum>
std::vector<std::string> WordsOf(const google::protobuf::RepeatedField<int>& values) {
  std::vector<std::string> words;
  for (const int value : values) words.push_back(Word(static_cast<Enum>(value)));
  return words;
}

template <typename Enum>
absl::StatusOr<Enum> ParseEnum(const std::string& what, const std::string& text) {
  absl::StatusOr<int> value = ParseWord(*google::protobuf::GetEnumDescriptor<Enum>(), what, text);
  if (!value.ok()) return value.status();
  return static_cast<Enum>(*value);
}

// "drained", "tired", "neutral", "good", "energized", or a number from -2 to 2.
absl::StatusOr<int> ParseEnergy(const std::string& text);
std::string EnergyWord(int energy);

// A benefit as the flags take it: KIND[:WEIGHT][=NAME], "advice:3", "introduction=Grace Wanjiru".
struct BenefitText {
  ledger::v1::BenefitKind kind = ledger::v1::BENEFIT_KIND_UNSPECIFIED;
  // 0 where none is given.
  int weight = 0;
  // Who was introduced; empty where nobody is named.
  std::string introduced;
};
absl::StatusOr<BenefitText> ParseBenefit(const std::string& text);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_WORDS_H_
