#ifndef COUNCIL_LIBS_WORDS_LANGUAGE_H_
#define COUNCIL_LIBS_WORDS_LANGUAGE_H_

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "libs/words/catalogue.h"
#include "libs/words/sentence.h"

namespace council::words {

// A text known when the program is compiled, as an argument of a template.
template <size_t size>
struct Literal {
  // Not explicit, so that Say<"id"> can be written.
  constexpr Literal(const char (&literal)[size]) {  // NOLINT(google-explicit-constructor)
    std::copy_n(literal, size, text.begin());
  }
  constexpr absl::string_view view() const { return {text.data(), size - 1}; }

  std::array<char, size> text = {};
};

// A value for the parameter that it names; refers to what it was made from, within one expression.
template <Literal name, typename T>
struct Argument {
  const T& value;
};

template <Literal name, typename T>
Argument<name, T> As(const T& value) {
  return {value};
}

using Value =
    std::variant<absl::string_view, std::span<const std::string>, int64_t, double, absl::CivilDay, absl::Duration>;

struct NamedValue {
  absl::string_view name;
  Value value;
};

// Whether a parameter of a kind is given as a T.
template <typename T>
constexpr bool Takes(Kind kind) {
  switch (kind) {
    case Kind::kName:
    case Kind::kText:
      return std::convertible_to<const T&, absl::string_view>;
    case Kind::kChoice:
      return std::convertible_to<const T&, absl::string_view> || std::same_as<T, bool>;
    case Kind::kNames:
      return std::convertible_to<const T&, std::span<const std::string>>;
    case Kind::kNumber:
      return std::integral<T> && !std::same_as<T, bool>;
    case Kind::kDecimal:
      return std::floating_point<T>;
    case Kind::kWeekday:
    case Kind::kDayOfMonth:
    case Kind::kDate:
    case Kind::kShortDate:
    case Kind::kMonth:
    case Kind::kMonthAndYear:
      return std::same_as<T, absl::CivilDay>;
    case Kind::kMinutes:
      return std::same_as<T, absl::Duration>;
  }
  return false;
}

template <typename T>
Value ToValue(const T& value) {
  if constexpr (std::same_as<T, bool>) {
    return absl::string_view(value ? "yes" : "no");
  } else if constexpr (std::convertible_to<const T&, absl::string_view>) {
    return absl::string_view(value);
  } else if constexpr (std::integral<T>) {
    return static_cast<int64_t>(value);
  } else if constexpr (std::floating_point<T>) {
    return static_cast<double>(value);
  } else if constexpr (std::convertible_to<const T&, std::span<const std::string>>) {
    return std::span<const std::string>(value);
  } else {
    return value;
  }
}

// Says the catalogue's sentences, with plurals, numbers, lists and days as a place writes them.
//
// To be used by one thread at a time: what is read from a pattern is kept, and ICU's formats are not to be shared.
class Language {
 public:
  // English as it is written in the place of a POSIX locale ("de_DE.UTF-8": decimal commas; "en_US": months before
  // days). Where that names no place (C, POSIX, empty), or one where English has no form of its own: British.
  explicit Language(absl::string_view posix_locale = {});
  ~Language();
  Language(const Language&) = delete;
  Language& operator=(const Language&) = delete;

  // British English, of the calling thread.
  static const Language& Plain();

  // The sentence with an id, each of its parameters given by name:
  //
  //   language.Say<"advice.tiring">(As<"name">(person.name()), As<"mean">(-1.5), As<"talks">(4))
  //
  // An id that the catalogue has not, a parameter left out or too many, or one of another kind do not compile. Values
  // stand in the sentence as they are, whatever they look like; broken UTF-8 becomes U+FFFD.
  template <Literal id, Literal... names, typename... T>
  std::string Say(const Argument<names, T>&... arguments) const {
    constexpr size_t place = PlaceOf(id.view());
    static_assert(place < kCatalogue.size(), "the catalogue has no sentence with this id");
    constexpr Sentence sentence = place < kCatalogue.size() ? kCatalogue[place] : Sentence();
    static_assert(sentence.parameter_count == sizeof...(T), "the sentence has more parameters, or fewer");
    static_assert((HasParameter<T>(sentence, names.view()) && ...), "no such parameter, or one of another kind");
    const std::array<NamedValue, sizeof...(T)> values = {NamedValue{names.view(), ToValue(arguments.value)}...};
    return Render(place, values);
  }

  // The sentence at `place` of the catalogue, with a value of the right kind for each of its parameters; what is not
  // given stands there as {name}.
  std::string Render(size_t place, std::span<const NamedValue> values) const;

 private:
  struct Formats;

  template <typename T>
  static constexpr bool HasParameter(const Sentence& sentence, absl::string_view name) {
    const Parameter* parameter = sentence.Find(name);
    return parameter != nullptr && Takes<T>(parameter->kind);
  }

  std::unique_ptr<Formats> formats_;
};

// Says a sentence in plain English, as services do.
template <Literal id, Literal... names, typename... T>
std::string Say(const Argument<names, T>&... arguments) {
  return Language::Plain().Say<id>(arguments...);
}

}  // namespace council::words

#endif  // COUNCIL_LIBS_WORDS_LANGUAGE_H_
