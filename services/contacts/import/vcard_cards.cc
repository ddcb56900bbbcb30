#include "services/contacts/import/vcard_cards.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "libs/csv/lines.h"

namespace council::contacts {
namespace {

// More than any value that is kept has, written out as long as can be.
constexpr size_t kLongestProperty = 256 << 10;
constexpr size_t kMostProperties = 2000;
constexpr absl::string_view kQuotedPrintable = "QUOTED-PRINTABLE";

// Name and parameters of a content line, in upper case.
std::string Head(absl::string_view property) {
  return absl::AsciiStrToUpper(property.substr(0, std::min(property.find(':'), size_t{1000})));
}

bool HasBinaryValue(absl::string_view property) {
  const size_t colon = property.find(':');
  if (colon == absl::string_view::npos) return false;
  const std::string head = Head(property);
  if (absl::StrContains(head, ";ENCODING=B") || absl::StrContains(head, ";BASE64")) return true;
  return absl::StartsWithIgnoreCase(property.substr(colon + 1), "data:") &&
         (IsProperty(property, "PHOTO") || IsProperty(property, "LOGO") || IsProperty(property, "SOUND") ||
          IsProperty(property, "KEY"));
}

// Puts the physical lines of a file together to cards.
class CardAssembler {
 public:
  explicit CardAssembler(absl::FunctionRef<bool(RawCard)> take) : take_(take) {}

  bool Line(absl::string_view line, int number) {
    if (soft_break_) {
      soft_break_ = false;
      Append(line);
      return true;
    }
    if (!line.empty() && (line.front() == ' ' || line.front() == '\t')) {
      if (has_property_) Append(line.substr(1));
      return true;
    }
    if (line.empty()) return true;
    if (!EndProperty()) return false;
    property_line_ = number;
    has_property_ = true;
    binary_ = HasBinaryValue(line);
    if (binary_) line = line.substr(0, line.find(':') + 1);
    too_long_ = line.size() > kLongestProperty;
    property_ = std::string(line.substr(0, kLongestProperty));
    NoteSoftBreak(line);
    return true;
  }

  void End() {
    if (!EndProperty() || !open_) return;
    card_.broken = "the card has no END:VCARD";
    take_(std::exchange(card_, {}));
  }

 private:
  void Append(absl::string_view more) {
    if (binary_) return;
    too_long_ = too_long_ || property_.size() + more.size() > kLongestProperty;
    if (!too_long_) property_.append(more.data(), more.size());
    NoteSoftBreak(more);
  }

  // Quoted-printable goes on in the next line, without a fold's blank, where a line of it ends in "=".
  void NoteSoftBreak(absl::string_view line) {
    if (binary_ || !absl::EndsWith(line, "=")) return;
    if (!absl::StrContains(Head(property_), kQuotedPrintable)) return;
    if (!too_long_) property_.pop_back();
    soft_break_ = true;
  }

  // Takes the property put together so far. False where nothing more is wanted.
  bool EndProperty() {
    if (!std::exchange(has_property_, false)) return true;
    std::string property = std::exchange(property_, {});
    const std::string bare(absl::StripAsciiWhitespace(property));
    if (absl::EqualsIgnoreCase(bare, "BEGIN:VCARD")) return Begin();
    if (absl::EqualsIgnoreCase(bare, "END:VCARD")) return EndCard();
    if (!open_) {
      if (outside_) return true;
      outside_ = true;
      RawCard text;
      text.line = property_line_;
      text.broken = "text outside of a card";
      return take_(std::move(text));
    }
    if (nested_ > 0) return true;
    if (too_long_ || card_.properties.size() == kMostProperties) {
      ++card_.left_out;
    } else {
      card_.properties.push_back(std::move(property));
    }
    return true;
  }

  bool Begin() {
    outside_ = false;
    if (open_ && (nested_ > 0 || (!card_.properties.empty() && IsProperty(card_.properties.back(), "AGENT")))) {
      ++nested_;
      return true;
    }
    bool more = true;
    if (open_) {
      card_.broken = "the card has no END:VCARD";
      more = take_(std::exchange(card_, {}));
    }
    open_ = true;
    card_.line = property_line_;
    return more;
  }

  bool EndCard() {
    if (!open_) return true;
    if (nested_ > 0) {
      --nested_;
      return true;
    }
    open_ = false;
    return take_(std::exchange(card_, {}));
  }

  absl::FunctionRef<bool(RawCard)> take_;
  RawCard card_;
  bool open_ = false;     // between BEGIN and END
  bool outside_ = false;  // text outside of cards was reported, and no card has come since
  int nested_ = 0;        // cards open within the card

  std::string property_;
  int property_line_ = 0;
  bool has_property_ = false;
  bool binary_ = false;
  bool too_long_ = false;
  bool soft_break_ = false;
};

}  // namespace

bool IsContentLine(absl::string_view line) {
  const size_t name = line.find_first_of(":;");
  if (name == absl::string_view::npos || name == 0 || line.find(':') == absl::string_view::npos) return false;
  if (IsProperty(line, "BEGIN") || IsProperty(line, "END") || IsProperty(line, "VERSION")) return false;
  return std::ranges::all_of(
      line.substr(0, name), [](unsigned char c) { return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_'; });
}

bool IsProperty(absl::string_view property, absl::string_view name) {
  absl::string_view full = property.substr(0, property.find_first_of(":;"));
  if (const size_t dot = full.find('.'); dot != absl::string_view::npos) full.remove_prefix(dot + 1);
  return absl::EqualsIgnoreCase(full, name);
}

void ForEachCard(absl::string_view bytes, absl::FunctionRef<bool(RawCard)> take) {
  CardAssembler cards(take);
  bool stopped = false;
  csv::ForEachLine(bytes, [&](absl::string_view line, absl::string_view, int number) {
    stopped = !cards.Line(line, number);
    return !stopped;
  });
  if (!stopped) cards.End();
}

}  // namespace council::contacts
