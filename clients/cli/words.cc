#include "clients/cli/words.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/status.h"

namespace council::cli {
namespace {

constexpr std::array<const char*, 5> kEnergyWords = {"drained", "tired", "neutral", "good", "energized"};

// The values' common prefix: that of the value 0 without "UNSPECIFIED".
size_t PrefixSize(const google::protobuf::EnumDescriptor& type) {
  return type.FindValueByNumber(0)->name().size() - std::string("UNSPECIFIED").size();
}

std::string Normalized(const std::string& text) {
  std::string word = absl::AsciiStrToLower(text);
  for (char& c : word) {
    if (c == '_' || c == ' ') c = '-';
  }
  return word;
}

// The index of `text` among `words`, or of the only word that starts with it.
absl::StatusOr<size_t> Choose(const std::vector<std::string>& words, const std::string& what, const std::string& text) {
  const std::string wanted = Normalized(text);
  size_t found = words.size();
  bool several = false;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == wanted) return i;
    if (!wanted.empty() && absl::StartsWith(words[i], wanted)) {
      several = found != words.size();
      found = i;
    }
  }
  if (found != words.size() && !several) return found;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is not a ", what, "; it is one of ", absl::StrJoin(words, ", ")));
}

}  // namespace

std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) words.push_back(WordFor(type, type.value(i)->number()));
  }
  return words;
}

std::string WordFor(const google::protobuf::EnumDescriptor& type, int value) {
  const google::protobuf::EnumValueDescriptor* found = type.FindValueByNumber(value);
  if (value == 0 || found == nullptr) return "";
  return Normalized(found->name().substr(PrefixSize(type)));
}

absl::StatusOr<int> ParseWord(const google::protobuf::EnumDescriptor& type, const std::string& what,
                              const std::string& text) {
  COUNCIL_ASSIGN_OR_RETURN(const size_t index, Choose(WordsOf(type), what, text));
  int seen = -1;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0 && ++seen == static_cast<int>(index)) return type.value(i)->number();
  }
  return absl::InternalError("an enum changed while it was read");
}

absl::StatusOr<int> ParseEnergy(const std::string& text) {
  int number = 0;
  if (absl::SimpleAtoi(text, &number)) {
    if (number >= -2 && number <= 2) return number;
    return absl::InvalidArgumentError(absl::StrCat("energy goes from -2 (drained) to 2 (energized), not ", text));
  }
  COUNCIL_ASSIGN_OR_RETURN(
      const size_t index,
      Choose(std::vector<std::string>(kEnergyWords.begin(), kEnergyWords.end()), "feeling (or -2 … 2)", text));
  return static_cast<int>(index) - 2;
}

std::string EnergyWord(int energy) {
  const int index = std::clamp(energy, -2, 2) + 2;
  return kEnergyWords.at(static_cast<size_t>(index));
}

absl::StatusOr<BenefitText> ParseBenefit(const std::string& text) {
  BenefitText benefit;
  std::string kind = text;
  if (const size_t equals = kind.find('='); equals != std::string::npos) {
    benefit.introduced = kind.substr(equals + 1);
    kind.resize(equals);
  }
  if (const size_t colon = kind.find(':'); colon != std::string::npos) {
    if (!absl::SimpleAtoi(kind.substr(colon + 1), &benefit.weight) || benefit.weight < 1 || benefit.weight > 5) {
      return absl::InvalidArgumentError(
          absl::StrCat("the weight in \"", text, "\" is how much it was worth, 1 to 5, as in advice:3"));
    }
    kind.resize(colon);
  }
  COUNCIL_ASSIGN_OR_RETURN(benefit.kind, ParseEnum<ledger::v1::BenefitKind>("benefit", kind));
  if (!benefit.introduced.empty() && benefit.kind != ledger::v1::BENEFIT_KIND_INTRODUCTION) {
    return absl::InvalidArgumentError(
        absl::StrCat("in \"", text, "\" a name is given, which only an introduction has"));
  }
  return benefit;
}

}  // namespace council::cli
